import type { Instruction } from "#model/evidence/dockerfile.ts";
import type { Range } from "#model/text.ts";
import { page, rule } from "../rule.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { lineage, stageTitle } from "./facts/stage-place.ts";
import { type MadeAccount, madeAccounts } from "./facts/stage-accounts.ts";

export default rule({
  id: "SW-DF-USER-TOO-EARLY",
  subject: "dockerfile",
  title: "Uses an account before it is made",
  severity: "medium",
  risk: "The build stops, or the files get another owner: at this point there is no account of that name.",
  countermeasure: "Make the account first, or use its number.",
  remediation: { dockerfile: "RUN useradd -r app before USER app and COPY --chown=app" },
  references: [
    page(
      "Dockerfile reference: COPY --chown",
      "https://docs.docker.com/reference/dockerfile/#copy---chown---chmod",
    ),
    page("Dockerfile reference: USER", "https://docs.docker.com/reference/dockerfile/#user"),
  ],
  examples: {
    bad: "FROM debian:12\nCOPY --chown=app . /app\nRUN useradd -r app",
    good: "FROM debian:12\nRUN useradd -r app\nCOPY --chown=app . /app",
  },
  judge: ({ dockerfile }) => {
    const faults: Fault[] = [];
    for (const stage of dockerfile.stages) {
      const later = madeAccounts(dockerfile, stage.index);
      if (later.length === 0) continue;
      const inherited = lineage(dockerfile, stage)
        .slice(1)
        .flatMap(({ index }) => madeAccounts(dockerfile, index));
      for (const instruction of stage.instructions) {
        for (const { name, kind, range } of namedBy(instruction)) {
          if (!isMadeLater(name, kind, instruction, [...inherited, ...later])) continue;
          faults.push({
            message: `the ${kind} ${shown(name)} is made only by a later RUN`,
            range,
            key: `${stageTitle(stage)} ${instruction.keyword} ${name}`,
          });
        }
      }
    }
    return failures(faults);
  },
});

/** True if the first RUN that makes an account stands behind an instruction, within its own stage. */
function isMadeLater(
  name: string,
  kind: MadeAccount["kind"],
  { index, stage }: Instruction,
  made: readonly MadeAccount[],
): boolean {
  const first = made.find((account) => account.name === name && account.kind === kind);
  return first !== undefined && first.by.stage === stage && first.by.index > index;
}

interface NamedAccount extends Pick<MadeAccount, "name" | "kind"> {
  range: Range;
}

function namedBy(instruction: Instruction): NamedAccount[] {
  const { keyword, flags } = instruction;
  if (keyword === "USER") {
    const [word] = instruction.words;
    return word === undefined ? [] : accountsIn(word.value, word.range);
  }
  if (keyword !== "COPY" && keyword !== "ADD") return [];
  return flags.flatMap(({ name, value, range }) =>
    name === "chown" && value !== null ? accountsIn(value, range) : [],
  );
}

function accountsIn(value: string, range: Range): NamedAccount[] {
  const [user = "", group = ""] = value.split(":");
  const named: NamedAccount[] = [
    { name: user, kind: "user", range },
    { name: group, kind: "group", range },
  ];
  return named.filter(({ name }) => /^[A-Za-z_][\w.-]*$/.test(name) && name !== "root");
}
