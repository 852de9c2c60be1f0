import type { ShellDialect } from "#model/evidence/shell.ts";
import { page, rule, unknown } from "../rule.ts";
import { shellBodies } from "./judge-shell.ts";

const NAMES: Partial<Record<ShellDialect, string>> = {
  powershell: "PowerShell",
  cmd: "cmd.exe",
};

/** Code in a language that is not read is neither good nor bad: it was not looked at, and that is said. */
export default rule({
  id: "SW-SH-UNREAD",
  subject: "dockerfile",
  title: "Code in a language that is not judged",
  severity: "info",
  risk: "Faults in this code are not found: only POSIX shells, bash, ksh and busybox ash are read.",
  countermeasure: "Check such code with a tool for its language, as PSScriptAnalyzer or ruff.",
  remediation: { dockerfile: "name the shell with SHELL if it is one that is read" },
  references: [page("Dockerfile reference: SHELL", "https://docs.docker.com/reference/dockerfile/#shell")],
  examples: {
    bad: 'SHELL ["powershell", "-Command"]\nRUN Get-Date',
    good: 'SHELL ["/bin/bash", "-c"]\nRUN date',
  },
  judge: (evidence) => {
    const seen = new Set<string>();
    return shellBodies(evidence).flatMap(({ script, dialect, program, origin, text }) => {
      const language = NAMES[dialect] ?? program;
      if (script !== null || seen.has(language)) return [];
      seen.add(language);
      const start = origin(0);
      const end = text === "" ? start : origin(text.length - 1) + 1;
      return [{ ...unknown(`code for ${language} is not judged`), key: language, range: { start, end } }];
    });
  },
});
