import * as z from "zod";
import { ListenerEvidence } from "./container.ts";
import { FileStat } from "./file.ts";
import { MountEvidence } from "./mount.ts";
import { Namespaces } from "./process.ts";
import { reading } from "./reading.ts";

/** One line of passwd(5) and shadow(5); the hash itself is never kept. */
export const AccountEvidence = z.object({
  name: z.string(),
  uid: z.number(),
  gid: z.number(),
  home: z.string(),
  shell: z.string(),
  /** `unknown` where /etc/shadow could not be read. */
  password: z.enum(["set", "empty", "locked", "unknown"]),
});
export type AccountEvidence = z.infer<typeof AccountEvidence>;

export const GroupEvidence = z.object({ name: z.string(), gid: z.number(), members: z.array(z.string()) });
export type GroupEvidence = z.infer<typeof GroupEvidence>;

/** One line of subuid(5) or subgid(5). */
export const SubordinateRange = z.object({ owner: z.string(), start: z.number(), count: z.number() });
export type SubordinateRange = z.infer<typeof SubordinateRange>;

/** A rule of auditctl(8) that watches a path. */
export const AuditWatch = z.object({
  path: z.string(),
  /** True for `-w PATH` on a folder and `-F dir=PATH`: everything below is watched. */
  recursive: z.boolean(),
  /** Letters of `rwxa`. */
  permissions: z.string(),
  /** `kernel` = loaded (`auditctl -l`), else the rules file. */
  source: z.string(),
});
export type AuditWatch = z.infer<typeof AuditWatch>;

/** An installed package of the chain docker, containerd, runc, or the kernel. */
export const PackageEvidence = z.object({
  name: z.string(),
  version: z.string(),
  source: z.string(),
  manager: z.enum(["dpkg", "rpm", "apk"]),
  /** CVE ids that the package's changelog lists as fixed; empty where it could not be read. */
  fixedCves: z.array(z.string()),
});
export type PackageEvidence = z.infer<typeof PackageEvidence>;

/** The machine that the containers share. */
export const HostEvidence = z.object({
  name: z.string(),
  os: z.object({ id: z.string(), version: z.string(), name: z.string() }),
  kernel: z.object({
    release: z.string(),
    architecture: z.string(),
    /** Options of the kernel build (`CONFIG_` cut off) that rules ask for: `y`, `m`, `n`. */
    config: reading(z.record(z.string(), z.string())),
    /** Contents of /sys/kernel/security/lsm. */
    lsms: reading(z.array(z.string())),
    lockdown: reading(z.string()),
    /** Releases found in /lib/modules or /boot, to see whether a newer one waits for a restart. */
    installed: reading(z.array(z.string())),
    modules: reading(z.array(z.string())),
  }),
  cgroupVersion: z.enum(["1", "2", "hybrid", "unknown"]),
  memoryTotal: reading(z.number()),
  cpus: z.number(),
  bootedAtMs: reading(z.number()),
  /** Namespaces of the host, and how they were recognised. */
  namespaces: Namespaces,
  mounts: reading(z.array(MountEvidence)),
  /** Key with dots; a key that the kernel does not have reads as null. */
  sysctls: z.record(z.string(), reading(z.string().nullable())),
  /** Files whose owner and mode rules judge; null = there is none. */
  files: z.record(z.string(), reading(FileStat.nullable())),
  /** Small configuration files by path, whole; null = there is none. */
  configs: z.record(z.string(), reading(z.string().nullable())),
  accounts: reading(z.array(AccountEvidence)),
  groups: reading(z.array(GroupEvidence)),
  subuids: reading(z.array(SubordinateRange)),
  subgids: reading(z.array(SubordinateRange)),
  /** Lines of sudoers(5) that let somebody run docker or everything. */
  sudoers: reading(z.array(z.string())),
  audit: z.object({
    running: reading(z.boolean()),
    loaded: reading(z.array(AuditWatch)),
    files: reading(z.array(AuditWatch)),
  }),
  packages: reading(z.array(PackageEvidence)),
  /** Names of executables that run on the host outside containers. */
  services: z.array(z.string()),
  listeners: reading(z.array(ListenerEvidence)),
  firewall: reading(
    z.object({
      /** Rules as the tool prints them (`iptables-save`, `nft list ruleset`). */
      tool: z.string(),
      rules: z.array(z.string()),
    }),
  ),
  /** Network namespaces in /run/netns and /run/docker/netns, by inode. */
  netns: reading(z.array(z.object({ path: z.string(), inode: z.number() }))),
});
export type HostEvidence = z.infer<typeof HostEvidence>;
