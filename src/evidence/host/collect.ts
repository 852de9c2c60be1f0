import { hostname } from "node:os";
import type { HostEvidence } from "#model/evidence/host.ts";
import { mapReading, missing, type Reading } from "#model/reading.ts";
import { attempt, attemptOptional, type HostFiles } from "../filesystem.ts";
import type { KernelView } from "../kernel/container.ts";
import { hostMounts } from "../kernel/container.ts";

/** Milliseconds since the epoch at which the host's kernel started. */
export function bootTime(files: HostFiles): Reading<number> {
  return attempt("/proc/stat", () => {
    const match = /^btime (\d+)$/m.exec(files.read("/proc/stat", 4 << 20));
    if (match === null) throw new Error("no btime line");
    return Number(match[1]) * 1000;
  });
}

/** Reads the host that the containers share. Nothing here needs root; what does becomes a missing reading. */
export function collectHost(view: KernelView): HostEvidence {
  const { files } = view;
  const nothing = missing("not collected yet");
  return {
    name: attemptText(files, "/proc/sys/kernel/hostname") ?? hostname(),
    os: osRelease(files),
    kernel: {
      release: attemptText(files, "/proc/sys/kernel/osrelease") ?? "",
      architecture: process.arch,
      config: nothing,
      lsms: attempt("/sys/kernel/security/lsm", () =>
        files.read("/sys/kernel/security/lsm").trim().split(","),
      ),
      lockdown: nothing,
      installed: nothing,
      modules: nothing,
    },
    cgroupVersion: "unknown",
    memoryTotal: nothing,
    cpus: 0,
    bootedAtMs: bootTime(files),
    namespaces: {},
    mounts: attempt("mountinfo", () => hostMounts(files).map((line) => ({ ...line, hostPath: null }))),
    sysctls: {},
    files: {},
    configs: {},
    accounts: nothing,
    groups: nothing,
    subuids: nothing,
    subgids: nothing,
    sudoers: nothing,
    audit: { running: nothing, loaded: nothing, files: nothing },
    packages: nothing,
    services: [],
    listeners: nothing,
    firewall: nothing,
    netns: nothing,
  };
}

/** Reads os-release(5). */
function osRelease(files: HostFiles): HostEvidence["os"] {
  const text = mapReading(
    attemptOptional("os-release", () => files.read("/etc/os-release")),
    (value) => value ?? "",
  );
  const field = (name: string): string => {
    const match = text.ok ? new RegExp(`^${name}=["']?([^"'\\n]*)`, "m").exec(text.value) : null;
    return match?.[1] ?? "";
  };
  return { id: field("ID"), version: field("VERSION_ID"), name: field("PRETTY_NAME") };
}

function attemptText(files: HostFiles, path: string): string | null {
  const reading = attempt(path, () => files.read(path).trim());
  return reading.ok ? reading.value : null;
}
