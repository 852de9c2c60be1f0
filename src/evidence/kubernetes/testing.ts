import type { Manifest } from "#model/evidence/manifest.ts";
import type { DeclaredContainer } from "#model/evidence/container.ts";
import { readManifests } from "./read.ts";

/** The only object of a text, for tests. */
export function manifestOf(text: string): Manifest {
  const { manifests, problems } = readManifests({ path: "x.yaml", text });
  const [manifest, ...more] = manifests;
  if (manifest === undefined || more.length > 0)
    throw new Error(`not one object: ${JSON.stringify(problems)}`);
  return manifest;
}

/** A Pod with one container, for tests: `spec` and `container` are lines of YAML, without indentation. */
export function podText({ spec = [], container = [], metadata = [] }: PodLines = {}): string {
  return [
    "apiVersion: v1",
    "kind: Pod",
    "metadata:",
    "  name: web",
    ...metadata.map((line) => `  ${line}`),
    "spec:",
    ...spec.map((line) => `  ${line}`),
    "  containers:",
    "    - name: app",
    "      image: registry.example/app:1",
    ...container.map((line) => `      ${line}`),
    "",
  ].join("\n");
}

export interface PodLines {
  spec?: readonly string[];
  container?: readonly string[];
  metadata?: readonly string[];
}

/** What the first container of a Pod declares, for tests. */
export function podDeclares(lines: PodLines): DeclaredContainer {
  const declared = manifestOf(podText(lines)).containers[0]?.declared;
  if (declared?.ok !== true) throw new Error("nothing is declared");
  return declared.value;
}
