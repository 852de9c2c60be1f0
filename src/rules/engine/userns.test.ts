import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { container, engine, engineInfo, verdictOf } from "../testing.ts";
import { around, configured, podman, running, unreadableEngine } from "./facts/testing.ts";
import rule from "./userns.ts";

const REMAPPED = { uidMap: got([{ inside: 0, outside: 231072, count: 65536 }]) };
const remap = got(engineInfo({ securityOptions: [{ name: "userns", options: {} }] }));

describe("SW-ENGINE-USERNS", () => {
  it("with remap off every container shares the host's user ids, which another tool called a pass", () => {
    const subject = engine();
    const containers = Array.from({ length: 39 }, (_, at) => running(`c${at}`));
    expect(verdictOf(rule, subject, around(subject, containers))).toMatchObject({
      verdict: "fail",
      message: "every container shares the host's user ids: root inside is root outside",
      evidence: expect.arrayContaining([
        expect.objectContaining({ witness: "actual", source: "/proc/4242/uid_map", value: "0 0 4294967295" }),
      ]),
    });
    expect(rule.severity).toBe("medium");
  });

  it("a daemon with remap passes if the kernel says the same of its containers", () => {
    const subject = engine({ info: remap });
    expect(verdictOf(rule, subject, around(subject, [running("web", {}, REMAPPED)]))).toMatchObject({
      verdict: "pass",
      evidence: [{ source: "GET /info", value: "name=userns" }, { value: "0 231072 65536" }],
    });
  });

  it("names the containers that opt out of the remap", () => {
    const subject = engine({ info: remap });
    const containers = [running("web", {}, REMAPPED), running("agent", { usernsMode: "host" })];
    expect(verdictOf(rule, subject, around(subject, containers))).toMatchObject({
      verdict: "fail",
      message: "the engine maps user ids, but not for agent (--userns=host)",
    });
  });

  it("looks at the containers of this engine only", () => {
    const subject = engine({ name: "docker-2", info: remap });
    expect(verdictOf(rule, subject, around(subject, [running("web")])).verdict).toBe("pass");
  });

  it("without running containers the engine's word decides, then its settings", () => {
    const stopped = container({ actual: missing("it does not run") });
    const subject = engine();
    expect(verdictOf(rule, subject, around(subject, [stopped])).verdict).toBe("fail");
    const silent = { info: missing("no answer") };
    expect(verdictOf(rule, configured({ "userns-remap": "default" }, {}, silent)).verdict).toBe("pass");
    expect(verdictOf(rule, configured({}, {}, silent)).verdict).toBe("fail");
    expect(verdictOf(rule, unreadableEngine()).verdict).toBe("unknown");
  });

  it("rootless engines and podman are judged by the same maps", () => {
    const rootless = got(engineInfo({ securityOptions: [{ name: "rootless", options: {} }] }));
    expect(verdictOf(rule, engine({ info: rootless })).verdict).toBe("pass");
    const subject = podman();
    const mine = { ...running("a", {}, REMAPPED), engine: "podman" };
    const shared = { ...running("b"), engine: "podman" };
    expect(verdictOf(rule, subject, around(subject, [mine])).verdict).toBe("pass");
    expect(verdictOf(rule, subject, around(subject, [mine, shared])).message).toContain("1 of 2 running");
  });
});
