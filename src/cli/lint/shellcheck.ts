import type { ShellcheckFinding } from "#model/evidence/shell.ts";
import type { SourceFile } from "#model/evidence/source.ts";
import type { Problem } from "#model/problem.ts";
import { gatherFile, shellBodiesOf } from "#evidence/project/gather.ts";
import { runShellcheck } from "#evidence/shell/shellcheck.ts";

/** Asks the program shellcheck about the shell code of all files: one process for the whole run. */
export async function askShellcheck(
  sources: readonly SourceFile[],
): Promise<{ byPath: Map<string, ShellcheckFinding[][]>; problem: Problem | null }> {
  const files = sources.map((source) => ({ path: source.path, bodies: shellBodiesOf(gatherFile(source)) }));
  const { findings, problem } = await runShellcheck(files.flatMap(({ bodies }) => bodies));
  let at = 0;
  const byPath = new Map(
    files.map(({ path, bodies }) => {
      const own = findings.slice(at, at + bodies.length);
      at += bodies.length;
      return [path, own];
    }),
  );
  return { byPath, problem };
}
