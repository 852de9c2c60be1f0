import type { ComposeVariable } from "#model/evidence/compose.ts";

/** Looks up a variable; undefined = it is not set. */
export type Lookup = (name: string) => string | undefined;

/** A run of the result that stands in the source as it is, character by character. */
export interface Segment {
  /** Offset in the result. */
  at: number;
  /** Offset in the source. */
  from: number;
  length: number;
}

export interface Interpolated {
  text: string;
  variables: ComposeVariable[];
  /** Where the literal parts of the result come from, in order. */
  segments: Segment[];
  /** Something behind a `$` that Compose refuses, with its offsets in the source. */
  fault: { message: string; start: number; end: number } | null;
}

/** Deeper nesting than anybody writes; what lies below is taken as it stands. */
const MAX_DEPTH = 16;

/** Longer results are cut: a short file must not become a long one. */
const MAX_TEXT = 1 << 20;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

/**
 * Puts variables into a value as Compose does (compose-spec, 12-interpolation.md): `$X`, `${X}`, defaults
 * (`:-`, `-`), errors (`:?`, `?`), replacements (`:+`, `+`), nested, and `$$` for a dollar sign. A variable
 * that is not set becomes the empty text.
 */
export function interpolate(source: string, lookup: Lookup, depth = 0): Interpolated {
  const result: Interpolated = { text: "", variables: [], segments: [], fault: null };
  let at = 0;
  const literal = (from: number, to: number): void => {
    if (to <= from) return;
    result.segments.push({ at: result.text.length, from, length: to - from });
    result.text += source.slice(from, to);
  };
  while (at < source.length) {
    const dollar = source.indexOf("$", at);
    if (dollar < 0 || result.text.length > MAX_TEXT) break;
    literal(at, dollar);
    const next = source[dollar + 1];
    if (next === "$") {
      literal(dollar + 1, dollar + 2);
      at = dollar + 2;
      continue;
    }
    const braced = next === "{";
    NAME.lastIndex = dollar + (braced ? 2 : 1);
    const name = NAME.exec(source)?.[0];
    if (name === undefined) {
      // A dollar sign before anything else stands for itself: `$(date)` reaches the shell as it is.
      if (braced) {
        const end = dollar + 2;
        result.fault ??= { message: `no name of a variable follows on \${`, start: dollar, end };
      }
      literal(dollar, dollar + 1);
      at = dollar + 1;
      continue;
    }
    const behind = NAME.lastIndex;
    if (!braced) {
      put(result, name, lookup(name), null);
      at = behind;
      continue;
    }
    const close = closingBrace(source, behind);
    if (close < 0) {
      result.fault ??= {
        message: `\${${name} has no closing brace`,
        start: dollar,
        end: behind,
      };
      literal(dollar, source.length);
      return result;
    }
    expand(result, { name, rest: source.slice(behind, close), start: dollar, end: close + 1 }, lookup, depth);
    at = close + 1;
  }
  literal(at, source.length);
  return result;
}

/** Whether a text holds a variable at all; most do not. */
export function hasVariable(text: string): boolean {
  return text.includes("$");
}

function expand(
  result: Interpolated,
  { name, rest, start, end }: { name: string; rest: string; start: number; end: number },
  lookup: Lookup,
  depth: number,
): void {
  const value = lookup(name);
  if (rest === "") return put(result, name, value, null);
  const operator = /^:?[-?+]/.exec(rest)?.[0];
  if (operator === undefined) {
    result.fault ??= {
      message: `\${${name}${rest}} is none of the forms that Compose knows (:-, -, :?, ?, :+, +)`,
      start,
      end,
    };
    return put(result, name, value, null);
  }
  const word = rest.slice(operator.length);
  const set = value !== undefined && !(operator.startsWith(":") && value === "");
  if (operator.endsWith("+")) return put(result, name, set ? inner(word) : "", set ? null : "");
  if (operator.endsWith("?")) return put(result, name, set ? value : undefined, null);
  return put(result, name, set ? value : undefined, set ? null : inner(word));

  function inner(text: string): string {
    if (depth >= MAX_DEPTH) return text;
    const nested = interpolate(text, lookup, depth + 1);
    result.variables.push(...nested.variables);
    if (nested.fault !== null) {
      const shift = end - 1 - text.length;
      result.fault ??= {
        ...nested.fault,
        start: nested.fault.start + shift,
        end: nested.fault.end + shift,
      };
    }
    return nested.text;
  }
}

function put(result: Interpolated, name: string, value: string | undefined, fallback: string | null): void {
  const from = value !== undefined ? "environment" : fallback !== null ? "default" : "nothing";
  result.variables.push({ name, from });
  result.text += (value ?? fallback ?? "").slice(0, MAX_TEXT);
}

/** The brace that closes what was opened before `at`; braces within count only behind a dollar sign. */
function closingBrace(source: string, at: number): number {
  let open = 1;
  for (let index = at; index < source.length; index += 1) {
    const character = source[index];
    if (character === "$" && source[index + 1] === "{") {
      open += 1;
      index += 1;
    } else if (character === "}") {
      open -= 1;
      if (open === 0) return index;
    }
  }
  return -1;
}
