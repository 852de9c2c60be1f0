import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { capabilityName, healthcheck, readInspect } from "./inspect.ts";

/** The answer of Docker 20.10 for a container with many settings, cut to what is read. */
const INSPECT = {
  Id: "3c31be26",
  Name: "/web",
  State: { Status: "running", Running: true, Pid: 3303 },
  Image: "sha256:8672",
  Config: {
    User: "1000:1000",
    WorkingDir: "/app",
    Entrypoint: ["/init", "--token", "hunter2"],
    Cmd: ["serve", "--password=hunter2"],
    Env: ["PATH=/bin", "DB_PASSWORD=hunter2"],
    Labels: { "com.example.team": "web", "com.example.api-token": "hunter2" },
    ExposedPorts: { "80/tcp": {} },
    Healthcheck: { Test: ["CMD-SHELL", "mysql --password=hunter2"] },
  },
  HostConfig: {
    NetworkMode: "default",
    PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8081" }] },
    RestartPolicy: { Name: "on-failure", MaximumRetryCount: 5 },
    VolumesFrom: ["db:ro"],
    CapAdd: ["NET_ADMIN", "cap_sys_time"],
    CapDrop: ["all"],
    CgroupnsMode: "private",
    GroupAdd: ["audio"],
    IpcMode: "private",
    Links: ["/db:/web/db"],
    OomScoreAdj: -500,
    PidMode: "host",
    Privileged: true,
    PublishAllPorts: false,
    ReadonlyRootfs: true,
    SecurityOpt: ["no-new-privileges", 'seccomp={"defaultAction":"SCMP_ACT_ALLOW"}', "seccomp=unconfined"],
    UTSMode: "",
    UsernsMode: "host",
    Runtime: "runc",
    CpuShares: 512,
    Memory: 67108864,
    MemorySwap: -1,
    NanoCpus: 500000000,
    CpuQuota: 0,
    CpusetCpus: "0-1",
    CgroupParent: "/lim",
    Devices: [{ PathOnHost: "/dev/sda", PathInContainer: "/dev/xvda", CgroupPermissions: "rwm" }],
    DeviceCgroupRules: ["b *:* rwm"],
    OomKillDisable: true,
    PidsLimit: 50,
    Ulimits: [{ Name: "nofile", Soft: 1024, Hard: 2048 }],
    Sysctls: { "net.ipv4.ip_forward": "1" },
    Init: true,
    Tmpfs: { "/tmp": "rw,noexec" },
    LogConfig: { Type: "splunk", Config: { "splunk-token": "hunter2", "splunk-url": "https://x" } },
    MaskedPaths: [],
    ReadonlyPaths: ["/proc/sys"],
  },
  Mounts: [
    { Type: "bind", Source: "/run", Destination: "/hostrun", Mode: "ro", RW: false, Propagation: "rprivate" },
    {
      Type: "volume",
      Name: "data",
      Source: "/v/_data",
      Destination: "/d",
      Mode: "z",
      RW: true,
      Propagation: "",
    },
  ],
  NetworkSettings: {
    Ports: {
      "80/tcp": [
        { HostIp: "0.0.0.0", HostPort: "8081" },
        { HostIp: "::", HostPort: "8081" },
      ],
      "443/tcp": null,
    },
    Networks: { bridge: { NetworkID: "f483", IPAddress: "172.17.0.2" } },
  },
};

describe("readInspect", () => {
  it("reads every field", () => {
    expect(readInspect(INSPECT)).toEqual({
      source: "docker inspect web",
      imageId: "sha256:8672",
      user: "1000:1000",
      workingDir: "/app",
      entrypoint: ["/init", "--token", "****"],
      command: ["serve"],
      env: [
        { name: "PATH", shape: "path", length: 4 },
        { name: "DB_PASSWORD", shape: "text", length: 7 },
      ],
      labels: { "com.example.team": "web", "com.example.api-token": "****" },
      privileged: true,
      capAdd: ["CAP_NET_ADMIN", "CAP_SYS_TIME"],
      capDrop: ["ALL"],
      securityOpt: ["no-new-privileges", "seccomp=<profile>", "seccomp=unconfined"],
      pidMode: "host",
      ipcMode: "private",
      networkMode: "default",
      utsMode: "",
      usernsMode: "host",
      cgroupnsMode: "private",
      readonlyRootfs: true,
      mounts: [
        {
          type: "bind",
          source: "/run",
          target: "/hostrun",
          writable: false,
          mode: "ro",
          propagation: "rprivate",
        },
        {
          type: "volume",
          source: "/v/_data",
          target: "/d",
          writable: true,
          mode: "z",
          propagation: "",
          volume: "data",
        },
      ],
      tmpfs: { "/tmp": "rw,noexec" },
      volumesFrom: ["db:ro"],
      links: ["/db:/web/db"],
      devices: [{ host: "/dev/sda", container: "/dev/xvda", permissions: "rwm" }],
      deviceCgroupRules: ["b *:* rwm"],
      ports: [
        { container: 80, protocol: "tcp", hostIp: "0.0.0.0", hostPort: 8081 },
        { container: 80, protocol: "tcp", hostIp: "::", hostPort: 8081 },
      ],
      publishAllPorts: false,
      exposedPorts: ["80/tcp"],
      memory: 67108864,
      memorySwap: -1,
      nanoCpus: 500000000,
      cpuQuota: 0,
      cpuShares: 512,
      cpusetCpus: "0-1",
      pidsLimit: 50,
      ulimits: [{ name: "nofile", soft: 1024, hard: 2048 }],
      oomKillDisable: true,
      oomScoreAdj: -500,
      restart: { name: "on-failure", max: 5 },
      cgroupParent: "/lim",
      sysctls: { "net.ipv4.ip_forward": "1" },
      runtime: "runc",
      init: true,
      logDriver: "splunk",
      logOptions: { "splunk-token": "****", "splunk-url": "https://x" },
      maskedPaths: [],
      readonlyPaths: ["/proc/sys"],
      healthcheck: ["CMD-SHELL", "mysql --password=****"],
      groupAdd: ["audio"],
      networks: [{ name: "bridge", id: "f483", ip: "172.17.0.2" }],
    });
  });

  it("keeps no secret", () => {
    expect(JSON.stringify(readInspect(INSPECT))).not.toContain("hunter2");
  });

  it("takes null for the default, as Docker means it", () => {
    const { HostConfig } = INSPECT;
    const inspect = { HostConfig: { ...HostConfig, MaskedPaths: null, CapAdd: null, PidsLimit: null } };
    expect(readInspect(inspect)).toMatchObject({
      maskedPaths: null,
      capAdd: [],
      pidsLimit: 0,
      healthcheck: null,
    });
  });

  it("shows the ports that a start would publish where the container is stopped", () => {
    const stopped = { ...INSPECT, State: { Running: false }, NetworkSettings: { Ports: {} } };
    expect(readInspect(stopped).ports).toEqual([
      { container: 80, protocol: "tcp", hostIp: "", hostPort: 8081 },
    ]);
  });

  it("does not show ports that were asked for but are not in force", () => {
    expect(readInspect({ ...INSPECT, NetworkSettings: { Ports: {} } }).ports).toEqual([]);
  });

  it("never throws, whatever the engine answers", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (object, value) => {
        expect(typeof readInspect(object).user).toBe("string");
        readInspect({
          HostConfig: object,
          Config: object,
          NetworkSettings: value,
          Mounts: value,
          State: value,
        });
        readInspect({
          HostConfig: { PortBindings: object, Devices: value, Ulimits: value, LogConfig: object },
        });
      }),
    );
  });
});

describe("capabilityName", () => {
  it.each([
    ["net_raw", "CAP_NET_RAW"],
    ["CAP_NET_RAW", "CAP_NET_RAW"],
    ["all", "ALL"],
  ])("%s is %s", (name, full) => {
    expect(capabilityName(name)).toBe(full);
  });
});

describe("healthcheck", () => {
  it("is null without a test, and keeps what switches it off", () => {
    expect(healthcheck(null)).toBeNull();
    expect(healthcheck({ Test: [] })).toBeNull();
    expect(healthcheck({ Test: ["NONE"] })).toEqual(["NONE"]);
  });
});
