import type { HostEvidence } from "#model/evidence/host.ts";
import { got } from "#model/reading.ts";
import { attempt, attemptOptional, type HostFiles } from "../filesystem.ts";

// ip-netns(8) and libnetwork keep namespaces alive by a bind mount on a file in these folders.
const FOLDERS = ["/run/netns", "/run/docker/netns"];
const MAX_ENTRIES = 10_000;

/** The network namespaces that are kept by name, with the inode that `/proc/PID/ns/net` shows for them. */
export function collectNetns(files: HostFiles): HostEvidence["netns"] {
  const entries: { path: string; inode: number }[] = [];
  // Namespaces lie on a file system of their own; a plain file there keeps none, or its mount is not seen here.
  const own = attempt("/proc/self/ns/net", () => files.stat("/proc/self/ns/net").dev);
  for (const folder of FOLDERS) {
    const names = attemptOptional(folder, () => files.list(folder));
    if (!names.ok) return names;
    for (const name of (names.value ?? []).slice(0, MAX_ENTRIES)) {
      const path = `${folder}/${name}`;
      const stat = attempt(path, () => files.stat(path));
      if (stat.ok && own.ok && stat.value.dev === own.value) entries.push({ path, inode: stat.value.ino });
    }
  }
  return got(entries);
}
