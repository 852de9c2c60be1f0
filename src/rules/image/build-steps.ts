import type { Severity } from "#model/severity.ts";
import type { ImageEvidence } from "#model/evidence/engine.ts";
import { fail, type Judgement, notApplicable, page, pass, type Rule, rule, unknown } from "../rule.ts";
import { type HistoryStep, historySteps, imageSource, stepSeen } from "./facts.ts";

const BEST_PRACTICES = page(
  "Docker docs: building best practices",
  "https://docs.docker.com/build/building/best-practices/",
);

const updateAlone = rule({
  id: "SW-IMAGE-UPDATE-ALONE",
  subject: "image",
  title: "Updates the package index in a step of its own",
  severity: "low",
  risk: "The step is cached: later builds install from an index that is weeks old, and miss the fixes since.",
  countermeasure: "Update, install and clean up in one step.",
  remediation: {
    dockerfile:
      "RUN apt-get update && apt-get install -y --no-install-recommends PACKAGE && rm -rf /var/lib/apt/lists/*",
  },
  cis: ["4.7"],
  aliases: ["DL3009", "trivy:AVD-DS-0017"],
  references: [BEST_PRACTICES],
  examples: {
    bad: "RUN apt-get update\nRUN apt-get install -y curl",
    good: "RUN apt-get update && apt-get install -y curl",
  },
  judge: (image) =>
    judgeSteps(image, "updates no package index alone", ({ instruction, arguments: text }) => {
      if (instruction !== "RUN") return null;
      const updates =
        /\b(?:apt-get|apt|aptitude)\s+(?:-\S+\s+)*update\b|\bapk\s+(?:-\S+\s+)*update\b|\b(?:yum|dnf|microdnf)\s+(?:-\S+\s+)*makecache\b|\bzypper\s+(?:-\S+\s+)*(?:refresh|ref)\b/.test(
          text,
        );
      const installs =
        /\b(?:apt-get|apt|aptitude|yum|dnf|microdnf|zypper)\s+(?:-\S+\s+)*(?:install|upgrade|dist-upgrade|full-upgrade|build-dep|in|up)\b|\bapk\s+(?:-\S+\s+)*(?:add|upgrade)\b/.test(
          text,
        );
      return updates && !installs
        ? { message: "updates the package index and installs nothing in the same step" }
        : null;
    }),
});

const add = rule({
  id: "SW-IMAGE-ADD",
  subject: "image",
  title: "Uses ADD where COPY would do",
  severity: "low",
  risk: "ADD unpacks archives and downloads from addresses without saying so: what comes in depends on a server, and is verified by nobody.",
  countermeasure: "COPY files; download in a step that checks a digest (ADD --checksum does, with BuildKit).",
  remediation: { dockerfile: "COPY file /path; or ADD --checksum=sha256:… https://… /path" },
  cis: ["4.9"],
  aliases: ["DL3020", "trivy:AVD-DS-0005", "dockle:CIS-DI-0009"],
  references: [page("Dockerfile reference: ADD", "https://docs.docker.com/reference/dockerfile/#add")],
  examples: { bad: "ADD app.jar /app/", good: "COPY app.jar /app/" },
  judge: (image) =>
    judgeSteps(image, "adds nothing but its base", ({ instruction, arguments: text, index }) => {
      if (instruction !== "ADD" || /--checksum=/.test(text)) return null;
      // The base's root file system is ADDed by those who build bases; that is its purpose.
      if (index === 1 || /\b(?:file|multi|dir):[0-9a-f]{64} in \/\s*$/.test(text)) return null;
      const address = /\bhttps?:\/\/[^\s"'\]]+/.exec(text)?.[0];
      return address === undefined
        ? { message: "uses ADD where COPY would do" }
        : { message: `downloads ${address} without a checksum`, severity: "medium" };
    }),
});

// Ways to switch the verification of downloads off, by the tool's documented option.
const UNVERIFIED: readonly [pattern: RegExp, what: string][] = [
  [
    /--allow-unauthenticated\b|--force-yes\b|APT::Get::AllowUnauthenticated/,
    "apt installs unsigned packages",
  ],
  [/\btrusted=yes\b/, "an apt source is trusted without a signature"],
  [/--allow-insecure-repositories\b/, "apt takes unsigned indexes"],
  [/\bapk\b.*--allow-untrusted\b/, "apk installs unsigned packages"],
  [/--nogpgcheck\b|--no-gpg-checks?\b|\bgpgcheck=0\b/, "rpm signatures are not checked"],
  [/\bcurl\b[^|;&]*\s(?:-[a-zA-Z]*k[a-zA-Z]*\b|--insecure\b)/, "curl does not verify the server"],
  [/\bwget\b[^|;&]*--no-check-certificate\b/, "wget does not verify the server"],
  [/\bpip3?\b.*--trusted-host\b/, "pip does not verify the server"],
  [/\bnpm\b.*strict-ssl\s*[= ]\s*false|NODE_TLS_REJECT_UNAUTHORIZED=0/, "Node does not verify servers"],
  [/\bgit\b.*http\.sslVerify[= ]false|GIT_SSL_NO_VERIFY=/, "git does not verify the server"],
  [
    /\b(?:curl|wget)\b[^|;&]*\|\s*(?:sudo\s+)?(?:ba|da|z|a)?sh\b/,
    "a download is run without being looked at",
  ],
];

const unverified = rule({
  id: "SW-IMAGE-UNVERIFIED-DOWNLOAD",
  subject: "image",
  title: "Takes in software without verifying it",
  severity: "high",
  risk: "Whoever stands between the build and the server, or owns the server for an hour, decides what runs in every container of the image.",
  countermeasure:
    "Leave verification on; add the missing key or certificate authority; compare a digest before running what was downloaded.",
  remediation: {
    dockerfile:
      "remove the option that switches verification off; RUN curl -fsSLo f URL && echo 'DIGEST  f' | sha256sum -c - && sh f",
  },
  cis: ["4.11"],
  references: [BEST_PRACTICES],
  examples: {
    bad: "RUN curl -k https://example.com/install.sh | sh",
    good: "RUN curl -fsSLO https://example.com/i.sh && echo 'SHA256  i.sh' | sha256sum -c - && sh i.sh",
  },
  judge: (image) =>
    judgeSteps(image, "no step switches verification off", ({ instruction, arguments: text }) => {
      if (instruction !== "RUN" && instruction !== "ENV") return null;
      const found = UNVERIFIED.find(([pattern]) => pattern.test(text));
      return found === undefined ? null : { message: found[1] };
    }),
});

const ssh = rule({
  id: "SW-IMAGE-EXPOSE-SSH",
  subject: "image",
  title: "Exposes an SSH port",
  severity: "low",
  risk: "A login into a container is one more service with keys and passwords of its own, and a way in that the engine does not see.",
  countermeasure: "Use docker exec, whose use the engine records.",
  remediation: { dockerfile: "remove EXPOSE 22 and the SSH server" },
  aliases: ["trivy:AVD-DS-0004"],
  references: [BEST_PRACTICES],
  examples: { bad: "EXPOSE 22", good: "EXPOSE 8080" },
  judge: (image) => {
    if (!image.detail.ok) return unknown(image.detail.why);
    const { exposedPorts } = image.detail.value;
    return exposedPorts.some((port) => port === "22/tcp" || port === "22")
      ? fail("exposes port 22", [
          {
            witness: "declared",
            source: imageSource(image),
            path: "Config.ExposedPorts",
            value: exposedPorts.join(" "),
          },
        ])
      : pass("exposes no SSH port");
  },
});

export default [updateAlone, add, unverified, ssh] satisfies Rule<"image">[];

/** Judges each step of an image's history; all that fail are one finding each, told apart by position. */
function judgeSteps(
  image: ImageEvidence,
  fine: string,
  faultOf: (step: HistoryStep) => { message: string; severity?: Severity } | null,
): Judgement | Judgement[] {
  if (!image.detail.ok) return unknown(image.detail.why);
  const steps = historySteps(image);
  if (steps.length === 0) return notApplicable("it has no build history");
  const failed = steps.flatMap((step) => {
    const fault = faultOf(step);
    if (fault === null) return [];
    const { message, severity } = fault;
    const more = {
      key: `${step.instruction} ${step.arguments}`.slice(0, 200),
      ...(severity === undefined ? {} : { severity }),
    };
    return [fail(message, [stepSeen(image, step)], more)];
  });
  return failed.length > 0 ? failed : pass(fine);
}
