import { describe, expect, it } from "vitest";
import type { AuditWatch, HostEvidence } from "#model/evidence/host.ts";
import { got, missing } from "#model/reading.ts";
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
import rules from "./audit-watches.ts";
import { files, stat } from "./testing.ts";

const etcDocker = ruleById(rules, "SW-HOST-AUDIT-ETC-DOCKER");
const dockerd = ruleById(rules, "SW-HOST-AUDIT-DOCKERD");
const FOLDER = stat("/etc/docker", { type: "directory", mode: 0o755 });

function watch(changes: Partial<AuditWatch> = {}): AuditWatch {
  return { path: "/etc/docker", recursive: true, permissions: "wa", source: "kernel", ...changes };
}

function audited(loaded: AuditWatch[], changes: Partial<HostEvidence["audit"]> = {}): HostEvidence {
  return host({
    files: files(FOLDER),
    audit: { running: got(true), loaded: got(loaded), files: got([]), ...changes },
  });
}

describe("audit watches", () => {
  it("has a rule for each of CIS 1.1.3 to 1.1.18, once", () => {
    expect(rules.flatMap(({ cis }) => cis ?? [])).toEqual(
      Array.from({ length: 16 }, (_, at) => `1.1.${at + 3}`),
    );
    expect(new Set(rules.map(({ id }) => id)).size).toBe(16);
  });

  it("passes what the kernel watches for w and a", () => {
    const judged = verdictOf(etcDocker, audited([watch()]));
    expect(judged).toMatchObject({ verdict: "pass", message: "/etc/docker is watched" });
    expect(judged.evidence[0]).toMatchObject({ source: "auditctl -l", value: "-w /etc/docker -p wa" });
  });

  it("adds up the permissions of several rules", () => {
    const split = [watch({ permissions: "w" }), watch({ permissions: "ra" })];
    expect(verdictOf(etcDocker, audited(split)).verdict).toBe("pass");
    const judged = verdictOf(etcDocker, audited([watch({ permissions: "r" }), watch({ permissions: "w" })]));
    expect(judged.verdict).toBe("fail");
    expect(judged.message).toBe('/etc/docker is watched for "rw" only; changes need w and a');
  });

  it("passes a recursive watch on a folder above, not one on a neighbour", () => {
    expect(verdictOf(etcDocker, audited([watch({ path: "/etc" })])).verdict).toBe("pass");
    expect(verdictOf(etcDocker, audited([watch({ path: "/" })])).verdict).toBe("pass");
    for (const path of ["/etc/dock", "/etc/docker2", "/etc/docker/certs.d"]) {
      expect(verdictOf(etcDocker, audited([watch({ path })])).verdict).toBe("fail");
    }
    expect(verdictOf(etcDocker, audited([watch({ path: "/etc", recursive: false })])).verdict).toBe("fail");
  });

  it("does not take -F path= on a folder for a watch of what is in it", () => {
    const judged = verdictOf(etcDocker, audited([watch({ recursive: false })]));
    expect(judged).toMatchObject({ verdict: "fail", key: "/etc/docker" });
    expect(judged.message).toContain("not what lies in it");
    expect(judged.evidence[0]?.value).toBe("-F path=/etc/docker -F perm=wa");
  });

  it("fails without a rule, with the exact commands", () => {
    const judged = verdictOf(etcDocker, audited([]));
    expect(judged).toMatchObject({ verdict: "fail", message: "no audit rule watches /etc/docker" });
    expect(judged.remediation).toBe(
      "echo '-w /etc/docker -p wa -k docker' >> /etc/audit/rules.d/docker.rules; augenrules --load",
    );
  });

  it("fails a rule that stands in a file but is not loaded, and says so", () => {
    const source = "/etc/audit/rules.d/docker.rules";
    const judged = verdictOf(etcDocker, audited([], { files: got([watch({ source })]) }));
    expect(judged).toMatchObject({ verdict: "fail" });
    expect(judged.message).toContain("is not loaded");
    expect(judged.evidence.at(-1)).toMatchObject({ witness: "declared", source });
    expect(judged.remediation).toContain("augenrules --load");
  });

  it("fails low where auditd does not run, even if the rules could not be read", () => {
    const off = { running: got(false) };
    const judged = verdictOf(
      etcDocker,
      audited([], { ...off, loaded: missing("auditctl is not installed") }),
    );
    expect(judged).toMatchObject({ verdict: "fail", severity: "low" });
    expect(judged.message).toBe("auditd does not run, so nothing watches /etc/docker");
    expect(verdictOf(etcDocker, audited([watch()], off))).toMatchObject({
      verdict: "fail",
      severity: "low",
      message: "auditd does not run, so what the kernel records of /etc/docker is not kept",
    });
  });

  it("is unknown where the rules in force could not be read", () => {
    const judged = verdictOf(
      etcDocker,
      audited([], { running: missing("no /proc"), loaded: missing("permission denied") }),
    );
    expect(judged.verdict).toBe("unknown");
    expect(judged.message).toContain("permission denied");
    expect(judged.message).toContain("root");
  });

  it("is not applicable to what does not exist, and unknown where nobody looked", () => {
    const sysconfig = ruleById(rules, "SW-HOST-AUDIT-ETC-SYSCONFIG-DOCKER");
    expect(verdictOf(sysconfig, host({ files: { "/etc/sysconfig/docker": got(null) } })).verdict).toBe(
      "not-applicable",
    );
    expect(verdictOf(sysconfig, host()).verdict).toBe("unknown");
    expect(
      verdictOf(sysconfig, host({ files: { "/etc/sysconfig/docker": missing("permission denied") } })),
    ).toMatchObject({ verdict: "unknown", message: "permission denied" });
  });

  it("looks at the programs that really run, and takes x as enough for them", () => {
    const loaded = (path: string, permissions: string): HostEvidence => ({
      ...audited([watch({ path, permissions, recursive: false })]),
      files: { "/usr/bin/dockerd": got(null) },
    });
    expect(verdictOf(dockerd, loaded("/usr/bin/dockerd", "wa"))).toMatchObject({
      verdict: "fail",
      key: "/usr/sbin/dockerd",
    });
    expect(verdictOf(dockerd, loaded("/usr/sbin/dockerd", "x")).verdict).toBe("pass");
    expect(verdictOf(dockerd, loaded("/sbin/dockerd", "wa")).verdict).toBe("pass");
    expect(verdictOf(dockerd, loaded("/usr/sbin/dockerd", "w")).verdict).toBe("fail");
    // For a folder x says nothing.
    expect(verdictOf(etcDocker, audited([watch({ permissions: "x" })])).verdict).toBe("fail");
  });

  it("finds runc by its real place", () => {
    const runc = ruleById(rules, "SW-HOST-AUDIT-RUNC");
    const machine = host({
      files: { ...files(stat("/usr/sbin/runc")), "/usr/bin/runc": got(null) },
    });
    expect(verdictOf(runc, machine)).toMatchObject({ verdict: "fail", key: "/usr/sbin/runc" });
    expect(verdictOf(runc, host({ files: { "/usr/bin/runc": got(null) } })).verdict).toBe("not-applicable");
    expect(verdictOf(runc, host()).verdict).toBe("unknown");
    const info = got(engineInfo({ runtimes: { runc: "/opt/bin/runc" } }));
    expect(verdictOf(runc, host(), contextOf(evidence({ engines: [engine({ info })] })))).toMatchObject({
      verdict: "fail",
      key: "/opt/bin/runc",
    });
  });

  it("judges every data root, unit file, socket and daemon.json that is in use", () => {
    const context = contextOf(
      evidence({
        engines: [
          engine(),
          engine({
            name: "docker-2",
            info: got(engineInfo({ rootDir: "/data/docker" })),
            daemon: got(
              daemon({
                configFile: { path: "/srv/d.json", stat: got(stat("/srv/d.json")), error: null },
                unixSockets: [{ path: "/run/two.sock", abstract: false, stat: stat("/run/two.sock") }],
              }),
            ),
          }),
        ],
      }),
    );
    const machine = host({
      files: {
        ...files(
          stat("/usr/lib/systemd/system/docker.service"),
          stat("/etc/systemd/system/docker.service.d/proxy.conf"),
          stat("/run/docker/containerd/containerd.sock", { type: "socket" }),
          stat("/run/containerd/containerd.sock", { type: "socket" }),
        ),
        "/etc/docker/daemon.json": got(null),
      },
    });
    const keys = (id: string): (string | undefined)[] =>
      judgements(ruleById(rules, id), machine, context).map(({ key }) => key);
    expect(keys("SW-HOST-AUDIT-DATA-ROOT")).toEqual(["/var/lib/docker", "/data/docker"]);
    expect(keys("SW-HOST-AUDIT-DOCKER-SERVICE")).toEqual([
      "/etc/systemd/system/docker.service.d/proxy.conf",
      "/usr/lib/systemd/system/docker.service",
    ]);
    expect(keys("SW-HOST-AUDIT-DOCKER-SOCK")).toEqual(["/run/docker.sock", "/run/two.sock"]);
    expect(keys("SW-HOST-AUDIT-CONTAINERD-SOCK")).toHaveLength(2);
    expect(keys("SW-HOST-AUDIT-DAEMON-JSON")).toEqual(["/srv/d.json"]);
    expect(keys("SW-HOST-AUDIT-RUN-CONTAINERD")).toEqual(["/run/containerd"]);
  });

  it("leaves out layers and volumes of the data root before it watches the rest", () => {
    const dataRoot = ruleById(rules, "SW-HOST-AUDIT-DATA-ROOT");
    const judged = verdictOf(dataRoot, host());
    const remedy = judged.remediation ?? "";
    expect(remedy.indexOf("never,exit -F dir=/var/lib/docker/overlay2")).toBeGreaterThan(-1);
    expect(remedy.indexOf("never")).toBeLessThan(remedy.indexOf("-w /var/lib/docker"));
  });

  it("judges what is known and tells what is not", () => {
    const engines = [engine(), engine({ name: "docker-2", info: missing("no answer within 2 s") })];
    const judged = judgements(
      ruleById(rules, "SW-HOST-AUDIT-DATA-ROOT"),
      host(),
      contextOf(evidence({ engines })),
    );
    expect(judged.map(({ verdict }) => verdict)).toEqual(["fail", "unknown"]);
    expect(judged[1]?.message).toContain("docker-2");
  });
});
