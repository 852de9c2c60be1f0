import type { Fix } from "#model/text.ts";
import { page, type Rule, rule } from "../rule.ts";
import { fixOf, replaced } from "./facts/instruction-edits.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { signalOf } from "./facts/instruction-signals.ts";
import { effective, finalStage, isWindows, stageOf, stageTitle } from "./facts/stage-place.ts";
import { expandedWord } from "./facts/stage-state.ts";

const DOCS = page(
  "Dockerfile reference: STOPSIGNAL",
  "https://docs.docker.com/reference/dockerfile/#stopsignal",
);

// What ends a process at once, stops it, or is ignored by default (signal(7)).
const HARD: Readonly<Record<string, string>> = {
  SIGKILL: "cannot be caught: the program is killed in the middle of its work",
  SIGSTOP: "stops the program and does not end it: docker stop waits, then kills it",
  SIGTSTP: "stops the program and does not end it: docker stop waits, then kills it",
  SIGCONT: "ends no program: docker stop waits, then kills it",
  SIGCHLD: "ends no program: docker stop waits, then kills it",
  SIGURG: "ends no program: docker stop waits, then kills it",
  SIGABRT: "makes the program write its memory to a file and die",
  SIGSEGV: "makes the program write its memory to a file and die",
};

const hard = rule({
  id: "SW-DF-STOP-SIGNAL",
  subject: "dockerfile",
  title: "Is not asked to stop",
  severity: "medium",
  risk: "A program that gets no signal that it can answer to cannot finish its work: files and data bases are left as they are at that moment.",
  countermeasure: "SIGTERM, or the signal by which the program's manual says that it ends in order.",
  remediation: { dockerfile: "STOPSIGNAL SIGTERM" },
  aliases: ["tally:no-ungraceful-stopsignal"],
  references: [DOCS, { title: "signal(7)", url: "https://man7.org/linux/man-pages/man7/signal.7.html" }],
  examples: { bad: "STOPSIGNAL SIGKILL", good: "STOPSIGNAL SIGTERM" },
  judge: ({ path, dockerfile }) =>
    failures(
      signals(dockerfile).flatMap(({ written, value, range, stage }): Fault[] => {
        const signal = signalOf(value);
        // What is no signal the builder refuses: that is judged as syntax.
        const why = signal === null ? undefined : HARD[signal];
        if (why === undefined) return [];
        return [
          {
            message: `${shown(written)} ${why}`,
            range,
            key: `${stage} ${written}`,
            fixes: [fixOf("Use SIGTERM", "unsafe", [replaced({ path }, range, "SIGTERM")])],
          },
        ];
      }),
    ),
});

const spelled = rule({
  id: "SW-DF-STOP-SIGNAL-NAME",
  subject: "dockerfile",
  title: "Names the stop signal in an unusual way",
  severity: "info",
  risk: "Numbers differ between processor architectures, and few people know them.",
  countermeasure: "Write the name with SIG.",
  remediation: { dockerfile: "STOPSIGNAL SIGTERM" },
  aliases: ["tally:prefer-canonical-stopsignal"],
  presets: { recommended: "off", strict: "info", hadolint: "off" },
  references: [DOCS],
  examples: { bad: "STOPSIGNAL 15", good: "STOPSIGNAL SIGTERM" },
  judge: ({ path, dockerfile }) =>
    failures(
      signals(dockerfile).flatMap(({ written, value, range, stage, known }): Fault[] => {
        const signal = signalOf(value);
        if (signal === null || HARD[signal] !== undefined || written === signal) return [];
        const fixes: Fix[] = known
          ? [fixOf(`Write ${signal}`, "safe", [replaced({ path }, range, signal)])]
          : [];
        return known
          ? [{ message: `${shown(written)} is ${signal}`, range, key: `${stage} ${written}`, fixes }]
          : [];
      }),
    ),
});

const systemd = rule({
  id: "SW-DF-STOP-SIGNAL-INIT",
  subject: "dockerfile",
  title: "Starts systemd, which SIGTERM does not stop",
  severity: "low",
  risk: "systemd starts itself anew on SIGTERM: docker stop waits for its time, then kills all services at once.",
  countermeasure: "SIGRTMIN+3 is what systemd takes for a shutdown.",
  remediation: { dockerfile: "STOPSIGNAL SIGRTMIN+3" },
  aliases: ["tally:prefer-systemd-sigrtmin-plus-3"],
  references: [
    DOCS,
    { title: "systemd(1), signals", url: "https://man7.org/linux/man-pages/man1/systemd.1.html" },
  ],
  examples: {
    bad: 'CMD ["/lib/systemd/systemd"]',
    good: 'STOPSIGNAL SIGRTMIN+3\nCMD ["/lib/systemd/systemd"]',
  },
  judge: ({ dockerfile }) => {
    const stage = finalStage(dockerfile);
    if (stage === null) return [];
    const start = effective(dockerfile, stage, "ENTRYPOINT") ?? effective(dockerfile, stage, "CMD");
    const program = start?.words.find(({ value }) => value !== "exec")?.value ?? "";
    if (
      start === null ||
      !/^(?:(?:\/usr)?\/lib\/systemd\/systemd|(?:\/usr)?\/s?bin\/(?:systemd|init))$/.test(program)
    )
      return [];
    const signal = effective(dockerfile, stage, "STOPSIGNAL");
    const written = signal?.words[0]?.value;
    if (written !== undefined && (signalOf(written) === "SIGRTMIN+3" || written.includes("$"))) return [];
    return failures([
      {
        message:
          written === undefined
            ? `${shown(program)} does not shut down on SIGTERM, and no STOPSIGNAL is set`
            : `${shown(program)} does not shut down on ${shown(written)}`,
        range: signal?.range ?? start.range,
        key: `${stageTitle(stage)} ${program}`,
      },
    ]);
  },
});

export default [hard, spelled, systemd] satisfies Rule<"dockerfile">[];

function signals(dockerfile: Parameters<typeof instructionsOf>[0]) {
  return instructionsOf(dockerfile, "STOPSIGNAL").flatMap((instruction) => {
    const [word] = instruction.words;
    const value = word === undefined ? null : expandedWord(dockerfile, word);
    const stage = stageOf(dockerfile, instruction);
    if (word === undefined || value === null || isWindows(dockerfile, stage)) return [];
    // Without variables the word itself can be mended.
    return [
      {
        written: word.raw,
        value,
        range: word.range,
        stage: stageTitle(stage),
        known: !word.raw.includes("$"),
      },
    ];
  });
}
