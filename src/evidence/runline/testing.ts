import type { ContainerEvidence, DeclaredContainer } from "#model/evidence/container.ts";
import { findRunLines } from "./find.ts";

/** The only container that a shell line starts, for tests. */
export function runLine(text: string): ContainerEvidence {
  const [container, ...more] = findRunLines({ path: "run.sh", text });
  if (container === undefined || more.length > 0) throw new Error(`not one container: ${text}`);
  return container;
}

/** What the only container of a shell line declares, for tests. */
export function declaredBy(text: string): DeclaredContainer {
  const { declared } = runLine(text);
  if (!declared.ok) throw new Error(declared.why);
  return declared.value;
}
