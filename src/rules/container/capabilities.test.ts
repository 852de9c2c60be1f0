import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import type { CapabilitySets } from "#model/evidence/process.ts";
import {
  actualContainer,
  container,
  declaredContainer,
  processEvidence,
  ruleById,
  specifiedContainer,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import rules from "./capabilities.ts";
import { CAPABILITIES, capabilitiesOf, declaredCapabilities } from "./facts/capabilities.ts";

const dangerous = ruleById(rules, "SW-CTR-CAP-DANGEROUS");
const defaults = ruleById(rules, "SW-CTR-CAP-DEFAULT");
const ambient = ruleById(rules, "SW-CTR-CAP-AMBIENT");

const NONE = "0000000000000000";
const SYS_ADMIN = "0000000000200000";
const ALL_OF_2010 = "0000003fffffffff";

function withSets(sets: Partial<CapabilitySets>, noNewPrivs = false, mapped = false) {
  const base = { inheritable: NONE, permitted: NONE, effective: NONE, bounding: NONE, ambient: NONE };
  const process = processEvidence({ capabilities: { ...base, ...sets }, noNewPrivs });
  const namespaces = mapped ? { ...process.namespaces, user: 4026533000 } : process.namespaces;
  return container({ actual: got(actualContainer({ processes: [process], namespaces })) });
}

describe("SW-CTR-CAP-DANGEROUS", () => {
  it("fails critical for SYS_ADMIN that a process holds", () => {
    const judged = verdictOf(dangerous, withSets({ effective: SYS_ADMIN, bounding: SYS_ADMIN }));
    expect(judged).toMatchObject({ verdict: "fail", severity: "critical" });
    expect(judged.message).toContain("SYS_ADMIN");
  });
  it("is one step less where it can only be gained, and nothing where new privileges are off", () => {
    expect(verdictOf(dangerous, withSets({ bounding: SYS_ADMIN })).severity).toBe("high");
    expect(verdictOf(dangerous, withSets({ bounding: SYS_ADMIN }, true)).verdict).toBe("pass");
  });
  it("is medium at most inside a user namespace", () => {
    const judged = verdictOf(
      dangerous,
      withSets({ effective: ALL_OF_2010, bounding: ALL_OF_2010 }, false, true),
    );
    expect(judged.severity).toBe("medium");
  });
  it("sees what inspect does not list: privileged leaves CapAdd empty", () => {
    const judged = verdictOf(dangerous, withSets({ effective: ALL_OF_2010, bounding: ALL_OF_2010 }));
    expect(judged.message).toContain("SYS_MODULE");
  });
  it("passes the default set", () => {
    expect(verdictOf(dangerous, container()).verdict).toBe("pass");
  });
  it("changes its key with the list, so that a baseline does not hide a new one", () => {
    const one = verdictOf(dangerous, withSets({ effective: SYS_ADMIN, bounding: SYS_ADMIN })).key;
    const more = verdictOf(dangerous, withSets({ effective: ALL_OF_2010, bounding: ALL_OF_2010 })).key;
    expect(one).not.toBe(more);
  });
  it("falls back to the bundle, then to the declaration", () => {
    const actual = missing("not root");
    const capabilities = {
      ...specifiedContainer().capabilities,
      bounding: ["CAP_BPF"],
      effective: ["CAP_BPF"],
    };
    const bundle = container({ actual, specified: got(specifiedContainer({ capabilities })) });
    expect(verdictOf(dangerous, bundle)).toMatchObject({ verdict: "fail", severity: "high" });
    const declared = got(declaredContainer({ capAdd: ["CAP_SYS_ADMIN"] }));
    expect(verdictOf(dangerous, container({ actual, specified: actual, declared })).verdict).toBe("fail");
    expect(verdictOf(dangerous, unreadableContainer()).verdict).toBe("unknown");
  });
});

describe("SW-CTR-CAP-DEFAULT", () => {
  it("fails for a default container and passes one with none", () => {
    expect(verdictOf(defaults, container()).message).toContain("14 of the 14");
    expect(verdictOf(defaults, withSets({})).verdict).toBe("pass");
  });
});

describe("SW-CTR-CAP-AMBIENT", () => {
  it("fails for inheritable capabilities (CVE-2022-24769)", () => {
    expect(verdictOf(ambient, withSets({ inheritable: SYS_ADMIN })).verdict).toBe("fail");
    expect(verdictOf(ambient, withSets({ bounding: SYS_ADMIN })).verdict).toBe("pass");
    expect(verdictOf(ambient, unreadableContainer()).verdict).toBe("unknown");
  });
});

describe("masks and options", () => {
  it("names every bit of a mask once, whatever the mask", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (bits) => {
        const ones = bits.toString(2).replaceAll("0", "").length;
        expect(capabilitiesOf(bits.toString(16)).size).toBe(ones);
      }),
    );
  });
  it("reads garbage as nothing", () => {
    expect(capabilitiesOf("xyz").size).toBe(0);
    expect(capabilitiesOf("").size).toBe(0);
  });
  it("adds and drops as the engine does", () => {
    expect(declaredCapabilities(false, [], ["ALL"]).size).toBe(0);
    expect([...declaredCapabilities(false, ["CAP_NET_ADMIN"], ["ALL"])]).toEqual(["CAP_NET_ADMIN"]);
    expect(declaredCapabilities(false, ["ALL"], ["CAP_SYS_ADMIN"]).has("CAP_SYS_ADMIN")).toBe(false);
    expect(declaredCapabilities(false, ["ALL"], []).size).toBe(CAPABILITIES.length);
    expect(declaredCapabilities(true, [], ["ALL"]).size).toBe(CAPABILITIES.length);
    expect(declaredCapabilities(false, [], []).size).toBe(14);
  });
});
