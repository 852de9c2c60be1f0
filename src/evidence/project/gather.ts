import type { ComposeFile } from "#model/evidence/compose.ts";
import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { DockerfileEvidence } from "#model/evidence/dockerfile.ts";
import type { Manifest } from "#model/evidence/manifest.ts";
import type { SourceFile } from "#model/evidence/source.ts";
import type { Problem } from "#model/problem.ts";

import { parseDockerfile } from "../dockerfile/parse.ts";

/** What a source holds, ready to be judged. */
export interface GatheredFile {
  source: SourceFile;
  dockerfiles: DockerfileEvidence[];
  compose: ComposeFile | null;
  manifests: Manifest[];
  /** Of run lines. */
  containers: ContainerEvidence[];
  problems: Problem[];
}

/**
 * Reads a source into evidence. A Dockerfile's folder is taken for its build context if it lies on the disk.
 *
 * @param text another text than the source's, for a fix that is tried out
 */
export function gatherFile(source: SourceFile, text = source.text): GatheredFile {
  const gathered: GatheredFile = {
    source: text === source.text ? source : { ...source, text },
    dockerfiles: [],
    compose: null,
    manifests: [],
    containers: [],
    problems: [],
  };
  if (source.kind === "dockerfile") {
    gathered.dockerfiles.push({
      path: source.path,
      dockerfile: parseDockerfile(text),
      context: null,
      namedContexts: [],
    });
  }
  return gathered;
}
