import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  declaredContainer,
  mount,
  processEvidence,
  ruleById,
  specifiedContainer,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import rules from "./kernel-files.ts";

const masks = ruleById(rules, "SW-CTR-MASKS");
const writable = ruleById(rules, "SW-CTR-KERNEL-WRITABLE");

const KCORE = { id: 54, target: "/proc/kcore", device: "0:43", hostPath: null };

function masked(changes: Parameters<typeof mount>[0]) {
  return container({ actual: got(actualContainer({ mounts: got([mount({ ...KCORE, ...changes })]) })) });
}

describe("SW-CTR-MASKS", () => {
  it("fails where the runtime was given none", () => {
    const none = container({ specified: got(specifiedContainer({ maskedPaths: [] })) });
    expect(verdictOf(masks, none)).toMatchObject({ verdict: "fail", evidence: [{ value: "[]" }, {}] });
  });
  it("passes masks that show an empty device or an empty read-only folder", () => {
    expect(verdictOf(masks, masked({ root: "/null", type: "tmpfs" })).verdict).toBe("pass");
    expect(verdictOf(masks, masked({ root: "/", type: "tmpfs", options: ["ro"] })).verdict).toBe("pass");
  });
  it("fails critical for a mask that was exchanged (CVE-2025-31133)", () => {
    expect(verdictOf(masks, masked({ root: "/sys/kernel/core_pattern", type: "proc" }))).toMatchObject({
      verdict: "fail",
      severity: "critical",
    });
  });
  it("judges the declaration, and is unknown without any", () => {
    const stopped = { actual: missing("stopped"), specified: missing("stopped") };
    const declared = got(declaredContainer({ maskedPaths: [] }));
    expect(verdictOf(masks, container({ ...stopped, declared })).verdict).toBe("fail");
    expect(verdictOf(masks, container(stopped)).verdict).toBe("pass");
    expect(verdictOf(masks, unreadableContainer()).verdict).toBe("unknown");
  });
});

const PROC = mount({ id: 73, target: "/proc", type: "proc", hostPath: null });
const SYS_RO = mount({ id: 76, target: "/sys", type: "sysfs", hostPath: null, options: ["ro"] });
const PROC_SYS_RO = mount({ id: 52, target: "/proc/sys", type: "proc", hostPath: null, options: ["ro"] });

function withMounts(...mounts: ReturnType<typeof mount>[]) {
  return container({ actual: got(actualContainer({ mounts: got(mounts) })) });
}

describe("SW-CTR-KERNEL-WRITABLE", () => {
  it("fails where the same file system is writable at another place", () => {
    const closed = [PROC, PROC_SYS_RO, SYS_RO];
    const at = (changes: Parameters<typeof mount>[0]) =>
      verdictOf(writable, withMounts(...closed, mount({ id: 90, type: "proc", ...changes })));
    expect(at({ target: "/host/proc", hostPath: "/proc" })).toMatchObject({ verdict: "fail" });
    expect(at({ target: "/host/proc", hostPath: "/proc" }).message).toContain("/host/proc/sys");
    expect(at({ target: "/tmp/p", hostPath: null }).message).toContain("/tmp/p/sys");
    expect(at({ target: "/k", hostPath: "/proc/sys/kernel" }).message).toContain("can write /k ");
    expect(at({ target: "/s", type: "sysfs", hostPath: "/sys" }).message).toContain("can write /s ");
    expect(at({ target: "/p", hostPath: "/proc/1234" }).verdict).toBe("pass");
    expect(at({ target: "/host/proc", hostPath: "/proc", options: ["ro"] }).verdict).toBe("pass");
  });
  it("is unknown where its mounts are out of sight", () => {
    const hidden = container({ actual: got(actualContainer({ mounts: missing("changed its root") })) });
    expect(verdictOf(writable, hidden)).toMatchObject({ verdict: "unknown", message: "changed its root" });
  });
  it("fails where /proc/sys is not covered by a read-only mount", () => {
    const judged = verdictOf(writable, withMounts(PROC, SYS_RO));
    expect(judged.verdict).toBe("fail");
    expect(judged.message).toContain("/proc/sys");
    expect(judged.message).not.toContain("/sys/fs");
  });
  it("fails for a writable /sys, and for a writable cgroup controller", () => {
    const sys = mount({ id: 76, target: "/sys", type: "sysfs", hostPath: null });
    expect(verdictOf(writable, withMounts(PROC, PROC_SYS_RO, sys)).message).toContain("/sys");
    const controller = mount({ id: 80, target: "/sys/fs/cgroup/memory", type: "cgroup", hostPath: null });
    expect(verdictOf(writable, withMounts(PROC, PROC_SYS_RO, SYS_RO, controller)).verdict).toBe("fail");
  });
  it("passes a default container: what the kernel lacks cannot be written", () => {
    expect(verdictOf(writable, container()).verdict).toBe("pass");
  });
  it("takes sysrq for open only where the runtime was not told to close it", () => {
    const closed = withMounts(PROC, PROC_SYS_RO, SYS_RO);
    expect(verdictOf(writable, { ...closed, specified: missing("not root") }).verdict).toBe("pass");
    const none = got(specifiedContainer({ readonlyPaths: [] }));
    expect(verdictOf(writable, { ...closed, specified: none }).message).toContain("/proc/sysrq-trigger");
  });
  it("is medium for a container that is not root of the host", () => {
    const user = withMounts(PROC, SYS_RO);
    if (user.actual.ok) user.actual.value.processes = [processEvidence({ uids: [1000, 1000, 1000, 1000] })];
    expect(verdictOf(writable, user).severity).toBe("medium");
  });
  it("does not apply to what does not run; unknown where nothing is known", () => {
    expect(verdictOf(writable, container({ actual: missing("stopped") })).verdict).toBe("not-applicable");
    expect(verdictOf(writable, unreadableContainer()).verdict).toBe("unknown");
  });
});
