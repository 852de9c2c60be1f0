import type * as z from "zod";
import { keysAt } from "./schema.ts";
import { didYouMean, nearest, printable } from "./words.ts";
import type { Mistake, YamlText } from "./yaml.ts";

type Issue = z.core.$ZodIssue;

const TYPES: Record<string, string> = {
  string: "a text",
  array: "a list",
  object: "a mapping (key: value)",
  record: "a mapping (key: value)",
  boolean: "true or false",
  number: "a number",
  int: "a whole number",
};

/** What the schema finds wrong with a policy file, in words, each where it stands. */
export function explain(issue: Issue, yaml: YamlText, above: readonly PropertyKey[] = []): Mistake[] {
  const path = [...above, ...issue.path];
  const value = valueAt(yaml.data, path);
  const here = (what: string): Mistake[] => [{ offset: yaml.offsetOf(path), what }];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      offset: yaml.offsetOf([...path, key], "key"),
      what: `unknown key "${printable(key)}"${didYouMean(quoted(nearest(key, keysAt(path))))}`,
    }));
  }
  const name = nameOf(path);
  if (!yaml.has(path)) return here(`${name} is missing`);
  if (issue.code === "invalid_key") {
    return [{ offset: yaml.offsetOf(path, "key"), what: "the name of the rule is empty" }];
  }
  if (value === null || (typeof value === "string" && value.trim() === "")) {
    const what = path.length === 0 ? "is empty" : `${name} is empty; fill it in or remove it`;
    // Where nothing is written after a key, only the key can be pointed at.
    return [{ offset: yaml.offsetOf(path, value === null ? "key" : "value"), what }];
  }
  switch (issue.code) {
    case "invalid_type":
      return here(`${name}: ${shown(value)} is not ${TYPES[issue.expected] ?? issue.expected}`);
    case "invalid_value": {
      const values = issue.values.map(String);
      const near = typeof value === "string" ? nearest(value, values) : undefined;
      return here(`${name}: ${shown(value)} is not one of ${values.join(", ")}${didYouMean(quoted(near))}`);
    }
    case "invalid_union": {
      // A rule is set by a word, or by a mapping: the form that was used tells what was meant.
      const [word = [], mapping = []] = issue.errors;
      const meant = typeof value === "object" && !Array.isArray(value) ? mapping : word;
      return meant.flatMap((inner) => explain(inner, yaml, path));
    }
    case "invalid_format":
      return here(
        issue.format === "date"
          ? `${name}: ${printable(String(value))} is not a date (YYYY-MM-DD)`
          : `${name}: ${shown(value)} is not valid`,
      );
    case "too_small":
      return here(`${name}: ${shown(value)} is less than ${issue.minimum}`);
    case "too_big":
      return here(`${name}: ${shown(value)} is more than ${issue.maximum}`);
    default:
      return here(`${name}: ${shown(value)} is not valid`);
  }
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

// The line says where it is, so the last key is enough: `expires`, `rules` for one of its entries.
function nameOf(path: readonly PropertyKey[]): string {
  const name = path.findLast((step) => typeof step === "string");
  return name === undefined ? "the policy" : printable(name);
}

function shown(value: unknown): string {
  if (typeof value === "string") return `"${printable(value)}"`;
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a mapping";
  return String(value);
}

function quoted(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `"${text}"`;
}
