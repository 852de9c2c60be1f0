import { describe, expect, it } from "vitest";
import { missing } from "#model/reading.ts";
import { container, contextOf, evidence, host, verdictOf } from "../testing.ts";
import rule from "./logging.ts";
import { configs } from "./testing.ts";

const CONF = "/etc/rsyslog.conf";

function syslog(text: string) {
  return verdictOf(rule, host({ services: ["rsyslogd"], configs: configs({ [CONF]: text }) }));
}

describe("remote logging", () => {
  it("passes a shipper on the host or in a container", () => {
    expect(verdictOf(rule, host({ services: ["fluent-bit", "sshd"] })).verdict).toBe("pass");
    const shipper = evidence({
      containers: [container({ image: "registry.example.com/grafana/promtail:2.9" })],
    });
    expect(verdictOf(rule, host({ services: ["sshd"] }), contextOf(shipper)).verdict).toBe("pass");
    const stopped = evidence({ containers: [container({ image: "grafana/promtail", state: "exited" })] });
    expect(verdictOf(rule, host({ services: ["sshd"] }), contextOf(stopped)).verdict).toBe("fail");
    const other = evidence({ containers: [container({ image: "example/not-promtail-at-all" })] });
    expect(verdictOf(rule, host({ services: ["sshd"] }), contextOf(other)).verdict).toBe("fail");
  });

  it("reads whether syslog forwards", () => {
    expect(syslog("*.* @@logs.example.com:6514\n")).toMatchObject({ verdict: "pass" });
    expect(syslog("*.* /var/log/syslog\n#*.* @@logs.example.com\n").verdict).toBe("fail");
    const dropIn = configs({
      [CONF]: "",
      "/etc/rsyslog.d/90-remote.conf": 'action(type="omfwd" target="x")',
    });
    expect(verdictOf(rule, host({ services: ["rsyslogd"], configs: dropIn })).verdict).toBe("pass");
  });

  it("is unknown where settings or programs were not read", () => {
    expect(verdictOf(rule, host({ services: ["rsyslogd"] })).verdict).toBe("unknown");
    expect(
      verdictOf(rule, host({ services: ["rsyslogd"], configs: { [CONF]: missing("permission denied") } })),
    ).toMatchObject({ verdict: "unknown", message: `${CONF}: permission denied` });
    const closed = { ...configs({ [CONF]: "" }), "/etc/rsyslog.d": missing("permission denied") };
    expect(verdictOf(rule, host({ services: ["rsyslogd"], configs: closed })).verdict).toBe("unknown");
    expect(verdictOf(rule, host()).verdict).toBe("unknown");
  });
});
