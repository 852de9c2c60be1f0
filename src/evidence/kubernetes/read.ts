import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { Manifest, ManifestPath, ManifestPlace } from "#model/evidence/manifest.ts";
import type { Problem } from "#model/problem.ts";
import { type LineStarts, lineStarts, placeAt, type Range } from "#model/text.ts";
import { type Json, list, object, text } from "../json.ts";
import { podContainer } from "./container.ts";
import { isJudged, isJudgedKind, podOf } from "./pods.ts";
import { dataOf, hasMapAsKey, placeIn } from "./tree.ts";
import { documentRanges, readDocument, type YamlDocument } from "./yaml.ts";

/** Objects of one file; the output of helm template for a large chart has a few hundred. */
const MAX_OBJECTS = 5000;
/** Characters that are read of one file, besides the documents that nobody judges. */
const MAX_READ = 6 << 20;
/** Documents with a mistake that are told one by one. */
const MAX_PROBLEMS = 20;

interface Reading {
  path: string;
  text: string;
  lines: LineStarts;
  manifests: Manifest[];
  /** Names of objects and containers that were given. */
  names: Map<string, number>;
}

/**
 * Reads the objects of a YAML or JSON text that bring Pods or rights: each document, and each item of a `List`.
 * Objects of other kinds are passed over. A Helm template that was not rendered is one problem, whatever it holds; a
 * document with a mistake is one, and the others are read all the same. Never throws.
 */
export function readManifests({ path, text: all }: { path: string; text: string }): {
  manifests: Manifest[];
  problems: Problem[];
} {
  const reading: Reading = { path, text: all, lines: lineStarts(all), manifests: [], names: new Map() };
  const problems: Problem[] = [];
  let templates = 0;
  let read = 0;
  for (const range of documentRanges(all)) {
    const body = all.slice(range.start, range.end);
    if (!mayBeJudged(body)) continue;
    read += body.length;
    if (read > MAX_READ || reading.manifests.length >= MAX_OBJECTS) {
      const { line } = placeAt(reading.lines, range.start);
      problems.push({
        what: `holds more than ${MAX_OBJECTS} objects, or ${MAX_READ} characters of them`,
        where: `${path}:${line}`,
        todo: "split it; from this line on it was not judged",
      });
      break;
    }
    const document = readDocument(all, range);
    if (document === null) continue;
    if ("root" in document) {
      if (isTemplate(body) && hasMapAsKey(document.root)) templates += 1;
      else addDocument(reading, document, sourceComment(all, range));
    } else if (isTemplate(body)) templates += 1;
    else if (problems.length < MAX_PROBLEMS) {
      const { line } = placeAt(reading.lines, document.offset);
      problems.push({
        what: document.what,
        where: `${path}:${line}`,
        todo: "mend it; this document was not judged",
      });
    }
  }
  if (templates > 0) problems.push(templateProblem(path));
  return { manifests: reading.manifests, problems };
}

function templateProblem(path: string): Problem {
  return {
    what: "is a template: what stands in {{ }} is not filled in yet",
    where: path,
    todo: "lint what it renders to: helm template CHART | seaworthy lint -",
  };
}

/** A kind in the text that rules look at, or none that could be told without reading it. */
function mayBeJudged(body: string): boolean {
  const kinds = [...body.matchAll(/^["']?kind["']?[ \t]*:[ \t]*["']?([A-Za-z]\w*)/gm)];
  return kinds.length === 0 ? /\bkind\b/.test(body) : kinds.some(([, kind = ""]) => isJudgedKind(kind));
}

// Templates of Go in places where a manifest has none: expressions, not the {{name}} of other tools within a text.
function isTemplate(body: string): boolean {
  return /\{\{-?\s*(?:[.$("\w/]|$)/m.test(body);
}

/** The template that helm says a document comes from, in a comment before it. */
function sourceComment(all: string, { start, end }: Range): string {
  const head = all.slice(start, Math.min(end, start + 2000));
  return /^# Source: (\S{1,300})\s*$/m.exec(head)?.[1] ?? "";
}

function addDocument(reading: Reading, document: YamlDocument, template: string): void {
  const data = object(dataOf(document));
  const place = (path: ManifestPath): ManifestPlace => placeIn(document, path);
  const stack: { data: Json; path: ManifestPath; depth: number }[] = [{ data, path: [], depth: 0 }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (reading.manifests.length >= MAX_OBJECTS) return;
    const kind = text(top.data.kind);
    if (kind.endsWith("List") && Array.isArray(top.data.items) && top.depth < 4) {
      const { path, depth } = top;
      const whole =
        kind === "List" ? {} : { kind: kind.slice(0, -"List".length), apiVersion: top.data.apiVersion };
      const items = list(top.data.items).map((item, at) => ({
        data: { ...whole, ...object(item) },
        path: [...path, "items", at],
        depth: depth + 1,
      }));
      for (const item of items.toReversed()) stack.push(item);
    } else addObject(reading, top.data, { place, prefix: top.path, template });
  }
}

function addObject(
  reading: Reading,
  data: Json,
  from: { place(path: ManifestPath): ManifestPlace; prefix: ManifestPath; template: string },
): void {
  const kind = text(data.kind);
  const apiVersion = text(data.apiVersion);
  if (!isJudged(apiVersion, kind)) return;
  const metadata = object(data.metadata);
  const { prefix, template } = from;
  const place = (path: ManifestPath): ManifestPlace => from.place([...prefix, ...path]);
  const name = uniqueName(
    text(metadata.name) || text(metadata.generateName) || "unnamed",
    kind,
    reading.names,
  );
  const pod = podOf(kind, data);
  const containers: ContainerEvidence[] = [];
  if (pod !== null && !pod.windows) {
    for (const container of pod.containers) {
      const title = uniqueName(`${name}/${container.name}`, kind, reading.names);
      containers.push(podContainer(`${kind}/${title}`, container, { file: reading.path, pod, place }));
    }
  }
  const { path, text: all, lines } = reading;
  reading.manifests.push({
    path,
    text: all,
    lines,
    apiVersion,
    kind,
    name,
    namespace: text(metadata.namespace),
    template,
    object: data,
    place,
    pod,
    containers,
  });
}

function uniqueName(name: string, kind: string, names: Map<string, number>): string {
  const key = `${kind}/${name}`;
  let count = (names.get(key) ?? 0) + 1;
  while (count > 1 && names.has(`${key}-${count}`)) count += 1;
  names.set(key, count);
  if (count === 1) return name;
  names.set(`${key}-${count}`, 1);
  return `${name}-${count}`;
}
