import type { Instruction } from "#model/evidence/dockerfile.ts";
import { operands } from "#evidence/shell/flags.ts";
import { page, rule } from "../rule.ts";
import { buildSteps, type Call, isStepShipped, type Step } from "./facts/command-calls.ts";
import { isKeptOut } from "./facts/command-mounts.ts";
import { removes } from "./facts/command-removes.ts";
import { judgeSteps, type Offence, type StepOffences } from "./facts/command-report.ts";

/** What fills a folder, and what empties it besides rm. */
interface Leftover {
  name: string;
  folders: readonly string[];
  fills(words: readonly string[]): boolean;
  cleans(words: readonly string[]): boolean;
}

const RPM = new Set(["yum", "dnf", "microdnf", "dnf5", "tdnf"]);

const LEFTOVERS: readonly Leftover[] = [
  {
    name: "the lists of apt",
    folders: ["/var/lib/apt/lists"],
    fills: ([program = "", ...args]) => /^(?:apt|apt-get|aptitude)$/.test(program) && args.includes("update"),
    cleans: ([program = "", ...args]) =>
      /^apt(?:-get)?$/.test(program) && (args.includes("dist-clean") || args.includes("distclean")),
  },
  {
    name: "the index of apk",
    folders: ["/var/cache/apk"],
    fills: ([program, ...args]) =>
      program === "apk" && !args.includes("--no-cache") && (args.includes("update") || args.includes("add")),
    cleans: ([program, ...args]) => program === "apk" && args.includes("cache") && args.includes("clean"),
  },
  {
    name: "the cache of dnf and yum",
    folders: ["/var/cache/yum", "/var/cache/dnf", "/var/cache/libdnf5"],
    fills: ([program = "", ...args]) =>
      RPM.has(program) && args.some((arg) => /^(?:install|update|upgrade|makecache)$/.test(arg)),
    cleans: ([program = "", ...args]) => RPM.has(program) && args.includes("clean"),
  },
  {
    name: "the cache of zypper",
    folders: ["/var/cache/zypp"],
    fills: ([program, ...args]) =>
      program === "zypper" && args.some((arg) => /^(?:install|in|refresh|ref|update|up)$/.test(arg)),
    cleans: ([program, ...args]) => program === "zypper" && (args.includes("clean") || args.includes("cc")),
  },
];

export default rule({
  id: "SW-DF-LATE-REMOVAL",
  subject: "dockerfile",
  title: "Removes in a later layer what an earlier one keeps",
  severity: "low",
  risk: "Layers only add. The files are hidden, not gone: the image is as large as before, and whoever has it can read them from the earlier layer.",
  countermeasure:
    "Remove files in the instruction that makes them; mount what only the build needs, or copy from a stage that is not shipped.",
  remediation: {
    dockerfile: "one RUN that fetches, uses and removes; RUN --mount=type=bind in place of COPY and rm",
  },
  references: [
    page(
      "Docker: image layers",
      "https://docs.docker.com/get-started/docker-concepts/building-images/understanding-image-layers/",
    ),
    page(
      "Dockerfile: RUN --mount=type=bind",
      "https://docs.docker.com/reference/dockerfile/#run---mounttypebind",
    ),
  ],
  examples: {
    bad: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN rm -rf /var/lib/apt/lists/*",
    good: "FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*",
  },
  judge: (evidence) => {
    const byInstruction = new Map(buildSteps(evidence.dockerfile).map((step) => [step.instruction, step]));
    const found: StepOffences[] = [];
    let left = new Set<Leftover>();
    let copied = new Set<string>();
    for (const instruction of evidence.dockerfile.instructions) {
      if (instruction.keyword === "FROM") {
        left = new Set();
        copied = new Set();
      }
      for (const path of copiedTo(instruction)) copied.add(path);
      const step = byInstruction.get(instruction);
      if (step === undefined || instruction.keyword !== "RUN" || !isStepShipped(step)) continue;
      const offences = [...leftovers(step, left), ...copies(step, copied)];
      if (offences.length > 0) found.push([step, offences]);
    }
    return judgeSteps(evidence, found, {
      message: (names) => `${names} stay in the layer of an earlier instruction`,
    });
  },
});

const RELEVANT = new Set([...RPM, "apt", "apt-get", "aptitude", "apk", "zypper", "rm", "find"]);

/** Judges one step, and notes what it leaves behind for the next. */
function leftovers(step: Step, left: Set<Leftover>): Offence[] {
  const calls = step.calls
    .filter(({ command: { name } }) => name !== null && RELEVANT.has(name))
    .map((call) => ({
      call,
      words: [call.command.name ?? "", ...call.command.args.map(({ value }) => value)],
    }));
  const found: Offence[] = [];
  for (const leftover of calls.length === 0 ? [] : LEFTOVERS) {
    let fills = false;
    let cleaner: Call | null = null;
    for (const { call, words } of calls) {
      if (leftover.fills(words)) {
        fills = true;
        cleaner = null;
      } else if (leftover.cleans(words) || removes(call, ...leftover.folders)) cleaner = call;
    }
    if (!fills && cleaner !== null && left.has(leftover)) {
      found.push({ range: cleaner.command.range, name: leftover.name, edits: null });
      left.delete(leftover);
    }
    if (fills && cleaner === null && !isKeptOut(step, ...leftover.folders)) left.add(leftover);
  }
  return found;
}

/** Files that COPY or ADD put in the same stage, and that the step removes by their full name. */
function copies({ calls }: Step, copied: ReadonlySet<string>): Offence[] {
  if (copied.size === 0) return [];
  return calls
    .filter(({ command: { name } }) => name === "rm")
    .flatMap(({ command }) => operands(command))
    .filter((word) => word.static && copied.has(word.value.replace(/\/$/, "")))
    .map(({ value, range }) => ({ range, name: value, edits: null }));
}

function copiedTo({ keyword, words, heredocs }: Instruction): string[] {
  if ((keyword !== "COPY" && keyword !== "ADD") || words.length < 2 || heredocs.length > 0) return [];
  const target = words.at(-1)?.value ?? "";
  if (!target.startsWith("/")) return [];
  const folder = target.replace(/\/$/, "");
  // a folder's content is copied, not the folder; whether a source is one cannot be told here
  const files = words.slice(0, -1).map(({ value }) => {
    const source = value.replace(/\/$/, "");
    return `${folder}/${source.slice(source.lastIndexOf("/") + 1)}`;
  });
  return target.endsWith("/") ? files : [folder, ...(files.length > 1 ? files : [])];
}
