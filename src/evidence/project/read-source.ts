import * as fs from "node:fs";
import type { SourceKind, SourceFile } from "#model/evidence/source.ts";
import type { Problem } from "#model/problem.ts";
import { kindByContent, kindByName } from "./kind.ts";

/** Larger than any file that a person writes; what is longer is named and passed over. */
export const MAX_SOURCE_BYTES = 10 << 20;

const REASONS: Record<string, string> = {
  ENOENT: "does not exist",
  ENOTDIR: "does not exist",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ELOOP: "too many symbolic links",
  EISDIR: "is a folder",
};

export type ReadSource = { ok: true; source: SourceFile } | { ok: false; problem: Problem };

/**
 * Reads a file that somebody asked to lint.
 *
 * @param kind what it is, where the caller knows; else its name and content tell
 */
export function readSource(path: string, kind?: SourceKind): ReadSource {
  let bytes: Buffer;
  try {
    // O_NONBLOCK: a fifo must not hold us.
    const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    try {
      const stat = fs.fstatSync(fd);
      if (!stat.isFile())
        return refuse(path, stat.isDirectory() ? "is a folder" : "is not a plain file", "name a file");
      if (stat.size > MAX_SOURCE_BYTES) return tooLarge(path);
      bytes = fs.readFileSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    return refuse(
      path,
      REASONS[code] ?? message,
      code === "EACCES" ? "run it as a user who may read it" : "correct the name",
    );
  }
  return sourceOf(path, bytes, kind);
}

/** Makes a source of bytes that were read: standard input, an editor's buffer. */
export function sourceOf(path: string, bytes: Uint8Array, kind?: SourceKind): ReadSource {
  if (bytes.length > MAX_SOURCE_BYTES) return tooLarge(path);
  if (bytes.subarray(0, 8192).includes(0)) return refuse(path, "is a binary file", "name a text file");
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const named = kind ?? kindByName(path);
  const found = named === "yaml" || named === "json" || named === null ? kindByContent(text) : named;
  if (found === null) {
    return refuse(
      path,
      "is no Dockerfile, Compose file, Kubernetes manifest or script with docker run lines",
      "say what it is: --kind dockerfile",
    );
  }
  return { ok: true, source: { path, kind: found, text, utf8: !text.includes("\uFFFD") || isUtf8(bytes) } };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function tooLarge(path: string): ReadSource {
  return refuse(path, `is larger than ${MAX_SOURCE_BYTES >> 20} MiB`, "lint the part that people write");
}

function refuse(where: string, what: string, todo: string): ReadSource {
  return { ok: false, problem: { where, what, todo } };
}
