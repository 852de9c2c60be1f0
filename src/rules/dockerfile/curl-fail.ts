import { hasFlag } from "#evidence/shell/flags.ts";
import { page, rule } from "../rule.ts";
import { allCalls, type Call } from "./facts/command-calls.ts";
import { curlLetters, savesFile } from "./facts/command-downloads.ts";
import { insertArgument } from "./facts/command-edits.ts";
import { judgeCalls } from "./facts/command-report.ts";

export default rule({
  id: "SW-DF-CURL-FAIL",
  subject: "dockerfile",
  title: "curl takes an error page for the answer",
  severity: "low",
  risk: "curl ends well whatever status the server answers: the page that says 404 is saved as the program, and a health check that asks with it calls a broken service well.",
  countermeasure: "Let curl fail on statuses of 400 and above.",
  remediation: { dockerfile: "curl --fail …, or curl -f" },
  aliases: ["droast:DF035"],
  references: [page("curl: --fail", "https://curl.se/docs/manpage.html#-f")],
  examples: {
    bad: "RUN curl -sSLo /tmp/a.tar.gz https://example.com/a.tar.gz",
    good: "RUN curl -f -sSLo /tmp/a.tar.gz https://example.com/a.tar.gz",
  },
  judge: (evidence) =>
    [true, false].flatMap((saved) =>
      judgeCalls(
        evidence,
        allCalls(evidence.dockerfile, "curl").filter((call) => isSaved(call) === saved),
        (call) => {
          const { command } = call;
          if (!counts(call) || canFail(call)) return null;
          return {
            range: command.range,
            name: saved ? "curl into a file" : "curl",
            edits: insertArgument(call, command.nameRange, "-f"),
          };
        },
        {
          message: (_, __, { run }) =>
            run.keyword === "HEALTHCHECK"
              ? "the health check calls an error page well"
              : "curl without --fail takes an error page for what was asked for",
          // What only looks at the answer may want the error page as well.
          fix: { title: "Add -f", safety: saved ? "safe" : "unsafe" },
        },
      ),
    ),
});

/** The answer is kept as a file, where an error page is never what was meant. */
function isSaved({ step, command }: Call): boolean {
  return step.run.keyword === "RUN" && savesFile(command);
}

/** Its answer is used: by a file, by the next program of a pipe, or its end by the engine. */
function counts(call: Call): boolean {
  const { step, written } = call;
  if (step.run.keyword === "HEALTHCHECK") return true;
  return step.run.keyword === "RUN" && (isSaved(call) || written.pipe + 1 < written.pipes);
}

function canFail({ command }: Call): boolean {
  return (
    hasFlag(
      { args: command.args.filter(({ value }) => value.startsWith("--")) },
      "fail",
      "fail-with-body",
      "head",
      "version",
      "help",
      "write-out",
    ) ||
    curlLetters(command).some(
      ({ letter }) => letter === "f" || letter === "I" || letter === "V" || letter === "w" || letter === "h",
    )
  );
}
