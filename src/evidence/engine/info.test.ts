import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readInfo, readSecurityOption, readVersion } from "./info.ts";

const INFO = {
  ID: "XD7W:KJVJ",
  Containers: 3,
  Images: 7,
  Driver: "overlay2",
  Plugins: { Volume: ["local"], Authorization: ["opa"] },
  Debug: true,
  LoggingDriver: "json-file",
  CgroupDriver: "systemd",
  CgroupVersion: "2",
  KernelVersion: "6.1.0",
  OperatingSystem: "Debian GNU/Linux 12 (bookworm)",
  OSType: "linux",
  RegistryConfig: {
    InsecureRegistryCIDRs: ["127.0.0.0/8", "10.0.0.0/8"],
    IndexConfigs: {
      "docker.io": { Name: "docker.io", Secure: true },
      "registry.lan:5000": { Name: "registry.lan:5000", Secure: false },
    },
  },
  NCPU: 2,
  MemTotal: 25276510208,
  DockerRootDir: "/var/lib/docker",
  Name: "vm",
  ExperimentalBuild: true,
  Runtimes: { runc: { path: "runc" }, kata: { path: "/usr/bin/kata" }, shim: {} },
  DefaultRuntime: "runc",
  Swarm: { NodeAddr: "10.0.0.1", LocalNodeState: "active", ControlAvailable: true, Nodes: 3, Managers: 1 },
  LiveRestoreEnabled: true,
  SecurityOptions: ["name=seccomp,profile=builtin", "name=rootless"],
  Warnings: ["WARNING: No swap limit support"],
};

describe("readInfo", () => {
  it("reads every field", () => {
    expect(readInfo(INFO)).toEqual({
      id: "XD7W:KJVJ",
      hostName: "vm",
      rootDir: "/var/lib/docker",
      storageDriver: "overlay2",
      cgroupDriver: "systemd",
      cgroupVersion: "2",
      securityOptions: [
        { name: "seccomp", options: { profile: "builtin" } },
        { name: "rootless", options: {} },
      ],
      loggingDriver: "json-file",
      liveRestore: true,
      debug: true,
      experimental: true,
      insecureRegistries: ["registry.lan:5000"],
      insecureRegistryCidrs: ["127.0.0.0/8", "10.0.0.0/8"],
      authorizationPlugins: ["opa"],
      defaultRuntime: "runc",
      runtimes: { runc: "runc", kata: "/usr/bin/kata", shim: "" },
      swarmState: "active",
      swarmManager: true,
      swarmNodeAddress: "10.0.0.1",
      swarmNodes: 3,
      swarmManagers: 1,
      warnings: ["WARNING: No swap limit support"],
      memoryTotal: 25276510208,
      cpus: 2,
      osType: "linux",
      operatingSystem: "Debian GNU/Linux 12 (bookworm)",
      kernel: "6.1.0",
      containers: 3,
      images: 7,
    });
  });

  it("reads what an engine without swarm, plugins and warnings answers", () => {
    expect(
      readInfo({ Plugins: { Authorization: null }, Warnings: null, Swarm: { LocalNodeState: "" } }),
    ).toMatchObject({
      authorizationPlugins: [],
      warnings: [],
      swarmState: "inactive",
      swarmManager: false,
    });
  });

  it("never throws, whatever the engine answers", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(typeof readInfo(a).id).toBe("string");
        readInfo({
          RegistryConfig: { IndexConfigs: a },
          Runtimes: b,
          Swarm: a,
          Plugins: b,
          SecurityOptions: a,
        });
      }),
    );
  });
});

describe("readSecurityOption", () => {
  it.each([
    ["name=seccomp,profile=/etc/docker/s.json", "seccomp", { profile: "/etc/docker/s.json" }],
    ["apparmor", "apparmor", {}],
    ["name=userns", "userns", {}],
    ["", "", {}],
  ])("%j", (text, name, options) => {
    expect(readSecurityOption(text)).toEqual({ name, options });
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(typeof readSecurityOption(text).name).toBe("string");
      }),
    );
  });
});

describe("readVersion", () => {
  it("prefers the distribution's revision where it stands in the commit", () => {
    expect(
      readVersion({
        Platform: { Name: "Docker Engine - Community" },
        Version: "20.10.24+dfsg1",
        ApiVersion: "1.41",
        MinAPIVersion: "1.12",
        Components: [
          { Name: "Engine", Version: "20.10.24+dfsg1", Details: { GitCommit: "5d6db84" } },
          { Name: "containerd", Version: "1.6.20~ds1", Details: { GitCommit: "1.6.20~ds1-1+deb12u3" } },
          { Name: "docker-init", Version: "0.19.0", Details: { GitCommit: "" } },
          { Name: "runc", Version: "1.1.5", Details: null },
        ],
      }),
    ).toEqual({
      version: "20.10.24+dfsg1",
      apiVersion: "1.41",
      minApiVersion: "1.12",
      platform: "Docker Engine - Community",
      components: {
        Engine: "20.10.24+dfsg1",
        containerd: "1.6.20~ds1-1+deb12u3",
        "docker-init": "0.19.0",
        runc: "1.1.5",
      },
    });
  });

  it("never throws, whatever the engine answers", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readVersion({ Components: value, Platform: value }).version).toBe("");
      }),
    );
  });
});
