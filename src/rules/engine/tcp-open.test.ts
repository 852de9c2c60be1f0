import { describe, expect, it } from "vitest";
import type { ListenerEvidence } from "#model/evidence/container.ts";
import { got, missing } from "#model/reading.ts";
import { daemon, engine, engineInfo, judgements, verdictOf } from "../testing.ts";
import { configFile, configured, flagged, podman, STARTED, unreadableEngine } from "./facts/testing.ts";
import rule from "./tcp-open.ts";

const listener = (address: string, port: number, protocol: ListenerEvidence["protocol"] = "tcp") => ({
  protocol,
  address,
  port,
  inode: port,
});

describe("SW-ENGINE-TCP-OPEN", () => {
  it("dockerd -H tcp://127.0.0.1:23751 without TLS is found, although another tool said it does not listen", () => {
    const subject = flagged(
      { hosts: ["tcp://127.0.0.1:23751"] },
      { listeners: [listener("127.0.0.1", 23751)] },
    );
    expect(verdictOf(rule, subject)).toMatchObject({
      verdict: "fail",
      severity: "high",
      key: "127.0.0.1:23751",
      message: "its API answers on 127.0.0.1:23751 without TLS",
      evidence: [{ witness: "actual", source: "/proc/700/net/tcp" }, { value: "not set; default false" }],
    });
  });

  it("hosts and tlsverify in a config file at an unusual place count like flags do", () => {
    const tls = { tlsverify: true, tlscacert: "/srv/ca.pem", hosts: ["tcp://10.0.0.5:2376"] };
    const there = { configFile: { ...configFile(STARTED - 10_000), path: "/srv/docker.json" } };
    const subject = configured(tls, { ...there, listeners: [listener("10.0.0.5", 2376)] });
    expect(verdictOf(rule, subject)).toMatchObject({
      verdict: "pass",
      message: "10.0.0.5:2376 demands a client certificate",
      evidence: [{}, { source: "/srv/docker.json", path: "tlsverify", value: "true" }],
    });
    const { tlsverify: _off, ...open } = tls;
    expect(
      verdictOf(rule, configured(open, { ...there, listeners: [listener("10.0.0.5", 2376)] })),
    ).toMatchObject({ verdict: "fail", severity: "critical" });
  });

  it("looks at the daemon behind the judged socket, not at the newest process named dockerd", () => {
    const quiet = flagged({});
    const loud = flagged(
      { hosts: ["tcp://0.0.0.0:2375"] },
      { pid: 999, listeners: [listener("0.0.0.0", 2375)] },
    );
    expect(verdictOf(rule, quiet).verdict).toBe("pass");
    expect(verdictOf(rule, { ...loud, name: "docker-2" })).toMatchObject({
      verdict: "fail",
      severity: "critical",
      evidence: [{ source: "/proc/999/net/tcp" }, {}],
    });
  });

  it("every interface without TLS, or with TLS that asks for no certificate, is critical; loopback is high", () => {
    const of = (address: string, settings: Record<string, unknown>) =>
      verdictOf(rule, flagged(settings, { listeners: [listener(address, 2376, "tcp6")] }));
    expect(of("::", {})).toMatchObject({ severity: "critical", key: "[::]:2376" });
    expect(of("::", {}).message).toBe("its API answers on [::]:2376 (every interface) without TLS");
    expect(of("192.168.1.5", { tls: true })).toMatchObject({ severity: "critical" });
    expect(of("::1", { tls: true })).toMatchObject({
      severity: "high",
      message: "its API answers on [::1]:2376 over TLS, but asks no client for a certificate",
    });
    expect(of("::1", { tlsverify: false }).message).toContain("over TLS");
    expect(of("::", { tlsverify: true }).verdict).toBe("pass");
  });

  it("tells each address apart", () => {
    const subject = flagged({}, { listeners: [listener("0.0.0.0", 2375), listener("::", 2375, "tcp6")] });
    expect(judgements(rule, subject).map(({ key }) => key)).toEqual(["0.0.0.0:2375", "[::]:2375"]);
  });

  it("ports of a swarm and of the metrics are not the API, unless a host entry says so", () => {
    const swarmOn = { info: got(engineInfo({ swarmState: "active" })) };
    const listeners = [
      listener("::", 2377, "tcp6"),
      listener("::", 7946, "tcp6"),
      listener("::", 7946, "udp6"),
    ];
    expect(verdictOf(rule, flagged({}, { listeners }, swarmOn)).verdict).toBe("pass");
    expect(judgements(rule, flagged({}, { listeners })).map(({ key }) => key)).toEqual([
      "[::]:2377",
      "[::]:7946",
    ]);
    expect(verdictOf(rule, flagged({ hosts: ["tcp://0.0.0.0:2377"] }, { listeners }, swarmOn)).verdict).toBe(
      "fail",
    );
    expect(
      verdictOf(
        rule,
        flagged({ "metrics-addr": "0.0.0.0:9323" }, { listeners: [listener("::", 9323, "tcp6")] }),
      ).verdict,
    ).toBe("pass");
  });

  it("what was tried on the port outweighs what is written", () => {
    const probed = (answered: boolean, tls: boolean) =>
      flagged(
        { tlsverify: !answered ? undefined : true },
        { listeners: [listener("10.0.0.5", 2376)] },
        { openTcp: got([{ endpoint: "tcp://10.0.0.5:2376", tls, answered }]) },
      );
    expect(verdictOf(rule, probed(true, true))).toMatchObject({
      verdict: "fail",
      severity: "critical",
      evidence: [{}, { source: "tcp://10.0.0.5:2376", value: "answered without a client certificate" }],
    });
    expect(verdictOf(rule, probed(false, true)).verdict).toBe("pass");
  });

  it("believes the engine's own warning, from afar and over a file that changed", () => {
    const warning =
      "[DEPRECATION NOTICE]: API is accessible on http://0.0.0.0:2375 without encryption.\n  more";
    const info = got(engineInfo({ warnings: [warning] }));
    const fails = { verdict: "fail", severity: "critical", key: "0.0.0.0:2375" };
    const remote = engine({ local: false, info, daemon: missing("another host") });
    expect(verdictOf(rule, remote)).toMatchObject(fails);
    expect(verdictOf(rule, engine({ info }))).toMatchObject(fails);
    const changed = configured(
      { tlsverify: true },
      { configFile: configFile(STARTED + 60_000), listeners: [listener("0.0.0.0", 2375)] },
      { info },
    );
    expect(verdictOf(rule, changed)).toMatchObject(fails);
  });

  it("a port of which nobody can tell how it is guarded is unknown", () => {
    const changed = configured(
      { tlsverify: true },
      { configFile: configFile(STARTED + 60_000), listeners: [listener("0.0.0.0", 2376)] },
    );
    expect(verdictOf(rule, changed)).toMatchObject({ verdict: "unknown", key: "0.0.0.0:2376" });
    const unreadable = { path: "/etc/docker/daemon.json", stat: missing("x"), error: "permission denied" };
    expect(
      verdictOf(rule, flagged({}, { configFile: unreadable, listeners: [listener("10.0.0.5", 2376)] }))
        .verdict,
    ).toBe("unknown");
  });

  it("a daemon that cannot be read is unknown, except where its port was tried", () => {
    expect(verdictOf(rule, unreadableEngine()).verdict).toBe("unknown");
    expect(verdictOf(rule, unreadableEngine()).message).toContain("run as root");
    const remote = { local: false, daemon: missing("another host"), endpoint: "tcp://10.0.0.5:2376" };
    const tried = (answered: boolean) =>
      engine({ ...remote, openTcp: got([{ endpoint: remote.endpoint, tls: true, answered }]) });
    expect(verdictOf(rule, engine(remote)).verdict).toBe("unknown");
    expect(verdictOf(rule, tried(false)).verdict).toBe("pass");
    expect(verdictOf(rule, tried(true))).toMatchObject({ verdict: "fail", key: "10.0.0.5:2376" });
  });

  it("a host entry without a socket counts by flag, but not from a file that is not in force yet", () => {
    expect(verdictOf(rule, flagged({ hosts: ["tcp://:2375"] }))).toMatchObject({
      verdict: "fail",
      severity: "high",
      evidence: [{ witness: "declared", path: "--host" }, {}],
    });
    const later = configured({ hosts: ["tcp://0.0.0.0:2375"] }, { configFile: configFile(STARTED + 60_000) });
    expect(verdictOf(rule, later).verdict).toBe("pass");
  });

  it("a daemon with a unix socket only passes", () => {
    expect(verdictOf(rule, engine({ daemon: got(daemon()) })).verdict).toBe("pass");
    expect(verdictOf(rule, flagged({ hosts: ["fd://", "unix:///run/docker.sock"] })).verdict).toBe("pass");
  });

  it("is not about podman", () => {
    expect(verdictOf(rule, podman()).verdict).toBe("not-applicable");
  });
});
