import { page, rule } from "../rule.ts";
import { buildSteps, type Call } from "./facts/command-calls.ts";
import { judgeCalls, type Edit } from "./facts/command-report.ts";

export default rule({
  id: "SW-DF-SUDO",
  subject: "dockerfile",
  title: "Runs a command by sudo",
  severity: "medium",
  risk: "A build step runs as root unless USER says otherwise, so sudo adds nothing but a setuid program that stays in the image, and often a rule that lets the service become root without a password.",
  countermeasure:
    "Do what needs root before USER. To change the user when the container starts, gosu, su-exec or setpriv leave the signals and the terminal as they are.",
  remediation: { dockerfile: "drop sudo, and move the RUN before USER" },
  aliases: ["DL3004", "trivy:DS-0010", "checkov:CKV2_DOCKER_1", "kics:8ada6e80", "dockle:DKL-DI-0001"],
  references: [
    page("Building best practices: USER", "https://docs.docker.com/build/building/best-practices/#user"),
    page("hadolint DL3004", "https://github.com/hadolint/hadolint/wiki/DL3004"),
  ],
  examples: { bad: "RUN sudo apt-get update", good: "RUN apt-get update" },
  judge: (evidence) =>
    judgeCalls(
      evidence,
      buildSteps(evidence.dockerfile).flatMap(({ calls }) =>
        calls.filter(({ written }) => written.name === "sudo"),
      ),
      (call) => ({
        range: call.written.nameRange,
        name: call.command.name ?? "a command",
        edits: withoutSudo(call),
      }),
      {
        message: (names) => (names === "sudo" ? "runs sudo" : `runs ${names} by sudo`),
        // Behind a USER that is not root the command needs it.
        fix: { title: "Drop sudo", safety: "unsafe" },
      },
    ),
});

// Flags that change nothing for root; sudo(8)
const HARMLESS = /^-(?:[EHn]+|-preserve-env|-set-home|-non-interactive|)$/;

function withoutSudo({ written: { nameRange, args } }: Call): Edit[] | null {
  const kept = args.findIndex(({ value }) => !value.startsWith("-"));
  const next = args[kept];
  if (next === undefined || args.slice(0, kept).some(({ value }) => !HARMLESS.test(value) && value !== "--"))
    return null;
  return [{ start: nameRange.start, end: next.range.start, text: "" }];
}
