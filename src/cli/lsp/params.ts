import type { Position, Range } from "vscode-languageserver-protocol";

/** What messages hold, read so that a wrong one is no fault: whatever has not the right shape is not there. */

/** The value at a path of nested objects. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

/** A text at a path. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** A whole number at a path. */
export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" && Number.isSafeInteger(found) ? found : undefined;
}

/** A list at a path; empty where there is none. */
export function listAt(value: unknown, ...path: readonly string[]): unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** A position at a path: line and character, neither below 0. */
export function positionAt(value: unknown, ...path: readonly string[]): Position | undefined {
  const line = numberAt(value, ...path, "line");
  const character = numberAt(value, ...path, "character");
  if (line === undefined || character === undefined || line < 0 || character < 0) return undefined;
  return { line, character };
}

/** A range at a path. */
export function rangeAt(value: unknown, ...path: readonly string[]): Range | undefined {
  const start = positionAt(value, ...path, "start");
  const end = positionAt(value, ...path, "end");
  return start === undefined || end === undefined ? undefined : { start, end };
}
