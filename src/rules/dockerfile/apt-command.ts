import { page, rule } from "../rule.ts";
import { buildCalls } from "./facts/command-calls.ts";
import { replaceWord } from "./facts/command-edits.ts";
import { judgeCalls } from "./facts/command-report.ts";
import { operands } from "#evidence/shell/flags.ts";
import { APT } from "./facts/package-calls.ts";

/** The program for scripts that has the same verb, and what it calls it. */
const FOR_SCRIPTS: Readonly<Record<string, readonly [program: string, verb?: string]>> = {
  install: ["apt-get"],
  reinstall: ["apt-get"],
  remove: ["apt-get"],
  purge: ["apt-get"],
  update: ["apt-get"],
  upgrade: ["apt-get"],
  "full-upgrade": ["apt-get", "dist-upgrade"],
  "dist-upgrade": ["apt-get"],
  autoremove: ["apt-get"],
  autoclean: ["apt-get"],
  clean: ["apt-get"],
  source: ["apt-get"],
  download: ["apt-get"],
  "build-dep": ["apt-get"],
  show: ["apt-cache"],
  search: ["apt-cache"],
  policy: ["apt-cache"],
  depends: ["apt-cache"],
  rdepends: ["apt-cache"],
};

export default rule({
  id: "SW-DF-APT-COMMAND",
  subject: "dockerfile",
  title: "Uses apt, whose command line is made for people",
  severity: "low",
  risk: "apt says of itself that its command line may change between versions: a build may stop with the next base image, and its progress bars fill the log.",
  countermeasure: "Use apt-get and apt-cache, which keep their interface for scripts.",
  remediation: { dockerfile: "apt-get in place of apt" },
  aliases: ["DL3027", "checkov:CKV_DOCKER_9", "kics:b84a0b47"],
  references: [
    page(
      "apt(8), “Script usage and differences from other apt tools”",
      "https://manpages.debian.org/stable/apt/apt.8.en.html",
    ),
    page("hadolint DL3027", "https://github.com/hadolint/hadolint/wiki/DL3027"),
  ],
  examples: {
    bad: "RUN apt update && apt install -y curl",
    good: "RUN apt-get update && apt-get install -y curl",
  },
  judge: (evidence) =>
    judgeCalls(
      evidence,
      buildCalls(evidence.dockerfile, "apt"),
      (call) => {
        const verb = operands(call.command, APT.valueFlags).find((word) => word.static);
        const [program, other] =
          (Object.hasOwn(FOR_SCRIPTS, verb?.value ?? "") && FOR_SCRIPTS[verb?.value ?? ""]) || [];
        const name = program === undefined ? null : replaceWord(call, call.command.nameRange, program);
        const renamed = other === undefined || verb === undefined ? [] : replaceWord(call, verb.range, other);
        return {
          range: call.command.nameRange,
          name: verb === undefined ? "apt" : `apt ${verb.value}`,
          edits: name === null || renamed === null ? null : [...name, ...renamed],
        };
      },
      {
        message: (names) => `${names} has no stable interface for scripts`,
        fix: { title: "Use apt-get", safety: "safe" },
      },
    ),
});
