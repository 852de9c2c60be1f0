import { attempt, type HostFiles } from "./filesystem.ts";

/**
 * The id of the container that this process runs in, null outside of one.
 *
 * The engine binds the container's own hosts file from a folder named by the id; cgroups may be hidden by a
 * cgroup namespace, this mount is not.
 */
export function ownContainerId(files: HostFiles | undefined): string | null {
  if (files === undefined) return null;
  const text = attempt("mountinfo", () => files.read("/proc/self/mountinfo", 8 << 20));
  const match = text.ok
    ? /\/containers\/([0-9a-f]{64})\/(?:hostname|hosts|resolv\.conf) /.exec(text.value)
    : null;
  return match?.[1] ?? null;
}

/** The mask of this process's effective capabilities, empty where it cannot be read. */
export function ownCapabilities(files: HostFiles | undefined): string {
  if (files === undefined) return "";
  const text = attempt("status", () => files.readShort("/proc/self/status"));
  return (text.ok && /^CapEff:\s*([0-9a-f]+)$/m.exec(text.value)?.[1]) || "";
}
