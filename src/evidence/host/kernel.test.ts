import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import fc from "fast-check";
import { hostFiles } from "../filesystem.ts";
import { type Entry, testHost, type TestHost } from "../testing.ts";
import { collectKernel, CONFIG_OPTIONS, parseKernelConfig, parseLockdown } from "./kernel.ts";

const CONFIG =
  '# x\nCONFIG_SECCOMP_FILTER=y\nCONFIG_USER_NS=m\n# CONFIG_DEVMEM is not set\nCONFIG_LSM="a,b"\n';

let host: TestHost | undefined;
afterEach(() => {
  host?.remove();
  host = undefined;
});

function kernel(entries: Record<string, Entry>) {
  host = testHost({ "/proc/sys/kernel/osrelease": "6.1.0-40-amd64\n", ...entries });
  return collectKernel(host.files);
}

describe("parseKernelConfig", () => {
  it("gives a value to every wanted option, and to no other", () => {
    const config = parseKernelConfig(CONFIG);
    expect(Object.keys(config)).toEqual(CONFIG_OPTIONS);
    expect([config.SECCOMP_FILTER, config.USER_NS, config.DEVMEM, config.KPROBES]).toEqual([
      "y",
      "m",
      "n",
      "n",
    ]);
    fc.assert(fc.property(fc.string(), (text) => void parseKernelConfig(text)));
  });
});

describe("parseLockdown", () => {
  it("finds the mode in force", () => {
    expect(parseLockdown("[none] integrity confidentiality\n")).toBe("none");
    expect(parseLockdown("none [integrity] confidentiality\n")).toBe("integrity");
    expect(parseLockdown("none\n")).toBeNull();
  });
});

describe("collectKernel", () => {
  it("reads what the running kernel and its packages show", () => {
    expect(
      kernel({
        "/proc/config.gz": gzipSync(CONFIG),
        "/sys/kernel/security/lsm": "lockdown,capability,apparmor\n",
        "/sys/kernel/security/lockdown": "none [integrity] confidentiality\n",
        "/proc/modules": "overlay 155648 1 - Live 0x0\nbr_netfilter 32768 0 - Live 0x0\n",
        "/lib/modules/6.1.0-40-amd64/kernel": { folder: true },
        "/lib/modules/6.1.0-41-amd64/vmlinuz": "x",
        "/lib/modules/6.1.0-9-amd64/modules.dep": "left over",
        "/boot/vmlinuz-6.1.0-42-amd64": "x",
        "/boot/vmlinuz-6.1.0-42-amd64.old": "x",
        "/boot/vmlinuz-0-rescue-abc": "x",
        "/boot/initrd.img-6.1.0-43-amd64": "x",
      }),
    ).toMatchObject({
      release: "6.1.0-40-amd64",
      architecture: process.arch,
      config: { ok: true, value: { SECCOMP_FILTER: "y" } },
      lsms: { ok: true, value: ["lockdown", "capability", "apparmor"] },
      lockdown: { ok: true, value: "integrity" },
      installed: { ok: true, value: ["6.1.0-40-amd64", "6.1.0-41-amd64", "6.1.0-42-amd64"] },
      modules: { ok: true, value: ["overlay", "br_netfilter"] },
    });
  });

  it("reads the config of /boot where the kernel does not tell its own", () => {
    expect(kernel({ "/boot/config-6.1.0-40-amd64": CONFIG }).config).toMatchObject({
      ok: true,
      value: { USER_NS: "m" },
    });
    host?.remove();
    expect(kernel({ "/lib/modules/6.1.0-40-amd64/config": CONFIG }).config.ok).toBe(true);
  });

  it("says what is not there", () => {
    expect(kernel({})).toMatchObject({
      config: { ok: false, why: "/proc/config.gz and /boot/config-6.1.0-40-amd64: do not exist" },
      lsms: { ok: false, why: "/sys/kernel/security/lsm: does not exist; is securityfs mounted?" },
      lockdown: { ok: false, why: "/sys/kernel/security/lockdown: does not exist; is securityfs mounted?" },
      installed: { ok: true, value: [] },
      modules: { ok: true, value: [] },
    });
  });

  it("tells a kernel without lockdown from securityfs not mounted", () => {
    expect(kernel({ "/sys/kernel/security/lsm": "capability\n" }).lockdown).toEqual({
      ok: false,
      why: "/sys/kernel/security/lockdown: the kernel was built without lockdown",
    });
  });

  it("survives a config that is no gzip, or grows without end", () => {
    expect(kernel({ "/proc/config.gz": "garbage" }).config.ok).toBe(false);
    host?.remove();
    expect(kernel({ "/proc/config.gz": gzipSync(Buffer.alloc(8 << 20)) }).config.ok).toBe(false);
  });

  it("does not let the release name lead elsewhere", () => {
    expect(kernel({ "/proc/sys/kernel/osrelease": "../../etc/x\n" }).config.ok).toBe(false);
  });

  it("reads this machine's kernel", () => {
    expect(collectKernel(hostFiles()).release).toBe(hostFiles().read("/proc/sys/kernel/osrelease").trim());
  });
});
