import { UserError } from "#model/problem.ts";
import { isGlob, matchesGlob } from "./glob.ts";
import { explain } from "./issues.ts";
import type { Policy } from "./policy.ts";
import { PolicyFile } from "./schema.ts";
import { didYouMean, nearest, printable } from "./words.ts";
import { type Mistake, readYaml, type YamlText } from "./yaml.ts";

const MAX_SHOWN = 50;

/**
 * The policy in the text of a policy file.
 *
 * @param name the file as the user names it, for messages and for the source of exceptions
 * @param known ids and aliases of all rules; names that are not among them are mistakes
 * @throws UserError that names line and column of every mistake
 */
export function parsePolicy(text: string, name: string, known?: readonly string[]): Policy {
  const yaml = readYaml(text);
  if (yaml.data === undefined) throw mistaken(yaml.mistakes, yaml, name);
  // An empty file, or one with comments only, changes nothing.
  const parsed = PolicyFile.safeParse(yaml.data ?? {});
  const mistakes = [
    ...yaml.mistakes,
    ...(parsed.error?.issues ?? []).flatMap((issue) => explain(issue, yaml)),
    ...(known === undefined ? [] : unknownRules(yaml, known)),
  ];
  if (!parsed.success || mistakes.length > 0) throw mistaken(mistakes, yaml, name);
  const { rules, exceptions, ...rest } = parsed.data;
  return {
    ...rest,
    path: name,
    rules: Object.fromEntries(
      Object.entries(rules).map(([rule, setting]) => [
        rule,
        typeof setting === "string" ? setting : setting.severity,
      ]),
    ),
    exceptions: exceptions.map(({ rule, subject, reason, owner, expires }, at) => ({
      rule,
      subject,
      reason: reason.trim(),
      owner: owner?.trim() ?? "",
      expires: expires ?? null,
      source: `${name}:${yaml.position(yaml.offsetOf(["exceptions", at])).line}`,
    })),
  };
}

function unknownRules(yaml: YamlText, known: readonly string[]): Mistake[] {
  const names = new Set(known);
  return patterns(yaml)
    .filter(({ pattern }) =>
      isGlob(pattern)
        ? !known.some((name) => matchesGlob(pattern, name))
        : pattern.trim() !== "" && !names.has(pattern),
    )
    .map(({ pattern, offset }, at) => {
      if (isGlob(pattern)) return { offset, what: `${printable(pattern)} matches no known rule` };
      // The search for the name that was meant is slow; nobody reads more than the first ones.
      const near = at < MAX_SHOWN ? nearest(pattern, known) : undefined;
      return { offset, what: `rule ${printable(pattern)} is not known${didYouMean(near)}` };
    });
}

/** Every place of the file that names rules, also where other things are wrong with the file. */
function patterns(yaml: YamlText): { pattern: string; offset: number }[] {
  const { rules, only, exceptions } = asRecord(yaml.data);
  const places: [unknown, PropertyKey[], "key" | "value"][] = [
    ...Object.keys(asRecord(rules)).map((key): (typeof places)[0] => [key, ["rules", key], "key"]),
    ...asList(only).map((value, at): (typeof places)[0] => [value, ["only", at], "value"]),
    ...asList(exceptions).map((value, at): (typeof places)[0] => [
      asRecord(value)["rule"],
      ["exceptions", at, "rule"],
      "value",
    ]),
  ];
  return places.flatMap(([pattern, path, part]) =>
    typeof pattern === "string" ? [{ pattern, offset: yaml.offsetOf(path, part) }] : [],
  );
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function mistaken(mistakes: readonly Mistake[], yaml: YamlText, name: string): UserError {
  const sorted = mistakes.toSorted((a, b) => a.offset - b.offset);
  const lines = sorted.slice(0, MAX_SHOWN).map(({ offset, what }) => {
    const { line, column } = yaml.position(offset);
    return `${name}:${line}:${column}: ${what}`;
  });
  if (sorted.length > MAX_SHOWN) lines.push(`and ${sorted.length - MAX_SHOWN} more`);
  const count = sorted.length === 1 ? "1 mistake" : `${sorted.length} mistakes`;
  return new UserError([`${count} in the policy ${name}`, ...lines].join("\n"));
}
