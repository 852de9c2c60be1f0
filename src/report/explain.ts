import { UserError } from "#model/problem.ts";
import { didYouMean, nearest } from "#policy/words.ts";
import { aliasesOf } from "#rules/benchmarks/cis-docker.ts";
import { RULES } from "#rules/index.ts";
import { PLACES } from "#rules/judge.ts";
import type { Rule } from "#rules/rule.ts";
import { flow } from "./terminal/flow.ts";
import { style as styleOf, type Style } from "./terminal/style.ts";

/**
 * The rules that a name stands for: an id, or one of the field's other names (`cis-docker-1.8:5.16`).
 *
 * @throws UserError with the nearest name, if there is none
 */
export function findRules(name: string): Rule[] {
  const wanted = name.toLowerCase();
  const found = RULES.filter((rule) =>
    [rule.id, ...aliasesOf(rule)].some((known) => known.toLowerCase() === wanted),
  );
  if (found.length > 0) return found;
  const names = RULES.flatMap((rule) => [rule.id, ...aliasesOf(rule)]);
  throw new UserError(`${name}: there is no such rule${didYouMean(nearest(name, names))}`);
}

/** What a rule is about, for a terminal: risk, countermeasure, remediation, examples, sources. */
export function explainRule(name: string, { colour, width }: { colour: boolean; width: number }): string {
  const style = styleOf(colour);
  const rules = findRules(name);
  return `${rules.map((rule) => explain(rule, style, width)).join("\n\n")}\n`;
}

function explain(rule: Rule, style: Style, width: number): string {
  const lines: string[] = [];
  const heading = (text: string): void => {
    lines.push("", style.strong(text));
  };
  const paragraph = (text: string, indent = "  "): void => {
    for (const line of flow([{ text }], width - indent.length)) lines.push(indent + line);
  };
  lines.push(
    style.strong(rule.title),
    `${style.quiet(rule.id)}  ${style.severity[rule.severity](rule.severity)}`,
  );
  heading("Risk");
  paragraph(rule.risk);
  heading("Countermeasure");
  paragraph(rule.countermeasure);
  heading("Fix");
  for (const [place, text] of Object.entries(rule.remediation)) {
    lines.push(`  ${style.quiet(PLACES[place] ?? place)}`);
    for (const line of text.split("\n")) paragraph(line, "    ");
  }
  heading("Example");
  for (const [label, text] of [
    ["bad ", rule.examples.bad],
    ["good", rule.examples.good],
  ] as const) {
    for (const [at, line] of text.split("\n").entries()) {
      lines.push(`  ${at === 0 ? style.quiet(label) : "    "}  ${line}`);
    }
  }
  const aliases = aliasesOf(rule);
  if (aliases.length > 0) {
    heading("Also known as");
    paragraph(aliases.join(", "));
  }
  heading("Written down in");
  for (const { title, url } of rule.references)
    lines.push(`  ${title}${url === undefined ? "" : `  ${style.quiet(url)}`}`);
  return lines.join("\n");
}
