import type { Dockerfile, Instruction, Pair, Stage } from "#model/evidence/dockerfile.ts";
import type { LabelKind, RuleSettings } from "#model/settings.ts";
import { page, type Reference, type Rule, rule } from "../rule.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, listed, shown } from "./facts/instruction-findings.ts";
import { isOfKind, KIND_NAMES } from "./facts/instruction-label-values.ts";
import { isSpdxLicense } from "./facts/instruction-spdx-ids.ts";
import { finalStage, lineage, stageOf, stageTitle } from "./facts/stage-place.ts";
import { silentStages } from "./facts/stage-labels.ts";
import { expandedWord } from "./facts/stage-state.ts";

const DOCS = page(
  "OCI image annotations",
  "https://github.com/opencontainers/image-spec/blob/main/annotations.md",
);
const RISK =
  "Inventories, licence checks and those who look for an image's source read labels, and act on what they say.";

const missing = rule({
  id: "SW-DF-LABEL-MISSING",
  subject: "dockerfile",
  title: "Lacks a label that the policy asks for",
  severity: "low",
  risk: RISK,
  countermeasure: "Set the label in the stage that is shipped.",
  remediation: { dockerfile: 'LABEL org.opencontainers.image.source="https://git.example.com/app"' },
  aliases: ["DL3049"],
  references: [DOCS, wiki("DL3049")],
  examples: { bad: "FROM debian:12", good: 'FROM debian:12\nLABEL maintainer="web@example.com"' },
  judge: ({ dockerfile }, { settings }) => {
    const wanted = Object.keys(settings.labelSchema);
    if (wanted.length === 0) return [];
    const set = labelsByStage(dockerfile);
    if (settings.preset === "hadolint") {
      return failures(
        wanted.flatMap((label) => silentStages(dockerfile, label).map((stage) => missingAt(stage, label))),
      );
    }
    const stage = finalStage(dockerfile);
    if (stage === null) return [];
    const held = lineage(dockerfile, stage).map(({ index }) => set.get(index));
    return failures(
      wanted
        .filter((label) => !held.some((labels) => labels?.has(label)))
        .map((label) => missingAt(stage, label)),
    );
  },
});

const superfluous = rule({
  id: "SW-DF-LABEL-UNKNOWN",
  subject: "dockerfile",
  title: "Has a label that the policy does not know",
  severity: "info",
  risk: "A slip in a key looks like this: the label that was meant is missing.",
  countermeasure: "Use the keys of the policy, or add this one to it.",
  remediation: { dockerfile: "remove the label, or name it in settings.labelSchema" },
  aliases: ["DL3050"],
  references: [DOCS, wiki("DL3050")],
  examples: { bad: "LABEL maintainr=web", good: "LABEL maintainer=web" },
  judge: ({ dockerfile }, { settings: { labelSchema, strictLabels } }) => {
    if (!strictLabels) return [];
    return failures(
      instructionsOf(dockerfile, "LABEL").flatMap((instruction): Fault[] => {
        const strange = instruction.pairs.filter(({ name }) => !Object.hasOwn(labelSchema, name.value));
        const [first] = strange;
        if (first === undefined) return [];
        const names = strange.map(({ name }) => name.value);
        return [
          {
            message: `${listed(names)}: the policy knows no such label`,
            range: first.name.range,
            key: `${stageTitle(stageOf(dockerfile, instruction))} ${names.join(" ")}`,
          },
        ];
      }),
    );
  },
});

const empty = rule({
  id: "SW-DF-LABEL-EMPTY",
  subject: "dockerfile",
  title: "A label of the policy is empty",
  severity: "low",
  risk: RISK,
  countermeasure: "Give it a value.",
  remediation: { dockerfile: 'LABEL maintainer="web@example.com"' },
  aliases: ["DL3051"],
  references: [DOCS, wiki("DL3051")],
  examples: { bad: 'LABEL maintainer=""', good: 'LABEL maintainer="web@example.com"' },
  judge: ({ dockerfile }, { settings }) =>
    failures(
      schemaPairs(dockerfile, settings).flatMap(({ pair, stage }): Fault[] =>
        (pair.value?.value ?? "") === ""
          ? [faultAt(pair, stage, `the label ${shown(pair.name.value)} is empty`)]
          : [],
      ),
    ),
});

export default [
  missing,
  superfluous,
  empty,
  valueRule("url", "URL", "DL3052", ["not-url", "https://example.com"]),
  valueRule("rfc3339", "TIME", "DL3053", ["yesterday", "2026-01-02T03:04:05Z"]),
  valueRule("spdx", "LICENCE", "DL3054", ["Apache2", "Apache-2.0"]),
  valueRule("hash", "COMMIT", "DL3055", ["main", "43c572f1272b6b3171dd1db9e41b7027128ce080"]),
  valueRule("semver", "VERSION", "DL3056", ["v1", "1.0.0"]),
  valueRule("email", "EMAIL", "DL3058", ["nobody", "web@example.com"]),
] satisfies Rule<"dockerfile">[];

/** The rule on the values of one kind of label. */
function valueRule(
  kind: LabelKind,
  word: string,
  code: string,
  [bad, good]: [string, string],
): Rule<"dockerfile"> {
  return rule({
    id: `SW-DF-LABEL-${word}`,
    subject: "dockerfile",
    title: `The value of a label is not ${KIND_NAMES[kind].replace(/ \(.*/, "")}`,
    severity: "low",
    risk: RISK,
    countermeasure: "Write the value as the policy asks for it.",
    remediation: { dockerfile: `LABEL com.example.key="${good}"` },
    aliases: [code],
    references: [DOCS, wiki(code)],
    examples: { bad: `LABEL com.example.key="${bad}"`, good: `LABEL com.example.key="${good}"` },
    judge: ({ dockerfile }, { settings }) =>
      failures(
        schemaPairs(dockerfile, settings, kind).flatMap(({ pair, stage }): Fault[] => {
          const value = valueOf(dockerfile, pair, settings);
          if (value === null || (value === "" && settings.preset !== "hadolint")) return [];
          // The old tool takes one licence, the annotations of OCI an expression.
          const single = kind === "spdx" && settings.preset === "hadolint";
          if (single ? isSpdxLicense(value) : isOfKind(value, kind)) return [];
          return [
            faultAt(
              pair,
              stage,
              `the label ${shown(pair.name.value)} is "${shown(value)}", not ${KIND_NAMES[kind]}`,
            ),
          ];
        }),
      ),
  });
}

function wiki(code: string): Reference {
  return page(`hadolint: ${code}`, `https://github.com/hadolint/hadolint/wiki/${code}`);
}

/** The value as the image gets it; null where only the build knows it. */
function valueOf(dockerfile: Dockerfile, { value }: Pair, { preset }: RuleSettings): string | null {
  if (value === null) return "";
  return preset === "hadolint" ? value.value : expandedWord(dockerfile, value);
}

interface SchemaPair {
  pair: Pair;
  stage: Stage | null;
}

/** Labels that the schema names, those of one kind if it is given. */
function schemaPairs(dockerfile: Dockerfile, { labelSchema }: RuleSettings, kind?: LabelKind): SchemaPair[] {
  const kinds = Object.values(labelSchema);
  if (kinds.length === 0 || (kind !== undefined && !kinds.includes(kind))) return [];
  return instructionsOf(dockerfile, "LABEL").flatMap((instruction) =>
    instruction.pairs
      .filter(({ name }) => Object.hasOwn(labelSchema, name.value))
      .filter(({ name }) => kind === undefined || labelSchema[name.value] === kind)
      .map((pair) => ({ pair, stage: stageOf(dockerfile, instruction) })),
  );
}

function labelsByStage(dockerfile: Dockerfile): Map<number, Set<string>> {
  const found = new Map<number, Set<string>>();
  for (const { stage, pairs } of instructionsOf(dockerfile, "LABEL") as readonly Instruction[]) {
    const labels = found.get(stage) ?? new Set();
    for (const { name } of pairs) labels.add(name.value);
    found.set(stage, labels);
  }
  return found;
}

function missingAt(stage: Stage, label: string): Fault {
  return {
    message: `the label ${shown(label)} is missing`,
    range: stage.from.range,
    key: `${stageTitle(stage)} ${label}`,
  };
}

function faultAt({ name, value }: Pair, stage: Stage | null, message: string): Fault {
  const range = value !== null && value.range.end > value.range.start ? value.range : name.range;
  return { message, range, key: `${stageTitle(stage)} ${name.value}` };
}
