import { actual, fail, page, pass, type Rule, rule, unknown } from "../rule.ts";

const SOURCE = "/sys/kernel/security/lsm";
/** Modules that confine a container by a profile; the others of the list do not. */
const CONFINING = ["apparmor", "selinux"];

export default rule({
  id: "SW-HOST-LSM",
  subject: "host",
  title: "No security module confines containers",
  severity: "medium",
  risk: "AppArmor or SELinux is the barrier that still stands when a capability, a mount or the runtime has gone wrong: SELinux stopped CVE-2019-5736, which overwrote runc on the host. Without one, options like apparmor=docker-default are accepted and do nothing.",
  countermeasure:
    "Start the kernel with the module that the distribution supports: AppArmor on Debian, Ubuntu and SUSE, SELinux on the Red Hat family.",
  remediation: {
    host: "Debian, Ubuntu: add apparmor=1 security=apparmor to GRUB_CMDLINE_LINUX, update-grub, restart; Red Hat: SELINUX=enforcing in /etc/selinux/config, fixfiles -F onboot, restart",
  },
  cis: ["1.2.1"],
  aliases: ["lynis:MACF-6204", "lynis:MACF-6234"],
  references: [
    page("Linux kernel documentation: LSM", "https://docs.kernel.org/admin-guide/LSM/index.html"),
    page("Docker docs: AppArmor", "https://docs.docker.com/engine/security/apparmor/"),
  ],
  examples: {
    bad: `${SOURCE}: lockdown,capability,landlock`,
    good: `${SOURCE}: lockdown,capability,apparmor`,
  },
  judge: (host) => {
    const { lsms } = host.kernel;
    if (!lsms.ok) return unknown(lsms.why);
    const seen = actual(SOURCE, lsms.value.join(",") || "empty");
    const found = CONFINING.find((name) => lsms.value.includes(name));
    if (found !== undefined) return pass(`${found} is active in the kernel`, [seen]);
    return fail("neither AppArmor nor SELinux is active in the kernel", [seen]);
  },
}) satisfies Rule<"host">;
