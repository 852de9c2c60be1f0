import { aliasesOf } from "#rules/benchmarks/cis-docker.ts";
import { PLACES } from "#rules/judge.ts";
import type { Rule } from "#rules/rule.ts";

/** The docs page of a rule, in Markdown. Generated into docs/rules, one file per rule. */
export function rulePage(rule: Rule): string {
  const aliases = aliasesOf(rule);
  const fixes = Object.entries(rule.remediation).map(
    ([place, text]) => `**${PLACES[place] ?? place}**\n\n${fence(text)}`,
  );
  const references = rule.references.map(({ title, url }) =>
    url === undefined ? `- ${title}` : `- [${title}](${url})`,
  );
  return [
    `# ${rule.id}`,
    `**${rule.title}** · ${rule.severity} · judges: ${rule.subject}`,
    "## Risk",
    rule.risk,
    "## Countermeasure",
    rule.countermeasure,
    "## Fix",
    ...fixes,
    "## Example",
    "Bad:",
    fence(rule.examples.bad),
    "Good:",
    fence(rule.examples.good),
    ...(aliases.length === 0 ? [] : ["## Also known as", aliases.map((alias) => `\`${alias}\``).join(", ")]),
    "## References",
    references.join("\n"),
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}

/** The list of all rules: docs/rules/README.md. */
export function rulesIndex(rules: readonly Rule[]): string {
  const subjects = [...new Set(rules.map(({ subject }) => subject))];
  const tables = subjects.map((subject) => {
    const rows = rules
      .filter((rule) => rule.subject === subject)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(
        ({ id, title, severity, cis }) =>
          `| [${id}](${id}.md) | ${severity} | ${title} | ${cis?.join(", ") ?? ""} |`,
      );
    return [
      `## ${subject[0]?.toUpperCase()}${subject.slice(1)}`,
      "",
      "| rule | severity | what it finds | CIS Docker 1.8 |",
      "|---|---|---|---|",
      ...rows,
    ].join("\n");
  });
  return [
    "# Rules",
    `${rules.length} rules. Ids never change their meaning. The numbers of the CIS Docker Benchmark are a mapping: the rules and their words are our own.`,
    ...tables,
    "",
  ].join("\n\n");
}

function fence(text: string): string {
  const ticks = text.includes("```") ? "````" : "```";
  return `${ticks}\n${text}\n${ticks}`;
}
