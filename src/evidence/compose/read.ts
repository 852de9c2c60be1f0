import type { ComposeEnvFile, ComposeFile, ComposeProblem, ComposeService } from "#model/evidence/compose.ts";
import { lineStarts } from "#model/text.ts";
import { describeEnv } from "../env.ts";
import { buildOf } from "./builds.ts";
import { parseEnvFile } from "./dotenv.ts";
import type { ReadFile } from "./files.ts";
import type { Lookup } from "./interpolate.ts";
import { below, folderOf } from "./paths.ts";
import { readProject } from "./project.ts";
import { validate } from "./schema/validate.ts";
import { serviceContainer } from "./service.ts";
import { at, itemsOf, textOf } from "./tree.ts";

/** A Compose file, and what may be looked at to understand it. */
export interface ComposeInput {
  /** As the user names it. */
  path: string;
  text: string;
  /** The environment by which variables are put in; the shell's, where the caller wants that. */
  env?: Readonly<Record<string, string>>;
  /** Reads other files of the project (see `projectReader`); without it none is read. */
  readFile?: ReadFile;
  /** Files to merge over it, in order; undefined = the override file beside it, as Compose does. */
  overrides?: readonly string[];
}

/**
 * Reads a Compose file: its tree, what is wrong with it, and the containers that its services ask for. Pure but
 * for `readFile`; never throws.
 */
export function readCompose(input: ComposeInput): { file: ComposeFile; problems: readonly ComposeProblem[] } {
  const { path, text } = input;
  const readFile = input.readFile ?? (() => null);
  const env = input.env ?? {};
  const read = readProject({
    path,
    text,
    env,
    readFile,
    ...(input.overrides === undefined ? {} : { overrides: input.overrides }),
  });
  const problems = [...read.problems, ...(read.written === null ? [] : validate(read.written))];
  const context = { path, project: read.project, otherLines: read.otherLines };
  const file: ComposeFile = {
    path,
    text,
    lines: lineStarts(text),
    written: read.written,
    project: read.project,
    declared: read.services,
    services: read.services.flatMap((service) => serviceContainer(service, context) ?? []),
    builds: read.services.flatMap((service) => buildOf(service, { path, text, lookup: read.lookup }) ?? []),
    includes: read.includes,
    overrides: read.overrides,
    envFiles: read.services.flatMap((service) => envFilesOf(service, path, readFile, read.lookup)),
    problems,
  };
  return { file, problems };
}

function envFilesOf(
  { name, settings, place }: ComposeService,
  path: string,
  readFile: ReadFile,
  lookup: Lookup,
): ComposeEnvFile[] {
  return itemsOf(at(settings, "env_file")).flatMap((item): ComposeEnvFile[] => {
    const written = textOf(item.kind === "map" ? at(item, "path") : item);
    if (written === "") return [];
    const text = readFile(below(folderOf(item.place.path), written));
    const lines = text === null ? null : parseEnvFile(text, lookup);
    return [
      {
        service: name,
        path: written,
        variables:
          lines?.flatMap((line) =>
            line.value === null ? [] : describeEnv([`${line.name}=${line.value}`]),
          ) ?? null,
        range: item.place.path === path ? { start: item.place.start, end: item.place.end } : place,
      },
    ];
  });
}
