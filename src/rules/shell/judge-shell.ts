import type { DockerfileEvidence, Instruction } from "#model/evidence/dockerfile.ts";
import type { ShellBody } from "#model/evidence/shell.ts";
import type { Preset } from "#model/settings.ts";
import type { Fix, Range, TextEdit } from "#model/text.ts";
import { fail, type Judgement } from "../rule.ts";
import { checkShell } from "./check-shell.ts";
import type { ShellEdit, ShellFix, ShellIssue } from "./issue.ts";
import type { ShellOptions } from "./visit.ts";

/** How each preset reads shell code. */
const OPTIONS: Readonly<Record<Preset, ShellOptions>> = {
  recommended: { builderVariablesAreWords: false, release: "newest" },
  strict: { builderVariablesAreWords: false, release: "0.9" },
  hadolint: { builderVariablesAreWords: true, release: "newest" },
};

const known = new WeakMap<DockerfileEvidence, Map<Preset, Map<number, Judgement[]>>>();

/** What the shell code of a Dockerfile has of one ShellCheck code. All codes are looked for at once, and kept. */
export function judgeShell(evidence: DockerfileEvidence, code: number, preset: Preset): Judgement[] {
  let presets = known.get(evidence);
  if (presets === undefined) known.set(evidence, (presets = new Map()));
  let codes = presets.get(preset);
  if (codes === undefined) presets.set(preset, (codes = judgeAll(evidence, preset)));
  return codes.get(code) ?? [];
}

/** Every piece of shell code of a file, in order; the JSON form holds none. */
export function shellBodies({ dockerfile }: DockerfileEvidence): ShellBody[] {
  const bodies = ({ shell, trigger }: Instruction): ShellBody[] => [...shell, ...(trigger?.shell ?? [])];
  return dockerfile.instructions.flatMap(bodies).filter(({ form }) => form !== "exec");
}

function judgeAll(evidence: DockerfileEvidence, preset: Preset): Map<number, Judgement[]> {
  const codes = new Map<number, Judgement[]>();
  const seen = new Map<string, number>();
  for (const body of shellBodies(evidence)) {
    for (const issue of checkShell(body, OPTIONS[preset])) {
      if (preset === "recommended" && issue.meant === true) continue;
      const { start, end } = issue.range;
      const written = body.text.slice(start, Math.min(Math.max(end, start + 1), start + 60)).trim();
      const count = (seen.get(`${issue.code} ${written}`) ?? 0) + 1;
      seen.set(`${issue.code} ${written}`, count);
      const judgement = fail(issue.message, [], {
        range: inFile(body, issue.range),
        key: count === 1 ? written : `${written} #${count}`,
        fixes: fixes(evidence.path, body, issue),
      });
      const list = codes.get(issue.code);
      if (list === undefined) codes.set(issue.code, [judgement]);
      else list.push(judgement);
    }
  }
  return codes;
}

/** A range ends behind its last character: what follows may stand in another line of the file. */
function inFile({ origin }: ShellBody, { start, end }: Range): Range {
  const from = origin(start);
  return { start: from, end: end > start ? origin(end - 1) + 1 : from };
}

function fixes(path: string, body: ShellBody, { fix }: ShellIssue): Fix[] {
  if (fix === undefined) return [];
  const edits = fix.edits.map((edit) => inText(path, body, edit));
  return edits.every((edit) => edit !== null) ? [{ ...described(fix), edits }] : [];
}

function described({ title, safety }: ShellFix): Pick<Fix, "title" | "safety"> {
  return { title, safety };
}

/** An edit in the file; null where the place is torn apart by a continued line. */
function inText(
  path: string,
  { origin }: ShellBody,
  { start, end, text, after }: ShellEdit,
): TextEdit | null {
  if (start === end) {
    const at = after === true && start > 0 ? origin(start - 1) + 1 : origin(start);
    return { path, start: at, end: at, text };
  }
  const from = origin(start);
  const to = origin(end - 1) + 1;
  return to - from === end - start ? { path, start: from, end: to, text } : null;
}
