import { describe, expect, it } from "vitest";
import type { ListenerEvidence } from "#model/evidence/container.ts";
import type { EngineEvidence, SwarmEvidence } from "#model/evidence/engine.ts";
import { got, missing } from "#model/reading.ts";
import {
  contextOf,
  daemon,
  engine,
  engineInfo,
  evidence,
  judgements,
  ruleById,
  swarm,
  verdictOf,
} from "../testing.ts";
import type { Rule } from "../rule.ts";
import autolock from "./autolock.ts";
import certificates from "./certificates.ts";
import dataPlane from "./data-plane.ts";
import listen from "./listen.ts";
import managers from "./managers.ts";
import secrets from "./secrets.ts";

const judge = (rule: Rule<"swarm">, subject: SwarmEvidence, own: EngineEvidence | null = engine()) =>
  verdictOf(rule, subject, contextOf(evidence({ engines: own === null ? [] : [own] }), { engine: own }));
const nodes = (managerCount: number, workers = 0) => {
  const [node] = swarm().nodes;
  if (node === undefined) throw new Error("no node");
  return Array.from({ length: managerCount + workers }, (_, at) => ({
    ...node,
    id: `n${at}`,
    role: at < managerCount ? "manager" : "worker",
  }));
};

describe("SW-SWARM-MANAGERS", () => {
  it.each([1, 3, 5, 7])("%i managers pass", (number) => {
    expect(judge(managers, swarm({ nodes: nodes(number, 2) })).verdict).toBe("pass");
  });

  it.each([2, 4, 8, 9])("%i managers fail", (number) => {
    expect(judge(managers, swarm({ nodes: nodes(number) }))).toMatchObject({
      verdict: "fail",
      evidence: [{ source: "GET /nodes" }],
    });
  });

  it("counts managers, not leaders, and is unknown without any", () => {
    expect(judge(managers, swarm({ nodes: nodes(2, 1) })).message).toBe(
      "2 managers bear no more failures than 1",
    );
    expect(judge(managers, swarm({ nodes: [] })).verdict).toBe("unknown");
  });
});

describe("SW-SWARM-LISTEN", () => {
  const socket = (address: string, port: number, protocol: ListenerEvidence["protocol"]) => ({
    address,
    port,
    protocol,
    inode: port,
  });
  const on = (...listeners: ListenerEvidence[]) => engine({ daemon: got(daemon({ listeners })) });

  it("fails for every interface, on each port of the swarm", () => {
    expect(
      judge(
        listen,
        swarm(),
        on(socket("::", 2377, "tcp6"), socket("::", 7946, "tcp6"), socket("::", 7946, "udp6")),
      ),
    ).toMatchObject({
      verdict: "fail",
      message: "listens on every interface: 2377/tcp, 7946/tcp, 7946/udp",
      evidence: [{ source: "/proc/700/net/tcp6" }, {}, {}],
    });
    expect(judge(listen, swarm(), on(socket("0.0.0.0", 4789, "udp"))).verdict).toBe("fail");
  });

  it("passes for one address; other ports do not count", () => {
    expect(
      judge(listen, swarm(), on(socket("10.0.0.5", 2377, "tcp"), socket("::", 2376, "tcp6"))).verdict,
    ).toBe("pass");
  });

  it("is unknown where no socket is seen", () => {
    expect(judge(listen, swarm(), on()).verdict).toBe("unknown");
    expect(judge(listen, swarm(), engine({ daemon: missing("another host") })).message).toContain(
      "another host",
    );
    expect(judge(listen, swarm(), null).verdict).toBe("unknown");
  });
});

describe("SW-SWARM-SECRETS", () => {
  const service = (name: string, ...env: [name: string, shape: string][]) => ({
    name,
    image: "app",
    env: env.map(([variable, shape]) => ({ name: variable, shape, length: 12 })),
    secrets: [],
  });

  it("names each service with a secret in its environment, and never the value", () => {
    const found = judgements(
      secrets,
      swarm({
        services: [
          service("db", ["POSTGRES_PASSWORD", "text"], ["API_KEY", "text"], ["LANG", "text"]),
          service("web", ["DATABASE_URL", "url-with-password"]),
          service("ok", ["DB_PASSWORD_FILE", "path"]),
        ],
      }),
    );
    expect(found.map(({ key, message }) => [key, message])).toEqual([
      ["db", 'service db: POSTGRES_PASSWORD is named like a secret ("password"); also API_KEY'],
      ["web", "service web: DATABASE_URL is a URL with a password in it"],
    ]);
    expect(found[0]?.evidence).toHaveLength(2);
  });

  it("services that need none pass, although the swarm holds no secret", () => {
    expect(judge(secrets, swarm({ services: [service("web", ["LANG", "text"])], secrets: [] })).verdict).toBe(
      "pass",
    );
  });

  it("one swarm secret somewhere does not excuse a password in the environment", () => {
    const services = [{ ...service("db", ["DB_PASSWORD", "text"]), secrets: ["other"] }];
    expect(judge(secrets, swarm({ services, secrets: ["other"] })).verdict).toBe("fail");
  });

  it("is not applicable without services", () => {
    expect(judge(secrets, swarm()).verdict).toBe("not-applicable");
  });
});

describe("SW-SWARM-AUTOLOCK", () => {
  it("fails unless managers are locked", () => {
    expect(judge(autolock, swarm())).toMatchObject({
      verdict: "fail",
      evidence: [{ path: "Spec.EncryptionConfig.AutoLockManagers", value: "false" }],
    });
    expect(judge(autolock, swarm({ autolock: true })).verdict).toBe("pass");
  });
});

describe("SW-SWARM-CERT-EXPIRY", () => {
  const rule = ruleById(certificates, "SW-SWARM-CERT-EXPIRY");
  const days = (number: number) => swarm({ nodeCertExpiry: number * 24 * 3600 * 1e9 });

  it("90 days and less pass, not only one number; more fails", () => {
    expect([1, 2, 30, 90].map((number) => judge(rule, days(number)).verdict)).toEqual(Array(4).fill("pass"));
    expect(judge(rule, days(91))).toMatchObject({
      verdict: "fail",
      message: "node certificates live 91 days (the default is 90)",
      evidence: [{ value: "2184h" }],
    });
  });

  it("is unknown if it is not told", () => {
    expect(judge(rule, days(0)).verdict).toBe("unknown");
    expect(judge(rule, days(Number.NaN)).verdict).toBe("unknown");
  });
});

describe("SW-SWARM-CA-ROTATION", () => {
  const rule = ruleById(certificates, "SW-SWARM-CA-ROTATION");
  const since = (notBefore: string) => swarm({ rootCa: { notBefore, notAfter: "2046-01-01T00:00:00.000Z" } });

  it("fails after a year", () => {
    expect(judge(rule, since("2025-01-02T00:00:00.000Z")).verdict).toBe("pass");
    expect(judge(rule, since("2025-01-01T00:00:00.000Z"))).toMatchObject({
      verdict: "fail",
      message: "its CA is 366 days old",
    });
    expect(judge(rule, since("2027-01-01T00:00:00.000Z")).verdict).toBe("pass");
  });

  it("is unknown without a certificate", () => {
    expect(judge(rule, swarm({ rootCa: null })).verdict).toBe("unknown");
    expect(judge(rule, since("never")).verdict).toBe("unknown");
  });
});

describe("SW-SWARM-DATA-PLANE", () => {
  const own = engine({ info: got(engineInfo({ swarmNodeAddress: "10.0.0.5" })) });
  const data = (dataPathAddress: string) => swarm({ nodes: nodes(3), dataPathAddress });

  it("one address for both is told, two pass", () => {
    expect(judge(dataPlane, data("10.0.0.5"), own)).toMatchObject({
      verdict: "fail",
      message: "both use 10.0.0.5",
    });
    expect(judge(dataPlane, data("10.1.0.5"), own).verdict).toBe("pass");
    expect(dataPlane.severity).toBe("info");
  });

  it("is unknown where one of the two is not told", () => {
    expect(judge(dataPlane, data(""), own).verdict).toBe("unknown");
    expect(judge(dataPlane, data("10.0.0.5"), engine()).verdict).toBe("unknown");
    expect(judge(dataPlane, data("10.0.0.5"), engine({ info: missing("no answer") })).verdict).toBe(
      "unknown",
    );
  });

  it("is not applicable on one node", () => {
    expect(judge(dataPlane, swarm({ dataPathAddress: "10.0.0.5" }), own).verdict).toBe("not-applicable");
  });
});
