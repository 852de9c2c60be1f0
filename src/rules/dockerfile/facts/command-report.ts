import type { DockerfileEvidence } from "#model/evidence/dockerfile.ts";
import type { Severity } from "#model/severity.ts";
import type { Fix, Range } from "#model/text.ts";
import type { Judgement } from "../../rule.ts";
import type { Call, Step } from "./command-calls.ts";
import { failures, listed } from "./instruction-findings.ts";
import { stageTitle } from "./stage-place.ts";

/** A splice into the file that is judged. */
export type Edit = Range & { text: string };

/** Something that is wrong with a command. */
export interface Offence {
  range: Range;
  /** What the message calls it; part of the finding's key, so it holds no secret and no line number. */
  name: string;
  /** What mends it; null where nothing is known to. */
  edits: readonly Edit[] | null;
}

/** The offences of one step. */
export type StepOffences = readonly [step: Step, offences: readonly Offence[]];

/** What is said of the offences of one step. */
export interface Saying {
  /** @param names the offences' names, each once, as a list for people */
  message(names: string, found: readonly Offence[], step: Step): string;
  /** Where this case is better or worse than the rule's usual one. */
  severity?(found: readonly Offence[]): Severity | undefined;
  /** What the edits of all offences do together. */
  fix?: Pick<Fix, "title" | "safety">;
}

/**
 * One judgement for each step that has offences. Its place is the first of them, its fix mends all, and is left out
 * where one of them cannot be mended.
 *
 * @param calls in order of the file
 * @param look tells what is wrong with one call
 */
export function judgeCalls<C extends Pick<Call, "step">>(
  evidence: DockerfileEvidence,
  calls: readonly C[],
  look: (call: C) => Offence | readonly Offence[] | null,
  saying: Saying,
): Judgement[] {
  if (calls.length === 0) return [];
  const found: [step: Step, offences: Offence[]][] = [];
  for (const call of calls) {
    const offences = look(call);
    if (offences === null) continue;
    const list = [offences].flat();
    if (list.length === 0) continue;
    const last = found.at(-1);
    if (last !== undefined && last[0] === call.step) last[1].push(...list);
    else found.push([call.step, list]);
  }
  return judgeSteps(evidence, found, saying);
}

/** As {@link judgeCalls}, where the offences are known already. */
export function judgeSteps(
  { path }: Pick<DockerfileEvidence, "path">,
  found: readonly StepOffences[],
  { message, severity, fix }: Saying,
): Judgement[] {
  return failures(
    found.map(([step, offences]) => {
      const names = listed([...new Set(offences.map(({ name }) => name))]);
      const fixes = fix === undefined ? [] : wholeFix(path, fix, offences);
      const own = severity?.(offences);
      return {
        message: message(names, offences, step),
        range: (offences[0] as Offence).range,
        key: `${stageTitle(step.stage)}: ${names}`,
        ...(own === undefined ? {} : { severity: own }),
        ...(fixes.length === 0 ? {} : { fixes }),
      };
    }),
  );
}

/** A fix of all offences, or none if one of them has none. */
export function wholeFix(
  path: string,
  { title, safety }: Pick<Fix, "title" | "safety">,
  offences: readonly Pick<Offence, "edits">[],
): Fix[] {
  const edits: Edit[] = [];
  for (const offence of offences) {
    if (offence.edits === null) return [];
    edits.push(...offence.edits);
  }
  return edits.length === 0 ? [] : [{ title, safety, edits: edits.map((edit) => ({ path, ...edit })) }];
}
