import type { HostEvidence } from "#model/evidence/host.ts";
import { mapReading, missing, type Reading } from "#model/reading.ts";
import { page, type Reference } from "../../rule.ts";

const PAGES = {
  kernel: "admin-guide/sysctl/kernel.html",
  net: "admin-guide/sysctl/net.html",
  fs: "admin-guide/sysctl/fs.html",
  vm: "admin-guide/sysctl/vm.html",
  user: "admin-guide/sysctl/user.html",
  ip: "networking/ip-sysctl.html",
  yama: "admin-guide/LSM/Yama.html",
} as const;

/** A page of the kernel's documentation on sysctls. */
export type SysctlPage = keyof typeof PAGES;

/** The value in force without blanks around it; null = this kernel does not have the key. */
export function sysctlValue(host: HostEvidence, key: string): Reading<string | null> {
  const value = host.sysctls[key] ?? missing(`${key}: was not read`);
  return mapReading(value, (text) => text?.trim() ?? null);
}

/** Id of the rule on a key: `SW-HOST-SYSCTL-KERNEL-KPTR-RESTRICT`. */
export function sysctlRuleId(key: string): string {
  return `SW-HOST-SYSCTL-${key.toUpperCase().replaceAll(/[._]/g, "-")}`;
}

/** The file of the value in force, as evidence names it. */
export function sysctlPath(key: string): string {
  return `/proc/sys/${key.replaceAll(".", "/")}`;
}

/** Commands that set a key now and at every start. */
export function setSysctl(key: string, value: string): string {
  return `sysctl -w ${key}=${value}; keep it: echo '${key} = ${value}' >> /etc/sysctl.d/90-hardening.conf`;
}

/** The page of the kernel's documentation that describes a key. */
export function sysctlReference(name: SysctlPage): Reference {
  return page(
    `Linux kernel documentation: ${PAGES[name].replace(".html", "")}`,
    `https://docs.kernel.org/${PAGES[name]}`,
  );
}
