import type { ComposeProblem } from "#model/evidence/compose.ts";
import type { Severity } from "#model/severity.ts";
import { page, type Rule, rule, unknown } from "../rule.ts";
import { failures } from "./facts/findings.ts";

interface ProblemRule {
  id: string;
  kind: ComposeProblem["kind"];
  title: string;
  severity: Severity;
  aliases: string[];
  risk: string;
  countermeasure: string;
  remediation: string;
  examples: Rule["examples"];
}

const SPECIFICATION = page("Compose file reference", "https://docs.docker.com/reference/compose-file/");

/** What is wrong with the file itself, one rule per kind of problem that reading it brought up. */
const TABLE: ProblemRule[] = [
  {
    id: "SW-CMP-YAML",
    kind: "yaml",
    title: "Cannot be read as YAML",
    severity: "high",
    aliases: ["dclint:invalid-yaml"],
    risk: "Compose refuses the file, or reads something else than what was meant; and what cannot be read cannot be judged.",
    countermeasure:
      "Put the syntax right: blanks in place of tabs, one indentation per level, each key once.",
    remediation: "mend the YAML at the marked place",
    examples: { bad: "services:\n\tweb: {image: nginx}", good: "services:\n  web: {image: nginx}" },
  },
  {
    id: "SW-CMP-KEY",
    kind: "key",
    title: "Has a key that Compose does not know",
    severity: "medium",
    aliases: ["dclint:invalid-schema"],
    risk: "Compose refuses the file. With older versions the setting was ignored without a word: a misspelt read_only or cap_drop protects nothing.",
    countermeasure: "Write the key as the specification has it; begin keys of your own with x-.",
    remediation: "use the key that was meant, or begin it with x-",
    examples: {
      bad: "services: {web: {image: nginx, readonly: true}}",
      good: "services: {web: {image: nginx, read_only: true}}",
    },
  },
  {
    id: "SW-CMP-VALUE",
    kind: "value",
    title: "Has a value of the wrong form",
    severity: "medium",
    aliases: ["dclint:invalid-schema"],
    risk: "Compose refuses the file, or takes the value for something else.",
    countermeasure:
      "Write the value in the form that the specification names; texts that look like numbers in quotes.",
    remediation: "write the value in the form that the message names",
    examples: {
      bad: "services: {web: {image: nginx, user: 1000}}",
      good: 'services: {web: {image: nginx, user: "1000"}}',
    },
  },
  {
    id: "SW-CMP-VARIABLE",
    kind: "variable",
    title: "Has a variable that Compose cannot read",
    severity: "medium",
    aliases: [],
    risk: "Compose refuses the file.",
    countermeasure: "Use one of the forms that Compose knows, and write a dollar sign that is meant as two.",
    remediation: "write ${NAME}, ${NAME:-default}, ${NAME:?message} or ${NAME:+other}; $$ for a dollar sign",
    examples: { bad: "command: echo ${NAME/a/b}", good: "command: echo ${NAME:-a}" },
  },
  {
    id: "SW-CMP-UNREAD",
    kind: "unread",
    title: "Brings in a file that could not be read",
    severity: "low",
    aliases: [],
    risk: "What an extended or included file sets is part of the project, and was not looked at.",
    countermeasure:
      "Judge the project where all of its files are, or judge the output of docker compose config.",
    remediation: "run this where the file is, or on the output of docker compose config",
    examples: {
      bad: "extends: {file: missing.yaml, service: base}",
      good: "extends: {file: common.yaml, service: base}",
    },
  },
];

export default TABLE.map(
  ({ id, kind, title, severity, aliases, risk, countermeasure, remediation, examples }) =>
    rule({
      id,
      subject: "compose",
      title,
      severity,
      risk,
      countermeasure,
      remediation: { compose: remediation },
      ...(aliases.length === 0 ? {} : { aliases }),
      references: [SPECIFICATION],
      examples,
      judge: ({ problems }) => {
        const own = problems.filter((problem) => problem.kind === kind);
        return kind === "unread"
          ? own.map(({ message, range, key }) => ({ ...unknown(message), range, key }))
          : failures(own);
      },
    }),
) satisfies Rule<"compose">[];
