import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { viewKernel } from "../kernel/view.ts";
import { type Entry, INITIAL_NAMESPACES, processEntries, testHost, type TestHost } from "../testing.ts";
import { dangerousSockets, describeDaemon, findDaemons } from "./daemons.ts";

let host: TestHost | undefined;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  host?.remove();
  host = undefined;
});

const HEADING = "Num       RefCount Protocol Flags    Type St Inode Path\n";
const TCP_HEADING = "  sl  local_address rem_address   st tx rx tr tm retrnsmt uid timeout inode\n";

function unixTable(...rows: [inode: number, path: string, connected?: boolean][]): string {
  return (
    HEADING +
    rows
      .map(([inode, path, connected = false]) =>
        connected
          ? `0000: 00000003 00000000 00000000 0001 03 ${inode} ${path}\n`
          : `0000: 00000002 00000000 00010000 0001 01 ${inode} ${path}\n`,
      )
      .join("")
  );
}

/** A dockerd with pid 700 that listens on /run/docker.sock (inode 11) and TCP 2375 (inode 12). */
function dockerd(more: Record<string, Entry> = {}, argv: string[] = ["/usr/bin/dockerd"]): TestHost {
  host = testHost({
    ...processEntries(1, "systemd", { parent: 0 }),
    ...processEntries(700, "dockerd", { argv, ns: INITIAL_NAMESPACES }),
    "/proc/700/uid_map": "0 0 4294967295\n",
    "/proc/700/environ": "HOME=/root\0PATH=/bin\0",
    "/proc/700/fd/3": { link: "socket:[11]" },
    "/proc/700/fd/4": { link: "socket:[12]" },
    "/proc/700/fd/5": { link: "/dev/null" },
    "/proc/700/net/unix": unixTable(
      [11, "/run/docker.sock"],
      [99, "/run/other.sock"],
      [20, "/run/docker.sock", true],
    ),
    "/proc/700/net/tcp": `${TCP_HEADING} 0: 00000000:0947 0:0 0A 0:0 0:0 0 0 0 12 1\n 1: 00000000:0016 0:0 0A 0:0 0:0 0 0 0 55 1\n`,
    "/proc/700/net/udp": `${TCP_HEADING} 0: 00000000:1F0A 0:0 07 0:0 0:0 0 0 0 12 1\n`,
    "/proc/700/root/etc/docker": { folder: true },
    ...more,
  });
  return host;
}

function described(socket = "/run/docker.sock", owned: number[] = []) {
  if (host === undefined) throw new Error("no host");
  const view = viewKernel(host.files);
  return describeDaemon(view, findDaemons(view, new Set(owned)), socket, got(1_000_000));
}

function daemonOf(socket?: string) {
  const answer = described(socket);
  if (!answer.ok) throw new Error(answer.why);
  return answer.value;
}

async function socket(path: string): Promise<void> {
  const real = join(host?.root ?? "", path);
  mkdirSync(join(real, ".."), { recursive: true });
  const server = createServer().listen(real);
  servers.push(server);
  await once(server, "listening");
}

describe("findDaemons", () => {
  it("finds programs by name and their sockets by descriptor, outside containers", () => {
    const { files } = dockerd({
      ...processEntries(800, "dockerd"),
      "/proc/800/fd": { folder: true },
      ...processEntries(801, "nginx"),
    });
    const found = findDaemons(viewKernel(files), new Set([800]));
    expect(found.map(({ pid, program, unixSockets }) => [pid, program, unixSockets])).toEqual([
      [1, "systemd", []],
      [700, "dockerd", [{ inode: 11, path: "/run/docker.sock" }]],
    ]);
  });
});

describe("describeDaemon", () => {
  it("describes the process that listens", () => {
    dockerd({
      ...processEntries(710, "docker-proxy", { parent: 700 }),
      ...processEntries(711, "containerd", { parent: 700 }),
      "/proc/700/root/run/docker.sock": "stands for the socket",
    });
    expect(daemonOf()).toMatchObject({
      pid: 700,
      argv: ["/usr/bin/dockerd"],
      executable: "/usr/bin/dockerd",
      executableDeleted: false,
      startedAtMs: 1_050_000,
      uid: 0,
      namespaces: INITIAL_NAMESPACES,
      uidMap: [{ inside: 0, outside: 0, count: 4294967295 }],
      settings: {},
      configFile: { path: "/etc/docker/daemon.json", stat: { ok: true, value: null }, error: null },
      unixSockets: [{ path: "/run/docker.sock", abstract: false, stat: { path: "/run/docker.sock" } }],
      listeners: [{ protocol: "tcp", address: "0.0.0.0", port: 2375, inode: 12 }],
      clients: 1,
      proxies: 1,
    });
  });

  it("takes settings from flags and file, and says from which", () => {
    dockerd(
      {
        "/proc/700/root/etc/docker/daemon.json": '\uFEFF{"icc": false, "debug": true, "__proto__": {"x": 1}}',
      },
      ["dockerd", "--debug=false", "-H", "fd://"],
    );
    const { settings, configFile } = daemonOf();
    expect(settings).toEqual(
      Object.fromEntries([
        ["icc", { value: false, from: "file" }],
        ["debug", { value: false, from: "flag" }],
        ["__proto__", { value: { x: 1 }, from: "file" }],
        ["hosts", { value: ["fd://"], from: "flag" }],
      ]),
    );
    expect(configFile).toMatchObject({
      path: "/etc/docker/daemon.json",
      stat: { value: { type: "file" } },
      error: null,
    });
  });

  it("keeps no secret of flags and file", () => {
    dockerd({ "/proc/700/root/etc/docker/daemon.json": '{"log-opts": {"splunk-token": "hunter2"}}' }, [
      "dockerd",
      "--log-opt",
      "gelf-password=hunter2",
      "--http-proxy=http://u:hunter2@p",
    ]);
    expect(JSON.stringify(daemonOf())).not.toContain("hunter2");
  });

  it("reads the config file that the daemon was told, in its own root, and describes what a link leads to", () => {
    dockerd(
      {
        "/proc/700/root/srv/x.json": { link: "/data/x.json" },
        "/proc/700/root/data/x.json": '{"icc": false}',
        "/data/x.json": '{"icc": true}',
      },
      ["dockerd", "--config-file", "/srv/x.json"],
    );
    const { settings, configFile } = daemonOf();
    expect(settings.icc).toEqual({ value: false, from: "file" });
    expect(configFile).toMatchObject({
      path: "/srv/x.json",
      stat: { value: { path: "/data/x.json", type: "file" } },
    });
  });

  it("reads a relative config file from where the daemon works", () => {
    dockerd({ "/proc/700/cwd/d.json": '{"icc": false}' }, ["dockerd", "--config-file=d.json"]);
    expect(daemonOf().settings.icc).toEqual({ value: false, from: "file" });
  });

  it("knows where a rootless daemon looks", () => {
    dockerd({
      "/proc/700/environ": "HOME=/home/bob\0ROOTLESSKIT_STATE_DIR=/x\0",
      "/proc/700/root/home/bob/.config/docker/daemon.json": '{"debug": true}',
    });
    expect(daemonOf()).toMatchObject({
      configFile: { path: "/home/bob/.config/docker/daemon.json" },
      settings: { debug: { value: true, from: "file" } },
    });
  });

  it("says why the config file could not be used", () => {
    dockerd({ "/proc/700/root/etc/docker/daemon.json": "{" });
    expect(daemonOf().configFile).toMatchObject({
      stat: { ok: true },
      error: "/etc/docker/daemon.json: is not JSON",
    });
  });

  it("sees that the running program was replaced", () => {
    dockerd();
    const { root } = host as TestHost;
    host?.remove();
    host = testHost({
      ...processEntries(700, "dockerd", { exe: "/usr/bin/dockerd (deleted)" }),
      "/proc/700/uid_map": "",
      "/proc/700/fd/3": { link: "socket:[11]" },
      "/proc/700/net/unix": unixTable([11, "/run/docker.sock"]),
      "/proc/700/net/tcp": TCP_HEADING,
    });
    expect(root).not.toBe(host.root);
    expect(daemonOf()).toMatchObject({ executable: "/usr/bin/dockerd", executableDeleted: true });
  });

  it("finds the engine behind a socket that systemd holds as well", () => {
    dockerd({
      "/proc/1/fd/9": { link: "socket:[11]" },
      "/proc/1/net/unix": unixTable([11, "/run/docker.sock"], [77, "/run/podman/podman.sock"]),
      "/proc/1/fd/10": { link: "socket:[77]" },
    });
    expect(daemonOf().pid).toBe(700);
    expect(described("/run/podman/podman.sock")).toEqual({
      ok: false,
      why: "systemd listens on /run/podman/podman.sock, and the engine behind it does not run at the moment",
    });
  });

  it("tells two daemons with one path apart by the socket itself", async () => {
    dockerd({
      ...processEntries(701, "dockerd", { ns: { ...INITIAL_NAMESPACES, net: 5 } }),
      "/proc/701/uid_map": "",
      "/proc/701/fd/3": { link: "socket:[31]" },
      "/proc/701/net/unix": unixTable([31, "/run/docker.sock"]),
      "/proc/701/net/tcp": TCP_HEADING,
    });
    await socket("/proc/700/root/run/docker.sock");
    await socket("/proc/701/root/run/docker.sock");
    host?.write({ "/run/docker.sock": { link: "/proc/701/root/run/docker.sock" } });
    expect(daemonOf().pid).toBe(701);
  });

  it("is found through links of the path", () => {
    dockerd({
      "/var/run": { link: "/run" },
      "/proc/700/net/unix": unixTable([11, "/var/run/docker.sock"]),
      "/run/docker.sock": "x",
    });
    expect(daemonOf("/run/docker.sock").pid).toBe(700);
  });

  it("does not say that nothing listens where that could not be read", () => {
    dockerd();
    host?.remove();
    host = testHost({
      ...processEntries(700, "dockerd"),
      "/proc/700/uid_map": "",
      "/proc/700/fd/3": { link: "socket:[11]" },
      "/proc/700/net/unix": unixTable([11, "/run/docker.sock"]),
    });
    expect(described()).toMatchObject({
      ok: false,
      why: expect.stringMatching(/listening sockets could not be read/),
    });
  });

  it("is missing where nobody was found listening", () => {
    dockerd();
    expect(described("/run/none.sock")).toMatchObject({
      ok: false,
      why: expect.stringMatching(/run as root/),
    });
    expect(described("/run/docker.sock", [700])).toMatchObject({ ok: false });
  });

  it("has no start time where the machine's is not known", () => {
    const view = viewKernel(dockerd().files);
    const answer = describeDaemon(
      view,
      findDaemons(view, new Set()),
      "/run/docker.sock",
      missing("no btime"),
    );
    expect(answer.ok && answer.value.startedAtMs).toBeNull();
  });
});

describe("dangerousSockets", () => {
  it("names sockets of engines and managers, not their harmless ones", () => {
    const harmless = [
      "/run/containerd/s/" + "a".repeat(64),
      "/run/docker/metrics.sock",
      "/run/docker/libnetwork/x.sock",
    ];
    const paths = ["/run/docker.sock", "/run/gone.sock", ...harmless];
    const { files } = dockerd({
      ...Object.fromEntries(
        paths.map((_, at) => [`/proc/700/fd/${at + 3}`, { link: `socket:[${at + 11}]` }]),
      ),
      "/proc/700/net/unix": unixTable(...paths.map((path, at): [number, string] => [at + 11, path]), [
        90,
        "@abstract",
      ]),
      "/proc/1/fd/1": { link: "socket:[41]" },
      "/proc/1/fd/2": { link: "socket:[42]" },
      "/proc/1/net/unix": unixTable([41, "/run/systemd/private"], [42, "/run/systemd/journal/stdout"]),
      ...Object.fromEntries(
        [
          ...paths.filter((path) => path !== "/run/gone.sock"),
          "/run/systemd/private",
          "/run/systemd/journal/stdout",
        ].map((path) => [path, "x"]),
      ),
    });
    const view = viewKernel(files);
    const found = dangerousSockets(view, findDaemons(view, new Set()));
    expect(found.map(({ path }) => path).toSorted()).toEqual(["/run/docker.sock", "/run/systemd/private"]);
    const stat = files.stat("/run/docker.sock");
    expect(found.find(({ path }) => path === "/run/docker.sock")?.identity).toBe(`${stat.dev}:${stat.ino}`);
  });
});
