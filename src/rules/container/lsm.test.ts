import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  contextOf,
  declaredContainer,
  engine,
  engineInfo,
  evidence,
  host,
  processEvidence,
  ruleById,
  specifiedContainer,
  verdictOf,
} from "../testing.ts";
import rules from "./lsm.ts";

const apparmor = ruleById(rules, "SW-CTR-APPARMOR");
const selinux = ruleById(rules, "SW-CTR-SELINUX");

function on(modules: string[]) {
  const kernel = { ...host().kernel, lsms: got(modules) };
  return contextOf(evidence({ host: host({ kernel }) }));
}
function labelled(lsmLabel: string | null, securityOpt: string[] = []) {
  return container({
    declared: got(declaredContainer({ securityOpt })),
    actual: got(actualContainer({ processes: [processEvidence({ lsmLabel })] })),
  });
}

describe("SW-CTR-APPARMOR", () => {
  const active = on(["capability", "apparmor"]);
  it.each([
    ["docker-default (enforce)", "pass"],
    ["docker-default (complain)", "fail"],
    ["unconfined", "fail"],
    [null, "fail"],
  ])("label %s: %s", (label, verdict) => {
    expect(verdictOf(apparmor, labelled(label), active).verdict).toBe(verdict);
  });
  it("does not apply on a host without it, but tells of an option that does nothing there", () => {
    const without = on(["capability"]);
    expect(verdictOf(apparmor, labelled(null), without).verdict).toBe("not-applicable");
    expect(verdictOf(apparmor, labelled(null, ["apparmor=docker-default"]), without)).toMatchObject({
      verdict: "fail",
      severity: "low",
    });
  });
  it("asks the engine where securityfs is not mounted", () => {
    const kernel = { ...host().kernel, lsms: missing("/sys/kernel/security/lsm: does not exist") };
    const unseen = evidence({ host: host({ kernel }) });
    expect(verdictOf(apparmor, labelled(null), contextOf(unseen)).verdict).toBe("not-applicable");
    const info = engineInfo({ securityOptions: [{ name: "apparmor", options: {} }] });
    const told = evidence({ host: host({ kernel }), engines: [engine({ info: got(info) })] });
    expect(verdictOf(apparmor, labelled("docker-default (enforce)"), contextOf(told)).verdict).toBe("pass");
    const collector = { uid: 1000, capabilities: "", containerId: null };
    const nobody = evidence({ host: null, engines: [], collector });
    expect(verdictOf(apparmor, labelled(null), contextOf(nobody)).verdict).toBe("unknown");
  });
  it("judges what does not run by its order", () => {
    const actual = missing("it does not run");
    const spec = (apparmorProfile: string) =>
      container({ actual, specified: got(specifiedContainer({ apparmorProfile })) });
    expect(verdictOf(apparmor, spec("docker-default"), active).verdict).toBe("pass");
    expect(verdictOf(apparmor, spec(""), active).verdict).toBe("fail");
    const declared = got(declaredContainer({ securityOpt: ["apparmor=unconfined"] }));
    expect(verdictOf(apparmor, container({ actual, specified: actual, declared }), active).verdict).toBe(
      "fail",
    );
  });
});

describe("SW-CTR-SELINUX", () => {
  const active = on(["capability", "selinux"]);
  it.each([
    ["system_u:system_r:container_t:s0:c1,c2", "pass"],
    ["system_u:system_r:spc_t:s0", "fail"],
    ["unconfined_u:unconfined_r:unconfined_t:s0", "fail"],
  ])("label %s: %s", (label, verdict) => {
    expect(verdictOf(selinux, labelled(label), active).verdict).toBe(verdict);
  });
  it("does not take label=disable for confinement", () => {
    const disabled = labelled("system_u:system_r:spc_t:s0", ["label=disable"]);
    expect(verdictOf(selinux, disabled, active).verdict).toBe("fail");
  });
  it("does not apply on a host without it", () => {
    expect(verdictOf(selinux, labelled(null), on(["apparmor"])).verdict).toBe("not-applicable");
  });
});
