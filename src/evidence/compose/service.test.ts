import { describe, expect, it } from "vitest";
import type { ContainerEvidence, DeclaredContainer } from "#model/evidence/container.ts";
import { withImage } from "./image.ts";
import { composeFile } from "./testing.ts";

function container(settings: string, rest = ""): ContainerEvidence {
  const file = composeFile(`services:\n  web: {image: nginx:1, ${settings}}\n${rest}`);
  const [first] = file.services;
  if (first === undefined) throw new Error("no service");
  return first;
}

function declared(settings: string, rest = ""): DeclaredContainer {
  const reading = container(settings, rest).declared;
  if (!reading.ok) throw new Error(reading.why);
  return reading.value;
}

describe("a service as a container", () => {
  it("is declared only, and known by its name", () => {
    const web = container("");
    expect(web).toMatchObject({
      id: "compose.yaml#web",
      name: "web",
      image: "nginx:1",
      engine: null,
      manager: "compose",
      state: "",
      declaredIn: { path: "compose.yaml", carrier: "compose", place: { field: "services.web" } },
      actual: { ok: false },
      specified: { ok: false },
    });
  });

  it.each<[settings: string, expected: Partial<DeclaredContainer>]>([
    ["user: '1000:1000'", { user: "1000:1000" }],
    ["privileged: 'yes'", { privileged: true }],
    [
      "cap_add: [net_admin, CAP_SYS_TIME], cap_drop: [all]",
      { capAdd: ["CAP_NET_ADMIN", "CAP_SYS_TIME"], capDrop: ["ALL"] },
    ],
    ["security_opt: ['systempaths=unconfined']", { maskedPaths: [], readonlyPaths: [] }],
    [
      "pid: host, ipc: 'service:db', uts: host, userns_mode: host, cgroup: host",
      { pidMode: "host", ipcMode: "container:db", utsMode: "host", usernsMode: "host", cgroupnsMode: "host" },
    ],
    ["network_mode: host, ports: ['80:80']", { networkMode: "host", ports: [], networks: [] }],
    ["network_mode: bridge", { networks: [{ name: "bridge", id: "", ip: "" }] }],
    ["networks: [front]", { networks: [{ name: "project_front", id: "", ip: "" }] }],
    ["read_only: true, init: true", { readonlyRootfs: true, init: true }],
    [
      "mem_limit: 64m, cpus: 0.5, pids_limit: 10, memswap_limit: 64m",
      { memory: 64 << 20, nanoCpus: 5e8, pidsLimit: 10, memorySwap: 64 << 20 },
    ],
    [
      "deploy: {resources: {limits: {memory: 64M, cpus: '0.25', pids: 9}}}",
      { memory: 64 << 20, nanoCpus: 2.5e8, pidsLimit: 9 },
    ],
    ["mem_limit: '${LIMIT}'", { memory: 1 }],
    ["restart: 'on-failure:3'", { restart: { name: "on-failure", max: 3 } }],
    ["restart: 'no'", { restart: { name: "no", max: 0 } }],
    ["deploy: {restart_policy: {condition: any}}", { restart: { name: "always", max: 0 } }],
    [
      "deploy: {restart_policy: {condition: on-failure, max_attempts: 2}}",
      { restart: { name: "on-failure", max: 2 } },
    ],
    ["logging: {driver: none}", { logDriver: "none" }],
    ["logging: {options: {max-size: 1m}}", { logDriver: "json-file", logOptions: { "max-size": "1m" } }],
    ["healthcheck: {disable: true}", { healthcheck: ["NONE"] }],
    ["healthcheck: {test: curl x}", { healthcheck: ["CMD-SHELL", "curl x"] }],
    ["healthcheck: {interval: 5s}", { healthcheck: null }],
    ["command: sh -c 'a b', entrypoint: [x, y]", { command: ["sh"], entrypoint: ["x", "y"] }],
    [
      "devices: ['/dev/sda:/dev/xvda:r', {source: /dev/b}]",
      {
        devices: [
          { host: "/dev/sda", container: "/dev/xvda", permissions: "r" },
          { host: "/dev/b", container: "/dev/b", permissions: "rwm" },
        ],
      },
    ],
    ["sysctls: [net.core.somaxconn=1]", { sysctls: { "net.core.somaxconn": "1" } }],
    [
      "ulimits: {nofile: {soft: 1, hard: 2}, nproc: 3}",
      {
        ulimits: [
          { name: "nofile", soft: 1, hard: 2 },
          { name: "nproc", soft: 3, hard: 3 },
        ],
      },
    ],
    ["tmpfs: ['/run:exec,size=1m', /tmp]", { tmpfs: { "/run": "exec,size=1m", "/tmp": "" } }],
    [
      "links: ['db:mysql'], external_links: [old], volumes_from: ['db:ro']",
      { links: ["db:mysql", "old"], volumesFrom: ["db:ro"] },
    ],
    ["expose: [80, '90/udp']", { exposedPorts: ["80", "90/udp"] }],
    ["oom_kill_disable: true, oom_score_adj: -5", { oomKillDisable: true, oomScoreAdj: -5 }],
    [
      "cgroup_parent: x, runtime: runsc, group_add: [1, docker]",
      { cgroupParent: "x", runtime: "runsc", groupAdd: ["1", "docker"] },
    ],
  ])("%s", (settings, expected) => {
    expect(declared(settings)).toMatchObject(expected);
  });

  it("shows the folders that it will see", () => {
    const { mounts } = declared(
      "volumes: ['/etc/:/e:ro', data:/d, host:/h, '~/.ssh:/s', './x:/x', '$NONE/y:/y', /anon], use_api_socket: true",
      "volumes: {data: {}, host: {driver_opts: {type: none, o: 'bind', device: /etc}}}\n",
    );
    expect(
      mounts.map(({ type, source, target, writable }) => `${type} ${source} ${target} ${writable}`),
    ).toEqual([
      "bind /etc /e false",
      "volume data /d true",
      "bind /etc /h true",
      "bind /home/$USER/.ssh /s true",
      "bind ./x /x true",
      "volume /y /y true",
      "volume  /anon true",
      "bind /var/run/docker.sock /var/run/docker.sock true",
    ]);
  });

  it("keeps no value of its environment, and counts what stands in the file only", () => {
    const web = container(
      "environment: {PASSWORD: hunter2, TOKEN: '${TOKEN}', KEY: , URL: '${U:-http://a:b@c}'}",
    );
    expect(JSON.stringify(web)).not.toContain("hunter2");
    expect(web.declared).toMatchObject({
      value: {
        env: [
          { name: "PASSWORD", shape: "text", length: 7 },
          { name: "TOKEN", shape: "empty" },
          { name: "KEY", shape: "empty" },
          { name: "URL", shape: "url-with-password" },
        ],
      },
    });
  });

  it("masks secrets in its command and its labels", () => {
    const web = container(
      "command: [redis, --requirepass, hunter2], labels: ['password=hunter2'], logging: {driver: x, options: {token: 'token=hunter2'}}",
    );
    expect(JSON.stringify(web)).not.toContain("hunter2");
  });

  it("gives the benefit of the doubt to a part that another file completes", () => {
    const [part] = composeFile("services: {web: {privileged: true, ports: ['80:80']}}").services;
    expect(part?.declared).toMatchObject({
      value: { privileged: true, readonlyRootfs: true, capDrop: ["ALL"] },
    });
  });

  it("is none for what a provider runs", () => {
    expect(composeFile("services: {db: {provider: {type: x}}}").services).toEqual([]);
  });
});

describe("places", () => {
  const text = `services:
  web:
    image: nginx:1
    privileged: true
    cap_add: [SYS_ADMIN]
    ports:
      - "22:2222"
      - 10000-10003:10000-10003
    volumes:
      - /etc:/e
    environment:
      PASSWORD: x
    sysctls:
      net.a: 1
    devices: ["/dev/sda"]
    device_cgroup_rules: ["b 7:* rwm"]
    deploy: {resources: {limits: {memory: 1m}}}
    security_opt: ["seccomp:unconfined"]
    tmpfs: /t:exec
`;
  const file = composeFile(text);
  const places = file.services[0]?.declaredIn?.places ?? {};
  it.each([
    ["HostConfig.Privileged", "privileged: true"],
    ["HostConfig.CapAdd/CapDrop", "cap_add"],
    ["NetworkSettings.Ports 2222/tcp", '"22:2222"'],
    ["NetworkSettings.Ports 22/tcp", '"22:2222"'],
    ["NetworkSettings.Ports 10000-10003/tcp", "10000-10003:10000-10003"],
    ["Mounts /e", "/etc:/e"],
    ["Config.Env PASSWORD", "PASSWORD: x"],
    ["HostConfig.Sysctls.net.a", "net.a: 1"],
    ["HostConfig.Devices, DeviceCgroupRules c ? /dev/sda", '"/dev/sda"'],
    ["HostConfig.Devices, DeviceCgroupRules b 7:* null", '"b 7:* rwm"'],
    ["HostConfig.Memory", "memory: 1m"],
    ["HostConfig.SecurityOpt seccomp:unconfined", '"seccomp:unconfined"'],
    ["HostConfig.Tmpfs /t", "/t:exec"],
    ["Image", "image: nginx:1"],
  ])("%s", (path, found) => {
    const place = places[path];
    expect(text.slice(place?.start, place?.end)).toBe(found);
  });
});

it("takes from the image what the file leaves out", () => {
  const image = { user: "app", healthcheck: ["CMD", "x"], command: ["run"], exposedPorts: ["80/tcp"] };
  expect(withImage(container(""), image).declared).toMatchObject({
    value: { user: "app", healthcheck: ["CMD", "x"], command: ["run"], exposedPorts: ["80/tcp"] },
  });
  expect(
    withImage(container("user: root, healthcheck: {disable: true}, command: a"), image).declared,
  ).toMatchObject({
    value: { user: "root", healthcheck: ["NONE"], command: ["a"] },
  });
});
