import { describe, expect, it } from "vitest";
import type { ActualContainer } from "#model/evidence/container.ts";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  containerNamespaces,
  contextOf,
  declaredContainer,
  evidence,
  processEvidence,
  specifiedContainer,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import outside from "./outside-files.ts";

function running(changes: Partial<ActualContainer>) {
  return container({ actual: got(actualContainer(changes)) });
}

const escaped = processEvidence({ outside: ["fd 7 -> /sys/fs/cgroup", "cwd -> /var/lib"] });

describe("SW-CTR-FILES-OUTSIDE", () => {
  it("fails on folders that lie outside, with each of them as evidence", () => {
    expect(verdictOf(outside, running({ processes: [escaped] }))).toMatchObject({
      verdict: "fail",
      message:
        "has folders open that lie outside its file system: sleep (pid 4242) fd 7 -> /sys/fs/cgroup, sleep (pid 4242) cwd -> /var/lib",
      evidence: [
        { witness: "actual", source: "/proc/4242/fd", value: "fd 7 -> /sys/fs/cgroup" },
        { witness: "actual", source: "/proc/4242/cwd", value: "cwd -> /var/lib" },
      ],
    });
  });

  it.each([
    "/proc/self/fd/7",
    "/proc/self/fd/7/../..",
    "//proc//thread-self/fd/8",
    "/proc/1/cwd",
    "/proc/1/task/1/fd/3",
  ])("fails on the working directory %s, running or not", (workingDir) => {
    const declared = got(declaredContainer({ workingDir }));
    expect(verdictOf(outside, container({ declared })).verdict).toBe("fail");
    const stopped = container({ state: "created", declared, actual: missing("it does not run") });
    expect(verdictOf(outside, stopped)).toMatchObject({
      verdict: "fail",
      evidence: [{ witness: "declared", path: "Config.WorkingDir", value: workingDir }],
    });
  });

  it("reads the working directory of the runtime's order as well", () => {
    const specified = got(specifiedContainer({ cwd: "/proc/self/fd/9" }));
    expect(verdictOf(outside, container({ specified }))).toMatchObject({
      verdict: "fail",
      evidence: [{ witness: "specified", path: "process.cwd" }],
    });
  });

  it("passes with ordinary folders", () => {
    expect(verdictOf(outside, container()).verdict).toBe("pass");
    const declared = got(declaredContainer({ workingDir: "/srv/proc/self/fd" }));
    expect(verdictOf(outside, container({ declared })).verdict).toBe("pass");
    const stopped = container({ state: "exited", declared, actual: missing("it does not run") });
    expect(verdictOf(outside, stopped).verdict).toBe("pass");
  });

  it("does not blame a container within the container", () => {
    const nested = { ...escaped, pid: 5, namespaces: { ...containerNamespaces(), mnt: 4026539999 } };
    expect(verdictOf(outside, running({ processes: [processEvidence(), nested] })).verdict).toBe("pass");
  });

  it("does not know where open files could not be read", () => {
    const blind = processEvidence({ executable: null });
    expect(verdictOf(outside, running({ processes: [blind] }))).toMatchObject({
      verdict: "unknown",
      message: "open files of sleep (pid 4242) could not be read; run as root to judge them",
    });
    expect(verdictOf(outside, running({ mounts: missing("denied") })).verdict).toBe("unknown");
    expect(verdictOf(outside, unreadableContainer()).verdict).toBe("unknown");
  });

  it("takes an ended process for what it is, if root looked", () => {
    const ended = processEvidence({ pid: 9, comm: "zombie", executable: null });
    const subject = running({ processes: [processEvidence(), ended] });
    expect(verdictOf(outside, subject).verdict).toBe("pass");
    const collector = { uid: 1000, capabilities: "", containerId: null };
    expect(verdictOf(outside, subject, contextOf(evidence({ collector }))).verdict).toBe("unknown");
  });
});
