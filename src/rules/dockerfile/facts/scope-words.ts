import type { Flag, Heredoc, Instruction, Word } from "#model/evidence/dockerfile.ts";
import type { Range } from "#model/text.ts";
import { isHeredoc } from "./instruction-sources.ts";

/** A text in which the builder replaces variables. */
export interface ExpandedText {
  text: string;
  /** Quotes in it are characters like others: the body of a heredoc. */
  raw: boolean;
  /** Where a stretch of it stands in the file; the whole where it cannot be told. */
  place(start: number, end: number): Range;
}

const FLAGS: Readonly<Record<string, readonly string[]>> = {
  COPY: ["chown", "chmod"],
  ADD: ["chown", "chmod", "checksum"],
  RUN: ["mount"],
};

/**
 * The texts of an instruction in which the builder replaces variables of the stage (moby/buildkit, instructions/
 * commands.go, Expand; Dockerfile reference, "Environment replacement"). A trigger of ONBUILD has none yet.
 */
export function expandedTexts(instruction: Instruction): ExpandedText[] {
  const { keyword } = instruction;
  switch (keyword) {
    case "ENV":
    case "LABEL":
      return instruction.pairs.flatMap(({ name, value }) => [...wordText(name), ...wordText(value)]);
    case "ARG":
      return instruction.pairs.flatMap(({ value }) => wordText(value));
    case "COPY":
    case "ADD":
      return [
        ...flagTexts(instruction),
        ...instruction.words
          .filter((word) => !isHeredoc(word))
          .flatMap((word) => wordText(word, instruction.json)),
        ...instruction.heredocs.flatMap((heredoc) => bodyText(heredoc)),
      ];
    case "RUN":
      return flagTexts(instruction);
    case "WORKDIR":
    case "USER":
    case "VOLUME":
    case "STOPSIGNAL":
    case "EXPOSE":
      return instruction.words.flatMap((word) => wordText(word, instruction.json));
    default:
      return [];
  }
}

function wordText(word: Word | null, json = false): ExpandedText[] {
  if (word === null || !word.raw.includes("$")) return [];
  const { raw, value, range } = word;
  if (json) return [{ text: value, raw: false, place: () => range }];
  return [{ text: raw, raw: false, place: within(range, raw) }];
}

/** Offsets within a word are those in the file unless it goes over lines. */
function within(range: Range, raw: string): ExpandedText["place"] {
  const whole = range.end - range.start !== raw.length;
  return (start, end) => (whole ? range : { start: range.start + start, end: range.start + end });
}

function flagTexts({ keyword, flags }: Instruction): ExpandedText[] {
  const names = FLAGS[keyword] ?? [];
  return flags.flatMap(({ name, value, valueRange }: Flag) => {
    if (value === null || valueRange === null || !value.includes("$") || !names.includes(name)) return [];
    return [{ text: value, raw: false, place: within(valueRange, value) }];
  });
}

function bodyText({ quoted, chomp, body, bodyRange }: Heredoc): ExpandedText[] {
  if (quoted || !body.includes("$")) return [];
  const { start: from } = bodyRange;
  const place: ExpandedText["place"] = (start, end) =>
    chomp ? bodyRange : { start: from + start, end: from + end };
  return [{ text: body, raw: true, place }];
}
