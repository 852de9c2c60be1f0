import type { ImageEvidence } from "#model/evidence/engine.ts";
import type { Seen } from "#model/finding.ts";
import { declared } from "../rule.ts";

/** One step of an image's history, oldest first, in the form that a Dockerfile gives it. */
export interface HistoryStep {
  /** Position from the oldest step, from 1. */
  index: number;
  /** The instruction: `RUN`, `ADD`, `COPY`, … or "" where it cannot be told. */
  instruction: string;
  /** What follows it. */
  arguments: string;
}

/** Where findings about an image are seen. */
export function imageSource(image: ImageEvidence): string {
  return `docker history ${image.tags[0] ?? image.id.slice(0, 19)}`;
}

/** Evidence of one step. */
export function stepSeen(image: ImageEvidence, step: HistoryStep): Seen {
  return declared(
    imageSource(image),
    `${step.instruction} ${step.arguments}`.slice(0, 200),
    `step ${step.index}`,
  );
}

/**
 * The history of an image as instructions, oldest first. Both builders' notations are understood: the classic
 * builder writes `/bin/sh -c #(nop) ADD …` for all but RUN, BuildKit the instruction itself with a comment
 * `# buildkit`. Empty if the image has no history (imported).
 */
export function historySteps(image: ImageEvidence): HistoryStep[] {
  if (!image.detail.ok) return [];
  return image.detail.value.history
    .toReversed()
    .map(({ createdBy }, at) => ({ index: at + 1, ...readStep(createdBy) }));
}

function readStep(createdBy: string): Omit<HistoryStep, "index"> {
  const text = createdBy.replace(/\s*# buildkit\s*$/, "").trim();
  const nop = /^(?:\/bin\/sh -c )?#\(nop\)\s+([A-Z]+)\s*(.*)$/s.exec(text);
  if (nop !== null) return { instruction: nop[1] as string, arguments: nop[2] as string };
  const named =
    /^(RUN|ADD|COPY|ENV|ARG|CMD|ENTRYPOINT|EXPOSE|LABEL|USER|VOLUME|WORKDIR|HEALTHCHECK|STOPSIGNAL|SHELL|MAINTAINER|ONBUILD)\s+(.*)$/s.exec(
      text,
    );
  if (named !== null) return { instruction: named[1] as string, arguments: named[2] as string };
  // The classic builder records RUN as the shell call, with build arguments in front: `|2 A=1 B=2 /bin/sh -c …`.
  const run = /^(?:\|\d+ .*? )?\/bin\/(?:ba|a|da)?sh(?: -\w+)* (.*)$/s.exec(text);
  return run === null
    ? { instruction: "", arguments: text }
    : { instruction: "RUN", arguments: run[1] as string };
}
