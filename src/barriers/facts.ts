import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { NamespaceType } from "#model/evidence/process.ts";
import type { Seen } from "#model/finding.ts";
import { capabilityFact } from "#rules/container/facts/capabilities.ts";
import { type DeviceGrant, deviceGrants } from "#rules/container/facts/devices.ts";
import { cpuLimit, memoryLimit, pidsLimit } from "#rules/container/facts/limits.ts";
import { type MountFact, mountFacts } from "#rules/container/facts/mounts.ts";
import { namespaceSharing, type Sharing } from "#rules/container/facts/namespaces.ts";
import { allows, ESCAPE_CALLS, seccompProfile } from "#rules/container/facts/seccomp.ts";
import { userFact } from "#rules/container/facts/user.ts";
import { declaredSource, type Fact, fact, nobodyKnows } from "#rules/container/facts/witness.ts";
import { actual, declared, type JudgeContext, specified } from "#rules/rule.ts";

/** What barriers are judged by, each from the most truthful witness at hand. */
export interface BarrierFacts {
  name: string;
  root: Fact<boolean>;
  /** Root inside is an ordinary user of the host. */
  mapped: Fact<boolean>;
  noNewPrivileges: Fact<boolean>;
  /** Capabilities that root of the container can have. */
  bounding: Fact<ReadonlySet<string>>;
  /** Whether the filter lets a call through. */
  seccomp: (call: string) => Fact<boolean>;
  /** Profile of a security module in force; null = none confines it. */
  lsm: Fact<string | null>;
  namespace: (type: NamespaceType) => Fact<Sharing>;
  mounts: { known: true; value: readonly MountFact[] } | { known: false; why: string };
  /** Whether a path of /proc or /sys cannot be written. */
  readOnly: (path: string) => Fact<boolean>;
  devices: Fact<DeviceGrant[]>;
  /** Sockets of engines that can be reached inside, by path. */
  sockets: Fact<readonly { path: string; mode: number | null; gid: number | null }[]>;
  groups: Fact<readonly number[]>;
  memory: Fact<number | null>;
  pids: Fact<number | null>;
  cpu: Fact<boolean>;
  cgroupVersion: 1 | 2 | null;
  networkMode: string | null;
  container: ContainerEvidence;
  context: JudgeContext;
}

/** Gathers the facts of one container. */
export function barrierFacts(container: ContainerEvidence, context: JudgeContext): BarrierFacts {
  const user = userFact(container);
  const userns = namespaceSharing(container, "user", context);
  const capabilities = capabilityFact(container);
  const cpu = cpuLimit(container);
  return {
    name: container.name,
    root: user.known ? fact(user.value.insideUids.includes(0), user.seen) : user,
    mapped: userns.known ? fact(userns.value.with !== "host", userns.seen) : userns,
    noNewPrivileges: noNewPrivileges(container),
    bounding: capabilities.known ? fact(capabilities.value.bounding, capabilities.seen) : capabilities,
    seccomp: seccompFact(container, context),
    lsm: lsmFact(container),
    namespace: (type) => namespaceSharing(container, type, context),
    mounts: mountFacts(container),
    readOnly: readOnlyFact(container),
    devices: deviceGrants(container),
    sockets: socketFact(container),
    groups: groupFact(container),
    memory: memoryLimit(container),
    pids: pidsLimit(container),
    cpu: cpu.known ? fact(cpu.value.quota !== null, cpu.seen) : cpu,
    cgroupVersion: cgroupVersion(container, context),
    networkMode: container.declared.ok ? container.declared.value.networkMode : null,
    container,
    context,
  };
}

function noNewPrivileges(container: ContainerEvidence): Fact<boolean> {
  if (container.actual.ok) {
    const told = container.actual.value.processes.filter(({ noNewPrivs }) => noNewPrivs !== null);
    const loose = told.find(({ noNewPrivs }) => noNewPrivs === false);
    const seen = loose ?? told[0];
    if (seen !== undefined) {
      return fact(
        loose === undefined,
        actual(`/proc/${seen.pid}/status`, loose === undefined ? 1 : 0, "NoNewPrivs"),
      );
    }
  }
  if (container.specified.ok) {
    const { noNewPrivileges: set, source } = container.specified.value;
    return fact(set, specified(source, set, "process.noNewPrivileges"));
  }
  if (!container.declared.ok) return nobodyKnows(container);
  const { securityOpt } = container.declared.value;
  const set = securityOpt.some((option) => /^no-new-privileges(?:[:=]true)?$/.test(option));
  return fact(
    set,
    declared(declaredSource(container), securityOpt.join(" ") || "none", "HostConfig.SecurityOpt"),
  );
}

// Allowed by Docker's default profile whatever the capabilities are, as measured by probes.
const ALLOWED_BY_DEFAULT = new Set(["socket", "ptrace", "clock_gettime", "sethostname", "process_vm_readv"]);

function seccompFact(container: ContainerEvidence, { evidence }: JudgeContext): BarrierFacts["seccomp"] {
  const bounding = capabilityFact(container);
  const [first] = container.actual.ok ? container.actual.value.processes : [];
  if (first !== undefined && first.seccomp === 0) {
    const seen = actual(`/proc/${first.pid}/status`, 0, "Seccomp");
    return () => fact(true, seen);
  }
  const profile = seccompProfile(container, evidence);
  if (profile !== undefined) {
    const source = container.specified.ok ? container.specified.value.source : "";
    return (call) =>
      fact(
        profile === null || allows(profile, call),
        specified(source, profile === null ? "no filter" : "filter", "linux.seccomp"),
      );
  }
  if (!container.declared.ok) return () => nobodyKnows(container);
  const { privileged, securityOpt } = container.declared.value;
  const seen = declared(
    declaredSource(container),
    privileged ? "privileged" : securityOpt.join(" ") || "default",
    "HostConfig.SecurityOpt",
  );
  const custom = securityOpt.find((option) => /^seccomp[=:]/.test(option));
  if (privileged || custom === "seccomp=unconfined" || custom === "seccomp:unconfined")
    return () => fact(true, seen);
  if (custom !== undefined && !/[=:](?:builtin|default)$/.test(custom)) {
    return () => ({ known: false, why: `the profile of ${custom} is not at hand` });
  }
  // Docker's default profile opens calls with the capability they need.
  return (call) => {
    if (ALLOWED_BY_DEFAULT.has(call)) return fact(true, seen);
    const capability = ESCAPE_CALLS[call];
    const open =
      capability !== undefined &&
      capability !== null &&
      bounding.known &&
      bounding.value.bounding.has(capability);
    return fact(open, seen);
  };
}

function lsmFact(container: ContainerEvidence): Fact<string | null> {
  if (container.actual.ok) {
    const [first] = container.actual.value.processes;
    if (first !== undefined) {
      const label = first.lsmLabel;
      const confined = label !== null && !/^unconfined|\(complain\)$|spc_t|unconfined_t/.test(label);
      return fact(confined ? label : null, actual(`/proc/${first.pid}/attr/current`, label ?? "none"));
    }
  }
  if (container.specified.ok) {
    const { apparmorProfile, selinuxLabel, source } = container.specified.value;
    const label = apparmorProfile || selinuxLabel;
    return {
      known: false,
      why: label === "" ? `${source} names no profile` : `whether ${label} is in force shows a process only`,
    };
  }
  return { known: false, why: "whether a security module confines it shows only when it runs" };
}

const PROC_READ_ONLY: readonly string[] = [
  "/proc/bus",
  "/proc/fs",
  "/proc/irq",
  "/proc/sys",
  "/proc/sysrq-trigger",
];

function readOnlyFact(container: ContainerEvidence): BarrierFacts["readOnly"] {
  const mounts = mountFacts(container);
  if (container.actual.ok && mounts.known) {
    return (path) => {
      const covering = mounts.value
        .filter(({ target }) => path === target || path.startsWith(target === "/" ? "/" : `${target}/`))
        .toSorted((a, b) => b.target.length - a.target.length)[0];
      if (covering === undefined) return { known: false, why: `no mount was found for ${path}` };
      return fact(!covering.writable, covering.seen);
    };
  }
  if (container.specified.ok) {
    const { readonlyPaths, maskedPaths, source } = container.specified.value;
    return (path) => {
      const covered = [...readonlyPaths, ...maskedPaths].some(
        (each) => path === each || path.startsWith(`${each}/`),
      );
      return fact(covered, specified(source, readonlyPaths.join(" ") || "none", "linux.readonlyPaths"));
    };
  }
  if (!container.declared.ok) return () => nobodyKnows(container);
  const { privileged, readonlyPaths, securityOpt } = container.declared.value;
  const open = privileged || securityOpt.includes("systempaths=unconfined");
  const list = open ? [] : (readonlyPaths ?? PROC_READ_ONLY);
  return (path) =>
    fact(
      list.some((each) => path === each || path.startsWith(`${each}/`)) ||
        (!open && path.startsWith("/sys/")),
      declared(declaredSource(container), list.join(" ") || "none", "HostConfig.ReadonlyPaths"),
    );
}

const SOCKET_NAME = /(?:^|\/)(?:docker|containerd|podman|crio|cri-dockerd|buildkitd)\.sock$/;
// Folders in which the sockets of engines lie (docker, containerd, podman, systemd's private socket).
const SOCKET_FOLDER = /^(?:\/|\/(?:var\/)?run(?:\/(?:docker|containerd|podman))?|\/var)$/;

function socketFact(container: ContainerEvidence): BarrierFacts["sockets"] {
  if (container.actual.ok) {
    const { engineSockets, initPid } = container.actual.value;
    if (!engineSockets.ok) return { known: false, why: engineSockets.why };
    const seen = actual(
      `/proc/${initPid}/mountinfo`,
      engineSockets.value.map(({ path }) => path).join(" ") || "none",
    );
    return fact(
      engineSockets.value.map(({ path, stat }) => ({
        path,
        mode: stat?.mode ?? null,
        gid: stat?.gid ?? null,
      })),
      seen,
    );
  }
  const mounts = mountFacts(container);
  if (!mounts.known) return mounts;
  const found = mounts.value.filter(
    ({ hostPath }) => hostPath !== null && (SOCKET_NAME.test(hostPath) || SOCKET_FOLDER.test(hostPath)),
  );
  const seen: Seen = found[0]?.seen ?? declared(declaredSource(container), "none", "Mounts");
  return fact(
    found.map(({ target }) => ({ path: target, mode: null, gid: null })),
    seen,
  );
}

function groupFact(container: ContainerEvidence): Fact<readonly number[]> {
  if (container.actual.ok) {
    const [first] = container.actual.value.processes;
    if (first !== undefined) {
      const groups = [...new Set([...first.gids, ...first.groups])];
      return fact(groups, actual(`/proc/${first.pid}/status`, groups.join(" "), "Groups"));
    }
  }
  return { known: false, why: "its groups show only when it runs" };
}

function cgroupVersion(container: ContainerEvidence, { host }: JudgeContext): 1 | 2 | null {
  if (container.actual.ok && container.actual.value.cgroup.ok)
    return container.actual.value.cgroup.value.version;
  const mounts = host?.mounts.ok === true ? host.mounts.value : null;
  if (mounts === null) return null;
  const types = new Set(
    mounts.filter(({ target }) => target.startsWith("/sys/fs/cgroup")).map(({ type }) => type),
  );
  return types.has("cgroup") ? 1 : types.has("cgroup2") ? 2 : null;
}
