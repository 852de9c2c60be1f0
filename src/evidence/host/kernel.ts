import { gunzipSync } from "node:zlib";
import type { HostEvidence } from "#model/evidence/host.ts";
import { got, mapReading, missing, type Reading } from "#model/reading.ts";
import { attempt, attemptOptional, type HostFiles } from "../filesystem.ts";

/** Options of the kernel build that rules ask for (`CONFIG_` cut off). */
export const CONFIG_OPTIONS: readonly string[] = [
  "AUDIT",
  "AUDITSYSCALL",
  "BPF_SYSCALL",
  "BPF_UNPRIV_DEFAULT_OFF",
  "CGROUPS",
  "CGROUP_BPF",
  "CGROUP_DEVICE",
  "CGROUP_PIDS",
  "COMPAT_BRK",
  "CRAMFS",
  "DEBUG_FS",
  "DEVKMEM",
  "DEVMEM",
  "FORTIFY_SOURCE",
  "HARDENED_USERCOPY",
  "HFSPLUS_FS",
  "HFS_FS",
  "INIT_ON_ALLOC_DEFAULT_ON",
  "IO_STRICT_DEVMEM",
  "IO_URING",
  "IP_DCCP",
  "IP_SCTP",
  "JFFS2_FS",
  "KEXEC",
  "KEXEC_FILE",
  "KPROBES",
  "LEGACY_VSYSCALL_EMULATE",
  "LEGACY_VSYSCALL_NATIVE",
  "LEGACY_VSYSCALL_NONE",
  "LEGACY_VSYSCALL_XONLY",
  "MEMCG",
  "MODULES",
  "MODULE_SIG",
  "MODULE_SIG_FORCE",
  "NAMESPACES",
  "NET_NS",
  "PID_NS",
  "PROC_KCORE",
  "RANDOMIZE_BASE",
  "RDS",
  "SECCOMP",
  "SECCOMP_FILTER",
  "SECURITY_APPARMOR",
  "SECURITY_DMESG_RESTRICT",
  "SECURITY_LANDLOCK",
  "SECURITY_LOCKDOWN_LSM",
  "SECURITY_SELINUX",
  "SECURITY_YAMA",
  "SLAB_FREELIST_HARDENED",
  "STACKPROTECTOR_STRONG",
  "STRICT_DEVMEM",
  "STRICT_KERNEL_RWX",
  "STRICT_MODULE_RWX",
  "TIPC",
  "UDF_FS",
  "USERFAULTFD",
  "USER_NS",
  "VXFS_FS",
];

const MAX_CONFIG = 4 << 20;

/** Reads a kernel's .config; an option that does not stand in it is `n` (Documentation/kbuild/kconfig-language). */
export function parseKernelConfig(text: string): Record<string, string> {
  const given = new Map<string, string>();
  for (const match of text.matchAll(/^CONFIG_(\w+)=(.*)$/gm)) given.set(match[1] ?? "", match[2] ?? "");
  return Object.fromEntries(
    CONFIG_OPTIONS.map((option) => [option, (given.get(option) ?? "n").replaceAll('"', "")]),
  );
}

/** The word in brackets of `none [integrity] confidentiality`; null if there is none. */
export function parseLockdown(text: string): string | null {
  return /\[(\w+)\]/.exec(text)?.[1] ?? null;
}

/** The running kernel, how it was built, and what else is installed. */
export function collectKernel(files: HostFiles): HostEvidence["kernel"] {
  const release = attempt("osrelease", () => files.read("/proc/sys/kernel/osrelease").trim());
  const name = release.ok ? release.value : "";
  return {
    release: name,
    architecture: process.arch,
    config: mapReading(readConfig(files, name), parseKernelConfig),
    lsms: mapReading(securityFile(files, "lsm"), (text) =>
      text
        .trim()
        .split(",")
        .filter((lsm) => lsm !== ""),
    ),
    lockdown: readLockdown(files),
    installed: installedKernels(files),
    modules: mapReading(
      attemptOptional("/proc/modules", () => files.read("/proc/modules", MAX_CONFIG)),
      // Without the file the kernel has no loadable modules at all.
      (text) => [...(text ?? "").matchAll(/^(\S+) /gm)].map(([, module]) => module ?? ""),
    ),
  };
}

function readConfig(files: HostFiles, release: string): Reading<string> {
  const packed = attempt("/proc/config.gz", () =>
    gunzipSync(files.readBytes("/proc/config.gz"), { maxOutputLength: MAX_CONFIG }).toString("latin1"),
  );
  if (packed.ok || release === "" || release.includes("/")) return packed;
  // The second is where ostree systems and Fedora keep it as well.
  for (const path of [`/boot/config-${release}`, `/lib/modules/${release}/config`]) {
    const plain = attemptOptional(path, () => files.read(path, MAX_CONFIG));
    if (!plain.ok) return plain;
    if (plain.value !== null) return got(plain.value);
  }
  return missing(`/proc/config.gz and /boot/config-${release}: do not exist`);
}

function securityFile(files: HostFiles, name: string): Reading<string> {
  const path = `/sys/kernel/security/${name}`;
  const text = attemptOptional(path, () => files.read(path));
  if (!text.ok) return text;
  return text.value === null ? missing(`${path}: does not exist; is securityfs mounted?`) : got(text.value);
}

function readLockdown(files: HostFiles): Reading<string> {
  const text = securityFile(files, "lockdown");
  if (!text.ok) {
    const built = securityFile(files, "lsm").ok;
    return built ? missing("/sys/kernel/security/lockdown: the kernel was built without lockdown") : text;
  }
  const mode = parseLockdown(text.value);
  return mode === null ? missing("/sys/kernel/security/lockdown: is in a form that is not known") : got(mode);
}

/** Releases whose kernel or modules are there; folders that a removed package left behind do not count. */
function installedKernels(files: HostFiles): Reading<string[]> {
  const modules = attemptOptional("/lib/modules", () => files.list("/lib/modules"));
  if (!modules.ok) return modules;
  const boot = attemptOptional("/boot", () => files.list("/boot"));
  const releases = new Set<string>();
  for (const release of modules.value ?? []) {
    const entries = attempt(release, () => files.list(`/lib/modules/${release}`));
    if (entries.ok && (entries.value.includes("kernel") || entries.value.includes("vmlinuz"))) {
      releases.add(release);
    }
  }
  for (const name of (boot.ok ? boot.value : null) ?? []) {
    const release = /^vmlinuz-(?!0-rescue)(\S+?)(?<!\.old|\.bak|\.signed)$/.exec(name)?.[1];
    if (release !== undefined) releases.add(release);
  }
  return got([...releases].toSorted());
}
