import { visible } from "../terminal/visible.ts";

/** Markup that is safe to put into a page as it is. */
export interface Markup {
  readonly markup: string;
}

type Value = Markup | string | number | null | readonly (Markup | string | number | null)[];

/**
 * Builds markup from a template. Every text that is put in is made visible and escaped, in elements as in quoted
 * attributes; markup is put in as it is, lists one after the other, null as nothing.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const [first = "", ...rest] = strings;
  return { markup: rest.reduce((text, part, at) => text + textOf(values[at] ?? null) + part, first) };
}

/** Markup that this program wrote itself, never data. */
export function raw(markup: string): Markup {
  return { markup };
}

/** Text of several lines, for `<pre>`. */
export function lines(texts: readonly string[]): Markup {
  return { markup: texts.map(escape).join("\n") };
}

/** A path or value in which lines may be broken after each slash, before they are broken anywhere. */
export function breakable(text: string): Markup {
  return { markup: escape(text).replace(/(?<=[\w.…-])\/(?=[\w.…-])/g, "/<wbr>") };
}

function textOf(value: Value): string {
  if (value === null) return "";
  if (typeof value === "string") return escape(value);
  if (typeof value === "number") return String(value);
  if ("markup" in value) return value.markup;
  return value.map(textOf).join("");
}

const REFERENCES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

function escape(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (character) => REFERENCES[character] ?? "");
}
