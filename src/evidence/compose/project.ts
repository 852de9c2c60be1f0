import type {
  ComposeInclude,
  ComposeMap,
  ComposeNode,
  ComposeProblem,
  ComposeService,
} from "#model/evidence/compose.ts";
import { type LineStarts, lineStarts, type Range } from "#model/text.ts";
import { parseEnvFile } from "./dotenv.ts";
import type { ReadFile } from "./files.ts";
import type { Lookup } from "./interpolate.ts";
import { mergeProjects, mergeServices, withoutResets } from "./merge.ts";
import { below, folderOf, isRemote, usualOverrides } from "./paths.ts";
import { at, emptyMap, entriesOf, entryOf, itemsOf, textOf, textsOf, withEntries } from "./tree.ts";
import { readYaml } from "./yaml.ts";

/** What a project is read from. */
export interface ProjectInput {
  path: string;
  text: string;
  env: Readonly<Record<string, string>>;
  readFile: ReadFile;
  /** Files to merge over it, in order; undefined = the one that Compose merges by itself. */
  overrides?: readonly string[];
}

export interface Project {
  written: ComposeMap | null;
  project: ComposeMap;
  services: ComposeService[];
  includes: ComposeInclude[];
  overrides: string[];
  problems: ComposeProblem[];
  lookup: Lookup;
  /** Where the lines of the other files begin. */
  otherLines: ReadonlyMap<string, LineStarts>;
}

/** Variables that every shell sets. Whoever lints the file is not who starts it, so theirs do not count. */
const ALWAYS_SET: Readonly<Record<string, string>> = { HOME: "/home/$USER", PWD: "." };

/** Files that one project may be read from. */
const MAX_FILES = 64;
/** A service that extends one that extends one …. */
const MAX_EXTENDS = 16;

/**
 * Reads a Compose project as `docker compose` does: variables from the environment and `.env`, the override
 * file beside it, services of other files that are extended (compose-spec, 05-services.md, "extends"), names of
 * what is included. What cannot be read is a problem, and the rest is read on.
 */
export function readProject(input: ProjectInput): Project {
  const { path, env, readFile } = input;
  const folder = folderOf(path);
  const dotenv = readFile(below(folder, ".env"));
  const fromFile = new Map(
    dotenv === null
      ? []
      : parseEnvFile(dotenv, (name) => own(env, name)).map(({ name, value }) => [name, value]),
  );
  const lookup: Lookup = (name) => own(ALWAYS_SET, name) ?? own(env, name) ?? fromFile.get(name) ?? undefined;

  const loaded = new Map<string, ComposeMap | null>();
  const otherLines = new Map<string, LineStarts>();
  const problems: ComposeProblem[] = [];
  const written = load(path, input.text, problems);
  loaded.set(path, written);

  const overrides: string[] = [];
  let project = written ?? emptyMap({ path, start: 0, end: 0, shared: false });
  for (const other of input.overrides ?? usualOverrides(path)) {
    const over = other === path ? null : fetchFile(other);
    if (over === undefined && input.overrides !== undefined) unread(other, { start: 0, end: 0 });
    if (over === undefined || over === null) continue;
    overrides.push(other);
    project = mergeProjects(project, over);
    if (input.overrides === undefined) break;
  }
  project = withServices(project, (name, service) => extended(service, [`${path}#${name}`], path));
  project = withoutResets(project);

  return {
    written,
    project,
    services: entriesOf(at(project, "services")).flatMap(({ key, value }) =>
      value.kind === "map" ? [serviceOf(key, value)] : [],
    ),
    includes: itemsOf(at(written, "include")).flatMap((item) => includesOf(item)),
    overrides,
    problems,
    lookup,
    otherLines,
  };

  function load(name: string, text: string, into: ComposeProblem[]): ComposeMap | null {
    const { documents, problems: found } = readYaml(name, text, lookup);
    into.push(...found);
    let merged: ComposeMap | null = null;
    for (const document of documents) {
      if (document.kind === "map") merged = merged === null ? document : mergeProjects(merged, document);
      else if (document.kind === "list" || document.value !== null) {
        into.push({
          kind: "yaml",
          message: "a Compose file is a mapping with services: at its top",
          range: { start: document.place.start, end: document.place.start },
          key: "top",
        });
      }
    }
    return merged;
  }

  /** Another file of the project; undefined = it could not be read. */
  function fetchFile(name: string): ComposeMap | null | undefined {
    if (loaded.has(name)) return loaded.get(name);
    const text = loaded.size < MAX_FILES ? readFile(name) : null;
    if (text === null) return undefined;
    otherLines.set(name, lineStarts(text));
    const map = load(name, text, []);
    loaded.set(name, map);
    return map;
  }

  function unread(name: string, range: Range): void {
    problems.push({
      kind: "unread",
      message: `${name} could not be read, so what it brings is not judged`,
      range,
      key: name,
    });
  }

  function extended(service: ComposeMap, chain: readonly string[], home: string): ComposeMap {
    const entry = entryOf(service, "extends");
    if (entry === undefined) return service;
    const rest = withEntries(
      service,
      [...service.entries].filter(([key]) => key !== "extends"),
    );
    const range = inThisFile(entry.value) ?? { start: 0, end: 0 };
    const { name, file } = extendsTarget(entry.value);
    const from = file === "" ? home : below(folderOf(entry.value.place.path), file);
    const id = `${from}#${name}`;
    if (chain.includes(id) || chain.length > MAX_EXTENDS) {
      problems.push({
        kind: "value",
        message: `extends goes round in a circle: ${[...chain, id].slice(0, 4).join(" → ")}`,
        range,
        key: `extends ${name}`,
      });
      return rest;
    }
    const other = from === home && home === path ? project : fetchFile(from);
    if (other === undefined) {
      unread(from, range);
      return rest;
    }
    const base = at(other, "services", name);
    if (base?.kind !== "map") {
      problems.push({
        kind: "value",
        message: `extends ${name}, but ${from} has no such service`,
        range,
        key: `extends ${name}`,
      });
      return rest;
    }
    return mergeServices(extended(base, [...chain, id], from), rest);
  }

  function includesOf(item: ComposeNode): ComposeInclude[] {
    const paths = item.kind === "map" ? textsOf(at(item, "path")) : [textOf(item)];
    const range = inThisFile(item) ?? { start: 0, end: 0 };
    return paths
      .filter((name) => name !== "")
      .map((name) => {
        if (isRemote(name)) return { path: name, services: null, range };
        const full = below(folder, name);
        const map = fetchFile(full);
        if (map === undefined) unread(full, range);
        return {
          path: full,
          services: map === undefined ? null : entriesOf(at(map, "services")).map(({ key }) => key),
          range,
        };
      });
  }

  function serviceOf(name: string, settings: ComposeMap): ComposeService {
    const here = entryOf(at(written, "services"), name);
    return {
      name,
      settings,
      written: here?.value.kind === "map" ? here.value : null,
      place:
        here === undefined ? { start: 0, end: 0 } : { start: here.keyPlace.start, end: here.keyPlace.end },
      profiles: textsOf(at(settings, "profiles")),
      complete: ["image", "build", "provider"].some((key) => settings.entries.has(key)),
    };
  }

  function inThisFile({ place }: ComposeNode): Range | null {
    return place.path === path ? { start: place.start, end: place.end } : null;
  }
}

function withServices(
  project: ComposeMap,
  change: (name: string, service: ComposeMap) => ComposeMap,
): ComposeMap {
  const entry = entryOf(project, "services");
  if (entry?.value.kind !== "map") return project;
  const services = withEntries(
    entry.value,
    [...entry.value.entries].map(([name, each]) => [
      name,
      each.value.kind === "map" ? { ...each, value: change(name, each.value) } : each,
    ]),
  );
  return withEntries(project, [...project.entries, ["services", { ...entry, value: services }]]);
}

function extendsTarget(node: ComposeNode): { name: string; file: string } {
  if (node.kind !== "map") return { name: textOf(node), file: "" };
  return { name: textOf(at(node, "service")), file: textOf(at(node, "file")) };
}

function own(env: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}
