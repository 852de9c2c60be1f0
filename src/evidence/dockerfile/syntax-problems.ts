import type { Dockerfile, Instruction, SyntaxCode, SyntaxProblem, Word } from "#model/evidence/dockerfile.ts";
import type { Range } from "#model/text.ts";
import { checkProblem } from "./check-directive.ts";
import { expand } from "./expand.ts";
import { flagProblems } from "./flag-problems.ts";
import { healthcheckProblem } from "./healthcheck-problems.ts";
import { markIn } from "./heredoc-marks.ts";
import { isArrayOfOthers } from "./json-form.ts";
import { isKeyword } from "./keywords.ts";
import { longLines } from "./long-lines.ts";
import { portProblem } from "./port-problems.ts";
import { shownWord } from "./shown.ts";

const MOST = 500;
const NONE: readonly SyntaxProblem[] = [];
const NO_VARIABLES = { get: () => "" };
const JSON_FORM = new Set(["RUN", "CMD", "ENTRYPOINT", "SHELL", "VOLUME", "COPY", "ADD", "HEALTHCHECK"]);
const EXPANDED = new Set(["FROM", "COPY", "ADD", "VOLUME", "EXPOSE", "USER", "WORKDIR", "STOPSIGNAL"]);
const STAGE_NAME = /^[a-z][a-z0-9-_.]*$/i;
const SIGNAL =
  /^(?:\d+|(?:SIG)?(?:ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|UNUSED|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ|RTMIN(?:\+\d+)?|RTMAX(?:-\d+)?))$/i;

/**
 * What the builder refuses to parse or to build (moby/buildkit, frontend/dockerfile/parser and instructions), one
 * problem each, in the order of the file; and the few things that it takes although they cannot be meant.
 */
export function syntaxProblems(dockerfile: Dockerfile): SyntaxProblem[] {
  const { instructions, stages, text, escape } = dockerfile;
  const problems: SyntaxProblem[] = [...checkProblem(dockerfile), ...longLines(dockerfile)];
  for (const instruction of instructions) {
    const found = problemsOf(instruction, { escape, before: instruction.stage === -1 });
    for (const problem of found) problems.push(problem);
    if (problems.length > MOST) break;
  }
  if (stages.length === 0 && problems.length === 0) problems.push(withoutStage(dockerfile));
  problems.sort((a, b) => a.range.start - b.range.start);
  if (problems.length <= MOST) return problems;
  const range = { start: problems[MOST]?.range.start ?? text.length, end: text.length };
  return [
    ...problems.slice(0, MOST),
    { code: "more", message: "there is more that cannot be read behind this place", range },
  ];
}

/** A file that has nothing to build. */
function withoutStage({ text, instructions, directives, comments }: Dockerfile): SyntaxProblem {
  const [syntax] = directives;
  if (instructions.length === 0 && comments.length === 0 && syntax !== undefined) {
    return {
      code: "empty",
      message: `this is written for the frontend ${shownWord(syntax.value)}, not as a Dockerfile`,
      range: syntax.valueRange,
    };
  }
  const end = instructions.at(-1)?.range.end ?? text.length;
  const message =
    instructions.length === 0 ? "there are no instructions" : "there is no FROM: nothing is built";
  return { code: "empty", message, range: { start: end, end } };
}

interface Place {
  escape: string;
  /** Before the first FROM. */
  before: boolean;
}

function problemsOf(instruction: Instruction, place: Place): readonly SyntaxProblem[] {
  const { keyword, keywordRaw, keywordRange, headRange, heredocs, onbuild } = instruction;
  if (!isKeyword(keyword)) {
    const message = keyword === "" ? "nothing follows here" : `${shownWord(keywordRaw)} is no instruction`;
    return [{ code: "keyword", message, range: keyword === "" ? headRange : keywordRange }];
  }
  const problems: SyntaxProblem[] = [];
  const say = (code: SyntaxCode, message: string, range: Range = headRange): void => {
    problems.push({ code, message, range });
  };
  if (place.before && !onbuild && keyword !== "FROM" && keyword !== "ARG") {
    say("order", `${keyword} stands before the first FROM`, keywordRange);
  }
  for (const problem of flagProblems(instruction)) problems.push(problem);
  for (const { closed, name, range } of onbuild ? [] : heredocs) {
    if (!closed) say("heredoc", `the heredoc ${shownWord(name)} has no end`, range);
  }
  argumentProblems(instruction, say);
  quoteProblems(instruction, place.escape, say);
  return problems.length === 0
    ? triggerProblems(instruction, place)
    : [...problems, ...triggerProblems(instruction, place)];
}

type Say = (code: SyntaxCode, message: string, range?: Range) => void;

function triggerProblems({ trigger }: Instruction, place: Place): readonly SyntaxProblem[] {
  if (trigger === null) return NONE;
  const { keyword, keywordRange } = trigger;
  if (keyword === "FROM" || keyword === "MAINTAINER" || keyword === "ONBUILD") {
    return [{ code: "trigger", message: `ONBUILD takes no ${keyword}`, range: keywordRange }];
  }
  return problemsOf(trigger, place);
}

function argumentProblems(instruction: Instruction, say: Say): void {
  const {
    keyword,
    json,
    arguments: { text },
  } = instruction;
  if (text === "") {
    if (keyword !== "CMD" && keyword !== "ENTRYPOINT")
      say("arguments", `${keyword} needs ${needed(keyword)}`);
    return;
  }
  if (JSON_FORM.has(keyword) && !json && text.includes("[") && isArrayOfOthers(behindType(instruction))) {
    say("arguments", `${keyword} takes an array of strings only`);
    return;
  }
  switch (keyword) {
    case "ENV":
    case "LABEL":
    case "ARG":
      pairProblems(instruction, say);
      break;
    case "FROM":
      fromProblems(instruction.words, say);
      break;
    case "COPY":
    case "ADD":
      copyProblems(instruction, say);
      break;
    case "SHELL":
      if (!json) say("arguments", 'SHELL takes the JSON form only: SHELL ["/bin/sh", "-c"]');
      else if (instruction.words.length === 0) say("arguments", "SHELL needs a program");
      break;
    case "HEALTHCHECK": {
      const problem = healthcheckProblem(instruction);
      if (problem !== null)
        say(problem.flag === null ? "arguments" : "value", problem.message, problem.flag?.range);
      break;
    }
    case "EXPOSE":
      for (const { value, range } of instruction.words) {
        const message = value.includes("$") ? null : portProblem(value);
        if (message !== null) say("port", message, range);
      }
      break;
    case "VOLUME":
      if (instruction.words.length === 0) say("arguments", "VOLUME needs a path");
      for (const { value, range } of instruction.words) {
        if (value.trim() === "") say("value", "a path of VOLUME is empty", range);
      }
      break;
    case "STOPSIGNAL":
      signalProblems(instruction.words, say);
      break;
    default:
  }
}

const NEEDS: Readonly<Record<string, string>> = {
  FROM: "an image",
  RUN: "a command",
  COPY: "a source and a destination",
  ADD: "a source and a destination",
  ENV: "a name and a value",
  LABEL: "a name and a value",
  ARG: "a name",
  EXPOSE: "a port",
  VOLUME: "a path",
  WORKDIR: "a path",
  USER: "a user",
  HEALTHCHECK: "NONE or CMD",
  ONBUILD: "an instruction",
  STOPSIGNAL: "a signal",
  SHELL: "a program",
  MAINTAINER: "a name",
};

function needed(keyword: string): string {
  return NEEDS[keyword] ?? "an argument";
}

function behindType({ keyword, arguments: { text } }: Instruction): string {
  return keyword === "HEALTHCHECK" ? text.replace(/^\S+\s*/, "") : text;
}

function pairProblems({ keyword, pairs, legacyPair }: Instruction, say: Say): void {
  for (const { name, value, range } of pairs) {
    if (name.raw === "") say("arguments", `${keyword} has a value without a name`, range);
    else if (value === null && keyword !== "ARG") {
      const form = legacyPair ? "" : ": write name=value";
      say("arguments", `${keyword} ${shownWord(name.raw)} has no value${form}`, range);
    }
  }
}

function signalProblems([word]: readonly Word[], say: Say): void {
  if (word === undefined || word.value.includes("$")) return;
  if (!SIGNAL.test(word.value) || word.value === "0") {
    say("value", `${shownWord(word.value)} is no signal`, word.range);
  }
}

function fromProblems(words: readonly Word[], say: Say): void {
  const [, as, name] = words;
  if (words.length === 1) return;
  if (as !== undefined && as.raw.toUpperCase() !== "AS") {
    say("arguments", `FROM takes AS and a name behind the image, not ${shownWord(as.raw)}`, as.range);
  } else if (name === undefined) say("arguments", "FROM needs a name behind AS", as?.range);
  else if (words.length > 3) say("arguments", "FROM takes nothing behind the stage's name", words[3]?.range);
  else if (!STAGE_NAME.test(name.raw)) {
    say(
      "value",
      `${shownWord(name.raw)} is no stage name: letters, digits, - _ . and a letter first`,
      name.range,
    );
  }
}

function copyProblems({ keyword, words }: Instruction, say: Say): void {
  const last = words.at(-1);
  if (last !== undefined && markIn(last.raw, 0, last.raw.length) !== null) {
    say("heredoc", `${keyword} cannot write to a heredoc: the destination is missing`, last.range);
  } else if (words.length < 2) say("arguments", `${keyword} needs a source and a destination`);
}

/** Quotes and `${` that do not close, in words that the builder expands. */
function quoteProblems(instruction: Instruction, escape: string, say: Say): void {
  const { keyword, pairs, json } = instruction;
  for (const { name, value } of pairs) {
    const fault = quoteFault(name, escape) ?? (value === null ? null : quoteFault(value, escape));
    if (fault !== null) say("quote", fault, (value ?? name).range);
  }
  if (!EXPANDED.has(keyword)) return;
  const words = keyword === "FROM" ? instruction.words.slice(0, 1) : instruction.words;
  for (const each of words) {
    const fault = quoteFault(each, escape, json);
    if (fault !== null) say("quote", fault, each.range);
  }
}

function quoteFault({ raw, value }: Word, escape: string, json = false): string | null {
  const text = json ? value : raw;
  if (!text.includes("$") && !text.includes('"') && !text.includes("'")) return null;
  const { error } = expand(text, NO_VARIABLES, escape);
  // ${X:?message} is refused only where X is missing, which a look at the word does not tell.
  if (error === null || /\$\{\w+:?\?/.test(text)) return null;
  return `${shownWord(text)}: ${error.message}`;
}
