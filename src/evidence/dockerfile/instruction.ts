import type { Instruction, JoinedText, Word } from "#model/evidence/dockerfile.ts";
import type { Range } from "#model/text.ts";
import { takeFlags } from "./flags.ts";
import { dropStart, fileRange } from "./joined.ts";
import { readJsonForm } from "./json-form.ts";
import { splitArgs, splitBlanks, splitPairs, splitWords } from "./words.ts";

/** Keywords of the Dockerfile reference, MAINTAINER included. */
export const KEYWORDS = [
  "ADD",
  "ARG",
  "CMD",
  "COPY",
  "ENTRYPOINT",
  "ENV",
  "EXPOSE",
  "FROM",
  "HEALTHCHECK",
  "LABEL",
  "MAINTAINER",
  "ONBUILD",
  "RUN",
  "SHELL",
  "STOPSIGNAL",
  "USER",
  "VOLUME",
  "WORKDIR",
] as const;

const JSON_FORM = new Set(["RUN", "CMD", "ENTRYPOINT", "SHELL", "VOLUME", "COPY", "ADD"]);
const BLANKS_ONLY = new Set(["FROM", "EXPOSE", "ONBUILD"]);
const ONE_TEXT = new Set(["USER", "WORKDIR", "STOPSIGNAL", "MAINTAINER"]);
const MAX_TRIGGERS = 8;

/**
 * Understands the joined lines of one instruction. Never fails: what does not fit its keyword leaves fields
 * empty, and {@link faults} of the whole tell why.
 */
export function readInstruction(joined: JoinedText, range: Range, escape: string, depth = 0): Instruction {
  const [, keywordRaw = ""] = /^(\S*)/.exec(joined.text) ?? [];
  const keyword = keywordRaw.toUpperCase();
  const behind = dropStart(joined, keywordRaw.length);
  // Builder flags are read off every instruction; where they mean nothing the builder refuses them by name.
  const { flags, rest } = takeFlags(behind, escape);
  const instruction: Instruction = {
    keyword,
    keywordRaw,
    keywordRange: fileRange(joined, 0, keywordRaw.length),
    range,
    headRange: range,
    index: -1,
    stage: -1,
    flags,
    arguments: trimEnd(rest),
    words: [],
    json: false,
    pairs: [],
    legacyPair: false,
    heredocs: [],
    from: null,
    healthcheck: null,
    trigger: null,
    onbuild: false,
    shell: [],
    gaps: [],
  };
  readArguments(instruction, escape, depth);
  return instruction;
}

function readArguments(instruction: Instruction, escape: string, depth: number): void {
  const { keyword, arguments: joined } = instruction;
  if (keyword === "ENV" || keyword === "LABEL") {
    const { pairs, legacy } = splitPairs(joined, escape);
    instruction.pairs = pairs;
    instruction.legacyPair = legacy;
  } else if (keyword === "ARG") instruction.pairs = splitArgs(joined, escape);
  else if (keyword === "HEALTHCHECK") readHealthcheck(instruction, escape);
  else if (JSON_FORM.has(keyword)) readForm(instruction, joined, escape);
  else if (ONE_TEXT.has(keyword)) {
    const text = joined.text;
    if (text !== "") instruction.words = [whole(joined)];
  } else if (BLANKS_ONLY.has(keyword)) instruction.words = splitBlanks(joined);
  else instruction.words = splitWords(joined, escape);
  if (keyword === "FROM") readFrom(instruction);
  if (keyword === "ONBUILD" && depth < MAX_TRIGGERS && joined.text !== "") {
    const range = fileRange(joined, 0, joined.text.length);
    instruction.trigger = markOnbuild(readInstruction(joined, range, escape, depth + 1));
  }
}

function markOnbuild(trigger: Instruction): Instruction {
  return { ...trigger, onbuild: true };
}

function readForm(instruction: Instruction, joined: JoinedText, escape: string): void {
  const elements = readJsonForm(joined);
  instruction.json = elements !== null;
  instruction.words = elements ?? splitWords(joined, escape);
}

function readHealthcheck(instruction: Instruction, escape: string): void {
  const { arguments: joined } = instruction;
  const [, kind = ""] = /^(\S*)/.exec(joined.text) ?? [];
  const upper = kind.toUpperCase();
  if (upper === "NONE" || upper === "CMD") instruction.healthcheck = upper;
  if (upper !== "CMD") {
    instruction.words = splitWords(joined, escape);
    return;
  }
  const command = joined.text.slice(kind.length);
  const start = kind.length + command.length - command.trimStart().length;
  readForm(instruction, dropStart(joined, start), escape);
}

function readFrom(instruction: Instruction): void {
  const [image, as, name] = instruction.words;
  if (image === undefined) return;
  const named = as !== undefined && as.value.toUpperCase() === "AS";
  instruction.from = { image, as: named ? (name ?? null) : null, asKeyword: named ? as : null };
}

function whole(joined: JoinedText): Word {
  const { text } = joined;
  const first = text[0];
  const quote = text.length > 1 && (first === '"' || first === "'") && text.endsWith(first) ? first : null;
  return {
    raw: text,
    value: quote === null ? text : text.slice(1, -1),
    range: fileRange(joined, 0, text.length),
    quote,
  };
}

function trimEnd(joined: JoinedText): JoinedText {
  const length = joined.text.trimEnd().length;
  return length === joined.text.length ? joined : dropStart(joined, 0, length);
}
