import type { Severity } from "#model/severity.ts";
import type { SysctlPage } from "./sysctl.ts";

/** A kernel setting and what it should be. */
export interface Sysctl {
  key: string;
  /** As a title: the fault as a fact. */
  title: string;
  /** Values that are right; the first one is what the remediation sets. */
  good: readonly string[];
  severity: Severity;
  /** Values that are worse or better than the usual wrong one. */
  severities?: Readonly<Record<string, Severity>>;
  risk: string;
  /** What it costs, above all on a host of containers. */
  countermeasure: string;
  /** Values of other keys under which this one does not count: all of them together. */
  mootBy?: Readonly<Record<string, readonly string[]>>;
  /** Values of another key that take most of the harm away. */
  milderBy?: Readonly<Record<string, readonly string[]>>;
  /** Page of the kernel's documentation. */
  page: SysctlPage;
}

/** Settings of the kernel proper. */
export const KERNEL_SYSCTLS: readonly Sysctl[] = [
  {
    key: "kernel.kptr_restrict",
    title: "Addresses of the kernel are shown to users",
    good: ["1", "2"],
    severity: "low",
    risk: "Exploits of the kernel need to know where its code and data lie; /proc/kallsyms and others tell them.",
    countermeasure:
      "Hide addresses from all but privileged users. Profilers that run as root still see them.",
    page: "kernel",
  },
  {
    key: "kernel.dmesg_restrict",
    title: "Every user reads the kernel's log",
    good: ["1"],
    severity: "low",
    risk: "The log holds addresses and the traces of failed exploits. It is one for all containers: who may read it sees the neighbours' crashes.",
    countermeasure: "Leave the log to administrators. Log shippers that read /dev/kmsg need CAP_SYSLOG then.",
    page: "kernel",
  },
  {
    key: "kernel.unprivileged_bpf_disabled",
    title: "Every user may load BPF programs",
    good: ["2", "1"],
    severity: "medium",
    risk: "The verifier of BPF had a row of faults that gave root (CVE-2021-3490, CVE-2022-23222). Docker's seccomp filter blocks bpf() in containers; processes without it, and users of the host, reach it.",
    countermeasure:
      "Only privileged processes load programs; network plugins like Cilium run privileged anyway. The value 1 cannot be taken back until the next start, 2 can.",
    page: "kernel",
  },
  {
    key: "net.core.bpf_jit_harden",
    title: "Compiled BPF programs are not hardened",
    good: ["2"],
    severity: "low",
    risk: "Constants of a BPF program become code that an attacker chooses (JIT spraying), and so a stepping stone for exploits of the kernel.",
    countermeasure:
      "Blind constants for all users (2). Heavy packet filters in BPF run somewhat slower; measure before on such hosts, or take 1.",
    page: "net",
  },
  {
    key: "kernel.perf_event_paranoid",
    title: "Every user may observe the kernel by perf",
    good: ["2", "3", "4"],
    severity: "low",
    risk: "perf_event_open() showed addresses and had faults that gave root (CVE-2013-2094). Docker's seccomp filter blocks it in containers, not for users of the host.",
    countermeasure:
      "Users measure their own processes only (2), or nothing (3, kernels of Debian and Android). Profilers run with CAP_PERFMON.",
    page: "kernel",
  },
  {
    key: "kernel.yama.ptrace_scope",
    title: "Processes may be traced by any other of the same user",
    good: ["1", "2", "3"],
    severity: "low",
    risk: "One taken-over process reads passwords and keys out of all other processes of the same user, across containers that share process ids too.",
    countermeasure:
      "Only parents trace their children (1); gdb -p and strace -p on a running process then need CAP_SYS_PTRACE.",
    page: "yama",
  },
  {
    key: "kernel.randomize_va_space",
    title: "Addresses of programs are not random",
    good: ["2"],
    severity: "medium",
    severities: { "0": "high" },
    risk: "An exploit of any program on the host, inside containers too, knows beforehand where stack, heap and libraries lie.",
    countermeasure:
      "Leave it on. One program that cannot live with it can be started by setarch --addr-no-randomize.",
    page: "kernel",
  },
  {
    key: "kernel.sysrq",
    title: "Magic SysRq keys are on",
    good: ["0"],
    severity: "low",
    risk: "Whoever reaches a keyboard or a serial console restarts the host or kills processes. A container with a writable /proc/sysrq-trigger does so whatever is set here.",
    countermeasure:
      "Switch it off where nobody stands before the machine. Distributions leave some keys on for emergencies (176: sync, remount, restart).",
    page: "kernel",
  },
  {
    key: "fs.suid_dumpable",
    title: "Privileged programs leave memory dumps",
    good: ["0"],
    severity: "medium",
    severities: { "2": "low" },
    risk: "A crash of a setuid program writes its memory, with the passwords in it, to a file.",
    countermeasure:
      "No dumps of privileged programs. With 2 only root can read them, which systemd-coredump and apport ask for.",
    page: "fs",
  },
  {
    key: "fs.protected_hardlinks",
    title: "Users may make hard links to files of others",
    good: ["1"],
    severity: "medium",
    risk: "A link to somebody else's setuid program or file lets its owner's programs be tricked into changing it, in shared volumes too.",
    countermeasure: "Leave it on; the default of every distribution.",
    page: "fs",
  },
  {
    key: "fs.protected_symlinks",
    title: "Symbolic links in shared folders are followed",
    good: ["1"],
    severity: "medium",
    risk: "A link that somebody puts in /tmp makes a program of root write to a file of the attacker's choice, in shared volumes too.",
    countermeasure: "Leave it on; the default of every distribution.",
    page: "fs",
  },
  {
    key: "fs.protected_fifos",
    title: "Pipes of others in shared folders can be opened by mistake",
    good: ["2"],
    severity: "low",
    severities: { "1": "info" },
    risk: "A program that means to write a file in /tmp writes into a pipe that an attacker put there and reads.",
    countermeasure:
      "Protect folders that the group may write as well (2); 1 protects those that everybody may write.",
    page: "fs",
  },
  {
    key: "fs.protected_regular",
    title: "Files of others in shared folders can be opened by mistake",
    good: ["2"],
    severity: "low",
    severities: { "1": "info" },
    risk: "A program that means to create a file in /tmp writes into one that an attacker has put there, and still owns.",
    countermeasure:
      "Protect folders that the group may write as well (2); 1 protects those that everybody may write.",
    page: "fs",
  },
  {
    key: "kernel.modules_disabled",
    title: "Kernel modules can still be loaded",
    good: ["1"],
    severity: "info",
    risk: "Who becomes root can put code into the kernel, where nothing sees it any more. Root in a container without CAP_SYS_MODULE cannot, but its sockets can still make the kernel load rare protocols.",
    countermeasure:
      "On a host of containers set it last, after overlay, br_netfilter, veth, bridge, nf_nat and the xt_ modules of the firewall are loaded (lsmod): the engine needs them when networks are made, and nothing undoes the setting but a restart. Where that is too strict, block the modules that nobody needs.",
    page: "kernel",
  },
  {
    key: "dev.tty.ldisc_autoload",
    title: "Every user makes the kernel load line disciplines",
    good: ["0"],
    severity: "low",
    risk: "Old serial-line code is loaded on demand by an ioctl that any user can call, from a container's terminal too. It had faults that gave root (CVE-2017-2636).",
    countermeasure: "Load them by modprobe where modems or GPS receivers need them.",
    page: "kernel",
  },
  {
    key: "vm.unprivileged_userfaultfd",
    title: "Every user may stop the kernel in a page fault",
    good: ["0"],
    severity: "low",
    risk: "userfaultfd() holds the kernel at a moment of the attacker's choice, which makes races in it reliable to win. Docker's seccomp filter blocks it in containers, not for users of the host.",
    countermeasure:
      "Leave it to privileged processes; virtual machines that are moved while they run (QEMU post-copy) and some JVMs use it.",
    page: "vm",
  },
  {
    key: "kernel.io_uring_disabled",
    title: "Every process may use io_uring",
    good: ["2", "1"],
    severity: "medium",
    risk: "io_uring had more faults that gave root than any other part of the kernel in the last years, and its operations pass seccomp filters by. Engines before Docker 25 allow it in containers.",
    countermeasure:
      "Switch it off (2), or leave it to the group of kernel.io_uring_group (1). Databases and proxies that were built for it fall back to slower calls; check ScyllaDB, TigerBeetle and the like first.",
    page: "kernel",
  },
  {
    key: "kernel.kexec_load_disabled",
    title: "Another kernel can be started from the running one",
    good: ["1"],
    severity: "low",
    risk: "Who becomes root starts a kernel of their own without a restart of the machine, and past Secure Boot.",
    countermeasure:
      "Set it after kdump has loaded its kernel (a late unit), else crash dumps no longer work. Only a restart undoes it.",
    page: "kernel",
  },
];

const REDIRECT_RISK =
  "Somebody on the same network tells the host another route, and reads or changes what it and its containers send.";
const SOURCE_ROUTE_RISK =
  "A sender chooses the way of its packets, past filters and into the networks of containers, which should not be reachable from outside.";

/** One setting for the interfaces that exist (`all`) and for those to come (`default`), like every veth. */
function perInterface(
  family: "ipv4" | "ipv6",
  name: string,
  rest: Omit<Sysctl, "key" | "page">,
  only: { all?: Partial<Sysctl>; default?: Partial<Sysctl> } = {},
): readonly Sysctl[] {
  return (["all", "default"] as const).map((scope) => ({
    ...rest,
    key: `net.${family}.conf.${scope}.${name}`,
    title: `${rest.title}${scope === "all" ? "" : " on new interfaces"}`,
    page: "ip",
    ...only[scope],
  }));
}

/** Settings of the network. That packets are forwarded is judged apart: containers need it. */
export const NETWORK_SYSCTLS: readonly Sysctl[] = [
  ...perInterface(
    "ipv4",
    "rp_filter",
    {
      title: "Packets with forged senders are taken in",
      good: ["1", "2"],
      severity: "low",
      risk: "A container or a neighbour sends packets in the name of others, which makes attacks hard to trace and passes filters that go by address.",
      countermeasure:
        "Strict (1), or loose (2) where traffic comes and goes on different ways: several uplinks, VPNs, some network plugins (Calico, Cilium set their own).",
    },
    {
      // The greater of `all` and the interface's own value counts (IN_DEV_MAXCONF in Linux,
      // include/linux/inetdevice.h). systemd sets every interface and leaves `all` alone.
      all: { milderBy: { "net.ipv4.conf.default.rp_filter": ["1", "2"] } },
      default: { mootBy: { "net.ipv4.conf.all.rp_filter": ["1", "2"] } },
    },
  ),
  ...perInterface(
    "ipv4",
    "accept_redirects",
    {
      title: "Others may change the host's routes (ICMP redirect)",
      good: ["0"],
      severity: "medium",
      risk: REDIRECT_RISK,
      countermeasure: "A host of containers is a router and has no use for redirects.",
    },
    {
      // On a router both must allow it (IN_DEV_RX_REDIRECTS).
      default: { mootBy: { "net.ipv4.conf.all.accept_redirects": ["0"], "net.ipv4.ip_forward": ["1"] } },
    },
  ),
  ...perInterface("ipv6", "accept_redirects", {
    title: "Others may change the host's routes (ICMPv6 redirect)",
    good: ["0"],
    severity: "medium",
    risk: REDIRECT_RISK,
    countermeasure: "A host of containers is a router and has no use for redirects.",
  }),
  ...perInterface("ipv4", "send_redirects", {
    title: "The host sends redirects",
    good: ["0"],
    severity: "low",
    risk: "Containers and neighbours learn routes that they should not know, and their traffic may pass the host's filters by.",
    countermeasure: "Only routers between equal networks send redirects; bridges of containers need none.",
  }),
  ...perInterface(
    "ipv4",
    "accept_source_route",
    {
      title: "Senders may choose the way of their packets",
      good: ["0"],
      severity: "medium",
      risk: SOURCE_ROUTE_RISK,
      countermeasure: "Nothing in use today needs source routing.",
    },
    {
      // Both must allow it (IN_DEV_SOURCE_ROUTE, IN_DEV_ANDCONF).
      default: { mootBy: { "net.ipv4.conf.all.accept_source_route": ["0"] } },
    },
  ),
  ...perInterface(
    "ipv6",
    "accept_source_route",
    {
      title: "Senders may choose the way of their IPv6 packets",
      good: ["0", "-1"],
      severity: "medium",
      risk: SOURCE_ROUTE_RISK,
      countermeasure: "Nothing in use today needs source routing.",
    },
    {
      // The smaller of both counts (net/ipv6/exthdrs.c, ipv6_rthdr_rcv()).
      default: { mootBy: { "net.ipv6.conf.all.accept_source_route": ["0", "-1"] } },
    },
  ),
  ...perInterface(
    "ipv4",
    "log_martians",
    {
      title: "Impossible packets are not logged",
      good: ["1"],
      severity: "info",
      risk: "Forged senders and wrong routes leave no trace.",
      countermeasure:
        "Log them; the kernel limits the rate. Overlay networks with several uplinks can make much noise.",
    },
    {
      // One of both is enough (IN_DEV_LOG_MARTIANS, IN_DEV_ORCONF).
      default: { mootBy: { "net.ipv4.conf.all.log_martians": ["1"] } },
    },
  ),
  {
    key: "net.ipv4.tcp_syncookies",
    title: "SYN floods exhaust the host",
    good: ["1", "2"],
    severity: "low",
    risk: "Half-open connections fill the queue, and published ports of all containers stop answering.",
    countermeasure: "Leave it on; it acts only when the queue is full.",
    page: "ip",
  },
  {
    key: "net.ipv4.icmp_echo_ignore_broadcasts",
    title: "The host answers pings to broadcast addresses",
    good: ["1"],
    severity: "low",
    risk: "The host and its bridges can be used to multiply an attack on others (smurf).",
    countermeasure: "Leave it on; nothing needs such answers.",
    page: "ip",
  },
  {
    key: "net.bridge.bridge-nf-call-iptables",
    title: "Traffic within a bridge passes the firewall by",
    good: ["1"],
    severity: "medium",
    risk: "Containers on one bridge talk to each other past iptables: icc=false, network policies and DOCKER-USER do not see that traffic.",
    countermeasure:
      "Containers need it on, against the advice for hosts of virtual machines. Engines set it at start when icc is false; something has switched it off.",
    page: "ip",
  },
  ...perInterface("ipv4", "route_localnet", {
    title: "127.0.0.0/8 is routed",
    good: ["0"],
    severity: "medium",
    risk: "Neighbours on the network reach services that listen on 127.0.0.1 only, ports published on 127.0.0.1 too (CVE-2020-8558 was this in Kubernetes).",
    countermeasure:
      "Leave it off. kube-proxy and engines without userland proxy switch it on for single interfaces and block what comes from outside.",
  }),
];
