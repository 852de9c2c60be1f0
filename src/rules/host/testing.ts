import type { FileStat } from "#model/evidence/file.ts";
import type { HostEvidence } from "#model/evidence/host.ts";
import { got, type Reading } from "#model/reading.ts";

/** Owner and mode of a path; a file of root with mode 0644 unless changed. */
export function stat(path: string, changes: Partial<FileStat> = {}): FileStat {
  return { path, type: "file", uid: 0, gid: 0, mode: 0o644, mtimeMs: 0, device: "254:0", ...changes };
}

/** The files of a host: those given exist. */
export function files(...stats: FileStat[]): HostEvidence["files"] {
  return Object.fromEntries(stats.map((entry) => [entry.path, got(entry)]));
}

/** Settings of the kernel that were read, null = the kernel lacks the key. */
export function sysctls(values: Record<string, string | null>): HostEvidence["sysctls"] {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, got(value)]));
}

/** Configuration files that were read, null = there is none. */
export function configs(texts: Record<string, string | null>): Record<string, Reading<string | null>> {
  return Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, got(text)]));
}
