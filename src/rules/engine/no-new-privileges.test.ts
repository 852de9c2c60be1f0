import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { container, engine, engineInfo, processEvidence, specifiedContainer, verdictOf } from "../testing.ts";
import {
  around,
  configFile,
  configured,
  podman,
  running,
  STARTED,
  unreadableEngine,
} from "./facts/testing.ts";
import rule from "./no-new-privileges.ts";

const follower = (name: string, noNewPrivs: boolean | null, securityOpt: string[] = []) =>
  running(name, { securityOpt }, { processes: [processEvidence({ noNewPrivs })] });
const on = { "no-new-privileges": true };
const judge = (subject: ReturnType<typeof engine>, containers: ReturnType<typeof follower>[] = []) =>
  verdictOf(rule, subject, around(subject, containers));

describe("SW-ENGINE-NNP", () => {
  it("a default that is off fails", () => {
    expect(judge(engine())).toMatchObject({ verdict: "fail" });
    expect(judge(configured({ "no-new-privileges": false }), [follower("web", true)]).verdict).toBe("fail");
    expect(judge(engine(), [follower("web", false)]).evidence).toContainEqual(
      expect.objectContaining({ path: "NoNewPrivs", value: "0" }),
    );
  });

  it("a default that is on passes, by the file, a flag, or the engine's own word", () => {
    expect(judge(configured(on)).verdict).toBe("pass");
    const info = got(engineInfo({ securityOptions: [{ name: "no-new-privileges", options: {} }] }));
    expect(judge(engine({ info, daemon: missing("another host") })).verdict).toBe("pass");
  });

  it("the kernel outweighs a file that was not found: containers have it and did not ask", () => {
    expect(judge(engine(), [follower("web", true)])).toMatchObject({
      verdict: "pass",
      evidence: [{ witness: "actual", path: "NoNewPrivs", value: "1" }, {}],
    });
    expect(judge(unreadableEngine(), [follower("web", true)]).verdict).toBe("pass");
    expect(judge(unreadableEngine(), [follower("web", false)]).verdict).toBe("fail");
    const changed = configured(on, { configFile: configFile(STARTED + 60_000) });
    expect(judge(changed, [follower("web", false)]).verdict).toBe("fail");
  });

  it("names containers from before the default was switched on", () => {
    expect(judge(configured(on), [follower("old", false), follower("new", true)]).message).toBe(
      "the default is on now, but old may gain privileges (made before)",
    );
  });

  it("containers that ask for themselves tell nothing of the default", () => {
    const own = [
      follower("a", true, ["no-new-privileges"]),
      follower("b", false, ["no-new-privileges=false"]),
    ];
    expect(judge(unreadableEngine(), own).verdict).toBe("unknown");
    expect(judge(configured(on), own).verdict).toBe("pass");
  });

  it("asks the OCI bundle where the kernel does not tell", () => {
    const old = container({
      actual: missing("not root"),
      specified: got(specifiedContainer({ noNewPrivileges: true })),
    });
    expect(judge(unreadableEngine(), [old])).toMatchObject({
      verdict: "pass",
      evidence: [{ witness: "specified", path: "process.noNewPrivileges" }],
    });
    const { specified: _spec, ...rest } = follower("web", null);
    expect(judge(unreadableEngine(), [{ ...rest, specified: missing("no bundle") }]).verdict).toBe("unknown");
  });

  it("is not about podman", () => {
    expect(verdictOf(rule, podman()).verdict).toBe("not-applicable");
  });
});
