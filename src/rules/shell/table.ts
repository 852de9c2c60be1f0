import type { Severity } from "#model/severity.ts";
import { page, type Rule } from "../rule.ts";
import type { ShellSeverity } from "./issue.ts";
import { judgeShell } from "./judge-shell.ts";
import { LEVELS } from "./levels.ts";

/** What a page says of one ShellCheck code; the check itself is found by its number. */
export interface ShellRow {
  code: number;
  title: string;
  risk: string;
  /** What stops that. */
  countermeasure: string;
  /** How to write it, without RUN. */
  fix: string;
  /** Shell code that has the fault, and the same put right. */
  bad: string;
  good: string;
  /** Instructions before both that they need: `SHELL ["/bin/bash", "-c"]`. */
  before?: string;
  severity?: Severity;
  /** Too often meant that way to be worth an action: only in `strict` and `hadolint`. */
  noisy?: boolean;
}

/** How bad a code is by how ShellCheck rates it. */
export const SEVERITIES: Readonly<Record<ShellSeverity, Severity>> = {
  error: "medium",
  warning: "medium",
  info: "low",
  style: "info",
};

/** Rules `SW-SH-2086` with the alias `SC2086`, one for each row. */
export function shellRules(rows: readonly ShellRow[]): Rule<"dockerfile">[] {
  return rows.map((row) => {
    const { code, title, risk, countermeasure, fix, noisy } = row;
    const before = row.before === undefined ? "" : `${row.before}\n`;
    return {
      id: `SW-SH-${code}`,
      subject: "dockerfile",
      title,
      severity: row.severity ?? SEVERITIES[LEVELS[code] ?? "warning"],
      risk,
      countermeasure,
      remediation: { dockerfile: fix },
      aliases: [`SC${code}`],
      ...(noisy === true ? { presets: { recommended: "off" as const } } : {}),
      references: [page(`ShellCheck: SC${code}`, `https://www.shellcheck.net/wiki/SC${code}`)],
      examples: { bad: `${before}RUN ${row.bad}`, good: `${before}RUN ${row.good}` },
      judge: (evidence, context) => judgeShell(evidence, code, context.settings.preset),
    };
  });
}
