import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { engine, engineInfo, judgements, verdictOf } from "../testing.ts";
import { configured, podman, unreadableEngine } from "./facts/testing.ts";
import rule from "./insecure-registry.ts";

const of = (insecureRegistries: string[], insecureRegistryCidrs: string[] = ["127.0.0.0/8"]) =>
  engine({ info: got(engineInfo({ insecureRegistries, insecureRegistryCidrs })) });

describe("SW-ENGINE-INSECURE-REGISTRY", () => {
  it("registries of this machine need no certificate", () => {
    expect(verdictOf(rule, of([])).verdict).toBe("pass");
    const local = ["127.0.0.1:5000", "localhost:5000", "localhost", "[::1]:5000", "::1"];
    expect(verdictOf(rule, of(local, ["127.0.0.0/8", "::1/128", "127.0.0.1/32"])).verdict).toBe("pass");
  });

  it("every other entry is a finding of its own", () => {
    const found = judgements(rule, of(["reg.example.com:5000"], ["127.0.0.0/8", "10.0.0.0/8", "0.0.0.0/0"]));
    expect(found.map(({ key }) => key)).toEqual(["reg.example.com:5000", "10.0.0.0/8", "0.0.0.0/0"]);
    expect(found[0]).toMatchObject({
      verdict: "fail",
      message: "the registry reg.example.com:5000 is not verified",
      evidence: [{ source: "GET /info", path: "RegistryConfig.IndexConfigs" }],
    });
    expect(found[2]?.message).toBe("no registry at all is verified (0.0.0.0/0)");
  });

  it("a range that reaches beyond loopback is not local", () => {
    for (const range of ["127.0.0.0/7", "::1/64"]) {
      expect(verdictOf(rule, of([], [range])).verdict, range).toBe("fail");
    }
    for (const name of ["localhost.example.com:5000", "127.0.0.1.example.com", "127.example.com:5000"]) {
      expect(verdictOf(rule, of([name])).verdict, name).toBe("fail");
    }
  });

  it("asks the settings where the API does not answer", () => {
    const silent = { info: missing("no answer") };
    const subject = configured({ "insecure-registries": ["reg.example.com"] }, {}, silent);
    expect(verdictOf(rule, subject)).toMatchObject({ verdict: "fail", key: "reg.example.com" });
    expect(verdictOf(rule, configured({}, {}, silent)).verdict).toBe("pass");
    expect(verdictOf(rule, unreadableEngine()).verdict).toBe("unknown");
  });

  it("is not about podman, and never throws", () => {
    expect(verdictOf(rule, podman()).verdict).toBe("not-applicable");
    assert(property(string(), (entry) => judgements(rule, of([entry])).length === 1));
  });
});
