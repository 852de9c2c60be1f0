import { describe, expect, it } from "vitest";
import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { EngineEvidence } from "#model/evidence/engine.ts";
import { got, missing } from "#model/reading.ts";
import {
  container,
  contextOf,
  daemon,
  declaredContainer,
  engine,
  evidence,
  host,
  verdictOf,
} from "../testing.ts";
import rule from "./firewall.ts";

const DEFAULT = [
  "*filter",
  ":DOCKER-USER - [0:0]",
  "-A FORWARD -j DOCKER-USER",
  "-A DOCKER-USER -j RETURN",
  "COMMIT",
];

function publishing(hostPort: number, hostIp = "0.0.0.0", changes: Partial<ContainerEvidence> = {}) {
  const ports = [{ container: 80, protocol: "tcp", hostIp, hostPort }];
  return container({ declared: got(declaredContainer({ ports })), ...changes });
}

function judge(
  containers: ContainerEvidence[],
  rules: string[] = DEFAULT,
  own: Partial<EngineEvidence> = {},
) {
  return verdictOf(
    rule,
    host({ firewall: got({ tool: "iptables-save", rules }) }),
    contextOf(evidence({ containers, engines: [engine(own)] })),
  );
}

describe("published ports and the firewall", () => {
  it("fails a port on every address that DOCKER-USER lets through", () => {
    const judged = judge([publishing(5432)]);
    expect(judged).toMatchObject({ verdict: "fail", severity: "medium" });
    expect(judged.message).toBe("no rule keeps strangers from 5432/tcp of web");
    expect(judged.remediation).toContain("--ctorigdstport 5432");
    expect(judged.remediation).toContain("-p 127.0.0.1:5432:80");
    expect(judged.evidence.at(-1)?.value).toBe("-A DOCKER-USER -j RETURN");
  });

  it("passes where a rule drops strangers, and names those that it leaves open", () => {
    const filtered = [
      ...DEFAULT.slice(0, 3),
      "-A DOCKER-USER -i eth0 ! -s 10.0.0.0/8 -j DROP",
      ...DEFAULT.slice(3),
    ];
    expect(judge([publishing(5432)], filtered).verdict).toBe("pass");
    const one = [
      ...DEFAULT.slice(0, 3),
      "-A DOCKER-USER -i eth0 -p tcp -m conntrack --ctorigdstport 5432 -j DROP",
      ...DEFAULT.slice(3),
    ];
    const judged = judge([publishing(5432), publishing(6379, "::", { name: "cache" })], one);
    expect(judged.message).toBe(
      "no rule keeps strangers from 6379/tcp of cache; 1 of 2 published ports are filtered",
    );
  });

  it("gives one finding for the host, and is milder for ports that are meant for the public", () => {
    const many = [8001, 8002, 8003, 8004, 8005, 8006, 8007].map((port) => publishing(port));
    expect(judge(many).message).toContain("and 2 more");
    expect(judge([publishing(443)]).severity).toBe("low");
    expect(judge([publishing(443), publishing(8443)]).severity).toBe("medium");
  });

  it("does not concern ports on one address, stopped containers, rootless and remote engines", () => {
    expect(judge([publishing(5432, "127.0.0.1")]).verdict).toBe("not-applicable");
    expect(judge([publishing(5432, "0.0.0.0", { state: "exited" })]).verdict).toBe("not-applicable");
    const rootless = { daemon: got(daemon({ uid: 1000 })) };
    expect(judge([publishing(5432)], DEFAULT, rootless).verdict).toBe("not-applicable");
    expect(judge([publishing(5432)], DEFAULT, { local: false }).verdict).toBe("not-applicable");
    expect(judge([container()]).verdict).toBe("not-applicable");
  });

  it("is unknown where rules or ports could not be read or understood", () => {
    const context = contextOf(evidence({ containers: [publishing(5432)] }));
    expect(
      verdictOf(rule, host({ firewall: missing("iptables-save: permission denied") }), context),
    ).toMatchObject({
      verdict: "unknown",
      message: "iptables-save: permission denied",
    });
    expect(judge([container({ declared: missing("no answer within 2 s") })]).verdict).toBe("unknown");
    const odd = [...DEFAULT.slice(0, 3), "-A DOCKER-USER -m geoip --source-country XX -j DROP"];
    const judged = judge([publishing(5432)], odd);
    expect(judged.verdict).toBe("unknown");
    expect(judged.message).toContain("geoip");
    const off = { daemon: got(daemon({ settings: { iptables: { value: false, from: "file" } } })) };
    expect(judge([publishing(5432)], DEFAULT, off).verdict).toBe("unknown");
  });

  it("sees that nftables may filter besides", () => {
    const nft = [
      "table inet mine {",
      "\tchain forward {",
      "\t\ttype filter hook forward priority filter; policy drop;",
      "\t}",
      "}",
    ];
    expect(judge([publishing(5432)], [...DEFAULT, ...nft]).verdict).toBe("unknown");
  });
});
