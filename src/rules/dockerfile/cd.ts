import type { DockerfileEvidence } from "#model/evidence/dockerfile.ts";
import { page, rule } from "../rule.ts";
import { buildCalls, type Call } from "./facts/command-calls.ts";
import { judgeCalls, type Edit } from "./facts/command-report.ts";
import { hasComment } from "./facts/command-edits.ts";
import { firstCall, lastCall } from "./facts/command-order.ts";
import { lineEnd } from "./facts/instruction-edits.ts";
import { absolutePath } from "./facts/instruction-paths.ts";
import { stateBefore } from "./facts/stage-state.ts";

export default rule({
  id: "SW-DF-CD",
  subject: "dockerfile",
  title: "Changes the folder by cd in place of WORKDIR",
  severity: "low",
  risk: "cd holds for one RUN only. Whoever reads or moves a line has to know where they are, and a step that ends in cd has done nothing at all.",
  countermeasure:
    "Set the folder by WORKDIR, which makes it where it is missing, and holds for all that follows.",
  remediation: { dockerfile: "WORKDIR /folder before the RUN" },
  aliases: ["DL3003", "trivy:DS-0013", "kics:f4a6bcd3"],
  references: [
    page("Dockerfile: WORKDIR", "https://docs.docker.com/reference/dockerfile/#workdir"),
    page("hadolint DL3003", "https://github.com/hadolint/hadolint/wiki/DL3003"),
  ],
  examples: { bad: "RUN cd /app && make", good: "WORKDIR /app\nRUN make" },
  judge: (evidence, { settings }) => {
    // one cd among others is the way of the step, not of the file: that is left to those who want every finding
    const all = settings.preset !== "recommended";
    return judgeCalls(
      evidence,
      buildCalls(evidence.dockerfile, "cd"),
      (call) => {
        if (settings.preset === "hadolint" && call.step.run.onbuild) return null;
        const edits = asWorkdir(evidence, call);
        const counts = all || hasNoEffect(call) || (edits !== null && isOnlyOne(call));
        const target = call.command.args[0]?.value ?? "~";
        return counts ? { range: call.command.range, name: target, edits } : null;
      },
      {
        message: (names, _, { calls }) =>
          calls.length === 1
            ? `cd ${names} changes nothing: the next instruction starts where this one did`
            : `cd ${names} holds for this RUN only`,
        fix: { title: "Use WORKDIR", safety: "unsafe" },
      },
    );
  },
});

function isOnlyOne({ step }: Call): boolean {
  const moves = ({ command: { name } }: Call): boolean => name === "cd" || name === "pushd";
  return firstCall(step, "cd", moves) === lastCall(step, "cd", moves);
}

function hasNoEffect({ step, written, at }: Call): boolean {
  return written.depth === 0 && written.pipes === 1 && at === step.calls.length - 1;
}

const PLAIN_PATH = /^[\w@%+=:,./-]+$/;

/** `RUN cd X && rest` → `WORKDIR X`, `RUN rest`. */
function asWorkdir({ dockerfile }: DockerfileEvidence, { step, body, command, at }: Call): Edit[] | null {
  const { instruction } = step;
  const target = command.args[0];
  const [statement] = body.script?.commands ?? [];
  if (at !== 0 || body.form !== "shell" || instruction.keyword !== "RUN" || instruction.heredocs.length > 0)
    return null;
  if (target === undefined || command.args.length !== 1 || !target.static || !PLAIN_PATH.test(target.value))
    return null;
  if (target.value.startsWith("-") || command.redirects.length > 0) return null;
  if (statement === undefined || (body.script?.errors?.length ?? 0) > 0) return null;
  const list = statement.command;
  const [first, second] = list.type === "AndOr" ? list.commands : [];
  if (list.type !== "AndOr" || list.operators[0] !== "&&" || second === undefined) return null;
  // an `||` further on would also have caught a failing cd
  if (first?.type !== "Command" || list.operators.includes("||")) return null;
  const gap = { start: command.range.start, end: body.origin(second.pos) };
  if (hasComment(dockerfile.text, gap)) return null;
  const { start } = instruction.range;
  // absolute, since it then says where it leads wherever it is moved to
  const folder = absolutePath(stateBefore(dockerfile, instruction).workdir, target.value);
  if (folder === null) return null;
  const workdir = `WORKDIR ${folder}${lineEnd(dockerfile)}`;
  return [
    { start, end: start, text: workdir },
    { ...gap, text: "" },
  ];
}
