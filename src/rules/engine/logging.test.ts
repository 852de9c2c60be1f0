import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { engine, engineInfo, host, judgements, verdictOf } from "../testing.ts";
import { around, configured, podman, running, unreadableEngine } from "./facts/testing.ts";
import rule from "./logging.ts";

const driver = (loggingDriver: string) => ({ info: got(engineInfo({ loggingDriver })) });
const bounded = { "log-opts": { "max-size": "10m" } };

describe("SW-ENGINE-LOGGING", () => {
  it("none is high, unbounded files are medium, files that stay here are low", () => {
    expect(verdictOf(rule, engine(driver("none")))).toMatchObject({ verdict: "fail", severity: "high" });
    expect(verdictOf(rule, engine())).toMatchObject({
      verdict: "fail",
      message: "log files of containers grow without bound (json-file without max-size)",
    });
    expect(rule.severity).toBe("medium");
    expect(verdictOf(rule, configured(bounded))).toMatchObject({ verdict: "fail", severity: "low" });
    expect(verdictOf(rule, engine(driver("local")))).toMatchObject({ verdict: "fail", severity: "low" });
  });

  it("passes if logs go elsewhere, or an agent sends bounded files on", () => {
    expect(verdictOf(rule, engine(driver("syslog"))).verdict).toBe("pass");
    const subject = configured(bounded);
    const shipped = around(subject, [], {
      host: host({ services: ["/usr/bin/sshd", "/opt/fluent-bit/bin/fluent-bit"] }),
    });
    expect(verdictOf(rule, subject, shipped)).toMatchObject({
      verdict: "pass",
      evidence: [{}, {}, { witness: "actual", value: "/opt/fluent-bit/bin/fluent-bit" }],
    });
  });

  it("names containers that write no log, whatever the default", () => {
    const subject = engine(driver("syslog"));
    const found = judgements(
      rule,
      subject,
      around(subject, [running("web"), running("job", { logDriver: "none" })]),
    );
    expect(found.map(({ verdict }) => verdict)).toEqual(["pass", "fail"]);
    expect(found[1]).toMatchObject({ key: "containers", message: "job writes no log at all" });
  });

  it("from afar the containers tell whether the default is bounded", () => {
    const subject = engine({ local: false, daemon: missing("another host") });
    const afar = (options: Record<string, string>) =>
      verdictOf(rule, subject, around(subject, [running("web", { logOptions: options })], { host: null }));
    expect(afar({})).toMatchObject({ verdict: "fail", evidence: [{}, { source: "docker inspect web" }] });
    expect(afar({ "max-size": "10m" }).verdict).toBe("unknown");
    const local = engine({ ...driver("local"), local: false, daemon: missing("another host") });
    expect(verdictOf(rule, local, around(local, [], { host: null })).verdict).toBe("unknown");
  });

  it("is unknown without an answer, and not about podman", () => {
    expect(verdictOf(rule, unreadableEngine()).verdict).toBe("unknown");
    expect(
      verdictOf(rule, configured({ "log-driver": "journald" }, {}, { info: missing("no") })).verdict,
    ).toBe("pass");
    expect(verdictOf(rule, podman()).verdict).toBe("not-applicable");
  });
});
