import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hostFiles } from "../filesystem.ts";
import { testHost } from "../testing.ts";
import { collectSysctls, SYSCTL_KEYS } from "./sysctls.ts";

const INSIDE = { hostNetwork: true, hostUsers: true };

describe("collectSysctls", () => {
  it("reads values, absent keys and unreadable ones apart", () => {
    const host = testHost({
      "/proc/sys/kernel/kptr_restrict": "1\n",
      "/proc/sys/net/ipv4/conf/all/rp_filter": "2\n",
      "/proc/sys/fs/protected_hardlinks": { folder: true },
    });
    const sysctls = collectSysctls(host.files, INSIDE);
    host.remove();
    expect(sysctls["kernel.kptr_restrict"]).toEqual({ ok: true, value: "1" });
    expect(sysctls["net.ipv4.conf.all.rp_filter"]).toEqual({ ok: true, value: "2" });
    expect(sysctls["kernel.yama.ptrace_scope"]).toEqual({ ok: true, value: null });
    expect(sysctls["fs.protected_hardlinks"]).toMatchObject({ ok: false });
    expect(Object.keys(sysctls)).toEqual(SYSCTL_KEYS);
  });

  it("does not take the settings of another namespace for the host's", () => {
    const host = testHost({
      "/proc/sys/net/ipv4/ip_forward": "0\n",
      "/proc/sys/user/max_user_namespaces": "0\n",
      "/proc/sys/kernel/sysrq": "0\n",
    });
    const sysctls = collectSysctls(host.files, { hostNetwork: false, hostUsers: false });
    host.remove();
    expect(sysctls["net.ipv4.ip_forward"]).toMatchObject({ ok: false });
    expect(sysctls["user.max_user_namespaces"]).toMatchObject({ ok: false });
    expect(sysctls["kernel.sysrq"]).toEqual({ ok: true, value: "0" });
  });

  it("agrees with the running kernel", () => {
    const sysctls = collectSysctls(hostFiles(), INSIDE);
    expect(sysctls["kernel.randomize_va_space"]).toEqual({
      ok: true,
      value: readFileSync("/proc/sys/kernel/randomize_va_space", "utf8").trim(),
    });
  });
});

describe("SYSCTL_KEYS", () => {
  it("names each key once", () => {
    expect(new Set(SYSCTL_KEYS).size).toBe(SYSCTL_KEYS.length);
    expect(SYSCTL_KEYS.every((key) => /^[a-z]+(?:\.[\w-]+)+$/.test(key))).toBe(true);
  });
});
