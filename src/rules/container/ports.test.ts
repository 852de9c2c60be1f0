import { describe, expect, it } from "vitest";
import type { DeclaredContainer } from "#model/evidence/container.ts";
import { got } from "#model/reading.ts";
import { DEFAULT_SETTINGS } from "#model/settings.ts";
import {
  container,
  contextOf,
  daemon,
  declaredContainer,
  engine,
  evidence,
  judgements,
  ruleById,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import rules from "./ports.ts";

const privileged = ruleById(rules, "SW-CTR-PORT-PRIVILEGED");
const wildcard = ruleById(rules, "SW-CTR-PORT-WILDCARD");
const publishAll = ruleById(rules, "SW-CTR-PORT-PUBLISH-ALL");

function publishing(...ports: [port: number, hostPort: number, hostIp: string, protocol?: string][]) {
  return declares({
    ports: ports.map(([port, hostPort, hostIp, protocol = "tcp"]) => ({
      container: port,
      hostPort,
      hostIp,
      protocol,
    })),
  });
}

function declares(changes: Partial<DeclaredContainer>) {
  return container({ declared: got(declaredContainer(changes)) });
}

describe("SW-CTR-PORT-PRIVILEGED", () => {
  it("fails once per host port, whatever the number of addresses", () => {
    const subject = publishing([22, 22, "0.0.0.0"], [22, 22, "::"], [53, 53, "127.0.0.1", "udp"]);
    const found = judgements(privileged, subject);
    expect(found.map(({ key }) => key)).toEqual(["22/tcp", "53/udp"]);
    expect(found[0]).toMatchObject({
      verdict: "fail",
      message: "publishes 22/tcp, a privileged port of the host",
      evidence: [{ value: "0.0.0.0:22 -> 22/tcp" }, { value: "[::]:22 -> 22/tcp" }],
    });
    expect(found[0]?.remediation).toContain("-p 127.0.0.1:8022:22\n");
    expect(found[1]?.remediation).toContain("-p 127.0.0.1:8053:53/udp\n");
  });

  it("takes 1024 for free, and what the policy allows", () => {
    expect(verdictOf(privileged, publishing([80, 1024, "0.0.0.0"])).verdict).toBe("pass");
    expect(verdictOf(privileged, publishing([80, 1023, "0.0.0.0"])).verdict).toBe("fail");
    expect(verdictOf(privileged, publishing([80, 80, "0.0.0.0"], [443, 443, "::"])).verdict).toBe("pass");
    const strict = contextOf(evidence(), { settings: { ...DEFAULT_SETTINGS, privilegedPorts: [] } });
    expect(verdictOf(privileged, publishing([80, 80, "0.0.0.0"]), strict).verdict).toBe("fail");
  });

  it("passes without ports, and for a port that the engine will choose", () => {
    expect(verdictOf(privileged, container())).toMatchObject({ verdict: "pass" });
    expect(verdictOf(privileged, publishing([80, 0, ""])).verdict).toBe("pass");
  });

  it("does not know without the declaration", () => {
    expect(verdictOf(privileged, unreadableContainer()).verdict).toBe("unknown");
  });
});

describe("SW-CTR-PORT-WILDCARD", () => {
  it.each(["0.0.0.0", "::", "", "*"])("fails on %j", (address) => {
    expect(verdictOf(wildcard, publishing([80, 8080, address]))).toMatchObject({
      verdict: "fail",
      key: "80/tcp",
      evidence: [{ witness: "declared" }],
    });
  });

  it("tells both addresses of a port in one finding, with the exact flag", () => {
    const judgement = verdictOf(wildcard, publishing([80, 8081, "0.0.0.0"], [80, 8081, "::"]));
    expect(judgement.message).toBe("publishes 80/tcp on every address of the host (0.0.0.0:8081, [::]:8081)");
    expect(judgement.remediation).toBe(
      'docker run: -p 127.0.0.1:8081:80\nCompose: ports: ["127.0.0.1:8081:80"]',
    );
  });

  it("joins a long row of ports, and leaves random host ports to the engine", () => {
    const row = Array.from({ length: 101 }, (_, at) => 10_000 + at);
    const fixed = publishing(
      ...row.map((port) => [port, port, "0.0.0.0", "udp"] as [number, number, string, string]),
    );
    expect(verdictOf(wildcard, fixed)).toMatchObject({
      key: "10000-10100/udp",
      remediation: expect.stringContaining("-p 127.0.0.1:10000-10100:10000-10100/udp"),
    });
    expect(verdictOf(wildcard, publishing([80, 0, "0.0.0.0"])).remediation).toContain("-p 127.0.0.1::80\n");
  });

  it("passes on single addresses, and names them", () => {
    expect(verdictOf(wildcard, publishing([80, 8080, "127.0.0.1"], [81, 81, "10.0.0.5"]))).toMatchObject({
      verdict: "pass",
      message: "publishes on single addresses only: 127.0.0.1:8080, 10.0.0.5:81",
    });
    expect(verdictOf(wildcard, container())).toMatchObject({
      verdict: "pass",
      message: "publishes no port",
    });
  });

  it("knows the daemon's own default address", () => {
    const settings = { ip: { value: "127.0.0.1", from: "file" as const } };
    const context = contextOf(evidence({ engines: [engine({ daemon: got(daemon({ settings })) })] }));
    expect(verdictOf(wildcard, publishing([80, 8080, ""]), context).verdict).toBe("pass");
    expect(verdictOf(wildcard, publishing([80, 8080, "0.0.0.0"]), context).verdict).toBe("fail");
  });

  it("does not know without the declaration", () => {
    expect(verdictOf(wildcard, unreadableContainer()).verdict).toBe("unknown");
  });
});

describe("SW-CTR-PORT-PUBLISH-ALL", () => {
  it("fails with -P, passes without, knows nothing without the declaration", () => {
    const subject = declares({ publishAllPorts: true, exposedPorts: ["80/tcp", "443/tcp"] });
    expect(verdictOf(publishAll, subject)).toMatchObject({
      verdict: "fail",
      message: "publishes all ports that its image exposes (80/tcp, 443/tcp)",
      evidence: [{ path: "HostConfig.PublishAllPorts", value: "true" }],
    });
    expect(verdictOf(publishAll, container()).verdict).toBe("pass");
    expect(verdictOf(publishAll, unreadableContainer()).verdict).toBe("unknown");
  });
});
