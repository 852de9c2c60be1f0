import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import {
  container,
  declaredContainer,
  engine,
  engineInfo,
  specifiedContainer,
  verdictOf,
} from "../testing.ts";
import { around, configured, podman, unreadableEngine } from "./facts/testing.ts";
import rule from "./seccomp.ts";

const profile = (name: string) => ({
  info: got(engineInfo({ securityOptions: [{ name: "seccomp", options: { profile: name } }] })),
});
const filtered = (seccomp: string | null, asked: Parameters<typeof declaredContainer>[0] = {}) =>
  container({
    declared: got(declaredContainer(asked)),
    specified: got(specifiedContainer({ seccomp })),
  });
const action = (defaultAction: string) => ({
  seccompProfiles: { key: { defaultAction, architectures: [], syscalls: [] } },
});

describe("SW-ENGINE-SECCOMP", () => {
  it("the engine's own profile passes under its old name and its new one", () => {
    expect(verdictOf(rule, engine(profile("default"))).verdict).toBe("pass");
    expect(verdictOf(rule, engine(profile("builtin"))).verdict).toBe("pass");
    expect(verdictOf(rule, podman()).verdict).toBe("pass");
  });

  it("unconfined fails, and an engine without seccomp", () => {
    expect(verdictOf(rule, engine(profile("unconfined")))).toMatchObject({
      verdict: "fail",
      evidence: [{ path: "SecurityOptions", value: "name=seccomp,profile=unconfined" }],
    });
    const none = engine({ info: got(engineInfo({ securityOptions: [] })) });
    expect(verdictOf(rule, none).verdict).toBe("fail");
  });

  it.each(["SCMP_ACT_ALLOW", "SCMP_ACT_LOG"])(
    "a profile of one's own that does %s by default fails",
    (name) => {
      const subject = engine(profile("/etc/docker/seccomp.json"));
      const context = around(subject, [filtered("key")], action(name));
      expect(verdictOf(rule, subject, context)).toMatchObject({
        verdict: "fail",
        evidence: [{ witness: "specified", path: "linux.seccomp.defaultAction", value: name }, {}],
      });
      // 20.10 says profile=default of it: what the runtime was given counts.
      const hidden = engine(profile("default"));
      expect(verdictOf(rule, hidden, around(hidden, [filtered("key")], action(name))).verdict).toBe("fail");
    },
  );

  it("one that forbids by default passes once a container shows it, and is unknown before", () => {
    const subject = engine(profile("/etc/docker/seccomp.json"));
    const strict = action("SCMP_ACT_ERRNO");
    expect(verdictOf(rule, subject, around(subject, [filtered("key")], strict)).verdict).toBe("pass");
    expect(verdictOf(rule, subject, around(subject, [], strict)).verdict).toBe("unknown");
    expect(verdictOf(rule, subject, around(subject, [filtered("other")], strict)).verdict).toBe("unknown");
  });

  it("containers with a profile of their own tell nothing of the daemon", () => {
    const subject = engine(profile("builtin"));
    const own = [
      filtered(null, { securityOpt: ["seccomp=unconfined"] }),
      filtered(null, { privileged: true }),
      { ...filtered(null), self: true },
      { ...filtered(null), engine: "docker-2" },
    ];
    expect(verdictOf(rule, subject, around(subject, own)).verdict).toBe("pass");
    expect(verdictOf(rule, subject, around(subject, [filtered(null)])).verdict).toBe("fail");
  });

  it("asks settings and containers where the API does not answer", () => {
    const silent = { info: missing("no answer") };
    expect(verdictOf(rule, configured({ "seccomp-profile": "unconfined" }, {}, silent)).verdict).toBe("fail");
    expect(verdictOf(rule, configured({}, {}, silent)).verdict).toBe("pass");
    const subject = unreadableEngine();
    expect(verdictOf(rule, subject).verdict).toBe("unknown");
    const strict = around(subject, [filtered("key")], action("SCMP_ACT_ERRNO"));
    expect(verdictOf(rule, subject, strict).verdict).toBe("pass");
  });
});
