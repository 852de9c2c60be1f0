import { page, rule } from "../rule.ts";
import { buildCalls, type Call } from "./facts/command-calls.ts";
import { addressesOf, DOWNLOADERS, isLocal, savesFile } from "./facts/command-downloads.ts";
import { firstCall } from "./facts/command-order.ts";
import { feeds } from "./facts/command-text.ts";
import { judgeCalls } from "./facts/command-report.ts";
import { maskSecrets } from "#evidence/env.ts";

const CHECKS =
  /^(?:(?:md5|sha1|sha224|sha256|sha384|sha512|b2|b3)sum|shasum|cksum|openssl|gpgv?|gpg2|cosign|minisign|signify|rpm|apk|slsa-verifier|rekor-cli|jarsigner)$/;

export default rule({
  id: "SW-DF-DOWNLOAD-CHECKSUM",
  subject: "dockerfile",
  title: "Uses a download without comparing a checksum",
  severity: "low",
  risk: "TLS says who sent the file, not that it is the file that was sent the last time: whoever can change it on the server changes the image.",
  countermeasure: "Compare a checksum that is written in the Dockerfile, or a signature by a key that is.",
  remediation: {
    dockerfile: "ADD --checksum=sha256:… https://… /tmp/, or echo '… /tmp/file' | sha256sum -c -",
  },
  // Right, and done nearly nowhere.
  presets: { recommended: "off" },
  references: [
    page("Dockerfile: ADD --checksum", "https://docs.docker.com/reference/dockerfile/#add---checksum"),
    page(
      "CWE-494: download of code without integrity check",
      "https://cwe.mitre.org/data/definitions/494.html",
    ),
  ],
  examples: {
    bad: "RUN curl -fsSLo /usr/bin/tool https://example.com/tool",
    good: "RUN curl -fsSLo /usr/bin/tool https://example.com/tool && echo '0123abcd /usr/bin/tool' | sha256sum -c -",
  },
  judge: (evidence) =>
    judgeCalls(
      evidence,
      buildCalls(evidence.dockerfile, ...DOWNLOADERS),
      (call) => {
        const { command, step } = call;
        if (!isTaken(call) || isLocal(command) || firstCall(step, "checksum", isCheck) < Infinity)
          return null;
        const [address] = addressesOf(command);
        return address === undefined
          ? null
          : { range: command.range, name: maskSecrets(address.value), edits: null };
      },
      { message: (names) => `nothing is compared with a checksum or signature: ${names}` },
    ),
});

const MOST_HOPS = 8;

/** Kept as a file, or unpacked by a program that follows in its pipe. */
function isTaken(call: Call): boolean {
  if (savesFile(call.command)) return true;
  let next = feeds(call);
  for (let hops = 0; next !== null && hops < MOST_HOPS; hops += 1) {
    if (next.command.name === "tar" || next.command.name === "bsdtar") return true;
    next = feeds(next);
  }
  return false;
}

function isCheck({ command: { name } }: Call): boolean {
  return name !== null && CHECKS.test(name);
}
