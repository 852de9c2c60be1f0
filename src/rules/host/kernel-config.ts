import type { HostEvidence } from "#model/evidence/host.ts";
import type { Severity } from "#model/severity.ts";
import { actual, fail, page, pass, type Rule, rule, unknown } from "../rule.ts";
import { sysctlPath, sysctlValue } from "./facts/sysctl.ts";

interface ConfigRule {
  /** `SW-HOST-KERNEL-<name>` */
  name: string;
  /** Any of them will do. */
  options: readonly string[];
  /** Options that make the question idle when they are off: without /dev/mem nothing must be held back. */
  idleWithout?: string;
  /** A setting that does the same at run time, and its right values. */
  orSysctl?: { key: string; good: readonly string[] };
  title: string;
  severity: Severity;
  risk: string;
  countermeasure: string;
}

const TABLE: ConfigRule[] = [
  {
    name: "SECCOMP-FILTER",
    options: ["SECCOMP_FILTER"],
    title: "The kernel cannot filter system calls",
    severity: "high",
    risk: "The engine's seccomp profile has no effect: containers reach every system call, and so every fault of the kernel.",
    countermeasure: "Every kernel of a distribution can; one built by hand needs CONFIG_SECCOMP_FILTER=y.",
  },
  {
    name: "USER-NS",
    options: ["USER_NS"],
    title: "The kernel has no user namespaces",
    severity: "low",
    risk: "Neither userns-remap nor a rootless engine is possible: root in a container is root on the host.",
    countermeasure: "Build with CONFIG_USER_NS=y and bound its use by sysctl.",
  },
  {
    name: "LSM",
    options: ["SECURITY_APPARMOR", "SECURITY_SELINUX"],
    title: "The kernel is built without AppArmor and SELinux",
    severity: "medium",
    risk: "No security module can confine containers, whatever is set at start.",
    countermeasure:
      "Build with CONFIG_SECURITY_APPARMOR=y or CONFIG_SECURITY_SELINUX=y, or take the kernel of the distribution.",
  },
  {
    name: "CGROUP-PIDS",
    options: ["CGROUP_PIDS"],
    title: "The kernel cannot limit the number of processes",
    severity: "medium",
    risk: "--pids-limit has no effect: a fork bomb in one container stops the host.",
    countermeasure: "Build with CONFIG_CGROUP_PIDS=y.",
  },
  {
    name: "BPF-UNPRIV-DEFAULT-OFF",
    options: ["BPF_UNPRIV_DEFAULT_OFF"],
    idleWithout: "BPF_SYSCALL",
    orSysctl: { key: "kernel.unprivileged_bpf_disabled", good: ["1", "2"] },
    title: "The kernel starts with BPF open to everybody",
    severity: "low",
    risk: "Until a sysctl closes it, every user may load BPF programs, whose verifier had a row of faults that gave root.",
    countermeasure:
      "Build with CONFIG_BPF_UNPRIV_DEFAULT_OFF=y, or set kernel.unprivileged_bpf_disabled early.",
  },
  {
    name: "STRICT-DEVMEM",
    options: ["STRICT_DEVMEM"],
    idleWithout: "DEVMEM",
    title: "All memory can be reached by /dev/mem",
    severity: "medium",
    risk: "A container that is given /dev/mem, or root with CAP_SYS_RAWIO, reads and writes the memory of the kernel.",
    countermeasure: "Build with CONFIG_STRICT_DEVMEM=y, better without CONFIG_DEVMEM.",
  },
  {
    name: "HARDENED-USERCOPY",
    options: ["HARDENED_USERCOPY"],
    title: "Copies between kernel and programs are not checked",
    severity: "low",
    risk: "A wrong length in a system call lets a program read or write kernel memory beyond the object.",
    countermeasure: "Build with CONFIG_HARDENED_USERCOPY=y; it costs a few percent in network loads at most.",
  },
];

const SOURCE = "kernel build";

export default TABLE.map((entry) =>
  rule({
    id: `SW-HOST-KERNEL-${entry.name}`,
    subject: "host",
    title: entry.title,
    severity: entry.severity,
    risk: entry.risk,
    countermeasure: entry.countermeasure,
    remediation: {
      host: `run a kernel that is built with ${entry.options.map((option) => `CONFIG_${option}=y`).join(" or ")}; those of the distributions are`,
    },
    cis: ["1.2.1"],
    references: [
      page("Kernel self-protection: recommended settings", "https://kspp.github.io/Recommended_Settings"),
      page("moby: check-config.sh", "https://github.com/moby/moby/blob/master/contrib/check-config.sh"),
    ],
    examples: {
      bad: `# CONFIG_${entry.options[0]} is not set`,
      good: `CONFIG_${entry.options[0]}=y`,
    },
    judge: (host) => judgeConfig(entry, host),
  }),
) satisfies Rule<"host">[];

function judgeConfig({ options, idleWithout, orSysctl }: ConfigRule, host: HostEvidence) {
  const { config } = host.kernel;
  if (!config.ok) return unknown(config.why);
  const value = (option: string): string | undefined => config.value[option];
  const on = options.find((option) => value(option) === "y" || value(option) === "m");
  if (on !== undefined) {
    return pass(`CONFIG_${on} is set`, [actual(SOURCE, value(on) ?? "", `CONFIG_${on}`)]);
  }
  if (idleWithout !== undefined && value(idleWithout) === "n") {
    return pass(`the kernel is built without ${idleWithout}`, [actual(SOURCE, "n", `CONFIG_${idleWithout}`)]);
  }
  if (orSysctl !== undefined) {
    const setting = sysctlValue(host, orSysctl.key);
    if (setting.ok && setting.value !== null && orSysctl.good.includes(setting.value)) {
      return pass(`${orSysctl.key} is ${setting.value}, which does the same`, [
        actual(sysctlPath(orSysctl.key), setting.value),
      ]);
    }
  }
  // An option that nobody asked for is not the same as one that is off.
  const unread = options.filter((option) => value(option) === undefined);
  if (unread.length > 0)
    return unknown(`CONFIG_${unread[0]}: was not looked up in the kernel's build options`);
  return fail(
    `the kernel is built without ${options.map((option) => `CONFIG_${option}`).join(" and ")}`,
    options.map((option) => actual(SOURCE, value(option) ?? "", `CONFIG_${option}`)),
  );
}
