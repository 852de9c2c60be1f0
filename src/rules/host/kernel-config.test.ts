import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { host, ruleById, verdictOf } from "../testing.ts";
import rules from "./kernel-config.ts";
import { sysctls } from "./testing.ts";

function judge(name: string, config: Record<string, string>, values: Record<string, string> = {}) {
  const rule = ruleById(rules, `SW-HOST-KERNEL-${name}`);
  return verdictOf(
    rule,
    host({ kernel: { ...host().kernel, config: got(config) }, sysctls: sysctls(values) }),
  );
}

describe("kernel build", () => {
  it.each([
    ["SECCOMP-FILTER", ["SECCOMP_FILTER"]],
    ["USER-NS", ["USER_NS"]],
    ["LSM", ["SECURITY_APPARMOR", "SECURITY_SELINUX"]],
    ["CGROUP-PIDS", ["CGROUP_PIDS"]],
    ["BPF-UNPRIV-DEFAULT-OFF", ["BPF_UNPRIV_DEFAULT_OFF"]],
    ["STRICT-DEVMEM", ["STRICT_DEVMEM"]],
    ["HARDENED-USERCOPY", ["HARDENED_USERCOPY"]],
  ])("judges %s", (name, options) => {
    const off = Object.fromEntries(options.map((option) => [option, "n"]));
    expect(judge(name, off)).toMatchObject({
      verdict: "fail",
      evidence: options.map((option) => ({ path: `CONFIG_${option}`, value: "n" })),
    });
    for (const option of options) expect(judge(name, { ...off, [option]: "y" }).verdict).toBe("pass");
    // Not looked up is not the same as off.
    expect(judge(name, {}).verdict).toBe("unknown");
    const rule = ruleById(rules, `SW-HOST-KERNEL-${name}`);
    const unread = host({ kernel: { ...host().kernel, config: missing("/proc/config.gz: does not exist") } });
    expect(verdictOf(rule, unread).verdict).toBe("unknown");
  });

  it("does not ask for a lock on what is not there", () => {
    expect(judge("STRICT-DEVMEM", { STRICT_DEVMEM: "n", DEVMEM: "n" }).verdict).toBe("pass");
    expect(judge("STRICT-DEVMEM", { STRICT_DEVMEM: "n", DEVMEM: "y" }).verdict).toBe("fail");
    expect(judge("BPF-UNPRIV-DEFAULT-OFF", { BPF_UNPRIV_DEFAULT_OFF: "n", BPF_SYSCALL: "n" }).verdict).toBe(
      "pass",
    );
  });

  it("takes the sysctl for the same", () => {
    const key = "kernel.unprivileged_bpf_disabled";
    const off = { BPF_UNPRIV_DEFAULT_OFF: "n", BPF_SYSCALL: "y" };
    expect(judge("BPF-UNPRIV-DEFAULT-OFF", off, { [key]: "2" }).verdict).toBe("pass");
    expect(judge("BPF-UNPRIV-DEFAULT-OFF", off, { [key]: "0" }).verdict).toBe("fail");
  });
});
