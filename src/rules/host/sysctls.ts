import type { HostEvidence } from "#model/evidence/host.ts";
import { actual, fail, notApplicable, pass, type Rule, rule, unknown } from "../rule.ts";
import { KERNEL_SYSCTLS, NETWORK_SYSCTLS } from "./facts/sysctl-table.ts";
import { setSysctl, sysctlPath, sysctlReference, sysctlRuleId, sysctlValue } from "./facts/sysctl.ts";

export default [...KERNEL_SYSCTLS, ...NETWORK_SYSCTLS].map((entry) => {
  const { key, good, severities = {} } = entry;
  const best = good[0] ?? "";
  return rule({
    id: sysctlRuleId(key),
    subject: "host",
    title: entry.title,
    severity: entry.severity,
    risk: entry.risk,
    countermeasure: entry.countermeasure,
    remediation: { host: setSysctl(key, best) },
    cis: ["1.2.1"],
    aliases: ["lynis:KRNL-6000"],
    references: [sysctlReference(entry.page)],
    examples: { bad: `${key} = ${badExample(good)}`, good: `${key} = ${best}` },
    judge: (host) => {
      const value = sysctlValue(host, key);
      if (!value.ok) return unknown(value.why);
      if (value.value === null) return notApplicable(`this kernel has no ${key}`);
      const seen = actual(sysctlPath(key), value.value);
      if (good.includes(value.value)) return pass(`${key} is ${value.value}`, [seen]);
      if (entry.mootBy !== undefined && holds(host, entry.mootBy)) {
        const others = Object.keys(entry.mootBy).map((other) => [other, valueOf(host, other) ?? ""] as const);
        const words = others.map(([other, is]) => `${other} is ${is}`).join(" and ");
        return pass(`${key} is ${value.value}, which does not count while ${words}`, [
          seen,
          ...others.map(([other, is]) => actual(sysctlPath(other), is)),
        ]);
      }
      const milder = entry.milderBy !== undefined && holds(host, entry.milderBy);
      const severity = milder ? "info" : severities[value.value];
      return fail(
        `${key} is ${value.value || "empty"}, not ${good.join(" or ")}`,
        [seen],
        severity === undefined ? {} : { severity },
      );
    },
  });
}) satisfies Rule<"host">[];

function badExample(good: readonly string[]): string {
  return good.includes("0") ? "1" : "0";
}

function valueOf(host: HostEvidence, key: string): string | null {
  const value = sysctlValue(host, key);
  return value.ok ? value.value : null;
}

function holds(host: HostEvidence, conditions: Readonly<Record<string, readonly string[]>>): boolean {
  return Object.entries(conditions).every(([key, values]) => values.includes(valueOf(host, key) ?? ""));
}
