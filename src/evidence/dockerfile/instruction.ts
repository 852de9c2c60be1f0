import type { Instruction, JoinedText, Pair, Word } from "#model/evidence/dockerfile.ts";
import type { Range } from "#model/text.ts";
import { isBlank, isSpace, skipSpaces, trimmedEnd } from "./chars.ts";
import { takeFlags } from "./flags.ts";
import { dropStart, fileRange } from "./joined.ts";
import { readJsonForm } from "./json-form.ts";
import { splitArgs, splitBlanks, splitPairs, splitWords, word } from "./words.ts";

const MOST_TRIGGERS = 8;

/** What an instruction's arguments mean to its keyword. */
interface Arguments {
  /** null = of a shell form, which nobody may ask for: split then. */
  words: Word[] | null;
  json: boolean;
  pairs: Pair[];
  legacyPair: boolean;
  healthcheck: Instruction["healthcheck"];
}

const NONE: Arguments = { words: [], json: false, pairs: [], legacyPair: false, healthcheck: null };

/**
 * Understands the joined lines of one instruction (moby/buildkit, parser/split_command.go, line_parsers.go). Never
 * fails: what does not fit its keyword leaves fields empty, and `syntaxProblems` tells why.
 *
 * @param range of its lines in the file
 */
export function readInstruction(joined: JoinedText, range: Range, escape: string, depth = 0): Instruction {
  const { text } = joined;
  const begin = skipSpaces(text, 0);
  let end = begin;
  while (end < text.length && !isBlank(text.charCodeAt(end))) end += 1;
  const keywordRaw = text.slice(begin, end);
  const keyword = keywordRaw.toUpperCase();
  // Flags are taken off every instruction; where they mean nothing the builder refuses them by name.
  const { flags, rest } = takeFlags(dropStart(joined, end), escape);
  const behind = trimEnd(rest);
  const { json, pairs, legacyPair, healthcheck, ...read } = readArguments(keyword, behind, escape);
  let { words } = read;
  return {
    keyword,
    keywordRaw,
    keywordRange: fileRange(joined, begin, end),
    range,
    headRange: range,
    index: -1,
    stage: -1,
    flags,
    arguments: behind,
    get words() {
      return (words ??= splitWords(behind, escape));
    },
    json,
    pairs,
    legacyPair,
    heredocs: [],
    from: keyword === "FROM" ? readFrom(words ?? []) : null,
    healthcheck,
    trigger: keyword === "ONBUILD" ? readTrigger(behind, escape, depth) : null,
    onbuild: depth > 0,
    shell: [],
    gaps: [],
  };
}

function readTrigger(joined: JoinedText, escape: string, depth: number): Instruction | null {
  if (depth >= MOST_TRIGGERS || joined.text === "") return null;
  return readInstruction(joined, fileRange(joined, 0, joined.text.length), escape, depth + 1);
}

function readArguments(keyword: string, joined: JoinedText, escape: string): Arguments {
  if (joined.text === "") return NONE;
  switch (keyword) {
    case "ENV":
    case "LABEL": {
      const { pairs, legacy } = splitPairs(joined, escape);
      return { ...NONE, pairs, legacyPair: legacy };
    }
    case "ARG":
      return { ...NONE, pairs: splitArgs(joined, escape) };
    case "RUN":
    case "CMD":
    case "ENTRYPOINT":
    case "SHELL": {
      const words = readJsonForm(joined);
      return { ...NONE, json: words !== null, words };
    }
    case "COPY":
    case "ADD":
    case "VOLUME": {
      const words = readJsonForm(joined);
      return { ...NONE, json: words !== null, words: words ?? splitBlanks(joined, escape) };
    }
    case "FROM":
    case "EXPOSE":
    case "ONBUILD":
      return { ...NONE, words: splitBlanks(joined, escape) };
    case "HEALTHCHECK":
      return readHealthcheck(joined, escape);
    case "USER":
    case "WORKDIR":
    case "STOPSIGNAL":
    case "MAINTAINER":
      return { ...NONE, words: [word(joined, 0, joined.text.length, escape)] };
    default:
      return NONE;
  }
}

function readHealthcheck(joined: JoinedText, escape: string): Arguments {
  const { text } = joined;
  let end = 0;
  while (end < text.length && !isSpace(text.charCodeAt(end))) end += 1;
  const kind = text.slice(0, end).toUpperCase();
  if (kind !== "CMD") {
    return { ...NONE, words: splitWords(joined, escape), healthcheck: kind === "NONE" ? kind : null };
  }
  const command = dropStart(joined, skipSpaces(text, end));
  if (command.text === "") return { ...NONE, healthcheck: kind };
  const words = readJsonForm(command);
  return { ...NONE, json: words !== null, words: words ?? splitWords(command, escape), healthcheck: kind };
}

function readFrom(words: readonly Word[]): Instruction["from"] {
  const [image, as, name] = words;
  if (image === undefined) return null;
  const named = as !== undefined && as.value.toUpperCase() === "AS";
  return { image, as: named ? (name ?? null) : null, asKeyword: named ? as : null };
}

function trimEnd(joined: JoinedText): JoinedText {
  const length = trimmedEnd(joined.text, 0);
  return length === joined.text.length ? joined : dropStart(joined, 0, length);
}
