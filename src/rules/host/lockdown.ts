import { actual, fail, man, notApplicable, page, pass, type Rule, rule, unknown } from "../rule.ts";

const SOURCE = "/sys/kernel/security/lockdown";

export default rule({
  id: "SW-HOST-LOCKDOWN",
  subject: "host",
  title: "Root may change the running kernel",
  severity: "info",
  risk: "Who becomes root reads and writes kernel memory (/dev/mem, kexec, unsigned modules), hides there, and stays past Secure Boot.",
  countermeasure:
    "lockdown=integrity on the kernel's command line; distributions switch it on with Secure Boot. On hosts of containers know what stops: unsigned modules (out-of-tree drivers, some agents), writing BPF helpers; confidentiality also stops reading by BPF and perf, and with it most runtime sensors.",
  remediation: {
    host: "add lockdown=integrity to GRUB_CMDLINE_LINUX, update-grub (grub2-mkconfig on Red Hat), restart",
  },
  cis: ["1.2.1"],
  references: [
    man("kernel_lockdown.7"),
    page(
      "Linux kernel documentation: parameters, lockdown=",
      "https://docs.kernel.org/admin-guide/kernel-parameters.html",
    ),
  ],
  examples: {
    bad: `${SOURCE}: [none] integrity confidentiality`,
    good: `${SOURCE}: none [integrity] confidentiality`,
  },
  judge: (host) => {
    const { lockdown, lsms } = host.kernel;
    if (!lockdown.ok) {
      return lsms.ok && !lsms.value.includes("lockdown")
        ? notApplicable("this kernel has no lockdown module")
        : unknown(lockdown.why);
    }
    // The kernel shows all levels and marks the one in force by brackets.
    const level = /\[(\w+)\]/.exec(lockdown.value)?.[1] ?? lockdown.value.trim();
    const seen = actual(SOURCE, lockdown.value.trim());
    if (level === "integrity" || level === "confidentiality") return pass(`lockdown is ${level}`, [seen]);
    return fail(`lockdown is ${level || "not set"}`, [seen]);
  },
}) satisfies Rule<"host">;
