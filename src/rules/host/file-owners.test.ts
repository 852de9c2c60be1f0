import { describe, expect, it } from "vitest";
import type { FileStat } from "#model/evidence/file.ts";
import type { HostEvidence } from "#model/evidence/host.ts";
import { got, missing } from "#model/reading.ts";
import type { JudgeContext } from "../rule.ts";
import {
  contextOf,
  daemon,
  engine,
  engineInfo,
  evidence,
  host,
  judgements,
  ruleById,
  verdictOf,
} from "../testing.ts";
import rules from "./file-owners.ts";
import { files, stat } from "./testing.ts";

const etcDocker = ruleById(rules, "SW-HOST-FILE-ETC-DOCKER-OWNER");
const socketOwner = ruleById(rules, "SW-HOST-FILE-ENGINE-SOCK-OWNER");
const ACCOUNTS: HostEvidence["accounts"] = got([
  { name: "root", uid: 0, gid: 0, home: "/root", shell: "/bin/bash", password: "locked" },
  { name: "alice", uid: 1000, gid: 1000, home: "/home/alice", shell: "/bin/bash", password: "set" },
]);

function listening(socket: Partial<FileStat>): JudgeContext {
  const path = socket.path ?? "/run/docker.sock";
  const own = stat(path, { type: "socket", mode: 0o660, gid: 105, ...socket });
  const unixSockets = [{ path, abstract: false, stat: own }];
  return contextOf(evidence({ engines: [engine({ daemon: got(daemon({ unixSockets })) })] }));
}

const ROOTLESS = engine({
  name: "docker",
  endpoint: "unix:///run/user/1000/docker.sock",
  info: got(engineInfo({ securityOptions: [{ name: "rootless", options: {} }] })),
  daemon: got(
    daemon({
      uid: 1000,
      configFile: {
        path: "/home/alice/.config/docker/daemon.json",
        stat: got(stat("/home/alice/.config/docker/daemon.json", { uid: 1000, gid: 1000 })),
        error: null,
      },
      unixSockets: [
        {
          path: "/run/user/1000/docker.sock",
          abstract: false,
          stat: stat("/run/user/1000/docker.sock", { type: "socket", uid: 1000, gid: 1000 }),
        },
      ],
    }),
  ),
});

describe("owners of the engine's files", () => {
  it("maps to the owner half of CIS section 3", () => {
    expect(rules.flatMap(({ cis }) => cis ?? [])).toEqual([
      "3.1",
      "3.3",
      "3.5",
      "3.7",
      "3.9",
      "3.11",
      "3.13",
      "3.15",
      "3.17",
      "3.19",
      "3.22",
      "3.23",
    ]);
  });

  it("passes root's, fails another owner with the exact chown", () => {
    expect(verdictOf(etcDocker, host({ files: files(stat("/etc/docker")) })).verdict).toBe("pass");
    const judged = verdictOf(
      etcDocker,
      host({ accounts: ACCOUNTS, files: files(stat("/etc/docker", { uid: 1000, gid: 1000 })) }),
    );
    expect(judged).toMatchObject({
      verdict: "fail",
      key: "/etc/docker",
      message: "/etc/docker belongs to alice, not to root",
      remediation: "chown root:root /etc/docker",
    });
    expect(judged.severity).toBeUndefined();
    expect(judged.evidence[0]).toMatchObject({ source: "lstat", path: "/etc/docker", value: "1000:1000" });
  });

  it("is low for another group that only reads, high for one that writes", () => {
    const of = (changes: Partial<FileStat>) =>
      verdictOf(etcDocker, host({ files: files(stat("/etc/docker", { gid: 105, ...changes })) }));
    expect(of({})).toMatchObject({ verdict: "fail", severity: "low" });
    expect(of({ mode: 0o664 })).toMatchObject({
      verdict: "fail",
      severity: "high",
      message: "/etc/docker belongs to the group docker, which may write it",
    });
  });

  it("is unknown for what could not be read and for links, not applicable without the file", () => {
    const of = (value: HostEvidence["files"][string]) =>
      verdictOf(etcDocker, host({ files: { "/etc/docker": value } })).verdict;
    expect(of(missing("/etc/docker: permission denied"))).toBe("unknown");
    expect(of(got(stat("/etc/docker", { type: "link", uid: 1000 })))).toBe("unknown");
    expect(of(got(null))).toBe("not-applicable");
    expect(verdictOf(etcDocker, host()).verdict).toBe("unknown");
  });

  it("gives one judgement per file, and quotes what a shell would split", () => {
    const certificates = ruleById(rules, "SW-HOST-FILE-REGISTRY-CERT-OWNER");
    const [good, bad, odd] = ["a.crt", "b.crt", "it's.crt"].map((name) => `/etc/docker/certs.d/r/${name}`);
    const machine = host({
      files: files(
        stat("/etc/docker/certs.d/r", { type: "directory", uid: 1000 }),
        stat(good ?? ""),
        stat(bad ?? "", { uid: 1000 }),
        stat(odd ?? "", { uid: 1000 }),
      ),
    });
    const judged = judgements(certificates, machine);
    expect(judged.map(({ key }) => key)).toEqual([bad, odd]);
    expect(judged[1]?.remediation).toBe(String.raw`chown root:root '/etc/docker/certs.d/r/it'\''s.crt'`);
  });

  it("judges units and their drop-ins, not the links that switch them on", () => {
    const unit = ruleById(rules, "SW-HOST-FILE-DOCKER-SERVICE-OWNER");
    const link = "/etc/systemd/system/multi-user.target.wants/docker.service";
    const dropIn = "/etc/systemd/system/docker.service.d/proxy.conf";
    const machine = host({
      files: files(
        stat("/usr/lib/systemd/system/docker.service"),
        stat("/usr/lib/systemd/system/podman-docker.service", { uid: 7 }),
        stat(link, { type: "link", uid: 7 }),
        stat(dropIn, { uid: 7 }),
      ),
    });
    expect(judgements(unit, machine).map(({ key }) => key)).toEqual([dropIn]);
  });

  it("accepts any group on the engine's socket and says who is in it", () => {
    const machine = host({
      accounts: ACCOUNTS,
      groups: got([{ name: "docker", gid: 105, members: ["alice", "bob"] }]),
    });
    const judged = verdictOf(socketOwner, machine, listening({}));
    expect(judged.verdict).toBe("pass");
    expect(judged.message).toBe(
      "belongs as it should: /run/docker.sock to root:docker (in the group: alice, bob)",
    );
    expect(verdictOf(socketOwner, machine, listening({ uid: 1000 }))).toMatchObject({
      verdict: "fail",
      remediation: "chown root /run/docker.sock",
    });
  });

  it("judges the sockets that the engine listens on, not a fixed path, and not its inner ones", () => {
    const decoy = files(stat("/run/docker.sock", { uid: 0 }));
    const judged = verdictOf(
      socketOwner,
      host({ files: decoy }),
      listening({ path: "/srv/d.sock", uid: 33 }),
    );
    expect(judged).toMatchObject({ verdict: "fail", key: "/srv/d.sock" });
    for (const path of ["/run/docker/metrics.sock", "/run/docker/libnetwork/ab.sock"]) {
      expect(verdictOf(socketOwner, host(), listening({ path, uid: 33 })).verdict).toBe("not-applicable");
    }
  });

  it("knows a manager that holds the socket of a sleeping engine", () => {
    const unixSockets = ["/run/systemd/journal/stdout", "/run/podman/podman.sock"].map((path) => ({
      path,
      abstract: false,
      stat: stat(path, { uid: 7 }),
    }));
    const manager = daemon({ executable: "/usr/lib/systemd/systemd", unixSockets });
    const podman = engine({
      kind: "podman",
      endpoint: "unix:///run/podman/podman.sock",
      daemon: got(manager),
    });
    const judged = judgements(socketOwner, host(), contextOf(evidence({ engines: [podman] })));
    expect(judged.map(({ key }) => key)).toEqual(["/run/podman/podman.sock"]);
  });

  it("falls back to the address that was asked where the daemon was not found", () => {
    const engines = [engine({ daemon: missing("not found"), endpoint: "unix:///var/run/docker.sock" })];
    const context = contextOf(evidence({ engines }));
    const machine = host({ files: files(stat("/run/docker.sock", { type: "socket", uid: 5 })) });
    expect(verdictOf(socketOwner, machine, context).verdict).toBe("fail");
    expect(verdictOf(socketOwner, host(), context).verdict).toBe("unknown");
  });

  it("wants the files of a rootless engine to belong to its user", () => {
    const context = contextOf(evidence({ engines: [ROOTLESS] }));
    const json = ruleById(rules, "SW-HOST-FILE-DAEMON-JSON-OWNER");
    const machine = host({ accounts: ACCOUNTS, files: { "/etc/docker/daemon.json": got(null) } });
    expect(verdictOf(json, machine, context).verdict).toBe("pass");
    expect(verdictOf(socketOwner, machine, context).verdict).toBe("pass");
    const unit = ruleById(rules, "SW-HOST-FILE-DOCKER-SERVICE-OWNER");
    const path = "/home/alice/.config/systemd/user/docker.service";
    const own = host({ accounts: ACCOUNTS, files: files(stat(path, { uid: 1000, gid: 1000 })) });
    expect(verdictOf(unit, own, context).verdict).toBe("pass");
    const foreign = host({ accounts: ACCOUNTS, files: files(stat(path, { uid: 1001 })) });
    expect(verdictOf(unit, foreign, context)).toMatchObject({
      verdict: "fail",
      message: `${path} belongs to uid 1001, not to alice`,
      remediation: `chown 1000 ${path}`,
    });
    // The same file is a fault where the engine is root's.
    expect(verdictOf(unit, own).verdict).toBe("fail");
  });

  it("finds TLS files by the daemon's settings", () => {
    const key = ruleById(rules, "SW-HOST-FILE-TLS-KEY-OWNER");
    const settings = { tlskey: { value: "/srv/tls/key.pem", from: "file" as const } };
    const context = contextOf(evidence({ engines: [engine({ daemon: got(daemon({ settings })) })] }));
    const machine = host({ files: files(stat("/srv/tls/key.pem", { uid: 33 })) });
    expect(verdictOf(key, machine, context)).toMatchObject({ verdict: "fail", key: "/srv/tls/key.pem" });
    expect(verdictOf(key, machine).verdict).toBe("not-applicable");
    expect(verdictOf(key, host(), context).verdict).toBe("unknown");
    const usual = contextOf(
      evidence({
        engines: [engine({ daemon: got(daemon({ settings: { tls: { value: true, from: "flag" } } })) })],
      }),
    );
    expect(verdictOf(key, host({ files: files(stat("/root/.docker/key.pem")) }), usual).verdict).toBe("pass");
    expect(verdictOf(key, host(), usual).verdict).toBe("unknown");
  });
});
