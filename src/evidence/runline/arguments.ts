import type { ShellWord } from "#model/evidence/shell.ts";
import type { Range } from "#model/text.ts";
import { optionLettered, optionNamed } from "./options.ts";

/** One option of a run line, as pflag(1) of the engines' command lines reads it. */
export interface RunOption {
  /** The long name in use today, without dashes; as written for one that is not known. */
  name: string;
  /** As written: `-p`, `--publish`. */
  written: string;
  /** Quotes removed; null for an option that stands alone. */
  value: string | null;
  /** Nothing in the value is expanded at run time. */
  static: boolean;
  /** Of option and value, in the file. */
  range: Range;
  /** Of the value; empty where there is none. */
  valueRange: Range;
}

/** A run line taken apart. */
export interface RunArguments {
  options: RunOption[];
  /** null where none is named. */
  image: ShellWord | null;
  command: ShellWord[];
  /** Words that may become any options when the line runs: `$OPTS`, `"$@"`. */
  opaque: ShellWord[];
}

/**
 * Takes the words behind `docker run` apart. Options end at the first word that is none, or behind `--`. An option
 * that is not known takes the next word as its value if that is no option, and an image would still follow.
 */
export function runArguments(words: readonly ShellWord[]): RunArguments {
  const options: RunOption[] = [];
  const opaque: ShellWord[] = [];
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at] as ShellWord;
    if (word.value === "--") {
      at += 1;
      break;
    }
    if (!word.value.startsWith("-") || word.value === "-") {
      if (!becomesOptions(words, at)) break;
      opaque.push(word);
      continue;
    }
    const next = words[at + 1];
    const read = word.value.startsWith("--")
      ? [longOption(word, next, words.length - at)]
      : shortOptions(word, next);
    options.push(...read);
    if (next !== undefined && read.some(({ valueRange }) => valueRange.end > word.range.end)) at += 1;
  }
  const image = words[at] ?? null;
  // `docker run --rm "$@"`: the image is among what is handed over
  if (image === null && opaque.length > 0)
    return { options, image: opaque.at(-1) ?? null, command: [], opaque };
  return { options, image, command: words.slice(at + 1), opaque };
}

function longOption(word: ShellWord, next: ShellWord | undefined, left: number): RunOption {
  const equals = word.value.indexOf("=");
  const title = equals < 0 ? word.value.slice(2) : word.value.slice(2, equals);
  const known = optionNamed(title);
  const name = known?.name ?? title;
  const written = `--${title}`;
  if (equals >= 0) {
    return {
      name,
      written,
      value: word.value.slice(equals + 1),
      static: word.static,
      range: word.range,
      valueRange: behind(word, equals + 1),
    };
  }
  const guessed = known === null && next !== undefined && !next.value.startsWith("-") && left > 2;
  return known?.takesValue === true || guessed
    ? withNext({ name, written, word, next })
    : alone(name, written, word.static, word.range);
}

// `-it`, `-itp 80:80`, `-p80:80`, `-p=80:80`: the first letter that takes a value takes the rest of the word.
function shortOptions(word: ShellWord, next: ShellWord | undefined): RunOption[] {
  const letters = word.value;
  const found: RunOption[] = [];
  for (let at = 1; at < letters.length; at += 1) {
    const letter = letters.charAt(at);
    const known = optionLettered(letter);
    const written = `-${letter}`;
    const name = known?.name ?? letter;
    const rest = letters.charAt(at + 1) === "=" ? at + 2 : at + 1;
    const given = letters.charAt(at + 1) === "=" || (known?.takesValue === true && rest < letters.length);
    const start = at === 1 ? word.range.start : behind(word, at).start;
    if (given) {
      found.push({
        name,
        written,
        value: letters.slice(rest),
        static: word.static,
        range: { start, end: word.range.end },
        valueRange: behind(word, rest),
      });
      return found;
    }
    if (known?.takesValue === true) {
      const option = withNext({ name, written, word, next });
      found.push({ ...option, range: { start, end: option.range.end } });
      return found;
    }
    const only = letters.length === 2;
    const end = behind(word, at + 1).start;
    found.push(alone(name, written, word.static, only ? word.range : { start: behind(word, at).start, end }));
  }
  return found;
}

function withNext(parts: {
  name: string;
  written: string;
  word: ShellWord;
  next: ShellWord | undefined;
}): RunOption {
  const { name, written, word, next } = parts;
  if (next === undefined) return { ...alone(name, written, word.static, word.range), value: "" };
  return {
    name,
    written,
    value: next.value,
    static: word.static && next.static,
    range: { start: word.range.start, end: next.range.end },
    valueRange: next.range,
  };
}

function alone(name: string, written: string, still: boolean, range: Range): RunOption {
  return {
    name,
    written,
    value: null,
    static: still,
    range,
    valueRange: { start: range.end, end: range.end },
  };
}

// Where the value begins within a word. What stands before it is plain text, unless somebody quotes the option's
// name; then the whole word is the best that can be said.
function behind({ raw, value, range }: ShellWord, offset: number): Range {
  const plain = raw.startsWith(value.slice(0, offset));
  return { start: plain ? Math.min(range.start + offset, range.end) : range.start, end: range.end };
}

const MANY = /\$(?:[@*]|\{[@*]|\{\w+\[[@*]\])/;
const WHOLE = /^\$(?:\w+|\{[^}]*\}|\([^()]*\))$/;
const IMAGE_NAME = /ima?ge?|tag|repo|container|cid/i;
const OPTIONS_NAME = /opt|arg|flag|param|extra|vol|mount|env|port|net|user|priv|cap|device|gpu|limit|label/i;

/**
 * Whether a word that is expanded at run time stands for options, not for the image. A list (`"$@"`) can be both;
 * one variable tells by its name, or by a known option that follows it.
 */
function becomesOptions(words: readonly ShellWord[], at: number): boolean {
  const word = words[at];
  if (word === undefined || word.static) return false;
  if (MANY.test(word.raw)) return true;
  // `${X:+--flag}` is an option or nothing
  if (/^"?\$\{\w+:?\+/.test(word.raw)) return true;
  if (!WHOLE.test(word.raw) || at === words.length - 1 || IMAGE_NAME.test(word.raw)) return false;
  if (OPTIONS_NAME.test(word.raw)) return true;
  // `$(INTERACTIVE) $(IMAGE):$(TAG) make`: what looks more like an image is the image
  for (let next = at + 1; next < words.length && next <= at + 8; next += 1) {
    const { value, raw, static: still } = words[next] as ShellWord;
    if (value.startsWith("--") && optionNamed(value.slice(2).replace(/=.*$/s, "")) !== null) return true;
    if (/^[\w.$(){}-][\w./$(){}-]*:[\w.$(){}-]+$/.test(raw) || (!still && IMAGE_NAME.test(raw))) return true;
    if (still) return false;
  }
  return false;
}
