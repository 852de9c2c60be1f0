import type { HostEvidence } from "#model/evidence/host.ts";
import { missing } from "#model/reading.ts";
import { attemptOptional, type HostFiles } from "../filesystem.ts";

const PER_INTERFACE = ["all", "default"].flatMap((scope) => [
  `net.ipv4.conf.${scope}.accept_redirects`,
  `net.ipv4.conf.${scope}.accept_source_route`,
  `net.ipv4.conf.${scope}.forwarding`,
  `net.ipv4.conf.${scope}.log_martians`,
  `net.ipv4.conf.${scope}.route_localnet`,
  `net.ipv4.conf.${scope}.rp_filter`,
  `net.ipv4.conf.${scope}.secure_redirects`,
  `net.ipv4.conf.${scope}.send_redirects`,
  `net.ipv6.conf.${scope}.accept_ra`,
  `net.ipv6.conf.${scope}.accept_redirects`,
  `net.ipv6.conf.${scope}.accept_source_route`,
  `net.ipv6.conf.${scope}.disable_ipv6`,
  `net.ipv6.conf.${scope}.forwarding`,
]);

/** Settings of the kernel that rules on container hosts ask for (Documentation/admin-guide/sysctl). */
export const SYSCTL_KEYS: readonly string[] = [
  "dev.tty.ldisc_autoload",
  "fs.protected_fifos",
  "fs.protected_hardlinks",
  "fs.protected_regular",
  "fs.protected_symlinks",
  "fs.suid_dumpable",
  "kernel.core_pattern",
  "kernel.core_uses_pid",
  "kernel.dmesg_restrict",
  "kernel.io_uring_disabled",
  "kernel.kexec_load_disabled",
  "kernel.kptr_restrict",
  "kernel.modules_disabled",
  "kernel.perf_event_paranoid",
  "kernel.randomize_va_space",
  "kernel.sysrq",
  "kernel.unprivileged_bpf_disabled",
  "kernel.unprivileged_userns_clone",
  "kernel.yama.ptrace_scope",
  "net.bridge.bridge-nf-call-ip6tables",
  "net.bridge.bridge-nf-call-iptables",
  "net.core.bpf_jit_enable",
  "net.core.bpf_jit_harden",
  ...PER_INTERFACE,
  "net.ipv4.icmp_echo_ignore_broadcasts",
  "net.ipv4.icmp_ignore_bogus_error_responses",
  "net.ipv4.ip_forward",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.tcp_syncookies",
  "user.max_user_namespaces",
  "vm.mmap_min_addr",
  "vm.overcommit_memory",
  "vm.unprivileged_userfaultfd",
];

/** Whose settings the reader sees: /proc/sys shows some parts as its own namespaces have them. */
export interface SysctlView {
  /** True if this process is in the host's network namespace, which all of `net.` belongs to. */
  hostNetwork: boolean;
  /** True if it is in the host's user namespace, which `user.` belongs to (namespaces(7)). */
  hostUsers: boolean;
}

/** Reads {@link SYSCTL_KEYS}; a key that the kernel does not have reads as null. */
export function collectSysctls(files: HostFiles, view: SysctlView): HostEvidence["sysctls"] {
  const foreign = (key: string): string | null => {
    if (key.startsWith("net.") && !view.hostNetwork) return "network";
    return key.startsWith("user.") && !view.hostUsers ? "user" : null;
  };
  return Object.fromEntries(
    SYSCTL_KEYS.map((key) => {
      const namespace = foreign(key);
      if (namespace !== null) {
        return [
          key,
          missing(`${key}: this process is not in the host's ${namespace} namespace; run it on the host`),
        ];
      }
      const path = `/proc/sys/${key.replaceAll(".", "/")}`;
      return [key, attemptOptional(path, () => files.readShort(path).trim())];
    }),
  );
}
