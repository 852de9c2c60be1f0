import type { Instruction, Pair, Word } from "#model/evidence/dockerfile.ts";
import type { Fix, TextEdit } from "#model/text.ts";
import { expand } from "#evidence/dockerfile/expand.ts";
import { splitWords } from "#evidence/dockerfile/words.ts";
import { page, rule } from "../rule.ts";
import { type EditedFile, fixOf, inserted, lineStart, replaced } from "./facts/instruction-edits.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";

export default rule({
  id: "SW-DF-LEGACY-PAIR",
  subject: "dockerfile",
  title: "ENV or LABEL without an equals sign",
  severity: "low",
  // Old files are full of it, and it does no harm: the builder only warns.
  presets: { recommended: "info" },
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
  // A name with quotes is none that people write.
  if (!/^[\w.\-/]+$/.test(name.raw)) return [];
  const quoted = quoting(file, instruction, value);
  const joint = quoted === null ? null : joining(file, name, value, quoted.open);
  if (quoted === null || joint === null) return [];
  return [fixOf(`Write ${name.raw}=…`, "safe", [...joint, ...quoted.edits])];
}

/** Edits that put `=` between name and value; comments between their lines stay. */
function joining(file: EditedFile, name: Word, value: Word, open: string): TextEdit[] | null {
  const { text, escape } = file.dockerfile;
  const between = { start: name.range.end, end: value.range.start };
  const written = text.slice(between.start, between.end);
  if (!written.includes("#")) return [replaced(file, between, `=${open}`)];
  const mark = written.indexOf(escape);
  if (written.slice(0, mark).trim() !== "") return null;
  return [
    replaced(file, { start: between.start, end: between.start + mark }, `=${open}`),
    // White space at the start of a line would become part of the value.
    replaced(file, { start: lineStart(text, between.end), end: between.end }, ""),
  ];
}

/** What makes one word of a value: a quote before it and edits in it; null where it is not sure to mean the same. */
function quoting(
  file: EditedFile,
  instruction: Instruction,
  value: Word,
): { open: string; edits: TextEdit[] } | null {
  const { escape } = file.dockerfile;
  const { raw, range } = value;
  // What the builder refuses is left as it is.
  if (expand(raw, { get: () => "x" }, escape).error !== null) return null;
  if (isOneWord(raw, escape)) return { open: "", edits: [] };
  const plain = !raw.includes('"') && !raw.includes("'") && !raw.includes(escape);
  if (plain && isOneWord(`"${raw}"`, escape)) return { open: '"', edits: [inserted(file, range.end, '"')] };
  const blanks = openBlanks(raw, escape);
  const escaped = [...raw].map((character, at) => (blanks.has(at) ? escape : "") + character).join("");
  if (!isOneWord(escaped, escape) || /[\uD800-\uDFFF]/.test(raw)) return null;
  const { text, origin } = instruction.arguments;
  const from = text.length - raw.length;
  if (from < 0 || origin(from) !== range.start) return null;
  return { open: "", edits: [...blanks].map((at) => inserted(file, origin(from + at), escape)) };
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
