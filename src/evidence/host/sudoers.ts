import { posix } from "node:path";
import type { HostEvidence } from "#model/evidence/host.ts";
import { got, missing } from "#model/reading.ts";
import { attemptOptional, type HostFiles } from "../filesystem.ts";

const MAX_SIZE = 1 << 20;
const MAX_FILES = 200;
const MAX_DEPTH = 8;
const MAX_LINES = 2000;

// Programs whose caller controls containers, and with them the host.
const ENGINE_COMMAND =
  /(?:^|[\s,/!])(?:docker(?:d|-compose)?|podman|nerdctl|ctr|crictl|runc|crun|containerd)(?:$|[\s,*?:])/;
const EVERYTHING = /(?:^|[\s,:=])ALL\s*(?:$|,)/;

/** Logical lines of a sudoers(5) file: continued lines joined, comments and blank lines left out. */
export function sudoersLines(text: string): string[] {
  return text
    .replaceAll(/\\\r?\n/g, " ")
    .split("\n")
    .map((line) => stripComment(line).trim().replaceAll(/\s+/g, " "))
    .filter((line) => line !== "");
}

// `#` begins a comment except before digits (a uid) and in the two old include directives.
function stripComment(line: string): string {
  if (/^\s*#include(?:dir)?\s/.test(line)) return line;
  return line.replace(/(?<!\\)#(?!\d).*$/, "");
}

/**
 * Of the lines of all files together, those that let somebody run an engine's client or everything, after
 * command aliases are followed; and the definitions of user aliases, without which they cannot be read.
 */
export function grantingLines(lines: readonly string[]): string[] {
  const aliases = new Map<string, string>();
  for (const line of lines) {
    const definitions = /^Cmnd?_Alias (.+)$/.exec(line)?.[1];
    for (const definition of definitions?.split(/\s:\s/) ?? []) {
      const [, name, commands] = /^([A-Z][A-Z0-9_]*)\s?=\s?(.+)$/.exec(definition.trim()) ?? [];
      if (name !== undefined && commands !== undefined) aliases.set(name, commands);
    }
  }
  const grants = (text: string, seen = new Set<string>()): boolean => {
    const commands = text.replaceAll(/\([^)]*\)/g, " "); // whom to run as
    if (EVERYTHING.test(commands) || ENGINE_COMMAND.test(commands)) return true;
    return (commands.match(/\b[A-Z][A-Z0-9_]*\b/g) ?? []).some((name) => {
      const definition = aliases.get(name);
      if (definition === undefined || seen.has(name)) return false;
      return grants(definition, seen.add(name));
    });
  };
  return lines
    .filter((line) => {
      if (line.startsWith("User_Alias ")) return true;
      if (/^(?:Defaults|\w+_Alias |[#@]include)/.test(line)) return false;
      const equals = line.indexOf("=");
      return equals > 0 && grants(line.slice(equals + 1));
    })
    .slice(0, MAX_LINES);
}

/** Reads /etc/sudoers and what it includes. Without sudo there is no file, and nobody is let in. */
export function collectSudoers(files: HostFiles): HostEvidence["sudoers"] {
  const lines: string[] = [];
  const seen = new Set<string>();
  let unread = "";
  const visit = (path: string, depth: number): void => {
    if (seen.has(path) || seen.size >= MAX_FILES || depth > MAX_DEPTH) return;
    seen.add(path);
    const text = attemptOptional(path, () => files.read(path, MAX_SIZE));
    if (!text.ok) unread ||= text.why;
    for (const line of sudoersLines((text.ok && text.value) || "")) {
      const [, folder, target] = /^[#@]include(dir)? "?([^"]+)"?$/.exec(line) ?? [];
      if (target === undefined) {
        lines.push(line);
        continue;
      }
      const place = target.startsWith("/") ? target : posix.join(posix.dirname(path), target);
      if (folder === undefined) visit(place, depth + 1);
      else for (const name of folderEntries(place)) visit(`${place}/${name}`, depth + 1);
    }
  };
  const folderEntries = (folder: string): string[] => {
    const names = attemptOptional(folder, () => files.list(folder));
    if (!names.ok) unread ||= names.why;
    // As sudo does: in the order of the names, without backups and package managers' leftovers.
    return ((names.ok && names.value) || []).filter((name) => !/\.|~$/.test(name)).toSorted();
  };
  visit("/etc/sudoers", 0);
  return unread === "" ? got(grantingLines(lines)) : missing(unread);
}
