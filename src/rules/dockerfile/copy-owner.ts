import type { Dockerfile, Instruction } from "#model/evidence/dockerfile.ts";
import type { ShellCommand } from "#model/evidence/shell.ts";
import { operands } from "#evidence/shell/flags.ts";
import { unwrap } from "#evidence/shell/unwrap.ts";
import { page, type Rule, rule } from "../rule.ts";
import { fixOf, inserted } from "./facts/instruction-edits.ts";
import { copiesOf, flagOf, instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { absolutePath, below } from "./facts/instruction-paths.ts";
import { transferOf } from "./facts/instruction-sources.ts";
import { isShipped, isWindows, stageOf, stageTitle } from "./facts/stage-place.ts";
import { expandedWord, stateBefore } from "./facts/stage-state.ts";

const DOCS = page(
  "Dockerfile reference: COPY --chown --chmod",
  "https://docs.docker.com/reference/dockerfile/#copy---chown---chmod",
);

const CHANGES = ["chown", "chmod"];
const MOST_COPIES = 200;

const worldWritable = rule({
  id: "SW-DF-COPY-WORLD-WRITABLE",
  subject: "dockerfile",
  title: "Copies files that every user may change",
  severity: "medium",
  risk: "Any process in the container, however small its rights, can change the program that others run.",
  countermeasure: "Let the owner write, and nobody else; most programs need not even that.",
  remediation: { dockerfile: "COPY --chmod=755 app /usr/local/bin/app" },
  references: [DOCS],
  examples: { bad: "COPY --chmod=777 app /app", good: "COPY --chmod=755 app /app" },
  judge: ({ path, dockerfile }) =>
    failures(
      copiesOf(dockerfile).flatMap((instruction): Fault[] => {
        const flag = instruction.flags.findLast(({ name }) => name === "chmod");
        const mode = flag?.value ?? "";
        if (flag === undefined || flag.valueRange === null || !isWorldWritable(mode)) return [];
        const octal =
          /^0?0?[0-7]{3}$/.test(mode) && flag.valueRange.end - flag.valueRange.start === mode.length;
        const last = flag.valueRange.end - 1;
        const digit = Number(mode.at(-1)) & ~2;
        return [
          {
            message: `--chmod=${shown(mode)} lets every user change ${shown(transferOf(instruction)?.destination.value ?? "it")}`,
            range: flag.range,
            key: `${stageTitle(stageOf(dockerfile, instruction))} ${instruction.arguments.text}`,
            ...(octal
              ? {
                  fixes: [
                    fixOf("Let others only read", "unsafe", [
                      { path, start: last, end: last + 1, text: String(digit) },
                    ]),
                  ],
                }
              : {}),
          },
        ];
      }),
    ),
});

const ownedLater = rule({
  id: "SW-DF-COPY-OWNED-LATER",
  subject: "dockerfile",
  title: "Changes owner or rights of files after they were copied",
  severity: "low",
  risk: "The layer of the RUN holds every changed file once more: the image carries all of them twice.",
  countermeasure: "Give owner and rights with the copy.",
  remediation: { dockerfile: "COPY --chown=app:app . /app" },
  references: [DOCS],
  examples: {
    bad: "FROM node:22\nCOPY . /app\nRUN chown -R node:node /app",
    good: "FROM node:22\nCOPY --chown=node:node . /app",
  },
  judge: ({ dockerfile }) => {
    const runs = instructionsOf(dockerfile, "RUN").filter(
      (instruction) =>
        isShipped(dockerfile, instruction) &&
        CHANGES.some((name) => instruction.arguments.text.includes(name)),
    );
    if (runs.length === 0) return [];
    const copied = copiedTargets(dockerfile);
    const faults: Fault[] = [];
    for (const instruction of runs) {
      const before = copied.get(instruction.stage)?.filter(({ index }) => index < instruction.index) ?? [];
      if (before.length === 0) continue;
      const { workdir } = stateBefore(dockerfile, instruction);
      const commands = instruction.shell.flatMap((body) => body.commands.map((command) => unwrap(command)));
      // A `cd` moves what relative paths mean.
      const folder = commands.some(({ name }) => name === "cd") ? null : workdir;
      for (const command of commands) {
        const target = changedPaths(command, folder).find((path) =>
          before.some((copy) => covers(path, copy.target)),
        );
        if (target === undefined) continue;
        faults.push({
          message: `${command.name} goes over ${shown(target)}, which was copied before: the layer holds it twice`,
          range: command.range,
          key: `${stageTitle(stageOf(dockerfile, instruction))} ${command.name} ${target}`,
        });
        break;
      }
    }
    return failures(faults);
  },
});

const ownedByRoot = rule({
  id: "SW-DF-COPY-OWNED-BY-ROOT",
  subject: "dockerfile",
  title: "Copies files as root after USER",
  severity: "info",
  risk: "COPY does not follow USER: the files belong to root. Often that is what keeps a program from changing itself; where it must write them, it fails.",
  countermeasure: "Give the owner where the program must write the files, and leave it where it must not.",
  remediation: { dockerfile: "COPY --chown=app:app data /app/data" },
  aliases: ["tally:copy-after-user-without-chown"],
  presets: { recommended: "off", strict: "info", hadolint: "off" },
  references: [DOCS],
  examples: {
    bad: "FROM node:22\nUSER node\nCOPY data /app/data",
    good: "FROM node:22\nUSER node\nCOPY --chown=node data /app/data",
  },
  judge: ({ path, dockerfile }) =>
    failures(
      copiesOf(dockerfile).flatMap((instruction): Fault[] => {
        const { user } = stateBefore(dockerfile, instruction);
        const stage = stageOf(dockerfile, instruction);
        if (user === null || user === "" || /^(?:root|0)(?::|$)/.test(user)) return [];
        if (flagOf(instruction, "chown") !== null || isWindows(dockerfile, stage)) return [];
        const target = transferOf(instruction)?.destination;
        if (target === undefined) return [];
        const fixes = /^[\w.-]+(?::[\w.-]+)?$/.test(user)
          ? [
              fixOf(`Add --chown=${user}`, "unsafe", [
                inserted({ path }, instruction.keywordRange.end, ` --chown=${user}`),
              ]),
            ]
          : [];
        return [
          {
            message: `${shown(target.value)} belongs to root, though USER is ${shown(user)}`,
            range: instruction.keywordRange,
            key: `${stageTitle(stage)} ${instruction.arguments.text}`,
            fixes,
          },
        ];
      }),
    ),
});

export default [worldWritable, ownedLater, ownedByRoot] satisfies Rule<"dockerfile">[];

function isWorldWritable(mode: string): boolean {
  if (/^[0-7]{3,4}$/.test(mode)) return (Number(mode.at(-1)) & 2) !== 0;
  return /(?:^|,)[ugo]*(?:o|a)[ugoa]*[+=][rxXst]*w/.test(mode) || /(?:^|,)[+=][rxXst]*w/.test(mode);
}

/** Where the copies of each stage go. Many are many layers to look through: a hostile file has more than a person. */
function copiedTargets(dockerfile: Dockerfile): Map<number, { target: string; index: number }[]> {
  const copied = new Map<number, { target: string; index: number }[]>();
  for (const copy of copiesOf(dockerfile)) {
    const list = copied.get(copy.stage) ?? [];
    if (list.length >= MOST_COPIES) continue;
    const target = targetOf(dockerfile, copy);
    if (target !== null && target !== "/") list.push({ target, index: copy.index });
    copied.set(copy.stage, list);
  }
  return copied;
}

function targetOf(dockerfile: Dockerfile, instruction: Instruction): string | null {
  const word = transferOf(instruction)?.destination;
  const value = word === undefined ? null : expandedWord(dockerfile, word);
  return value === null ? null : absolutePath(stateBefore(dockerfile, instruction).workdir, value);
}

/** Paths that a chown or chmod goes over, with everything below for -R. */
function changedPaths(command: ShellCommand, workdir: string | null): string[] {
  const { name, args } = command;
  if (name !== "chown" && name !== "chmod") return [];
  const symbolic = args.filter(({ value }) => !/^-[rwxXst]+$/.test(value));
  return operands({ args: symbolic }, ["reference", "from"])
    .slice(1)
    .flatMap(({ value, static: fixed }) => (fixed ? (absolutePath(workdir, value) ?? []) : []));
}

/** A folder above, or the copied thing itself. */
function covers(path: string, copied: string): boolean {
  return path !== "/" && below(copied, path) !== null;
}
