/** What is known of variables: their value, or null where they are set to something unknown. */
export type Variables = ReadonlyMap<string, string | null>;

/** A text with its variables replaced. */
export interface Expanded {
  text: string;
  /** Variables without value that were used without a default, in order. */
  missing: string[];
  /** Part of the text hangs on a value that only the build knows. */
  unknown: boolean;
  /** What the builder refuses: `${`, an unknown modifier. */
  error: string | null;
}

const NAME = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?!$-])/;
const MAX_DEPTH = 32;
const MAX_LENGTH = 1 << 20;

/**
 * Replaces `$NAME` and the `${NAME…}` family as the builder does (moby/buildkit, frontend/dockerfile/shell/lex.go):
 * `:-` `-` `:+` `+` `:?` `?` `#` `##` `%` `%%` `/` `//`. Single quotes and the escape character protect; quotes are
 * kept. A variable whose value is unknown stays as written.
 */
export function expand(text: string, variables: Variables, escape: string, depth = 0): Expanded {
  const result: Expanded = { text: "", missing: [], unknown: false, error: null };
  if (!text.includes("$")) return { ...result, text };
  let single = false;
  let double = false;
  for (let at = 0; at < text.length && result.text.length < MAX_LENGTH; ) {
    const character = text[at] as string;
    if (character === escape && !single) {
      result.text += text.slice(at, at + 2);
      at += 2;
    } else if (character === "$" && !single) at = expandOne(text, at, { variables, escape, depth, result });
    else {
      if (character === "'" && !double) single = !single;
      else if (character === '"' && !single) double = !double;
      result.text += character;
      at += 1;
    }
  }
  return result;
}

interface Step {
  variables: Variables;
  escape: string;
  depth: number;
  result: Expanded;
}

/** Expands the variable at `at`, and returns where it ends. */
function expandOne(text: string, at: number, step: Step): number {
  const { result, variables } = step;
  if (text[at + 1] !== "{") {
    const name = NAME.exec(text.slice(at + 1, at + 256))?.[0];
    if (name === undefined) {
      result.text += "$";
      return at + 1;
    }
    put(step, name, variables.get(name), text.slice(at, at + 1 + name.length));
    return at + 1 + name.length;
  }
  const close = closingBrace(text, at + 2, step.escape);
  if (close === -1) {
    result.error = "a ${ is not closed";
    result.text += text.slice(at);
    return text.length;
  }
  const inner = text.slice(at + 2, close);
  const written = text.slice(at, close + 1);
  const name = NAME.exec(inner)?.[0];
  if (name === undefined) {
    result.error = `\${${inner}} names no variable`;
    result.text += written;
  } else if (name.length === inner.length) put(step, name, variables.get(name), written);
  else modify(step, name, inner.slice(name.length), written);
  return close + 1;
}

function put({ result }: Step, name: string, value: string | null | undefined, written: string): void {
  if (value === undefined) result.missing.push(name);
  if (value === null) result.unknown = true;
  result.text += value === null ? written : (value ?? "");
}

function modify(step: Step, name: string, rest: string, written: string): void {
  const { result, variables } = step;
  const value = variables.get(name);
  const [, modifier = "", word = ""] = /^(:?[-+?]|##?|%%?|\/\/?)([^]*)$/.exec(rest) ?? [];
  if (modifier === "") {
    result.error = `${written}: this modifier does not exist`;
    result.text += written;
    return;
  }
  if (value === null) {
    result.unknown = true;
    result.text += written;
    return;
  }
  const set = value !== undefined && (modifier.startsWith(":") ? value !== "" : true);
  const kind = modifier.at(-1);
  if (kind === "-") add(step, set ? (value as string) : word, !set);
  else if (kind === "+") add(step, set ? word : "", set);
  else if (kind === "?") {
    if (set) result.text += value;
    else result.error = `${name}: ${word === "" ? "is not set" : word}`;
  } else if (value === undefined) result.missing.push(name);
  else result.text += cut(value, modifier, word);
}

// A default may hold variables itself.
function add({ result, variables, escape, depth }: Step, text: string, again: boolean): void {
  if (!again || depth >= MAX_DEPTH) {
    result.text += text;
    return;
  }
  const inner = expand(text, variables, escape, depth + 1);
  result.text += inner.text;
  result.missing.push(...inner.missing);
  result.unknown ||= inner.unknown;
  result.error ??= inner.error;
}

/** Removes or replaces what matches a shell pattern of `*` and `?`. */
function cut(value: string, modifier: string, word: string): string {
  if (value.length > 4096 || word.length > 256) return value;
  if (modifier.startsWith("/")) {
    const slash = word.indexOf("/");
    const from = slash === -1 ? word : word.slice(0, slash);
    const to = slash === -1 ? "" : word.slice(slash + 1);
    if (from === "") return value;
    return value.replace(new RegExp(pattern(from, true), modifier === "//" ? "gs" : "s"), () => to);
  }
  // Removal from one end: try every length, the shortest or the longest first.
  const lengths = Array.from({ length: value.length + 1 }, (_, index) => index);
  if (modifier.length === 2) lengths.reverse();
  const whole = new RegExp(`^${pattern(word, true)}$`, "s");
  for (const length of lengths) {
    const front = modifier.startsWith("#");
    const part = front ? value.slice(0, length) : value.slice(value.length - length);
    if (whole.test(part)) return front ? value.slice(length) : value.slice(0, value.length - length);
  }
  return value;
}

// Runs of * would make the expression slow, and mean no more than one.
function pattern(shell: string, greedy: boolean): string {
  const any = greedy ? "[^]*" : "[^]*?";
  return shell
    .replaceAll(/\*+/g, "*")
    .split("")
    .map((character) =>
      character === "*" ? any : character === "?" ? "[^]" : character.replace(/[.*+?^${}()|[\]\\/]/, "\\$&"),
    )
    .join("");
}

function closingBrace(text: string, from: number, escape: string): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === escape) at += 1;
    else if (character === "{" && text[at - 1] === "$") depth += 1;
    else if (character === "}" && (depth -= 1) === 0) return at;
  }
  return -1;
}
