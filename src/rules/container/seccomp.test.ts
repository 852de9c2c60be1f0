import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import type { SeccompProfile } from "#model/evidence/container.ts";
import {
  actualContainer,
  container,
  contextOf,
  declaredContainer,
  evidence,
  processEvidence,
  ruleById,
  specifiedContainer,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import { allows } from "./facts/seccomp.ts";
import rules from "./seccomp.ts";

const off = ruleById(rules, "SW-CTR-SECCOMP-OFF");
const weak = ruleById(rules, "SW-CTR-SECCOMP-WEAK");

function profile(defaultAction: string, allowed: string[] = []): SeccompProfile {
  return {
    defaultAction,
    architectures: [],
    syscalls: [{ names: allowed, action: "SCMP_ACT_ALLOW", args: [] }],
  };
}
function judged(value: SeccompProfile, bounding: string[] = []) {
  const process = processEvidence({
    capabilities: {
      inheritable: "0",
      permitted: "0",
      effective: "0",
      bounding: bounding.includes("CAP_SYS_ADMIN") ? "200000" : "0",
      ambient: "0",
    },
  });
  const all = evidence({ seccompProfiles: { default: value } });
  return verdictOf(
    weak,
    container({ actual: got(actualContainer({ processes: [process] })) }),
    contextOf(all),
  );
}

describe("SW-CTR-SECCOMP-OFF", () => {
  it("fails if any process is without a filter", () => {
    const processes = [processEvidence(), processEvidence({ pid: 4243, seccomp: 0 })];
    const open = container({ actual: got(actualContainer({ processes })) });
    expect(verdictOf(off, open)).toMatchObject({
      verdict: "fail",
      evidence: [{ value: "0", path: "Seccomp" }],
    });
  });
  it("passes where a filter is in force, and is unknown where nobody tells", () => {
    expect(verdictOf(off, container()).verdict).toBe("pass");
    expect(verdictOf(off, unreadableContainer()).verdict).toBe("unknown");
  });
  it("judges the bundle and the declaration of what does not run", () => {
    const actual = missing("it does not run");
    expect(
      verdictOf(off, container({ actual, specified: got(specifiedContainer({ seccomp: null })) })).verdict,
    ).toBe("fail");
    const declared = got(declaredContainer({ securityOpt: ["seccomp=unconfined"] }));
    expect(verdictOf(off, container({ actual, specified: actual, declared })).verdict).toBe("fail");
    expect(verdictOf(off, container({ actual, specified: actual })).verdict).toBe("pass");
  });
});

describe("SW-CTR-SECCOMP-WEAK", () => {
  it.each(["SCMP_ACT_ALLOW", "SCMP_ACT_LOG"])("fails a filter whose default is %s", (action) => {
    expect(judged(profile(action)).verdict).toBe("fail");
  });
  it("fails a filter that allows mount without the capability, and passes it with", () => {
    expect(judged(profile("SCMP_ACT_ERRNO", ["mount"])).message).toContain("mount");
    expect(judged(profile("SCMP_ACT_ERRNO", ["mount"]), ["CAP_SYS_ADMIN"]).verdict).toBe("pass");
  });
  it("passes a filter that forbids by default", () => {
    expect(judged(profile("SCMP_ACT_ERRNO", ["read"])).verdict).toBe("pass");
  });
  it("does not apply without a filter, and is unknown without the profile", () => {
    const none = container({ specified: got(specifiedContainer({ seccomp: null })) });
    expect(verdictOf(weak, none).verdict).toBe("not-applicable");
    expect(verdictOf(weak, container(), contextOf(evidence())).verdict).toBe("unknown");
  });
});

describe("what a profile allows", () => {
  it("lets a rule that forbids outweigh one that allows", () => {
    const both: SeccompProfile = {
      defaultAction: "SCMP_ACT_ALLOW",
      architectures: [],
      syscalls: [{ names: ["mount"], action: "SCMP_ACT_ERRNO", args: [] }],
    };
    expect(allows(both, "mount")).toBe(false);
    expect(allows(both, "bpf")).toBe(true);
  });
  it("does not count rules with conditions on arguments", () => {
    const some: SeccompProfile = {
      defaultAction: "SCMP_ACT_ERRNO",
      architectures: [],
      syscalls: [
        { names: ["clone"], action: "SCMP_ACT_ALLOW", args: [{ index: 0, value: 1, op: "SCMP_CMP_EQ" }] },
      ],
    };
    expect(allows(some, "clone")).toBe(false);
  });
});
