import { describe, expect, it } from "vitest";
import { missing } from "#model/reading.ts";
import { severityRank } from "#model/severity.ts";
import { host, ruleById, verdictOf } from "../testing.ts";
import { KERNEL_SYSCTLS, NETWORK_SYSCTLS } from "./facts/sysctl-table.ts";
import { sysctlRuleId } from "./facts/sysctl.ts";
import rules from "./sysctls.ts";
import { sysctls } from "./testing.ts";

const TABLE = [...KERNEL_SYSCTLS, ...NETWORK_SYSCTLS];

function judge(key: string, values: Record<string, string | null>) {
  return verdictOf(ruleById(rules, sysctlRuleId(key)), host({ sysctls: sysctls(values) }));
}

describe("sysctls", () => {
  it("names rules after keys, each once", () => {
    expect(sysctlRuleId("net.bridge.bridge-nf-call-iptables")).toBe(
      "SW-HOST-SYSCTL-NET-BRIDGE-BRIDGE-NF-CALL-IPTABLES",
    );
    expect(new Set(rules.map(({ id }) => id)).size).toBe(TABLE.length);
    expect(rules.every(({ cis }) => cis?.[0] === "1.2.1")).toBe(true);
  });

  it.each(TABLE.map(({ key, good }) => [key, good] as const))("judges %s", (key, good) => {
    for (const value of good) expect(judge(key, { [key]: value }).verdict).toBe("pass");
    const wrong = good.includes("0") ? "1" : "0";
    const judged = judge(key, { [key]: wrong });
    expect(judged.verdict).toBe("fail");
    expect(judged.message).toContain(`${key} is ${wrong}`);
    expect(judged.evidence[0]).toMatchObject({
      witness: "actual",
      source: `/proc/sys/${key.replaceAll(".", "/")}`,
      value: wrong,
    });
    expect(judge(key, { [key]: null }).verdict).toBe("not-applicable");
    expect(judge(key, {}).verdict).toBe("unknown");
    const rule = ruleById(rules, sysctlRuleId(key));
    expect(verdictOf(rule, host({ sysctls: { [key]: missing("permission denied") } }))).toMatchObject({
      verdict: "unknown",
      message: "permission denied",
    });
    expect(rule.remediation.host).toBe(
      `sysctl -w ${key}=${good[0]}; keep it: echo '${key} = ${good[0]}' >> /etc/sysctl.d/90-hardening.conf`,
    );
  });

  it("is realistic: nothing that is only hardening is worse than medium", () => {
    expect(TABLE.every(({ severity }) => severityRank(severity) <= severityRank("medium"))).toBe(true);
    const key = "kernel.randomize_va_space";
    expect(judge(key, { [key]: "0" }).severity).toBe("high");
    expect(judge(key, { [key]: "1" }).severity).toBeUndefined();
    expect(judge("fs.suid_dumpable", { "fs.suid_dumpable": "2" }).severity).toBe("low");
  });

  it("does not stumble over blanks, empty text and odd values", () => {
    expect(judge("kernel.kptr_restrict", { "kernel.kptr_restrict": " 1\n" }).verdict).toBe("pass");
    expect(judge("kernel.kptr_restrict", { "kernel.kptr_restrict": "" }).message).toContain("is empty");
    expect(judge("kernel.kptr_restrict", { "kernel.kptr_restrict": "11" }).verdict).toBe("fail");
  });

  it("knows which of all and default decides, as the kernel does", () => {
    const source = (scope: string) => `net.ipv4.conf.${scope}.accept_source_route`;
    expect(judge(source("default"), { [source("all")]: "0", [source("default")]: "1" }).verdict).toBe("pass");
    expect(judge(source("default"), { [source("all")]: "1", [source("default")]: "1" }).verdict).toBe("fail");
    expect(judge(source("all"), { [source("all")]: "1", [source("default")]: "0" }).verdict).toBe("fail");

    const redirects = (scope: string) => `net.ipv4.conf.${scope}.accept_redirects`;
    const values = { [redirects("all")]: "0", [redirects("default")]: "1" };
    expect(judge(redirects("default"), { ...values, "net.ipv4.ip_forward": "1" }).verdict).toBe("pass");
    // Without forwarding, one of both is enough for the kernel to accept them.
    expect(judge(redirects("default"), { ...values, "net.ipv4.ip_forward": "0" }).verdict).toBe("fail");

    const filter = (scope: string) => `net.ipv4.conf.${scope}.rp_filter`;
    expect(judge(filter("default"), { [filter("all")]: "2", [filter("default")]: "0" }).verdict).toBe("pass");
    expect(judge(filter("all"), { [filter("all")]: "0", [filter("default")]: "2" }).severity).toBe("info");
  });

  it("says what containers need where general advice would break them", () => {
    for (const key of ["kernel.modules_disabled", "net.bridge.bridge-nf-call-iptables"]) {
      expect(ruleById(rules, sysctlRuleId(key)).countermeasure.toLowerCase()).toMatch(/container|engine/);
    }
  });
});
