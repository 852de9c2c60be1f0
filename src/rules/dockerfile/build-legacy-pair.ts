import type { Instruction, Pair, Word } from "#model/evidence/dockerfile.ts";
import type { Fix, TextEdit } from "#model/text.ts";
import { splitWords } from "#evidence/dockerfile/words.ts";
import { page, rule } from "../rule.ts";
import { type EditedFile, fixOf, inserted, replaced } from "./facts/instruction-edits.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";

export default rule({
  id: "SW-DF-LEGACY-PAIR",
  subject: "dockerfile",
  title: "ENV or LABEL without an equals sign",
  severity: "low",
  risk: "The old form takes everything up to the end of the line for one value: a second name on the line becomes part of the first one's value.",
  countermeasure: "Write NAME=value.",
  remediation: { dockerfile: "ENV NAME=value" },
  aliases: ["LegacyKeyValueFormat"],
  references: [
    page(
      "Docker build checks: LegacyKeyValueFormat",
      "https://docs.docker.com/reference/build-checks/legacy-key-value-format/",
    ),
    page("Dockerfile reference: ENV", "https://docs.docker.com/reference/dockerfile/#env"),
  ],
  examples: { bad: "FROM debian:12\nENV MODE production", good: "FROM debian:12\nENV MODE=production" },
  judge: ({ path, dockerfile }) =>
    failures(
      dockerfile.instructions.flatMap((instruction): Fault[] => {
        const { keyword, keywordRaw, pairs, legacyPair, stage } = instruction;
        const [pair] = pairs;
        if (!legacyPair || stage === -1 || pair === undefined || pair.value === null) return [];
        const name = shown(pair.name.raw);
        return [
          {
            message: `"${keywordRaw} ${name}=…" should be used instead of the legacy "${keywordRaw} ${name} …"`,
            range: pair.range,
            key: `${keyword} ${pair.name.value}`,
            fixes: fixesOf({ path, dockerfile }, instruction, pair, pair.value),
          },
        ];
      }),
    ),
});

function fixesOf(file: EditedFile, instruction: Instruction, { name }: Pair, value: Word): Fix[] {
  const { dockerfile } = file;
  const between = { start: name.range.end, end: value.range.start };
  // A comment between name and value would be lost; a name with quotes is none that people write.
  if (!/^[\w.\-/]+$/.test(name.raw) || /[^\s\\`]/.test(dockerfile.text.slice(between.start, between.end)))
    return [];
  const edits = quoting(file, instruction, value);
  if (edits === null) return [];
  return [fixOf(`Write ${name.raw}=…`, "safe", [replaced(file, between, "="), ...edits])];
}

/** Edits that make one word of a value; null where it is not sure that it would mean the same. */
function quoting(file: EditedFile, instruction: Instruction, value: Word): TextEdit[] | null {
  const { escape } = file.dockerfile;
  const { raw, range } = value;
  if (isOneWord(raw, escape)) return [];
  const whole = raw.includes('"') || raw.includes("'") || raw.includes(escape) ? null : `"${raw}"`;
  if (whole !== null && isOneWord(whole, escape)) {
    return [inserted(file, range.start, '"'), inserted(file, range.end, '"')];
  }
  const blanks = openBlanks(raw, escape);
  const escaped = [...raw].map((character, at) => (blanks.has(at) ? escape : "") + character).join("");
  if (!isOneWord(escaped, escape) || /[\uD800-\uDFFF]/.test(raw)) return null;
  const from = offsetOf(instruction, value);
  return from === null
    ? null
    : [...blanks].map((at) => inserted(file, instruction.arguments.origin(from + at), escape));
}

function isOneWord(raw: string, escape: string): boolean {
  const words = splitWords({ text: raw, origin: (offset) => offset }, escape);
  return words.length === 1 && words[0]?.raw === raw && !isOpen(raw, escape);
}

/** Whether a quote in it is never closed. */
function isOpen(raw: string, escape: string): boolean {
  return splitWords({ text: `${raw} x`, origin: (offset) => offset }, escape).length !== 2;
}

/** Offsets of blanks that stand in no quotes and behind no escape character. */
function openBlanks(raw: string, escape: string): Set<number> {
  const found = new Set<number>();
  let quote = "";
  for (let at = 0; at < raw.length; at += 1) {
    const character = raw[at] as string;
    if (character === escape && quote !== "'") at += 1;
    else if (character === quote) quote = "";
    else if (quote === "" && (character === '"' || character === "'")) quote = character;
    else if (quote === "" && /\s/.test(character)) found.add(at);
  }
  return found;
}

/** Where a value begins in the joined arguments. */
function offsetOf({ arguments: { text, origin } }: Instruction, { raw, range }: Word): number | null {
  const at = text.length - raw.length;
  return at >= 0 && text.endsWith(raw) && origin(at) === range.start ? at : null;
}
