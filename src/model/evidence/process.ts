import * as z from "zod";

/** Namespace types of namespaces(7), as the links in `/proc/PID/ns` are called. */
export const NAMESPACE_TYPES = ["mnt", "pid", "net", "ipc", "uts", "user", "cgroup", "time"] as const;
export type NamespaceType = (typeof NAMESPACE_TYPES)[number];

/** Inode number per namespace type; a type the kernel lacks or that could not be read is absent. */
export const Namespaces = z.partialRecord(z.enum(NAMESPACE_TYPES), z.number());
export type Namespaces = z.infer<typeof Namespaces>;

/** Capability sets as the 64-bit masks that proc_pid_status(5) prints, 16 hex digits each. */
export const CapabilitySets = z.object({
  inheritable: z.string(),
  permitted: z.string(),
  effective: z.string(),
  bounding: z.string(),
  ambient: z.string(),
});
export type CapabilitySets = z.infer<typeof CapabilitySets>;

/** One row of a uid_map or gid_map, see user_namespaces(7). */
export const IdRange = z.object({ inside: z.number(), outside: z.number(), count: z.number() });
export type IdRange = z.infer<typeof IdRange>;

/** A resource limit of getrlimit(2); `null` = unlimited. */
export const ResourceLimit = z.object({ soft: z.number().nullable(), hard: z.number().nullable() });
export type ResourceLimit = z.infer<typeof ResourceLimit>;

/** One process as the kernel describes it in `/proc/PID`. All ids are those of the reader's user namespace. */
export const ProcessEvidence = z.object({
  pid: z.number(),
  /** Pid in the innermost pid namespace. */
  innerPid: z.number(),
  parent: z.number(),
  /** Set by the process itself, so never proof of what it runs. */
  comm: z.string(),
  /** Target of `/proc/PID/exe`; null where it could not be read (kernel thread, no permission). */
  executable: z.string().nullable(),
  /** Real, effective, saved, file-system. */
  uids: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  gids: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  groups: z.array(z.number()),
  capabilities: CapabilitySets,
  /** null on kernels before 4.10, which do not print it. */
  noNewPrivs: z.boolean().nullable(),
  /** 0 = off, 1 = strict, 2 = filter; null where the kernel does not print it. */
  seccomp: z.number().nullable(),
  seccompFilters: z.number().nullable(),
  /** Label of the security module (`docker-default (enforce)`), null where none is active. */
  lsmLabel: z.string().nullable(),
  namespaces: Namespaces,
  /** True if it lives in the container's cgroup; false for a process found in its namespaces only. */
  inCgroup: z.boolean(),
  /** Path of `/proc/PID/cgroup` in the hierarchy that counts (v2, else the pids controller). */
  cgroupPath: z.string().nullable(),
  /** Open directories and working directories that lie outside its root, as `fd 7 -> /sys/fs/cgroup`. */
  outside: z.array(z.string()),
});
export type ProcessEvidence = z.infer<typeof ProcessEvidence>;
