import type { Layout } from "./layout.ts";

/** A value to be written: a scalar as YAML text, a list of such, or a mapping. */
export type Value = string | readonly string[] | Readonly<{ [key: string]: Value }>;

/** A text as a YAML scalar: bare where it reads back as the same text, in double quotes else. */
export function scalar(text: string): string {
  const plain =
    /^[A-Za-z0-9_./~][\w./~:@+=-]*$/.test(text) &&
    !text.endsWith(":") &&
    // Numbers of every kind, also those to the base of 60 in YAML 1.1, and the words of truth.
    !/^[-+.\d][\d.:_eE+-]*$/.test(text) &&
    !/^(?:true|false|null|yes|no|on|off|y|n|~|0[xo].*)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}

/** A scalar that takes the place of another one, in the same quotes. */
export function scalarLike(old: string, text: string): string {
  if (old.startsWith('"')) return JSON.stringify(text);
  if (old.startsWith("'")) return `'${text.replaceAll("'", "''")}'`;
  return scalar(text);
}

/** `key: value` in block style with everything below it, without a line end behind it. */
export function blockEntry(key: string, value: Value, column: number, layout: Layout): string {
  const pad = " ".repeat(column);
  if (typeof value === "string") return `${key}: ${value}`;
  if (Array.isArray(value)) {
    const indent = " ".repeat(column + (layout.listsIndented ? layout.step : 0));
    return [`${key}:`, ...value.map((item: string) => `${indent}- ${item}`)].join(layout.eol);
  }
  const below = column + layout.step;
  const entries = Object.entries(value as Readonly<Record<string, Value>>);
  return [
    `${key}:`,
    ...entries.map(
      ([name, each]) => `${pad}${" ".repeat(layout.step)}${blockEntry(name, each, below, layout)}`,
    ),
  ].join(layout.eol);
}

/** The same in flow style; `json` puts keys and texts into quotes. */
export function flowEntry(key: string, value: Value, json: boolean): string {
  return `${json ? JSON.stringify(key) : key}: ${flowValue(value, json)}`;
}

function flowValue(value: Value, json: boolean): string {
  if (typeof value === "string") return json ? jsonScalar(value) : value;
  if (Array.isArray(value)) return `[${value.map((item: string) => flowValue(item, json)).join(", ")}]`;
  const entries = Object.entries(value as Readonly<Record<string, Value>>);
  return `{${entries.map(([key, each]) => flowEntry(key, each, json)).join(", ")}}`;
}

function jsonScalar(yaml: string): string {
  return /^(?:true|false|null|-?\d+(?:\.\d+)?|".*")$/.test(yaml) ? yaml : JSON.stringify(yaml);
}
