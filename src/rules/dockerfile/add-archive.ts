import type { Instruction } from "#model/evidence/dockerfile.ts";
import { page, rule } from "../rule.ts";
import { addInPlaceOf } from "./facts/command-archives.ts";
import { buildCalls, type Call, type Step } from "./facts/command-calls.ts";
import { wholeFix } from "./facts/command-report.ts";
import { failures } from "./facts/instruction-findings.ts";
import { stageOf, stageTitle } from "./facts/stage-place.ts";

/** What ADD unpacks: tar, plain or compressed (Dockerfile reference, "ADD: adding local tar archives"). */
const TAR = /\.(?:tar|tar\.(?:gz|bz2|xz|zst)|tgz|tbz2?|txz|tzst)$/i;
/** What hadolint takes for an archive. */
const ANY = /\.(?:tar|Z|bz2|gz|lz|lzma|tZ|tb2|tbz|tbz2|tgz|tlz|tpz|txz|xz)$/;
const UNPACKERS = [
  "tar",
  "bsdtar",
  "gunzip",
  "bunzip2",
  "unlzma",
  "unxz",
  "uncompress",
  "unzip",
  "zcat",
  "zgz",
  "ungz",
];

export default rule({
  id: "SW-DF-ADD-ARCHIVE",
  subject: "dockerfile",
  title: "Copies an archive only to unpack it",
  severity: "low",
  risk: "The archive stays in the layer that COPY made, whatever a later step deletes: the image is larger by all of it.",
  countermeasure:
    "Let ADD unpack it on its way into the image, or mount it for the step with RUN --mount=type=bind.",
  remediation: { dockerfile: "ADD archive.tar.gz /folder/" },
  aliases: ["DL3010"],
  references: [
    page(
      "Dockerfile: ADD, local tar archives",
      "https://docs.docker.com/reference/dockerfile/#adding-local-tar-archives",
    ),
    page("hadolint DL3010", "https://github.com/hadolint/hadolint/wiki/DL3010"),
  ],
  examples: {
    bad: "FROM debian:12\nCOPY app.tar.gz /opt/\nRUN tar -xzf /opt/app.tar.gz -C /opt",
    good: "FROM debian:12\nADD app.tar.gz /opt/",
  },
  judge: ({ dockerfile, path }, { settings }) => {
    const strictly = settings.preset === "hadolint";
    const calls = buildCalls(
      dockerfile,
      ...(strictly ? UNPACKERS.filter((name) => name !== "bsdtar") : ["tar", "bsdtar"]),
    );
    if (calls.length === 0) return [];
    const unpacked = unpackedNames(calls, strictly);
    const byInstruction = new Map<Instruction | undefined, Step>(
      calls.map(({ step }) => [step.instruction, step]),
    );
    return failures(
      dockerfile.instructions.flatMap((copy) => {
        const archive = archiveOf(copy, strictly ? ANY : TAR);
        if (archive === undefined || (unpacked.get(`${copy.stage} ${archive}`) ?? -1) < copy.index) return [];
        const key = `${stageTitle(stageOf(dockerfile, copy))}: ${archive}`;
        const next = byInstruction.get(dockerfile.instructions[copy.index + 1]);
        const edits =
          next === undefined || copy.stage !== next.instruction.stage
            ? null
            : addInPlaceOf(dockerfile, copy, next);
        const fixes = wholeFix(path, { title: "Use ADD, which unpacks", safety: "unsafe" }, [{ edits }]);
        const message = `${archive} is copied whole, and unpacked by a later RUN`;
        return [{ message, range: copy.range, key, ...(fixes.length === 0 ? {} : { fixes }) }];
      }),
    );
  },
});

/** The last instruction that unpacks a file of this name, by stage and name. */
function unpackedNames(calls: readonly Call[], strictly: boolean): Map<string, number> {
  const found = new Map<string, number>();
  for (const { command, step } of calls) {
    if (!unpacks(command, strictly)) continue;
    const { stage, index } = step.instruction;
    for (const { value } of command.args)
      found.set(`${stage} ${nameOf(value.replace(/^--file=/, ""))}`, index);
  }
  return found;
}

/** Name under which an archive of the build context lies in the image. */
function archiveOf({ keyword, flags, words }: Instruction, pattern: RegExp): string | undefined {
  if (keyword !== "COPY" || words.length < 2 || flags.some(({ name }) => name === "from")) return undefined;
  // as written: in paths of Windows the backslash is no escape, whatever the directive says
  const paths = words.map(({ raw }) => raw.replaceAll(/^["']|["']$/g, ""));
  const target = paths.at(-1) ?? "";
  // hadolint goes by the name in the image, whatever the file is called outside
  if (pattern === ANY && pattern.test(target)) return nameOf(target);
  const source = paths.slice(0, -1).find((path) => pattern.test(path) && !/[*?[$]/.test(path));
  return source === undefined ? undefined : nameOf(pattern.test(target) ? target : source);
}

function unpacks({ name, args }: Call["command"], strictly: boolean): boolean {
  if (name !== "tar" && name !== "bsdtar") return true;
  return args.some(
    ({ value }, at) =>
      /^--(?:extract|get)$/.test(value) ||
      /^-[A-Za-z]*x/.test(value) ||
      (!strictly && at === 0 && /^[A-Za-z]*x[A-Za-z]*$/.test(value)),
  );
}

/** Behind the last slash of either kind. */
function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
