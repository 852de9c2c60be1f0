import type { Dockerfile, Instruction, Stage } from "#model/evidence/dockerfile.ts";
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
      const first = firstMakers(dockerfile, stage, later);
      for (const instruction of stage.instructions) {
        for (const { name, kind, range } of namedBy(instruction)) {
          const by = first.get(`${kind} ${name}`);
          if (by === undefined || by.stage !== stage.index || by.index <= instruction.index) continue;
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

/** The first RUN that makes each account, in the stage or those that it is built from: `user app` → RUN. */
function firstMakers(
  dockerfile: Dockerfile,
  stage: Stage,
  own: readonly MadeAccount[],
): ReadonlyMap<string, Instruction> {
  const inherited = lineage(dockerfile, stage)
    .slice(1)
    .flatMap(({ index }) => madeAccounts(dockerfile, index));
  const first = new Map<string, Instruction>();
  for (const { name, kind, by } of [...inherited, ...own]) {
    const key = `${kind} ${name}`;
    if (!first.has(key)) first.set(key, by);
  }
  return first;
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
