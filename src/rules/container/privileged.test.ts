import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  containerNamespaces,
  declaredContainer,
  judgements,
  processEvidence,
  specifiedContainer,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import device from "./device.ts";
import privileged from "./privileged.ts";

const ALL = "0000003fffffffff";

/** What the kernel shows of a privileged container, under whatever option it was started. */
function open(changes: { devices?: string[]; seccomp?: number; mask?: string; mapped?: boolean } = {}) {
  const { devices = ["a *:* rwm"], seccomp = 0, mask = ALL, mapped = false } = changes;
  const process = processEvidence({
    seccomp,
    capabilities: { inheritable: "0", permitted: mask, effective: mask, bounding: mask, ambient: "0" },
  });
  const base = actualContainer();
  if (!base.cgroup.ok) throw new Error("builder");
  return container({
    actual: got({
      ...base,
      processes: [process],
      namespaces: mapped ? { ...containerNamespaces(), user: 4026533000 } : containerNamespaces(),
      cgroup: got({ ...base.cgroup.value, devices: got(devices) }),
    }),
  });
}

describe("SW-CTR-PRIVILEGED", () => {
  it("fails for privileged in all but name", () => {
    const judged = verdictOf(privileged, open());
    expect(judged.verdict).toBe("fail");
    expect(judged.message).toContain("in all but name");
    expect(judged.evidence.at(-1)).toMatchObject({ witness: "declared", value: "false" });
  });
  it("names the flag where it was used", () => {
    const named = { ...open(), declared: got(declaredContainer({ privileged: true })) };
    expect(verdictOf(privileged, named).message).toMatch(/^privileged:/);
  });
  it("fails for the flag also where a filter was asked for beside it", () => {
    const named = { ...open({ seccomp: 2 }), declared: got(declaredContainer({ privileged: true })) };
    const judged = verdictOf(privileged, named);
    expect(judged).toMatchObject({ verdict: "fail", message: "privileged: every capability, every device" });
  });
  it.each([
    ["a filter", { seccomp: 2 }],
    ["few devices", { devices: ["c 1:3 rwm"] }],
    ["few capabilities", { mask: "00000000a80425fb" }],
  ])("passes where there is %s", (_, changes) => {
    expect(verdictOf(privileged, open(changes)).verdict).toBe("pass");
  });
  it("is medium inside a user namespace", () => {
    expect(verdictOf(privileged, open({ mapped: true })).severity).toBe("medium");
  });
  it("judges bundle and declaration where the kernel is out of sight", () => {
    const actual = missing("not root");
    const specified = got(
      specifiedContainer({
        seccomp: null,
        deviceRules: ["allow a *:* rwm"],
        capabilities: {
          ...specifiedContainer().capabilities,
          bounding: ["CAP_SYS_ADMIN", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_PTRACE", "CAP_MKNOD"],
        },
      }),
    );
    expect(verdictOf(privileged, container({ actual, specified })).verdict).toBe("fail");
    const declared = got(declaredContainer({ privileged: true }));
    expect(verdictOf(privileged, container({ actual, specified: actual, declared })).verdict).toBe("fail");
    expect(verdictOf(privileged, unreadableContainer()).verdict).toBe("unknown");
  });
});

describe("SW-CTR-DEVICE", () => {
  it("fails critical for every device, and for every block device by a rule that inspect does not list", () => {
    expect(verdictOf(device, open()).severity).toBe("critical");
    const blocks = verdictOf(device, open({ devices: ["b *:* rwm", "c 1:3 rwm"] }));
    expect(blocks).toMatchObject({ severity: "critical" });
    expect(blocks.message).toContain("every block device");
  });
  it("tells reading from writing, and names what it knows", () => {
    expect(verdictOf(device, open({ devices: ["b 8:0 r"] }))).toMatchObject({ severity: "high" });
    expect(verdictOf(device, open({ devices: ["b 8:0 rw"] }))).toMatchObject({ severity: "critical" });
    expect(verdictOf(device, open({ devices: ["c 10:229 rwm"] })).message).toContain("FUSE");
    expect(verdictOf(device, open({ devices: ["c 1:1 r"] })).severity).toBe("critical");
  });
  it("gives one finding per device", () => {
    expect(judgements(device, open({ devices: ["c 81:0 rwm", "c 226:0 rwm"] }))).toHaveLength(2);
  });
  it("passes the default devices, and the right to make nodes that cannot be opened", () => {
    expect(verdictOf(device, container()).verdict).toBe("pass");
    expect(verdictOf(device, open({ devices: ["b *:* m", "c *:* m"] })).verdict).toBe("pass");
  });
  it("reads the bundle on cgroup v2, where the kernel shows no rules", () => {
    const base = actualContainer();
    if (!base.cgroup.ok) throw new Error("builder");
    const hidden = got({
      ...base,
      cgroup: got({ ...base.cgroup.value, version: 2 as const, devices: missing("BPF") }),
    });
    const specified = got(specifiedContainer({ deviceRules: ["deny a *:* rwm", "allow b 7:0 rwm"] }));
    expect(verdictOf(device, container({ actual: hidden, specified }))).toMatchObject({
      severity: "critical",
      evidence: [{ witness: "specified" }],
    });
    expect(verdictOf(device, unreadableContainer()).verdict).toBe("unknown");
  });
});
