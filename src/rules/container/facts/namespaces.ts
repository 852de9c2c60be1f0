import type { ContainerEvidence, DeclaredContainer } from "#model/evidence/container.ts";
import type { NamespaceType } from "#model/evidence/process.ts";
import { actual, declared, type JudgeContext, specified } from "../../rule.ts";
import { declaredSource, type Fact, fact, nobodyKnows, procPath } from "./witness.ts";

/** Who else is in a namespace of a container. */
export interface Sharing {
  /** `daemon`: of an engine whose own namespaces are not the host's, as those of a rootless one are not. */
  with: "nobody" | "host" | "daemon" | "containers";
  /** Names of the other containers in it. */
  containers: string[];
}

/**
 * Inodes of the initial namespaces, fixed in the kernel (include/linux/proc_ns.h; net and mnt have fixed ones
 * only on new kernels, so they are compared with the host's own).
 */
const INITIAL: Partial<Record<NamespaceType, number>> = {
  ipc: 4026531839,
  uts: 4026531838,
  user: 4026531837,
  pid: 4026531836,
  cgroup: 4026531835,
  time: 4026531834,
};

const OCI_TYPE: Record<NamespaceType, string> = {
  mnt: "mount",
  pid: "pid",
  net: "network",
  ipc: "ipc",
  uts: "uts",
  user: "user",
  cgroup: "cgroup",
  time: "time",
};

const DECLARED_FIELD: Partial<Record<NamespaceType, [keyof DeclaredContainer, string]>> = {
  pid: ["pidMode", "HostConfig.PidMode"],
  net: ["networkMode", "HostConfig.NetworkMode"],
  ipc: ["ipcMode", "HostConfig.IpcMode"],
  uts: ["utsMode", "HostConfig.UTSMode"],
  user: ["usernsMode", "HostConfig.UsernsMode"],
  cgroup: ["cgroupnsMode", "HostConfig.CgroupnsMode"],
};

/** Is `inode` the host's namespace of this type? null = cannot be told. */
export function isHostNamespace(
  type: NamespaceType,
  inode: number,
  context: Pick<JudgeContext, "host">,
): boolean | null {
  const host = context.host?.namespaces[type] ?? INITIAL[type];
  return host === undefined ? null : host === inode;
}

// Who is in which namespace, by type and inode. Evidence does not change while it is judged.
const inhabited = new WeakMap<JudgeContext["evidence"], Map<string, ContainerEvidence[]>>();

/** The containers in one namespace, as far as the kernel tells. */
function inhabitants(
  evidence: JudgeContext["evidence"],
  type: NamespaceType,
  inode: number,
): readonly ContainerEvidence[] {
  let index = inhabited.get(evidence);
  if (index === undefined) {
    index = new Map();
    for (const container of evidence.containers) {
      if (!container.actual.ok) continue;
      for (const [name, value] of Object.entries(container.actual.value.namespaces)) {
        const key = `${name} ${value}`;
        const others = index.get(key);
        if (others === undefined) index.set(key, [container]);
        else others.push(container);
      }
    }
    inhabited.set(evidence, index);
  }
  return index.get(`${type} ${inode}`) ?? [];
}

/**
 * With whom a container shares its namespace of one type: by inode where the kernel tells it (so that
 * `container:` chains end at the truth), else by the OCI bundle, else by what was asked for.
 */
export function namespaceSharing(
  container: ContainerEvidence,
  type: NamespaceType,
  context: Pick<JudgeContext, "host" | "evidence" | "engine">,
): Fact<Sharing> {
  if (container.actual.ok) {
    const inode = container.actual.value.namespaces[type];
    if (inode !== undefined) {
      const seen = actual(procPath(container, `ns/${type}`), `${type}:[${inode}]`);
      const host = isHostNamespace(type, inode, context);
      if (host === true) return fact({ with: "host", containers: [] }, seen);
      const daemon = context.engine?.daemon.ok ? context.engine.daemon.value.namespaces[type] : undefined;
      if (daemon === inode) return fact({ with: "daemon", containers: [] }, seen);
      if (host === null) return { known: false, why: `the host's own ${type} namespace could not be read` };
      const others = inhabitants(context.evidence, type, inode)
        .filter(({ id }) => id !== container.id)
        .map(({ name }) => name);
      return fact({ with: others.length > 0 ? "containers" : "nobody", containers: others }, seen);
    }
  }
  if (container.specified.ok) {
    const { namespaces, source } = container.specified.value;
    const own = namespaces.find((namespace) => namespace.type === OCI_TYPE[type]);
    const seen = specified(
      source,
      own === undefined ? "not listed" : own.path || "new",
      `linux.namespaces.${OCI_TYPE[type]}`,
    );
    if (own === undefined) return fact({ with: "host", containers: [] }, seen);
    return fact({ with: own.path === "" ? "nobody" : "containers", containers: [] }, seen);
  }
  if (container.declared.ok) {
    const field = DECLARED_FIELD[type];
    if (field === undefined) return { known: false, why: `nothing declares the ${type} namespace` };
    const [name, path] = field;
    const mode = String(container.declared.value[name]);
    const seen = declared(declaredSource(container), mode || '""', path);
    if (mode === "host") return fact({ with: "host", containers: [] }, seen);
    const other = /^container:(.+)$/.exec(mode)?.[1];
    if (other !== undefined) return fact({ with: "containers", containers: [other] }, seen);
    // An empty mode means "as the daemon has it": own for all types but user and cgroup.
    if (mode === "" && (type === "user" || type === "cgroup")) {
      return { known: false, why: `the ${type} namespace follows the daemon's default` };
    }
    return fact({ with: "nobody", containers: [] }, seen);
  }
  return nobodyKnows(container);
}
