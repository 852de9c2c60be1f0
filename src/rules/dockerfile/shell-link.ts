import { operands } from "#evidence/shell/flags.ts";
import { page, rule } from "../rule.ts";
import { buildCalls, type Call } from "./facts/command-calls.ts";
import { judgeCalls, type Edit } from "./facts/command-report.ts";

const SHELLS: ReadonlySet<string> = new Set(["/bin/sh", "/usr/bin/sh"]);
const PATH = /^(?:\/[\w.-]+)+$/;

export default rule({
  id: "SW-DF-SHELL-LINK",
  subject: "dockerfile",
  title: "Puts another shell in the place of /bin/sh",
  severity: "low",
  risk: "All scripts of the distribution are then run by a shell that they were not written for, in the finished container too.",
  countermeasure:
    "Choose the shell of the instructions that follow by SHELL; scripts choose theirs in their first line.",
  remediation: { dockerfile: 'SHELL ["/bin/bash", "-c"]' },
  aliases: ["DL4005", "kics:8a301064"],
  references: [
    page("Dockerfile: SHELL", "https://docs.docker.com/reference/dockerfile/#shell"),
    page("hadolint DL4005", "https://github.com/hadolint/hadolint/wiki/DL4005"),
  ],
  examples: { bad: "RUN ln -sf /bin/bash /bin/sh", good: 'SHELL ["/bin/bash", "-c"]' },
  judge: (evidence, { settings }) =>
    judgeCalls(
      evidence,
      buildCalls(evidence.dockerfile, "ln"),
      (call) => {
        const words = operands(call.command, ["t", "target-directory", "S", "suffix"]);
        const strictly = settings.preset === "hadolint";
        const hit = strictly
          ? call.command.args.some(({ value }) => value === "/bin/sh")
          : words.length > 1 && SHELLS.has(words.at(-1)?.value ?? "");
        return hit
          ? { range: call.command.range, name: words[0]?.value ?? "ln", edits: asShell(call) }
          : null;
      },
      {
        message: (names) => `/bin/sh becomes ${names} for all of the image`,
        fix: { title: "Use SHELL", safety: "unsafe" },
      },
    ),
});

/** Where the step does nothing else it becomes a SHELL instruction. */
function asShell({ step: { instruction, calls }, body, command }: Call): Edit[] | null {
  if (
    calls.length !== 1 ||
    body.form !== "shell" ||
    instruction.keyword !== "RUN" ||
    instruction.flags.length > 0
  )
    return null;
  if (instruction.heredocs.length > 0 || (body.script?.commands.length ?? 0) !== 1) return null;
  const [target, link, more] = operands(command);
  if (more !== undefined || link === undefined || !SHELLS.has(link.value)) return null;
  if (target === undefined || !target.static || !PATH.test(target.value) || SHELLS.has(target.value))
    return null;
  return [
    { start: instruction.range.start, end: instruction.range.end, text: `SHELL ["${target.value}", "-c"]` },
  ];
}
