import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type KnownProfiles, parseBundle } from "./config.ts";

const CONFIG = {
  ociVersion: "1.0.2",
  process: {
    user: { uid: 1000, gid: 1001, additionalGids: [4] },
    args: ["nginx", "-g", "password=hunter2"],
    cwd: "/app",
    capabilities: {
      bounding: ["CAP_CHOWN"],
      effective: ["CAP_CHOWN"],
      permitted: ["CAP_CHOWN"],
      inheritable: ["CAP_KILL"],
    },
    noNewPrivileges: true,
    apparmorProfile: "docker-default",
    selinuxLabel: "",
  },
  root: { path: "/var/lib/docker/overlay2/x/merged", readonly: true },
  mounts: [
    { destination: "/proc", type: "proc", source: "proc", options: ["nosuid"] },
    { destination: "/data", type: "bind", source: "/srv", options: ["rbind", "rw"] },
  ],
  linux: {
    namespaces: [{ type: "mount" }, { type: "network", path: "/proc/1/ns/net" }],
    uidMappings: [{ containerID: 0, hostID: 231072, size: 65536 }],
    maskedPaths: ["/proc/kcore"],
    readonlyPaths: ["/proc/sys"],
    cgroupsPath: "/docker/abc",
    devices: [{ path: "/dev/fuse", type: "c", major: 10, minor: 229 }],
    resources: {
      devices: [
        { allow: false, access: "rwm" },
        { allow: true, type: "c", major: 1, minor: 5, access: "rwm" },
        { allow: true, type: "b", major: -1, minor: null, access: "m" },
      ],
      memory: { limit: 67108864 },
      pids: { limit: 0 },
      cpu: { quota: -1 },
    },
    seccomp: {
      defaultAction: "SCMP_ACT_ERRNO",
      defaultErrnoRet: 1,
      architectures: ["SCMP_ARCH_X86_64"],
      syscalls: [
        {
          names: ["clone"],
          action: "SCMP_ACT_ALLOW",
          args: [{ index: 0, value: 2114060288, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ" }],
        },
        { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: 38 },
      ],
    },
  },
};

describe("parseBundle", () => {
  it("knows profiles again, and only where they stand", () => {
    const known: KnownProfiles = new Map();
    const json = JSON.stringify(CONFIG);
    const first = parseBundle(json, "x", known);
    expect(parseBundle(json, "x", known)).toEqual(parseBundle(json, "x"));
    expect(parseBundle(json, "x", known).seccomp).toBe(first.seccomp);
    // Indented it is not known by its text, and read.
    expect(parseBundle(JSON.stringify(CONFIG, null, 1), "x", known)).toEqual(first);
    const { seccomp } = CONFIG.linux;
    for (const [linux, rest] of [
      [{ seccomp: null }, { hooks: { seccomp } }],
      [{}, { annotations: { seccomp: JSON.stringify(seccomp) } }],
      [{ seccomp: { ...seccomp, defaultAction: "SCMP_ACT_ALLOW" } }, { seccomp }],
      [{ seccomp: { ...seccomp, more: seccomp } }, {}],
    ]) {
      const odd = JSON.stringify({ ...rest, linux });
      expect(parseBundle(odd, "x", known)).toEqual(parseBundle(odd, "x"));
    }
    const allowed = { linux: { seccomp: { defaultAction: "SCMP_ACT_ALLOW" } } };
    for (let at = 0; at < 20; at += 1)
      parseBundle(JSON.stringify({ linux: { seccomp: { at } } }), "x", known);
    expect(known.size).toBeLessThan(10);
    expect(parseBundle(JSON.stringify(allowed), "x", known).seccomp?.profile.defaultAction).toBe(
      "SCMP_ACT_ALLOW",
    );
  });

  it("reads what the runtime was given", () => {
    const { container, seccomp } = parseBundle(JSON.stringify(CONFIG), "/run/b/config.json");
    expect(container).toEqual({
      source: "/run/b/config.json",
      uid: 1000,
      gid: 1001,
      args: ["nginx"],
      cwd: "/app",
      noNewPrivileges: true,
      capabilities: {
        bounding: ["CAP_CHOWN"],
        effective: ["CAP_CHOWN"],
        permitted: ["CAP_CHOWN"],
        inheritable: ["CAP_KILL"],
        ambient: [],
      },
      apparmorProfile: "docker-default",
      selinuxLabel: "",
      readonlyRootfs: true,
      namespaces: [
        { type: "mount", path: "" },
        { type: "network", path: "/proc/1/ns/net" },
      ],
      mounts: [
        { target: "/proc", type: "proc", source: "proc", options: ["nosuid"] },
        { target: "/data", type: "bind", source: "/srv", options: ["rbind", "rw"] },
      ],
      maskedPaths: ["/proc/kcore"],
      readonlyPaths: ["/proc/sys"],
      deviceRules: ["deny a *:* rwm", "allow c 1:5 rwm", "allow b *:* m"],
      devices: [{ path: "/dev/fuse", type: "c", device: "10:229" }],
      cgroupsPath: "/docker/abc",
      uidMappings: [{ inside: 0, outside: 231072, count: 65536 }],
      gidMappings: [],
      seccomp: seccomp?.key,
      memoryLimit: 67108864,
      pidsLimit: null,
      cpuQuota: null,
    });
    expect(seccomp?.profile).toEqual({
      defaultAction: "SCMP_ACT_ERRNO",
      defaultErrno: 1,
      architectures: ["SCMP_ARCH_X86_64"],
      syscalls: [
        {
          names: ["clone"],
          action: "SCMP_ACT_ALLOW",
          args: [{ index: 0, value: 2114060288, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ" }],
        },
        { names: ["clone3"], action: "SCMP_ACT_ERRNO", errno: 38, args: [] },
      ],
    });
  });

  it("keeps nothing of the arguments but the program", () => {
    expect(JSON.stringify(parseBundle(JSON.stringify(CONFIG), "x"))).not.toContain("hunter2");
  });

  it("gives equal profiles one key, and others another", () => {
    const key = (change: object): string | undefined =>
      parseBundle(JSON.stringify({ linux: { seccomp: { ...CONFIG.linux.seccomp, ...change } } }), "x").seccomp
        ?.key;
    expect(key({})).toBe(key({ comment: "ignored" }));
    expect(key({})).not.toBe(key({ defaultAction: "SCMP_ACT_ALLOW" }));
  });

  it("says no filter, where there is none", () => {
    expect(parseBundle('{"linux": {"seccomp": null}}', "x")).toMatchObject({
      container: { seccomp: null },
      seccomp: null,
    });
  });

  it("throws on what is not JSON, and on nothing else", () => {
    expect(() => parseBundle("{", "x")).toThrow(SyntaxError);
    fc.assert(fc.property(fc.json(), (json) => void parseBundle(json, "x")));
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (linux, process) => {
        parseBundle(JSON.stringify({ linux, process, mounts: linux, root: process }), "x");
        parseBundle(JSON.stringify({ linux: { seccomp: linux, resources: { devices: process } } }), "x");
      }),
    );
  });
});
