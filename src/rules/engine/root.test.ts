import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { daemon, engine, engineInfo, verdictOf } from "../testing.ts";
import { podman, unreadableEngine } from "./facts/testing.ts";
import rule from "./root.ts";

const rootless = got(engineInfo({ securityOptions: [{ name: "rootless", options: {} }] }));

describe("SW-ENGINE-ROOT", () => {
  it("a daemon of user 0 is root, whatever it says", () => {
    expect(verdictOf(rule, engine())).toMatchObject({
      verdict: "fail",
      evidence: [{ witness: "actual", source: "/proc/700/status", value: "0" }],
    });
    expect(verdictOf(rule, engine({ info: rootless })).verdict).toBe("fail");
  });

  it("a daemon of an ordinary user passes, and one in a user namespace", () => {
    expect(verdictOf(rule, engine({ daemon: got(daemon({ uid: 1000 })) })).verdict).toBe("pass");
    const uidMap = [{ inside: 0, outside: 1000, count: 1 }];
    expect(verdictOf(rule, engine({ daemon: got(daemon({ uid: 0, uidMap })) })).verdict).toBe("pass");
  });

  it("asks the API where the process cannot be read", () => {
    const afar = { daemon: missing("another host") };
    expect(verdictOf(rule, engine({ ...afar, info: rootless })).verdict).toBe("pass");
    expect(verdictOf(rule, engine(afar)).verdict).toBe("fail");
    expect(verdictOf(rule, podman({ info: rootless })).verdict).toBe("pass");
    expect(verdictOf(rule, unreadableEngine()).verdict).toBe("unknown");
  });
});
