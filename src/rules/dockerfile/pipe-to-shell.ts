import type { Severity } from "#model/severity.ts";
import { page, rule } from "../rule.ts";
import { allCalls, type Call } from "./facts/command-calls.ts";
import { addressesOf, DOWNLOADERS } from "./facts/command-downloads.ts";
import { failures } from "./facts/instruction-findings.ts";
import { stageTitle } from "./facts/stage-place.ts";

const SHELLS = new Set(["sh", "bash", "dash", "ash", "zsh", "ksh", "mksh"]);
const INTERPRETER = /^(?:(?:ba|da|a|z|k|mk)?sh|(?:python|perl|ruby|node|php|pypy)(?:\d+(?:\.\d+)*)?)$/;
const EVALUATES = new Set(["eval", "source", "."]);
/** `curl … | sh` within the text that `sh -c` gets. */
const WITHIN =
  /\b(curl|wget)\b[^|;&\n]{0,500}\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:[\w/.-]*\/)?(?:ba|da|a|z|k)?sh\b/;

export default rule({
  id: "SW-DF-PIPE-TO-SHELL",
  subject: "dockerfile",
  title: "Runs a downloaded script unseen",
  severity: "medium",
  risk: "What runs, mostly as root, is whatever the server sends at that moment: it may differ from build to build and from reader to reader, and a download that breaks off is run as far as it came.",
  countermeasure:
    "Download a fixed version, compare its checksum or signature, then run it; or install from the distribution or an image that has it.",
  remediation: {
    dockerfile: "ADD --checksum=sha256:… https://… /tmp/install.sh, then RUN sh /tmp/install.sh",
  },
  aliases: ["droast:DF021"],
  references: [
    page("Dockerfile: ADD --checksum", "https://docs.docker.com/reference/dockerfile/#add---checksum"),
    page(
      "CWE-494: download of code without integrity check",
      "https://cwe.mitre.org/data/definitions/494.html",
    ),
  ],
  examples: {
    bad: "RUN curl -fsSL https://example.com/install.sh | sh",
    good: "ADD --checksum=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef https://example.com/install.sh /tmp/\nRUN sh /tmp/install.sh",
  },
  judge: ({ dockerfile }) => {
    const downloads = allCalls(dockerfile, ...DOWNLOADERS);
    const found = downloads.flatMap((download) => {
      const runner = runnerOf(download);
      if (runner === null) return [];
      const address = addressesOf(download.command)[0]?.value ?? "";
      return [
        {
          call: download,
          range: {
            start: Math.min(download.written.range.start, runner.written.range.start),
            end: Math.max(download.written.range.end, runner.written.range.end),
          },
          from: hostOf(address),
          by: runner.command.name ?? "sh",
          ...(/^http:/i.test(address) ? { severity: "high" as Severity } : {}),
        },
      ];
    });
    const quoted = allCalls(dockerfile, ...SHELLS).flatMap((call) => {
      const text = call.command.args.find(({ value }) => WITHIN.test(value));
      const program = WITHIN.exec(text?.value ?? "")?.[1];
      return text === undefined || program === undefined
        ? []
        : [{ call, range: text.range, from: program, by: call.command.name ?? "sh" }];
    });
    return failures(
      [...found, ...quoted].map(({ call: { step }, range, from, by, ...more }) => ({
        message: `${by} runs what ${from} sends, unseen`,
        range,
        key: `${stageTitle(step.stage)}: ${from} ${by}`,
        ...more,
      })),
    );
  },
});

/** A pipe, or what a command stands in, begins and ends near it. */
const WINDOW = 200;

/** The program that runs what was downloaded: behind it in its pipe, or around it; null if none does. */
function runnerOf(download: Call): Call | null {
  const { step, at, body, written } = download;
  for (const call of step.calls.slice(at + 1, at + WINDOW)) {
    if (call.body !== body || call.written.pipeline !== written.pipeline) continue;
    if (call.written.pipe > written.pipe && readsInput(call)) return call;
  }
  for (let before = at - 1; before >= 0 && before > at - WINDOW; before -= 1) {
    const call = step.calls[before] as Call;
    const { start, end } = call.written.range;
    if (call.body !== body || start > written.range.start || end < written.range.end) continue;
    const { name } = call.command;
    if (name !== null && (EVALUATES.has(name) || (SHELLS.has(name) && runsArgument(call, download))))
      return call;
  }
  return null;
}

/** An interpreter without a file to run, or with `-` for one, runs its input. */
function readsInput({ command: { name, args } }: Call): boolean {
  if (name === null || !INTERPRETER.test(name)) return false;
  for (const { value } of args) {
    if (value === "-" || value === "-s" || value === "/dev/stdin") return true;
    if (/^-[a-z]*s[a-z]*$/.test(value) && SHELLS.has(name)) return true;
    if (!value.startsWith("-") && !value.startsWith("+")) return false;
    if (/^-(?:c|e|m|-version|V)$/.test(value)) return false;
  }
  return true;
}

/** `sh -c "$(curl …)"`, `bash <(curl …)`: what stands in the argument is code, not data of a script. */
function runsArgument({ command: { args } }: Call, { written: { range } }: Call): boolean {
  const at = args.findIndex((word) => word.range.start <= range.start && word.range.end >= range.end);
  const word = args[at];
  if (word === undefined) return false;
  const before = args.slice(0, at).map(({ value }) => value);
  return (
    before.some((value) => /^-[a-z]*c$/.test(value)) ||
    (word.raw.startsWith("<(") && before.every((value) => value.startsWith("-")))
  );
}

function hostOf(address: string): string {
  const host = /^(?:[a-z]+:\/\/)?(?:[^/@]*@)?([^/?#]+)/i.exec(address)?.[1];
  return host === undefined || host === "" ? "the server" : host;
}
