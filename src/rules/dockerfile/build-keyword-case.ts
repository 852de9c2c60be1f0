import type { Dockerfile, Instruction } from "#model/evidence/dockerfile.ts";
import type { Fix } from "#model/text.ts";
import { page, type Rule, rule } from "../rule.ts";
import { type EditedFile, fixOf, replaced } from "./facts/instruction-edits.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { isKeyword } from "#evidence/dockerfile/keywords.ts";

const keywords = rule({
  id: "SW-DF-KEYWORD-CASE",
  subject: "dockerfile",
  title: "Keywords are written in two ways",
  severity: "info",
  risk: "Instructions in small and in capital letters side by side are easily overlooked by people and by scripts that search the file.",
  countermeasure: "Write all keywords in capital letters, or all in small ones.",
  remediation: { dockerfile: "FROM, RUN, COPY: one way throughout" },
  aliases: ["ConsistentInstructionCasing", "FileConsistentCommandCasing"],
  references: [
    page(
      "Docker build checks: ConsistentInstructionCasing",
      "https://docs.docker.com/reference/build-checks/consistent-instruction-casing/",
    ),
  ],
  examples: {
    bad: "FROM debian:12\nrun make\nCOPY app /app",
    good: "FROM debian:12\nRUN make\nCOPY app /app",
  },
  judge: ({ path, dockerfile }) => {
    const small = isMostlySmall(dockerfile);
    const which = small ? "lowercase" : "uppercase";
    return failures(
      dockerfile.instructions.flatMap((instruction): Fault[] => {
        const { keyword, keywordRaw, keywordRange, stage } = instruction;
        const right = small ? keyword.toLowerCase() : keyword;
        if (stage === -1 || keywordRaw === right || !isKeyword(keyword)) return [];
        return [
          {
            message: `${keywordRaw} should be written as most keywords here: ${which}`,
            range: keywordRange,
            key: keyword,
            fixes: fixesOf({ path, dockerfile }, instruction, small),
          },
        ];
      }),
    );
  },
});

const as = rule({
  id: "SW-DF-AS-CASE",
  subject: "dockerfile",
  title: "FROM and AS are written in two ways",
  severity: "info",
  risk: "A keyword in other letters than the one that it belongs to is easily taken for part of the name.",
  countermeasure: "Write AS like FROM.",
  remediation: { dockerfile: "FROM debian:12 AS base" },
  aliases: ["FromAsCasing"],
  references: [
    page(
      "Docker build checks: FromAsCasing",
      "https://docs.docker.com/reference/build-checks/from-as-casing/",
    ),
  ],
  examples: { bad: "FROM debian:12 as base", good: "FROM debian:12 AS base" },
  judge: ({ path, dockerfile }) => {
    const small = isMostlySmall(dockerfile);
    return failures(
      dockerfile.stages.flatMap(({ from }): Fault[] => {
        const { keywordRaw, keyword } = from;
        const word = from.from?.asKeyword ?? null;
        // FROM in letters of both kinds is the other rule's.
        if (word === null || (keywordRaw !== keyword && keywordRaw !== keyword.toLowerCase())) return [];
        if (word.raw === (keywordRaw === keyword ? "AS" : "as")) return [];
        return [
          {
            message: `${shown(word.raw)} and ${keywordRaw} should be written in one way`,
            range: word.range,
            key: from.from?.as?.value ?? from.from?.image.value ?? "",
            fixes: fixesOf({ path, dockerfile }, from, small),
          },
        ];
      }),
    );
  },
});

export default [keywords, as] satisfies Rule<"dockerfile">[];

const SMALL = new WeakMap<Dockerfile, boolean>();

/** Whether more keywords of the stages are in small letters than in capital ones; mixed ones do not count. */
function isMostlySmall(dockerfile: Dockerfile): boolean {
  const known = SMALL.get(dockerfile);
  if (known !== undefined) return known;
  let small = 0;
  let capital = 0;
  for (const { keyword, keywordRaw, stage } of dockerfile.instructions) {
    if (stage === -1 || !isKeyword(keyword)) continue;
    if (keywordRaw === keyword) capital += 1;
    else if (keywordRaw === keyword.toLowerCase()) small += 1;
  }
  SMALL.set(dockerfile, small > capital);
  return small > capital;
}

/** Both keywords of FROM change together, so that neither rule leaves work to the other. */
function fixesOf(
  file: EditedFile,
  { keyword, keywordRaw, keywordRange, from }: Instruction,
  small: boolean,
): Fix[] {
  const right = small ? keyword.toLowerCase() : keyword;
  const asRight = small ? "as" : "AS";
  const asKeyword = from?.asKeyword ?? null;
  const edits = [
    ...(keywordRaw === right ? [] : [replaced(file, keywordRange, right)]),
    ...(asKeyword === null || asKeyword.raw === asRight ? [] : [replaced(file, asKeyword.range, asRight)]),
  ];
  const title = asKeyword === null ? `Write ${right}` : `Write ${right} and ${asRight}`;
  return edits.length === 0 ? [] : [fixOf(title, "safe", edits)];
}
