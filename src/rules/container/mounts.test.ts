import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import type { MountEvidence } from "#model/evidence/mount.ts";
import {
  actualContainer,
  container,
  declaredContainer,
  judgements,
  mount,
  processEvidence,
  ruleById,
  specifiedContainer,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import { sensitivityOf } from "./facts/sensitive-paths.ts";
import rules from "./mounts.ts";
import engineSocket from "./engine-socket.ts";
import undeclared from "./mount-undeclared.ts";

const sensitive = ruleById(rules, "SW-CTR-MOUNT-SENSITIVE");
const submount = ruleById(rules, "SW-CTR-MOUNT-SUBMOUNT");
const propagation = ruleById(rules, "SW-CTR-MOUNT-PROPAGATION");
const rootfs = ruleById(rules, "SW-CTR-ROOTFS-WRITABLE");
const tmpfs = ruleById(rules, "SW-CTR-TMPFS-FLAGS");

const ROOT = mount({ id: 72, parent: 1, target: "/", type: "overlay", device: "0:39", hostPath: null });

function mounted(...mounts: Partial<MountEvidence>[]) {
  return container({
    actual: got(actualContainer({ mounts: got([ROOT, ...mounts.map((each) => mount(each))]) })),
  });
}

/** Its processes are seen, its mounts are not: they have changed their root. */
function hidden(mounts: { source: string; target: string; type: string; options: string[] }[]) {
  return container({
    actual: got(
      actualContainer({ mounts: missing("changed its root"), engineSockets: missing("changed its root") }),
    ),
    specified: got(specifiedContainer({ mounts })),
  });
}

describe("mounts that are out of sight", () => {
  const bind = { source: "/etc", target: "/x", type: "bind", options: ["rbind", "ro"] };
  it("show what was ordered, and pass for nothing", () => {
    expect(verdictOf(sensitive, hidden([bind])).verdict).toBe("fail");
    for (const rule of [sensitive, submount, undeclared, engineSocket]) {
      expect(verdictOf(rule, hidden([])), rule.id).toMatchObject({
        verdict: "unknown",
        message: "changed its root",
      });
    }
  });
});

describe("ten thousand mounts", () => {
  const many = mounted(
    ...Array.from({ length: 10_000 }, (_, at) => ({
      id: 100 + at,
      target: `/m/${at}`,
      hostPath: "/etc",
      root: "/etc",
    })),
  );
  it("are told of up to a number", () => {
    for (const rule of [sensitive, undeclared]) {
      const judged = judgements(rule, many);
      expect(judged).toHaveLength(51);
      expect(judged.at(-1)).toMatchObject({ verdict: "fail", key: "more" });
      expect(judged.at(-1)?.message).toContain("9950 more folders");
    }
  });
});

describe("SW-CTR-MOUNT-SENSITIVE", () => {
  it("fails critical for a writable /etc, however it is called", () => {
    const judged = verdictOf(sensitive, mounted({ target: "/harmless", hostPath: "/etc", root: "/etc" }));
    expect(judged).toMatchObject({ verdict: "fail", severity: "critical", key: "/harmless" });
    expect(judged.message).toContain("/etc");
  });
  it("fails high for a readable one, and one step less for a user other than root", () => {
    const readable = mounted({ target: "/x", hostPath: "/etc", options: ["ro"] });
    expect(verdictOf(sensitive, readable).severity).toBe("high");
    const user = processEvidence({ uids: [1000, 1000, 1000, 1000] });
    const asUser = mounted({ target: "/x", hostPath: "/etc", options: ["ro"] });
    if (asUser.actual.ok) asUser.actual.value.processes = [user];
    expect(verdictOf(sensitive, asUser).severity).toBe("medium");
  });
  it("counts a mount of the whole host once, not every file system that came along", () => {
    const whole = mounted(
      { id: 90, target: "/host", hostPath: "/" },
      { id: 91, parent: 90, target: "/host/etc", hostPath: "/etc" },
      { id: 92, parent: 90, target: "/host/proc", hostPath: "/proc" },
    );
    expect(judgements(sensitive, whole)).toHaveLength(1);
  });
  it("passes volumes, the engine's own files and ordinary folders", () => {
    const id = "a".repeat(64);
    const usual = mounted(
      { target: "/data", hostPath: "/var/lib/docker/volumes/data/_data" },
      { target: "/etc/hosts", hostPath: `/var/lib/docker/containers/${id}/hosts` },
      { target: "/app", hostPath: "/srv/app" },
      { target: "/etc/localtime", hostPath: "/etc/localtime", options: ["ro"] },
    );
    expect(verdictOf(sensitive, usual).verdict).toBe("pass");
  });
  it("passes the kernel's own file systems, which are the host's where the network is shared", () => {
    const shared = mounted(
      { id: 76, target: "/sys", type: "sysfs", hostPath: "/sys", options: ["ro"] },
      { id: 77, parent: 76, target: "/sys/fs/cgroup", type: "tmpfs", hostPath: null },
    );
    expect(verdictOf(sensitive, shared).verdict).toBe("pass");
    expect(verdictOf(submount, shared).verdict).toBe("not-applicable");
    expect(
      verdictOf(sensitive, mounted({ target: "/host/sys", type: "sysfs", hostPath: "/sys" })).verdict,
    ).toBe("fail");
  });
  it("judges the declaration of a container that does not run", () => {
    const stopped = missing("it does not run");
    const mounts = [
      { type: "bind", source: "/etc", target: "/x", writable: true, mode: "", propagation: "rprivate" },
    ];
    const declared = got(declaredContainer({ mounts }));
    const judged = verdictOf(sensitive, container({ actual: stopped, specified: stopped, declared }));
    expect(judged).toMatchObject({ verdict: "fail", evidence: [{ witness: "declared" }] });
  });
  it("is unknown where nothing could be read", () => {
    expect(verdictOf(sensitive, unreadableContainer()).verdict).toBe("unknown");
  });
});

describe("sensitivity of host paths", () => {
  const at = (path: string, writable = true) =>
    sensitivityOf(path, writable, ["/var/lib/docker"])?.writable ?? null;
  it.each([
    ["/", "critical"],
    ["/etc", "critical"],
    ["/etc/shadow", "critical"],
    ["/etc/nginx", "medium"],
    ["/usr/local/bin", "high"],
    ["/proc/sys", "high"],
    ["/home", "high"],
    ["/home/dev/project", null],
    ["/home/dev/.ssh", "high"],
    ["/srv/data", null],
    ["/var/lib/docker", "critical"],
    ["/var/lib", "critical"],
    ["/var/lib/docker/volumes/db/_data", null],
    ["/var/lib/docker/231072.231072/volumes/db/_data", null],
    ["/var/lib/docker/overlay2/abc/diff", "critical"],
    ["/var/log", "medium"],
    ["/var/log/app", null],
  ])("%s: %s", (path, severity) => {
    expect(at(path)).toBe(severity);
  });
  it("lets certificates and the time zone be read, not written", () => {
    expect(at("/etc/ssl/certs", false)).toBeNull();
    expect(at("/etc/ssl/certs", true)).toBe("medium");
  });
});

describe("SW-CTR-MOUNT-SUBMOUNT", () => {
  it("fails where a file system below a read-only mount is writable", () => {
    const judged = verdictOf(
      submount,
      mounted(
        { id: 90, target: "/host", hostPath: "/", options: ["ro"] },
        { id: 91, parent: 90, target: "/host/dev/shm", hostPath: "/dev/shm", type: "tmpfs" },
        { id: 92, parent: 90, target: "/host/proc", hostPath: "/proc", type: "proc", options: ["ro"] },
        { id: 93, parent: 90, target: "/host/ns", hostPath: "/ns", type: "nsfs", root: "net:[1]" },
      ),
    );
    expect(judged.message).not.toContain("/host/ns");
    expect(judged.verdict).toBe("fail");
    expect(judged.message).toContain("/host/dev/shm");
    expect(judged.message).not.toContain("/host/proc");
  });
  it("passes one that is read-only all the way, and does not apply to writable ones", () => {
    expect(verdictOf(submount, mounted({ target: "/x", options: ["ro"] })).verdict).toBe("pass");
    expect(verdictOf(submount, mounted({ target: "/x" })).verdict).toBe("not-applicable");
  });
});

describe("SW-CTR-MOUNT-PROPAGATION", () => {
  it("fails for a shared bind, not for the engine's own slave root", () => {
    expect(verdictOf(propagation, mounted({ target: "/mnt", propagation: ["shared:7"] })).verdict).toBe(
      "fail",
    );
    expect(verdictOf(propagation, mounted({ target: "/mnt", propagation: ["master:7"] })).verdict).toBe(
      "pass",
    );
    expect(verdictOf(propagation, unreadableContainer()).verdict).toBe("unknown");
  });
});

describe("SW-CTR-ROOTFS-WRITABLE", () => {
  it("reads the flag of the mount, and falls back to what was asked for", () => {
    expect(verdictOf(rootfs, container()).verdict).toBe("fail");
    const closed = container({
      actual: got(actualContainer({ mounts: got([{ ...ROOT, options: ["ro"] }]) })),
    });
    expect(verdictOf(rootfs, closed).verdict).toBe("pass");
    const specified = got(specifiedContainer({ readonlyRootfs: true }));
    expect(verdictOf(rootfs, container({ actual: missing("not root"), specified })).verdict).toBe("pass");
    expect(verdictOf(rootfs, unreadableContainer()).verdict).toBe("unknown");
  });
});

describe("SW-CTR-TMPFS-FLAGS", () => {
  it("names the flags that lack", () => {
    const open = mounted({ target: "/t", type: "tmpfs", hostPath: null, options: ["rw", "nosuid"] });
    expect(verdictOf(tmpfs, open).message).toBe("the tmpfs /t lacks noexec, nodev");
    const tight = mounted({
      target: "/t",
      type: "tmpfs",
      hostPath: null,
      options: ["rw", "nosuid", "nodev", "noexec"],
    });
    expect(verdictOf(tmpfs, tight).verdict).toBe("pass");
    expect(verdictOf(tmpfs, mounted()).verdict).toBe("not-applicable");
  });
});

describe("SW-CTR-MOUNT-UNDECLARED", () => {
  const asked = (target: string) => ({ target, type: "bind", source: "/x", options: ["rbind"] });
  it("fails for a host folder that was mounted after the start", () => {
    const late = mounted({ target: "/tmp/late", hostPath: "/etc" });
    expect(verdictOf(undeclared, late)).toMatchObject({ verdict: "fail", key: "/tmp/late" });
  });
  it("fails also for one that hides below a mount that was asked for", () => {
    const late = mounted(
      { id: 90, target: "/data" },
      { id: 91, parent: 90, target: "/data/late", hostPath: "/etc" },
    );
    late.specified = got(specifiedContainer({ mounts: [asked("/data")] }));
    expect(verdictOf(undeclared, late)).toMatchObject({ verdict: "fail", key: "/data/late" });
  });
  it("passes what was asked for, and what came along with it", () => {
    const known = mounted(
      { id: 90, target: "/host", hostPath: "/" },
      { id: 91, parent: 90, target: "/host/boot", hostPath: "/boot" },
    );
    known.specified = got(specifiedContainer({ mounts: [asked("/host")] }));
    expect(verdictOf(undeclared, known).verdict).toBe("pass");
  });
  it("is unknown where nobody tells what was asked for, and does not apply to what does not run", () => {
    const nobody = { ...mounted(), specified: missing("not root"), declared: missing("timeout") };
    expect(verdictOf(undeclared, nobody).verdict).toBe("unknown");
    expect(verdictOf(undeclared, container({ actual: missing("stopped") })).verdict).toBe("not-applicable");
  });
});
