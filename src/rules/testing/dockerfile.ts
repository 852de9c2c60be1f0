import type { DockerfileEvidence } from "#model/evidence/dockerfile.ts";
import { DEFAULT_SETTINGS, type RuleSettings } from "#model/settings.ts";
import { lineStarts, placeAt } from "#model/text.ts";
import { applyEdits } from "#model/text-edits.ts";
import { parseDockerfile } from "#evidence/dockerfile/parse.ts";
import type { JudgeContext, Judgement, Rule } from "../rule.ts";

/** Evidence of a Dockerfile with this text, and no context beside it. */
export function dockerfileOf(text: string, changes: Partial<DockerfileEvidence> = {}): DockerfileEvidence {
  return {
    path: "Dockerfile",
    dockerfile: parseDockerfile(text),
    context: null,
    namedContexts: [],
    ...changes,
  };
}

/** What surrounds a file that is judged by itself. */
export function fileContext(settings: Partial<RuleSettings> = {}): JudgeContext {
  return {
    evidence: {
      evidenceVersion: 1,
      tool: { name: "seaworthy", version: "0.0.0" },
      collectedAt: "2026-01-02T00:00:00.000Z",
      collector: { uid: 0, capabilities: "", containerId: null },
      host: null,
      engines: [],
      containers: [],
      seccompProfiles: {},
      problems: [],
    },
    host: null,
    engine: null,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    now: Date.parse("2026-01-02T00:00:00.000Z"),
  };
}

/** What a rule on Dockerfiles finds in a text, each with the line where it begins. */
export function findingsIn(
  rule: Rule<"dockerfile">,
  text: string,
  { settings = {}, ...changes }: Partial<DockerfileEvidence> & { settings?: Partial<RuleSettings> } = {},
): (Judgement & { line: number })[] {
  const starts = lineStarts(text);
  return [rule.judge(dockerfileOf(text, changes), fileContext(settings))]
    .flat()
    .map((judgement) => ({ ...judgement, line: placeAt(starts, judgement.range?.start ?? 0).line }));
}

/** Lines where a rule on Dockerfiles finds something. */
export function linesIn(...args: Parameters<typeof findingsIn>): number[] {
  return findingsIn(...args).map(({ line }) => line);
}

/**
 * The text after the first fix of every finding; throws if one has none.
 *
 * @param safety only fixes of this kind
 */
export function mended(
  rule: Rule<"dockerfile">,
  text: string,
  safety: "safe" | "unsafe" = "safe",
  settings: Partial<RuleSettings> = {},
): string {
  const edits = findingsIn(rule, text, { settings }).flatMap(({ message, fixes }) => {
    const fix = (fixes ?? []).find((each) => each.safety === safety);
    if (fix === undefined) throw new Error(`no ${safety} fix: ${message}`);
    return fix.edits;
  });
  return applyEdits(text, edits);
}
