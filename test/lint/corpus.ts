import * as fs from "node:fs";
import { join } from "node:path";
import type { SourceFile } from "#model/evidence/source.ts";
import { sourceOf } from "#evidence/project/read-source.ts";
import { ROOT } from "../support/seaworthy.ts";

/** Where real files lie: `SEAWORTHY_CORPUS`, or beside the repository. */
const CORPUS = join(process.env.SEAWORTHY_CORPUS ?? join(ROOT, "../shared/corpus"), "lint");

const KINDS = { dockerfiles: "dockerfile", compose: "compose", kubernetes: "kubernetes" } as const;

/** A set of files, and what to call it in the names of tests. */
export interface Corpus {
  name: string;
  files: SourceFile[];
}

/**
 * Real files of one kind; where they are not at hand, a few of our own, so that the test runs everywhere.
 *
 * @param own texts to take then
 */
export function corpus(folder: keyof typeof KINDS, own: readonly string[]): Corpus {
  const path = join(CORPUS, folder);
  if (!fs.existsSync(path)) {
    process.stderr.write(`${path} is not there: a few texts of our own are judged in its place\n`);
    // Nothing lies around texts that stand nowhere.
    const files = own.map((text, at) => source(`/nonexistent/${folder}/${at}`, Buffer.from(text), folder));
    return { name: `${files.length} texts of our own (SEAWORTHY_CORPUS is not there)`, files };
  }
  const files = fs
    .readdirSync(path)
    .toSorted()
    .map((name) => source(join(path, name), fs.readFileSync(join(path, name)), folder));
  return { name: `${files.length} real files`, files };
}

function source(name: string, bytes: Buffer, folder: keyof typeof KINDS): SourceFile {
  const read = sourceOf(name, bytes, KINDS[folder]);
  // Every file of the corpus is one that people wrote: none may be refused.
  if (!read.ok) throw new Error(`${name}: ${read.problem.what}`);
  return read.source;
}
