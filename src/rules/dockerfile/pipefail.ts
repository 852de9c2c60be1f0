import type { Dockerfile, Instruction } from "#model/evidence/dockerfile.ts";
import type { Preset } from "#model/settings.ts";
import { page, rule } from "../rule.ts";
import { buildSteps, type Step } from "./facts/command-calls.ts";
import { type Pipeline, pipelinesOf, setsPipefail, startsWithPipefail } from "./facts/command-pipes.ts";
import { type Edit, judgeSteps, type StepOffences } from "./facts/command-report.ts";
import { lineEnd } from "./facts/instruction-edits.ts";
import { rootImage } from "./facts/stage-place.ts";

/** Programs that list and filter what is there: where they fail, the next program has nothing to do either. */
const FILTERS = new Set(
  (
    "echo printf yes true : seq date uname id env cat tac find ls grep egrep fgrep sed awk gawk mawk cut tr sort uniq " +
    "head tail xargs wc tee rev paste comm column jq strings od basename dirname readlink realpath nproc getent which " +
    "command type ldd scanelf file stat dpkg dpkg-query apt-mark apt-cache rpm apk lsb_release getconf"
  ).split(" "),
);

export default rule({
  id: "SW-DF-PIPEFAIL",
  subject: "dockerfile",
  title: "A pipe hides that a command failed",
  severity: "low",
  risk: "The shell judges a pipe by its last command alone. A download that breaks off, or a key that could not be read, leaves a build that went well and an image that lacks something.",
  countermeasure:
    "Switch pipefail on. It also reports commands that are stopped by intent, as head and grep -q do to what feeds them, and grep that finds nothing.",
  remediation: {
    dockerfile: 'SHELL ["/bin/bash", "-o", "pipefail", "-c"] before the RUN; /bin/ash on Alpine',
  },
  aliases: ["DL4006", "kics:efbf148a"],
  references: [
    page(
      "Building best practices: using pipes",
      "https://docs.docker.com/build/building/best-practices/#using-pipes",
    ),
    page("hadolint DL4006", "https://github.com/hadolint/hadolint/wiki/DL4006"),
  ],
  examples: {
    bad: "RUN wget -qO- https://example.com/a.tar.gz | tar xz",
    good: 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN wget -qO- https://example.com/a.tar.gz | tar xz',
  },
  judge: (evidence, { settings }) => {
    const mended = new Set<string>();
    const shells = shellsBefore(evidence.dockerfile);
    const found: StepOffences[] = [];
    for (const step of buildSteps(evidence.dockerfile)) {
      if (settings.preset === "hadolint" && step.run.onbuild) continue;
      const pipeline = pipelinesOf(step).find((each) => isAtFault(each, settings.preset));
      const [first] = pipeline?.calls ?? [];
      if (pipeline === undefined || first === undefined) continue;
      // one SHELL mends all that follow it, so only the first finding under a shell brings it
      const shell = shellFix(evidence.dockerfile, step, shells[step.instruction.index] ?? null);
      const edits = shell === null || mended.has(shell.key) ? null : shell.edits;
      if (shell !== null) mended.add(shell.key);
      const end = pipeline.calls.at(-1)?.written.range.end ?? first.written.range.end;
      const name = pipeline.calls.map(({ command }) => command.name ?? "…").join(" | ");
      found.push([step, [{ range: { start: first.written.range.start, end }, name, edits }]]);
    }
    return judgeSteps(evidence, found, {
      message: (names) => `in ${names} only the last command can make the build fail`,
      fix: { title: "Switch pipefail on by SHELL", safety: "unsafe" },
    });
  },
});

function isAtFault({ calls, pipes }: Pipeline, preset: Preset): boolean {
  const [first] = calls;
  const strictly = preset === "hadolint";
  if (first === undefined || startsWithPipefail(first.body, strictly)) return false;
  if (strictly) return true;
  // a download, a decryption, a build: what breaks off there leaves something out of the image
  const matters = calls.some(
    ({ command: { name }, written }) => written.pipe < pipes - 1 && name !== null && !FILTERS.has(name),
  );
  return (preset === "strict" || matters) && !setsPipefail(first);
}

/** The SHELL of the same stage that is in force at each instruction. */
function shellsBefore({ instructions }: Dockerfile): (Instruction | null)[] {
  let shell: Instruction | null = null;
  return instructions.map((instruction) => {
    if (instruction.keyword === "FROM") shell = null;
    if (instruction.keyword === "SHELL") shell = instruction;
    return shell;
  });
}

/** What switches pipefail on for a step: a word in the SHELL that is in force there, or a SHELL before the step. */
function shellFix(
  dockerfile: Dockerfile,
  { instruction, stage, run }: Step,
  shell: Instruction | null,
): { key: string; edits: Edit[] } | null {
  const [body] = run.shell;
  if (stage === null || body === undefined || instruction.keyword !== "RUN") return null;
  if (shell === null) {
    if (body.program !== "/bin/sh") return null;
    const at = instruction.range.start;
    const text = `SHELL ${defaultShell(dockerfile, stage)}${lineEnd(dockerfile)}`;
    return { key: `${stage.index}`, edits: [{ start: at, end: at, text }] };
  }
  const last = shell.words.at(-1);
  const key = `${stage.index} ${shell.index}`;
  if (
    !shell.json ||
    last === undefined ||
    last.value !== "-c" ||
    !/(?:^|\/)(?:bash|ash|zsh)$/.test(body.program)
  )
    return null;
  return { key, edits: [{ start: last.range.start, end: last.range.start, text: '"-o", "pipefail", ' }] };
}

/** Alpine and BusyBox have ash alone, all others that have a shell for builds have bash. */
function defaultShell(dockerfile: Dockerfile, stage: NonNullable<Step["stage"]>): string {
  const image = rootImage(dockerfile, stage)?.text ?? "";
  return /alpine|busybox/i.test(image)
    ? '["/bin/ash", "-o", "pipefail", "-c"]'
    : '["/bin/bash", "-o", "pipefail", "-c"]';
}
