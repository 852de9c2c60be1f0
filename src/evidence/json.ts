/**
 * Narrow reads from JSON of unknown shape. Answers of engines differ by version and product (podman gives
 * null where Docker gives a list), and may be garbage: a field of the wrong type reads as its empty value.
 */
export type Json = Record<string, unknown>;

export function object(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

/** ISO time of seconds since the epoch; empty for what is no time (`new Date` throws on those). */
export function isoTime(seconds: unknown): string {
  const date = new Date(typeof seconds === "number" ? seconds * 1000 : Number.NaN);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

export function flag(value: unknown): boolean {
  return value === true;
}

export function texts(value: unknown): string[] {
  return list(value).filter((item): item is string => typeof item === "string");
}

/** A map of strings; values of other types are left out. */
export function textMap(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object(value)).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
