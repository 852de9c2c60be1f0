import { fail, page, rule } from "../rule.ts";
import { LEVELS } from "./levels.ts";
import { shellBodies } from "./judge-shell.ts";
import { SEVERITIES } from "./table.ts";

/** What the `shellcheck` program finds beyond the codes that are built in; silent where it was not asked. */
export default rule({
  id: "SW-SH-SHELLCHECK",
  subject: "dockerfile",
  title: "ShellCheck has something to say",
  severity: "medium",
  risk: "Whatever the page of the code says: the program knows some 400 codes, of which those that occur in Dockerfiles are built in.",
  countermeasure: "Follow the page of the code; --shellcheck asks the program, where it is installed.",
  remediation: { dockerfile: "see https://www.shellcheck.net/wiki/ and the number of the code" },
  references: [page("ShellCheck wiki", "https://www.shellcheck.net/wiki/")],
  presets: { hadolint: "medium" },
  examples: {
    bad: 'RUN PATH="$HOME/bin" && make',
    good: 'RUN PATH="$HOME/bin:$PATH" && make',
  },
  judge: (evidence) => {
    const seen = new Map<string, number>();
    return shellBodies(evidence).flatMap(({ external = [], origin, text }) =>
      external
        .filter(({ code }) => LEVELS[code] === undefined)
        .map(({ code, level, message, range: { start, end } }) => {
          const written = `SC${code} ${text.slice(start, Math.min(Math.max(end, start + 1), start + 60)).trim()}`;
          const count = (seen.get(written) ?? 0) + 1;
          seen.set(written, count);
          const from = origin(start);
          return fail(message, [], {
            severity: SEVERITIES[level],
            aliases: [`SC${code}`],
            key: count === 1 ? written : `${written} #${count}`,
            range: { start: from, end: end > start ? origin(end - 1) + 1 : from },
          });
        }),
    );
  },
});
