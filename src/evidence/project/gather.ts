import { dirname } from "node:path";
import type { ComposeFile } from "#model/evidence/compose.ts";
import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { DockerfileEvidence } from "#model/evidence/dockerfile.ts";
import type { Manifest } from "#model/evidence/manifest.ts";
import type { ShellBody } from "#model/evidence/shell.ts";
import type { SourceFile } from "#model/evidence/source.ts";
import type { Problem } from "#model/problem.ts";
import { projectReader } from "../compose/files.ts";
import { readCompose } from "../compose/read.ts";
import { readBuildContext } from "../dockerfile/context.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import { readManifests } from "../kubernetes/read.ts";
import { findRunLines } from "../runline/find.ts";

/** A Dockerfile of a source: the source itself, or one that stands within it. */
export interface GatheredDockerfile {
  evidence: DockerfileEvidence;
  /** Offset in the source of each offset in the Dockerfile; null = it is the source. */
  origin: ((offset: number) => number) | null;
}

/** What a source holds, ready to be judged. */
export interface GatheredFile {
  source: SourceFile;
  dockerfiles: GatheredDockerfile[];
  compose: ComposeFile | null;
  manifests: Manifest[];
  /** Of run lines. */
  containers: ContainerEvidence[];
  problems: Problem[];
}

/**
 * Reads a source into evidence. What lies around it is looked at if it lies on the disk: the build context of a
 * Dockerfile, the files that a Compose file names.
 *
 * @param text another text than the source's, for a fix that is tried out
 */
export function gatherFile(source: SourceFile, text = source.text): GatheredFile {
  const { path, kind } = source;
  const gathered: GatheredFile = {
    source: text === source.text ? source : { ...source, text },
    dockerfiles: [],
    compose: null,
    manifests: [],
    containers: [],
    problems: [],
  };
  if (kind === "dockerfile") {
    const context = path === "-" ? null : readBuildContext(dirname(path), path);
    const evidence = { path, dockerfile: parseDockerfile(text), context, namedContexts: [] };
    gathered.dockerfiles.push({ evidence, origin: null });
  } else if (kind === "compose") readComposeSource(gathered, text);
  else if (kind === "kubernetes") {
    const { manifests, problems } = readManifests({ path, text });
    gathered.manifests = manifests;
    gathered.problems.push(...problems);
  } else gathered.containers = findRunLines({ path, text });
  return gathered;
}

function readComposeSource(gathered: GatheredFile, text: string): void {
  const { path } = gathered.source;
  const { file } = readCompose({
    path,
    text,
    env: definedOnly(process.env),
    ...(path === "-" ? {} : { readFile: projectReader(dirname(path)) }),
  });
  gathered.compose = file;
  for (const { inline, context, remote, additionalContexts } of file.builds) {
    if (inline === null) continue;
    const around = remote || path === "-" ? null : readBuildContext(context, path);
    const dockerfile = parseDockerfile(inline.text);
    const evidence = { path, dockerfile, context: around, namedContexts: additionalContexts };
    gathered.dockerfiles.push({ evidence, origin: inline.origin });
  }
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** All shell code of a file's Dockerfiles, in order. */
export function shellBodiesOf({ dockerfiles }: GatheredFile): ShellBody[] {
  return dockerfiles.flatMap(({ evidence }) =>
    evidence.dockerfile.instructions.flatMap(({ shell, trigger }) => [...shell, ...(trigger?.shell ?? [])]),
  );
}
