import { chmodSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { DaemonEvidence, EngineEvidence } from "#model/evidence/engine.ts";
import { got, missing } from "#model/reading.ts";
import { type Entry, testHost, type TestHost } from "../testing.ts";
import { collectFiles } from "./files.ts";

let host: TestHost | undefined;
afterEach(() => {
  host?.remove();
  host = undefined;
});

function engine(
  daemon: Partial<DaemonEvidence> | null,
  changes: Partial<EngineEvidence> = {},
): EngineEvidence {
  return {
    name: "docker",
    kind: "docker",
    endpoint: "unix:///run/docker.sock",
    local: true,
    info: missing("not asked"),
    version: missing("not asked"),
    daemon:
      daemon === null
        ? missing("not root")
        : got({
            pid: 700,
            argv: ["dockerd"],
            executable: "/usr/sbin/dockerd",
            executableDeleted: false,
            startedAtMs: null,
            uid: 0,
            namespaces: {},
            uidMap: [],
            settings: {},
            configFile: { path: "/etc/docker/daemon.json", stat: got(null), error: null },
            unixSockets: [],
            listeners: [],
            clients: 0,
            proxies: 0,
            ...daemon,
          }),
    images: got([]),
    networks: got([]),
    swarm: got(null),
    openTcp: got([]),
    ...changes,
  };
}

function collected(entries: Record<string, Entry>, engines: EngineEvidence[] = [], home = "/root") {
  host = testHost(entries);
  const account = { name: "x", uid: 1000, gid: 1000, home, shell: "", password: "set" as const };
  return collectFiles(host.files, engines, [account]);
}

describe("collectFiles", () => {
  it("looks at every path of the contract, also where there is nothing", () => {
    const files = collected({});
    for (const path of [
      "/etc/docker",
      "/etc/docker/daemon.json",
      "/etc/default/docker",
      "/etc/sysconfig/docker",
      "/etc/containerd/config.toml",
      "/run/containerd/containerd.sock",
      "/run/docker.sock",
      "/usr/bin/dockerd",
      "/usr/bin/containerd",
      "/usr/bin/containerd-shim-runc-v2",
      "/usr/bin/runc",
      "/etc/passwd",
      "/etc/shadow",
      "/etc/group",
      "/etc/gshadow",
      "/etc/sudoers",
      "/etc/crontab",
      "/etc/cron.d",
      "/etc/cron.daily",
      "/etc/cron.hourly",
      "/etc/cron.weekly",
      "/etc/cron.monthly",
      "/etc/ssh/sshd_config",
      "/etc/subuid",
      "/etc/subgid",
      "/tmp",
      "/var/tmp",
      "/dev/shm",
      "/boot/grub/grub.cfg",
    ]) {
      expect([path, files[path]]).toEqual([path, { ok: true, value: null }]);
    }
  });

  it("describes owner and mode of what a link leads to", () => {
    host = testHost({ "/data/daemon.json": "{}", "/etc/docker/daemon.json": { link: "/data/daemon.json" } });
    chmodSync(join(host.root, "data/daemon.json"), 0o602);
    const { uid, gid } = statSync(join(host.root, "data/daemon.json"));
    expect(collectFiles(host.files, [], [])["/etc/docker/daemon.json"]).toMatchObject({
      ok: true,
      value: { path: "/data/daemon.json", type: "file", mode: 0o602, uid, gid },
    });
  });

  it("says that a path is closed to us", () => {
    const files = collected({ "/etc/cron.d": { link: "/etc/cron.d" } });
    expect(files["/etc/cron.d"]).toEqual({ ok: false, why: "/etc/cron.d: too many symbolic links" });
  });

  it("finds programs and units where the distribution puts them", () => {
    const files = collected({
      "/usr/sbin/runc": "x",
      "/usr/bin/runc": { link: "../sbin/runc" },
      "/usr/sbin/dockerd": "x",
      "/lib": { link: "usr/lib" },
      "/usr/lib/systemd/system/docker.service": "x",
      "/etc/systemd/system/docker.socket.d/a.conf": "x",
    });
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining([
        "/usr/sbin/runc",
        "/usr/sbin/dockerd",
        "/usr/lib/systemd/system/docker.service",
        "/etc/systemd/system/docker.socket.d/a.conf",
      ]),
    );
    expect(Object.keys(files).filter((path) => path.endsWith("/docker.service"))).toHaveLength(1);
    expect(files["/usr/bin/runc"]).toMatchObject({ value: { path: "/usr/sbin/runc" } });
  });

  it("lists registry certificates, to a depth and a number, and follows no link down", () => {
    const files = collected({
      "/etc/docker/certs.d/registry.lan:5000/ca.crt": "x",
      "/etc/docker/certs.d/registry.lan:5000/client.key": "x",
      "/etc/docker/certs.d/loop": { link: "/etc" },
      "/etc/docker/certs.d/a/b/c/d/e/f": "x",
      ...Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`/etc/docker/certs.d/z/${at}`, "x"])),
    });
    const listed = Object.keys(files).filter((path) => path.startsWith("/etc/docker/certs.d/"));
    expect(listed).toContain("/etc/docker/certs.d/registry.lan:5000/client.key");
    expect(listed).toContain("/etc/docker/certs.d/a/b/c/d");
    expect(listed).not.toContain("/etc/docker/certs.d/a/b/c/d/e");
    expect(listed.some((path) => path.startsWith("/etc/docker/certs.d/loop/"))).toBe(false);
    expect(listed).toHaveLength(500);
  });

  it("finds containerd's socket where it really listens", () => {
    const table = (path: string): string =>
      `Num RefCount Protocol Flags Type St Inode Path\n0: 00000002 00000000 00010000 0001 01 9 ${path}\n`;
    const files = collected(
      {
        "/var/run": { link: "/run" },
        "/run/docker/containerd/containerd.sock": "x",
        "/srv/exec/containerd/containerd.sock": "x",
        "/proc/self/net/unix": table("/var/run/docker/containerd/containerd.sock"),
        "/proc/700/net/unix": table("/srv/exec/containerd/containerd.sock"),
      },
      [engine({})],
    );
    expect(files["/run/docker/containerd/containerd.sock"]).toMatchObject({ value: { type: "file" } });
    expect(files["/srv/exec/containerd/containerd.sock"]).toMatchObject({ value: { type: "file" } });
  });

  it("looks at what each engine uses", () => {
    const files = collected({ "/srv/docker": { folder: true }, "/srv/tls/key.pem": "x" }, [
      engine(
        {
          settings: {
            tlsverify: { value: true, from: "file" },
            tlskey: { value: "/srv/tls/key.pem", from: "file" },
            tlscert: { value: 7, from: "file" },
          },
          configFile: { path: "/srv/daemon.json", stat: got(null), error: null },
          unixSockets: [
            { path: "/srv/docker.sock", abstract: false, stat: null },
            { path: "@docker", abstract: true, stat: null },
          ],
          executable: "/opt/bin/dockerd",
        },
        { info: { ok: true, value: { rootDir: "/srv/docker" } } as EngineEvidence["info"] },
      ),
    ]);
    expect(files["/srv/docker"]).toMatchObject({ value: { type: "directory" } });
    expect(files["/srv"]).toMatchObject({ value: { type: "directory" } });
    expect(files["/srv/tls/key.pem"]).toMatchObject({ value: { type: "file" } });
    expect(files["/root/.docker/ca.pem"]).toEqual({ ok: true, value: null });
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining([
        "/srv/daemon.json",
        "/srv/docker.sock",
        "/opt/bin/dockerd",
        "/root/.docker/cert.pem",
      ]),
    );
    expect(files["@docker"]).toBeUndefined();
  });

  it("finds the units of a user's engine in that user's home", () => {
    const unit = "/home/x/.config/systemd/user/docker.service";
    const files = collected({ [unit]: "x" }, [engine({ uid: 1000 })], "/home/x");
    expect(files[unit]).toMatchObject({ value: { type: "file" } });
  });

  it("knows the asked socket although the daemon could not be read, and nothing of remote engines", () => {
    expect(collected({}, [engine(null, { endpoint: "unix:///run/x.sock" })])["/run/x.sock"]).toBeDefined();
    host?.remove();
    const remote = engine({ executable: "/remote/dockerd" }, { local: false });
    expect(collected({}, [remote])["/remote/dockerd"]).toBeUndefined();
  });
});
