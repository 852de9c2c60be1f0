import type { Dockerfile } from "#model/evidence/dockerfile.ts";
import type { ShellWord } from "#model/evidence/shell.ts";
import { operands } from "#evidence/shell/flags.ts";
import { page, rule } from "../rule.ts";
import { buildCalls, type Call, isStepShipped } from "./facts/command-calls.ts";
import { replaceWord } from "./facts/command-edits.ts";
import { judgeCalls, type Offence } from "./facts/command-report.ts";
import { failures } from "./facts/instruction-findings.ts";
import { isShipped, stageOf, stageTitle } from "./facts/stage-place.ts";

export default rule({
  id: "SW-DF-CHMOD-WORLD",
  subject: "dockerfile",
  title: "Lets everybody write to files of the image",
  severity: "medium",
  risk: "Whoever gets into the service, as whatever user, can change the program or its settings, and what runs next runs the change.",
  countermeasure:
    "Leave files to root, and give the service's user only the folders that it writes to; for ids that are not known beforehand, to the group 0.",
  remediation: {
    dockerfile: "chown app:app /folder, or COPY --chown; chmod 755 for folders and programs, 644 for files",
  },
  aliases: ["droast:DF034"],
  references: [
    page("chmod(1)", "https://man7.org/linux/man-pages/man1/chmod.1.html"),
    page("CWE-732: incorrect permission assignment", "https://cwe.mitre.org/data/definitions/732.html"),
  ],
  examples: { bad: "RUN chmod -R 777 /app", good: "RUN chown -R app:app /app/data" },
  judge: (evidence) => [
    ...judgeCalls(
      evidence,
      buildCalls(evidence.dockerfile, "chmod", "mkdir", "install"),
      (call) => (isStepShipped(call.step) ? offence(call) : null),
      {
        message: (names) => `everybody may write after ${names}`,
        // one folder that is open to all is often meant, a tree never
        severity: (found) => (found.some(({ name }) => / -R /.test(name)) ? undefined : "low"),
        // Whatever runs as another user may count on it.
        fix: { title: "Take the right to write from others", safety: "unsafe" },
      },
    ),
    ...copied(evidence.dockerfile),
  ],
});

function offence(call: Call): Offence | null {
  const { command } = call;
  const isChmod = command.name === "chmod";
  const mode = isChmod ? chmodMode(command.args) : valueWord(command.args);
  if (mode === undefined || !opensToAll(mode.value)) return null;
  const rest = isChmod
    ? operands(command).filter((word) => word !== mode)
    : operands(command, new Set(["m", "mode", "o", "g", "owner", "group"]));
  // A pipe or a device is made to be written to.
  if (rest.length > 0 && rest.every(({ value }) => /^\/dev(?:\/|$)/.test(value))) return null;
  const target = rest[0]?.value ?? "";
  const closed = withoutOthers(mode.value);
  const edits = closed === null || mode.raw !== mode.value ? null : replaceWord(call, mode.range, closed);
  const recursive = command.args.some(({ value }) => /^-[A-Za-z]*R|^--recursive$/.test(value));
  return {
    range: command.range,
    name: `${command.name} ${recursive ? "-R " : ""}${mode.value} ${target}`.trim(),
    edits,
  };
}

/** The first word that is a mode: `-w` and `-x` look like flags and are modes too, but none that opens a file. */
function chmodMode(args: readonly ShellWord[]): ShellWord | undefined {
  return args.find(({ value }) => !value.startsWith("-"));
}

function valueWord(args: readonly ShellWord[]): ShellWord | undefined {
  const at = args.findIndex(({ value }) => value === "-m" || value === "--mode");
  return at === -1 ? undefined : args[at + 1];
}

/** Others may write, and no sticky bit keeps them from each other's files (chmod(1), "restricted deletion"). */
function opensToAll(mode: string): boolean {
  if (/^[0-7]{1,4}$/.test(mode)) {
    const bits = Number.parseInt(mode, 8);
    return (bits & 0o002) !== 0 && (bits & 0o1000) === 0;
  }
  if (mode.length > 100 || /\+[rwxXs]*t/.test(mode)) return false;
  return mode.split(",").some((clause) => /^[ug]*[oa][ugoa]*[+=][rxXst]*w/.test(clause));
}

function withoutOthers(mode: string): string | null {
  if (!/^[0-7]{3,4}$/.test(mode)) return null;
  return (Number.parseInt(mode, 8) & ~0o002).toString(8).padStart(mode.length, "0");
}

/** COPY and ADD with `--chmod`. */
function copied(dockerfile: Dockerfile): ReturnType<typeof failures> {
  return failures(
    dockerfile.instructions.flatMap((instruction) => {
      const { keyword, flags } = instruction.trigger ?? instruction;
      const flag =
        keyword === "COPY" || keyword === "ADD" ? flags.find(({ name }) => name === "chmod") : undefined;
      if (flag === undefined || flag.value === null || !opensToAll(flag.value)) return [];
      if (instruction.stage >= 0 && !isShipped(dockerfile, instruction)) return [];
      const name = `${keyword} --chmod=${flag.value}`;
      return [
        {
          message: `everybody may write after ${name}`,
          range: flag.range,
          key: `${stageTitle(stageOf(dockerfile, instruction))}: ${name}`,
        },
      ];
    }),
  );
}
