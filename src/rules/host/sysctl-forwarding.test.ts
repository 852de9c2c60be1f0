import { describe, expect, it } from "vitest";
import { got } from "#model/reading.ts";
import { contextOf, daemon, engine, evidence, host, verdictOf } from "../testing.ts";
import rule from "./sysctl-forwarding.ts";
import { sysctls } from "./testing.ts";

const KEY = "net.ipv4.ip_forward";

describe("forwarding", () => {
  it("wants it on, against the general advice", () => {
    expect(verdictOf(rule, host({ sysctls: sysctls({ [KEY]: "1" }) })).verdict).toBe("pass");
    expect(verdictOf(rule, host({ sysctls: sysctls({ [KEY]: "0" }) }))).toMatchObject({
      verdict: "fail",
      message: `${KEY} is 0, so containers on bridges have no network`,
    });
  });

  it("is unknown where it was not read, not applicable where nobody needs it", () => {
    expect(verdictOf(rule, host()).verdict).toBe("unknown");
    const off = host({ sysctls: sysctls({ [KEY]: "0" }) });
    const without = [
      evidence({ engines: [] }),
      evidence({ engines: [engine({ daemon: got(daemon({ uid: 1000 })) })] }),
      evidence({
        engines: [
          engine({ daemon: got(daemon({ settings: { "ip-forward": { value: false, from: "file" } } })) }),
        ],
      }),
    ];
    for (const all of without) expect(verdictOf(rule, off, contextOf(all)).verdict).toBe("not-applicable");
  });
});
