import type { Severity } from "#model/severity.ts";
import { page, type Rule, rule } from "../rule.ts";
import { flagOf, instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { isGit, isUrl, transferOf } from "./facts/instruction-sources.ts";
import { stageOf, stageTitle } from "./facts/stage-place.ts";

const download = rule({
  id: "SW-DF-ADD-UNVERIFIED",
  subject: "dockerfile",
  title: "Takes in a download that nothing checks",
  severity: "medium",
  risk: "Whoever holds the server, its name or the way to it decides what is in the image.",
  countermeasure: "Give the checksum of what was tested: the build stops at anything else.",
  remediation: { dockerfile: "ADD --checksum=sha256:… https://example.com/tool.tar.gz /opt/" },
  references: [
    page(
      "Dockerfile reference: ADD --checksum",
      "https://docs.docker.com/reference/dockerfile/#add---checksum",
    ),
  ],
  examples: {
    bad: "ADD https://example.com/tool.tar.gz /opt/",
    good: "ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/tool.tar.gz /opt/",
  },
  judge: ({ dockerfile }) =>
    failures(
      remoteSources(dockerfile).flatMap(({ source, instruction, stage, range }): Fault[] => {
        if (isGit(source) || flagOf(instruction, "checksum") !== null) return [];
        const plain = source.startsWith("http://");
        const severity: Severity = plain ? "high" : "medium";
        return [
          {
            message: plain
              ? `${shown(withoutUser(source))} is fetched without encryption and without a checksum`
              : `${shown(withoutUser(source))} is fetched without a checksum`,
            range,
            key: `${stage} ${withoutUser(source)}`,
            severity,
          },
        ];
      }),
    ),
});

const repository = rule({
  id: "SW-DF-ADD-GIT-UNPINNED",
  subject: "dockerfile",
  title: "Clones a branch or tag that can move",
  severity: "low",
  risk: "The build takes whatever the repository holds today, also what somebody pushed who should not.",
  countermeasure: "Name the commit, or give it as the checksum beside the tag.",
  remediation: {
    dockerfile: "ADD https://git.example.com/app.git#0123456789abcdef0123456789abcdef01234567 /src",
  },
  references: [
    page(
      "Dockerfile reference: ADD Git repositories",
      "https://docs.docker.com/reference/dockerfile/#adding-files-from-a-git-repository",
    ),
  ],
  examples: {
    bad: "ADD https://git.example.com/app.git#main /src",
    good: "ADD https://git.example.com/app.git#0123456789abcdef0123456789abcdef01234567 /src",
  },
  judge: ({ dockerfile }) =>
    failures(
      remoteSources(dockerfile).flatMap(({ source, instruction, stage, range }): Fault[] => {
        if (!isGit(source) || flagOf(instruction, "checksum") !== null) return [];
        const query = /[?&](?:checksum|commit)=([0-9a-f]{7,64})(?:&|$)/.test(source);
        const reference = /#([^:?&]*)/.exec(source)?.[1] ?? "";
        if (query || /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(reference) || reference.includes("$")) return [];
        const what = reference === "" ? "no commit is named" : `${shown(reference)} can move`;
        return [
          {
            message: `${shown(withoutUser(source))} is cloned as it is today: ${what}`,
            range,
            key: `${stage} ${withoutUser(source)}`,
          },
        ];
      }),
    ),
});

export default [download, repository] satisfies Rule<"dockerfile">[];

function remoteSources(dockerfile: Parameters<typeof instructionsOf>[0]) {
  return instructionsOf(dockerfile, "ADD").flatMap((instruction) =>
    (transferOf(instruction)?.sources ?? [])
      .filter(({ value }) => isUrl(value) || isGit(value))
      .map(({ value, range }) => ({
        source: value,
        instruction,
        range,
        stage: stageTitle(stageOf(dockerfile, instruction)),
      })),
  );
}

/** An address may hold a password, which no report should. */
function withoutUser(address: string): string {
  return address.replace(/^(\w+:\/\/)[^/@]*@/, "$1");
}
