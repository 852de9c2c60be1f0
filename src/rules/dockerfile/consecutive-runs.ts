import type { Instruction } from "#model/evidence/dockerfile.ts";
import type { Fix, TextEdit } from "#model/text.ts";
import { page, rule } from "../rule.ts";
import { type EditedFile, fixOf } from "./facts/instruction-edits.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { isShipped, stageOf, stageTitle } from "./facts/stage-place.ts";

export default rule({
  id: "SW-DF-RUN-CONSECUTIVE",
  subject: "dockerfile",
  title: "RUNs that could be one",
  severity: "info",
  risk: "Each RUN is a layer: what one makes and the next removes stays in the image.",
  countermeasure:
    "Put commands that belong together into one RUN. Several layers cost little where each adds something, and are built anew one by one.",
  remediation: { dockerfile: "RUN a && \\\n    b" },
  aliases: ["DL3059", "droast:DF003", "tally:prefer-run-heredoc"],
  presets: { recommended: "off", strict: "info", hadolint: "info" },
  references: [
    page("Docker docs: RUN", "https://docs.docker.com/build/building/best-practices/#run"),
    page("hadolint: DL3059", "https://github.com/hadolint/hadolint/wiki/DL3059"),
  ],
  examples: { bad: "RUN ./configure\nRUN ./build", good: "RUN ./configure && \\\n    ./build" },
  judge: ({ path, dockerfile }, { settings }) => {
    const faults: Fault[] = [];
    // The first of a row of RUNs, with what was counted there.
    let first: { flags: string; commands: number } | null = null;
    let before: Instruction | null = null;
    for (const instruction of dockerfile.instructions) {
      if (instruction.keyword !== "RUN") {
        first = null;
        before = null;
        continue;
      }
      const flags = flagText(instruction);
      const commands = countCommands(instruction);
      const previous = before;
      before = instruction;
      // Several commands in one RUN show that its author thinks about layers.
      if (
        first === null ||
        previous === null ||
        first.flags !== flags ||
        commands > 1 ||
        first.commands > 1
      ) {
        first = { flags, commands };
        continue;
      }
      if (settings.preset !== "hadolint" && !isShipped(dockerfile, instruction)) continue;
      faults.push({
        message: `${shown(instruction.arguments.text)} could be part of the RUN before`,
        range: instruction.keywordRange,
        key: `${stageTitle(stageOf(dockerfile, instruction))} ${instruction.arguments.text}`,
        fixes: mergeFix({ path, dockerfile }, previous, instruction),
      });
    }
    return failures(faults);
  },
});

function flagText({ flags }: Instruction): string {
  return flags
    .map(({ name, value }) => `${name}=${value ?? ""}`)
    .toSorted()
    .join(" ");
}

/** Commands of a RUN; a test in brackets is none by itself. */
function countCommands({ shell }: Instruction): number {
  return shell.reduce((sum, { commands }) => sum + commands.filter(({ name }) => name !== "[").length, 0);
}

/** Joins two RUNs by `&&`. Folders and variables of the first hold in the second then, so it is not safe. */
function mergeFix(file: EditedFile, first: Instruction, second: Instruction): Fix[] {
  if (!isSimple(first) || !isSimple(second)) return [];
  const start = second.words[0]?.range.start;
  if (start === undefined) return [];
  const { path, dockerfile } = file;
  const join: TextEdit = {
    path,
    start: first.range.end,
    end: first.range.end,
    text: ` && ${dockerfile.escape}`,
  };
  const keyword: TextEdit = { path, start: second.range.start, end: start, text: "    " };
  return [fixOf("Join it to the RUN before", "unsafe", [join, ...emptyLines(file, first, second), keyword])];
}

/** Removes empty lines between two instructions: within one they are deprecated. Comments stay. */
function emptyLines({ path, dockerfile }: EditedFile, first: Instruction, second: Instruction): TextEdit[] {
  const { text } = dockerfile;
  const edits: TextEdit[] = [];
  let at = text.indexOf("\n", first.range.end) + 1;
  while (at > 0 && at < second.range.start) {
    const feed = text.indexOf("\n", at);
    const next = feed === -1 ? text.length : feed + 1;
    if (next > second.range.start) break;
    if (text.slice(at, next).trim() === "") edits.push({ path, start: at, end: next, text: "" });
    at = next;
  }
  return edits;
}

function isSimple({ json, heredocs, shell, arguments: joined }: Instruction): boolean {
  const script = shell[0]?.script;
  if (json || heredocs.length > 0 || shell.length !== 1 || script == null) return false;
  const [statement] = script.commands;
  if (script.commands.length !== 1 || statement === undefined || statement.background === true) return false;
  // A `;` or a comment at the end would swallow what is joined to it.
  return (
    statement.command.type === "Command" && !/[;&]\s*$/.test(joined.text) && !/(?:^|\s)#/.test(joined.text)
  );
}
