import { hostname } from "node:os";
import type { EngineEvidence } from "#model/evidence/engine.ts";
import type { HostEvidence } from "#model/evidence/host.ts";
import { got, missing, type Reading, valueOr } from "#model/reading.ts";
import { attempt, attemptOptional, type HostFiles } from "../filesystem.ts";
import { hostMounts, type KernelView } from "../kernel/view.ts";
import { collectAccounts } from "./accounts.ts";
import { auditdRuns, collectAudit } from "./audit.ts";
import { collectConfigs } from "./configs.ts";
import { collectFiles } from "./files.ts";
import { readFirewall } from "./firewall.ts";
import { collectKernel } from "./kernel.ts";
import { findHostNamespaces, type HostView } from "./namespaces.ts";
import { collectNetns } from "./netns.ts";
import { collectPackages } from "./packages.ts";
import { collectServices } from "./services.ts";
import { collectSudoers } from "./sudoers.ts";
import { collectSysctls } from "./sysctls.ts";
import { runTool } from "./tools.ts";

const ELSEWHERE = "this process runs in a container that does not see the host; run seaworthy on the host";

/** Milliseconds since the epoch at which the host's kernel started. */
export function bootTime(files: HostFiles): Reading<number> {
  return attempt("/proc/stat", () => {
    const match = /^btime (\d+)$/m.exec(files.read("/proc/stat", 4 << 20));
    if (match === null) throw new Error("no btime line");
    return Number(match[1]) * 1000;
  });
}

/** What is the same whatever runs on the host: it can be read before anything is known of engines and processes. */
export type HostItself = Pick<
  HostEvidence,
  | "os"
  | "kernel"
  | "memoryTotal"
  | "cpus"
  | "bootedAtMs"
  | "configs"
  | "accounts"
  | "groups"
  | "subuids"
  | "subgids"
  | "sudoers"
  | "netns"
  | "packages"
>;

/**
 * Reads the host itself, in pieces: between them this thread is free for what the engines answer. Never throws.
 */
export async function readHostItself(files: HostFiles): Promise<HostItself> {
  await turn();
  const packages = await collectPackages(files);
  await turn();
  const kernel = collectKernel(files);
  await turn();
  const people = { ...collectAccounts(files), sudoers: collectSudoers(files) };
  await turn();
  return {
    ...people,
    packages,
    kernel,
    os: readOs(files),
    memoryTotal: memoryTotal(files),
    cpus: cpuCount(files),
    bootedAtMs: bootTime(files),
    configs: collectConfigs(files),
    netns: collectNetns(files),
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/**
 * Reads the host that the containers share. Nothing here needs root; what does becomes a missing reading.
 * Never throws.
 *
 * @param engines the engines on it, for the files and folders that they use
 * @param owned pids of the processes that belong to containers
 * @param itself what was read of it before
 */
export async function collectHost(
  view: KernelView,
  engines: readonly EngineEvidence[],
  owned: ReadonlySet<number>,
  itself: HostItself,
): Promise<HostEvidence> {
  const { files } = view;
  const daemons = engines.flatMap(({ daemon }) => (daemon.ok ? [daemon.value.namespaces] : []));
  const host = findHostNamespaces(files, daemons);
  const hostNetwork = isOwn(host, "net");
  const network = hostNetwork ? null : missing("this process is not in the host's network namespace");
  // These programs work while this thread reads files.
  const asked = Promise.all([
    runTool(files, "auditctl", ["-l"]),
    network ?? runTool(files, "iptables-save", []),
    network ?? runTool(files, "nft", ["list", "ruleset"]),
  ]);

  const services = host.pid === null ? [] : collectServices(view, owned);
  const uts = isOwn(host, "uts") ? text(files, "/proc/sys/kernel/hostname") : null;
  const evidence = {
    name: uts ?? text(files, "/etc/hostname") ?? hostname(),
    cgroupVersion: cgroupVersion(view),
    namespaces: host.namespaces,
    mounts: host.pid === null ? missing(ELSEWHERE) : readMounts(files),
    sysctls: collectSysctls(files, { hostNetwork, hostUsers: isOwn(host, "user") }),
    files: collectFiles(files, engines, valueOr(itself.accounts, [])),
    services,
    listeners: host.pid === null ? missing(ELSEWHERE) : view.socketsOf(host.pid).listeners,
  } satisfies Partial<HostEvidence>;

  const [auditctl, iptables, nft] = await asked;
  const visible = host.pid !== null && view.byPid.has(1);
  return {
    ...itself,
    ...evidence,
    audit: collectAudit(files, auditctl, auditdRuns(services, visible)),
    firewall: network ?? readFirewall(iptables, nft),
  };
}

function readMounts(files: HostFiles): HostEvidence["mounts"] {
  const mounts = hostMounts(files);
  if (mounts.length === 0) return missing("/proc/1/mountinfo: could not be read");
  return got(mounts.map((line) => ({ ...line, hostPath: null })));
}

function isOwn({ own, namespaces }: HostView, type: "net" | "user" | "uts"): boolean {
  return own[type] !== undefined && own[type] === namespaces[type];
}

/** Reads os-release(5). */
function readOs(files: HostFiles): HostEvidence["os"] {
  const content = text(files, "/etc/os-release") ?? text(files, "/usr/lib/os-release") ?? "";
  const field = (name: string): string =>
    new RegExp(`^${name}=["']?([^"'\\n]*)`, "m").exec(content)?.[1]?.trim() ?? "";
  return { id: field("ID"), version: field("VERSION_ID"), name: field("PRETTY_NAME") };
}

function cgroupVersion({ cgroupMounts }: KernelView): HostEvidence["cgroupVersion"] {
  const v1 = ["memory", "pids", "cpu", "devices", "freezer"].some((controller) =>
    cgroupMounts.has(controller),
  );
  const v2 = cgroupMounts.has("");
  if (v1) return v2 ? "hybrid" : "1";
  return v2 ? "2" : "unknown";
}

function memoryTotal(files: HostFiles): Reading<number> {
  return attempt("/proc/meminfo", () => {
    const match = /^MemTotal:\s+(\d+) kB$/m.exec(files.read("/proc/meminfo"));
    if (match === null) throw new Error("no MemTotal line");
    return Number(match[1]) * 1024;
  });
}

/** Processors that are online; 0 = not known. */
function cpuCount(files: HostFiles): number {
  const stat = attempt("/proc/stat", () => files.read("/proc/stat", 4 << 20));
  return stat.ok ? (stat.value.match(/^cpu\d+ /gm)?.length ?? 0) : 0;
}

function text(files: HostFiles, path: string): string | null {
  const content = attemptOptional(path, () => files.read(path).trim());
  return content.ok && content.value !== "" ? content.value : null;
}
