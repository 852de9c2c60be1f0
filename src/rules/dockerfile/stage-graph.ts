import type { Stage } from "#model/evidence/dockerfile.ts";
import { page, type Rule, rule } from "../rule.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { stageTitle } from "./facts/stage-place.ts";

const DOCS = page("Docker docs: multi-stage builds", "https://docs.docker.com/build/building/multi-stage/");

const unreachable = rule({
  id: "SW-DF-STAGE-UNREACHABLE",
  subject: "dockerfile",
  title: "A stage that nothing uses",
  severity: "low",
  risk: "The builder leaves it out: what it was meant to do, a test for example, does not happen.",
  countermeasure: "Take something from it, build it with --target, or remove it.",
  remediation: { dockerfile: "COPY --from=test /report /report" },
  aliases: ["tally:no-unreachable-stages"],
  references: [DOCS],
  examples: {
    bad: "FROM golang:1.24\nRUN go test ./...\nFROM debian:12",
    good: "FROM golang:1.24 AS test\nRUN go test ./... > /report\nFROM debian:12\nCOPY --from=test /report /report",
  },
  judge: ({ dockerfile }, { settings }) => {
    // `FROM build-$TARGETARCH` may mean any stage that has a name.
    const open = dockerfile.stages.some(({ image }) => image?.unresolved === true);
    return failures(
      dockerfile.stages.flatMap((stage): Fault[] => {
        if (stage.reachable || (open && stage.name !== null)) return [];
        // A name is there for --target; only a strict reader wants to hear of it.
        if (stage.name !== null && settings.preset !== "strict") return [];
        const title =
          stage.name === null ? `the stage from ${shown(baseOf(stage))}` : `the stage ${shown(stage.name)}`;
        return [
          {
            message: `${title} is not part of what a plain build makes`,
            range: stage.from.range,
            key: stageTitle(stage),
          },
        ];
      }),
    );
  },
});

const circular = rule({
  id: "SW-DF-STAGE-CIRCULAR",
  subject: "dockerfile",
  title: "Stages wait for each other",
  severity: "high",
  risk: "The builder refuses the file: no stage of the circle can be made first.",
  countermeasure: "Move what both need to a stage of its own.",
  remediation: { dockerfile: "FROM … AS common, from which both stages copy" },
  aliases: ["tally:circular-stage-deps"],
  references: [DOCS],
  examples: {
    bad: "FROM debian:12 AS a\nCOPY --from=b /x /x\nFROM debian:12 AS b\nCOPY --from=a /y /y",
    good: "FROM debian:12 AS a\nFROM debian:12 AS b\nCOPY --from=a /y /y",
  },
  judge: ({ dockerfile }) =>
    failures(
      dockerfile.stages
        // One stage alone that copies from itself is judged where it copies.
        .filter(({ circular, uses, index }) => circular && uses.some((use) => use !== index))
        .map((stage): Fault => ({
          message: `the stage ${stageTitle(stage)} needs one that needs itself`,
          range: stage.from.range,
          key: stageTitle(stage),
        })),
    ),
});

export default [unreachable, circular] satisfies Rule<"dockerfile">[];

function baseOf({ from }: Stage): string {
  return from.from?.image.value ?? "?";
}
