import { describe, expect, it } from "vitest";
import type { CgroupEvidence } from "#model/evidence/container.ts";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  contextOf,
  daemon,
  declaredContainer,
  engine,
  engineInfo,
  evidence,
  processEvidence,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import placement from "./cgroup-placement.ts";

const ID = "a".repeat(64);

function at(cgroupPath: string | null, cgroupParent = "", changes: Partial<CgroupEvidence> = {}) {
  const kernel = actualContainer({ processes: [processEvidence({ cgroupPath })] });
  if (!kernel.cgroup.ok) throw new Error("the builder gives a cgroup");
  return container({
    actual: got({ ...kernel, cgroup: got({ ...kernel.cgroup.value, ...changes }) }),
    declared: got(declaredContainer({ cgroupParent })),
  });
}

describe("SW-CTR-CGROUP", () => {
  it.each([
    `/docker/${ID}`,
    `/system.slice/docker-${ID}.scope`,
    `/machine.slice/libpod-${ID}.scope/container`,
    `/kubepods/besteffort/pod1/${ID}`,
    `/docker/${ID}/init.scope`,
  ])("passes in its own group %s", (path) => {
    expect(verdictOf(placement, at(path)).verdict).toBe("pass");
  });

  it("knows a short id only as a whole name", () => {
    const short = (path: string) => verdictOf(placement, { ...at(path), id: "web" }).verdict;
    expect(short("/default/web")).toBe("pass");
    expect(short("/system.slice/nerdctl-web.scope")).toBe("pass");
    expect(short("/system.slice/webserver.service")).toBe("fail");
  });

  it("fails in the root cgroup", () => {
    expect(verdictOf(placement, at("/"))).toMatchObject({
      verdict: "fail",
      message: "its processes are in the root cgroup, where nothing is limited",
      evidence: [{ witness: "actual", source: "/proc/4242/cgroup", value: "/" }],
    });
  });

  it("fails in the group of a service or a shell, and names who else is in it", () => {
    const subject = at("/system.slice/docker.service");
    expect(verdictOf(placement, subject).message).toBe(
      "sits in /system.slice/docker.service, a cgroup that is not its own",
    );
    const other = { ...at("/system.slice/docker.service"), id: "b".repeat(64), name: "db" };
    const context = contextOf(evidence({ containers: [subject, other] }));
    expect(verdictOf(placement, subject, context).message).toBe(
      "shares the cgroup /system.slice/docker.service with db",
    );
  });

  it("knows that a rootless engine on cgroup v1 has none to give", () => {
    const info = engineInfo({ securityOptions: [{ name: "rootless", options: {} }] });
    const context = contextOf(evidence({ engines: [engine({ info: got(info) })] }));
    const subject = at("/user.slice/user-1000.slice/session-1.scope");
    expect(verdictOf(placement, subject, context)).toMatchObject({
      verdict: "fail",
      severity: "medium",
      message: expect.stringContaining("a rootless engine cannot make one on cgroup v1"),
    });
    const v2 = at("/user.slice/user-1000.slice/session-1.scope", "", { version: 2 });
    expect(verdictOf(placement, v2, context).severity).toBeUndefined();
  });

  it("mentions a parent that is not the daemon's own", () => {
    const subject = at(`/apps/${ID}`, "/apps");
    expect(verdictOf(placement, subject)).toMatchObject({
      verdict: "fail",
      severity: "low",
      message: "was put under the cgroup parent /apps",
      evidence: [{ witness: "actual" }, { witness: "declared", value: "/apps" }],
    });
    const settings = { "cgroup-parent": { value: "/apps", from: "file" as const } };
    const context = contextOf(evidence({ engines: [engine({ daemon: got(daemon({ settings })) })] }));
    expect(verdictOf(placement, subject, context).verdict).toBe("pass");
  });

  it("judges a stopped container by its parent only", () => {
    const stopped = { state: "exited", actual: missing("it does not run") };
    expect(verdictOf(placement, container(stopped)).verdict).toBe("not-applicable");
    const declared = got(declaredContainer({ cgroupParent: "/apps" }));
    expect(verdictOf(placement, container({ ...stopped, declared })).verdict).toBe("fail");
  });

  it("does not know where nothing could be read", () => {
    expect(verdictOf(placement, unreadableContainer()).verdict).toBe("unknown");
    expect(verdictOf(placement, at(null)).verdict).toBe("unknown");
  });
});
