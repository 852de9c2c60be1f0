import type { Lane, Mechanism } from "#barriers/model.ts";

/** What the probes of one container may touch: canaries that the proof made, and what the target itself shows. */
export interface Canaries {
  /** Process id, as the host counts, of a process that the proof owns. */
  victimPid: number;
  /** Name of the engine's host. */
  hostName: string;
  /** Port on which the proof listens on the host's loopback; null where it runs elsewhere. */
  loopbackPort: number | null;
  /** Key of a shared memory segment that the proof made on the host; null where it could not. */
  sharedMemoryKey: number | null;
  /** Sockets of engines inside the target. */
  sockets: readonly string[];
  /** Paths inside at which the target sees something dear of the host, to write and to read. */
  writable: readonly string[];
  readable: readonly string[];
}

/** How a technique is tried. */
interface Probe {
  /** Arguments of the probe program; null = cannot be tried here. */
  arguments: (canaries: Canaries) => readonly string[] | null;
  /** Runs this file of the probe volume in place of the probe. */
  program?: "suid";
  /** As whom it runs, if not as the container's user. */
  user?: string;
  /** Barriers of these kinds cannot be seen by it. */
  blindTo?: readonly Mechanism[];
  /** It uses up memory, processes or time: nothing else runs beside it. */
  heavy?: boolean;
}

const always =
  (...args: string[]) =>
  (): readonly string[] =>
    args;

/** By technique. What is not here can only be predicted. */
export const PROBES: Readonly<Record<string, Probe>> = {
  "engine-socket": { arguments: ({ sockets: [path] }) => (path === undefined ? null : ["engine", path]) },
  "host-write": { arguments: ({ writable: [path] }) => (path === undefined ? null : ["writable", path]) },
  "host-read": { arguments: ({ readable: [path] }) => (path === undefined ? null : ["secret", path]) },
  "release-agent": { arguments: always("release-agent") },
  "core-pattern": { arguments: always("openw", "/proc/sys/kernel/core_pattern") },
  sysrq: { arguments: always("openw", "/proc/sysrq-trigger") },
  "disk-node": { arguments: always("mknod", "7", "0") },
  module: { arguments: always("call", "init_module") },
  "file-handles": { arguments: always("handle", "/etc/hosts") },
  "trace-host": { arguments: ({ victimPid }) => ["ptrace", String(victimPid)] },
  "kill-host": { arguments: ({ victimPid }) => ["kill", String(victimPid), "0"] },
  "mount-propagation": { arguments: always("mount") },
  reboot: { arguments: always("call", "reboot"), blindTo: ["namespace"] },
  clock: { arguments: always("clock") },
  "kernel-log": { arguments: always("klog") },
  "host-name": { arguments: ({ hostName }) => ["sethostname", hostName] },
  "host-loopback": {
    arguments: ({ loopbackPort }) =>
      loopbackPort === null ? null : ["tcp", "127.0.0.1", String(loopbackPort)],
  },
  "host-ipc": {
    arguments: ({ sharedMemoryKey }) =>
      sharedMemoryKey === null ? null : ["shmget", String(sharedMemoryKey)],
  },
  "peer-traffic": { arguments: always("packet") },
  "arp-spoofing": { arguments: always("packet") },
  "memory-bomb": { arguments: always("mem", "300"), heavy: true },
  "fork-bomb": { arguments: always("fork", "200"), heavy: true },
  "cpu-hog": { arguments: always("cpu", "0.7"), heavy: true },
  "user-namespaces": { arguments: always("userns") },
  // Root is root already: only somebody else can become it.
  setuid: { arguments: always("euid"), program: "suid", user: "65534:65534" },
  "drop-and-run": { arguments: always("drop", "/") },
};

/** What a probe said. */
export interface ProbeResult {
  technique: string;
  /** `absent` = the kernel has nothing there that could be reached. */
  state: "open" | "closed" | "absent" | "unknown";
  /** Whether barriers that the probe can see let expect it to be open. */
  predicted: boolean;
  agrees: boolean;
  command: readonly string[];
  /** Its line, or why there is none. */
  output: string;
}

// The machine was too busy to tell.
const EBUSY = 16;

/** Whether what was measured speaks against what was predicted. What could not be measured speaks for nothing. */
export function agrees(state: ProbeResult["state"], predicted: boolean, output: string): boolean {
  if (state === "unknown") return output.includes(`"errno":${EBUSY},`);
  // What the kernel lacks proves nothing against a prediction that nothing stands in the way.
  return state === "absent" || predicted === (state === "open");
}

/** Reads the line of a probe. */
export function readProbe(stdout: string): { state: ProbeResult["state"]; output: string } {
  const line = stdout.split("\n").find((each) => each.startsWith('{"probe"')) ?? "";
  try {
    const { ok, errno } = JSON.parse(line) as { ok: boolean; errno: number };
    if (ok) return { state: "open", output: line };
    if (errno === EBUSY) return { state: "unknown", output: line };
    // ENOSYS of a filter looks the same as that of a kernel without the call: neither lets it happen.
    return { state: errno === 2 || errno === 38 ? "absent" : "closed", output: line };
  } catch {
    return { state: "unknown", output: stdout.trim().slice(0, 300) };
  }
}

/** True if nothing stands on a lane that its probe could see. */
export function predictsOpen(
  { structure, barriers }: Pick<Lane, "structure" | "barriers">,
  technique: string,
): boolean {
  const blindTo = PROBES[technique]?.blindTo ?? [];
  return (
    structure.there &&
    barriers.every(({ state, mechanism }) => state !== "stands" || blindTo.includes(mechanism))
  );
}
