import { describe, expect, it } from "vitest";
import type { ProcessEvidence } from "#model/evidence/process.ts";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  containerNamespaces,
  declaredContainer,
  processEvidence,
  ruleById,
  specifiedContainer,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import rules from "./exec.ts";

const privileged = ruleById(rules, "SW-CTR-EXEC-PRIVILEGED");
const root = ruleById(rules, "SW-CTR-EXEC-ROOT");

const ALL = "000001ffffffffff";
const SESSION = { id: "e".repeat(64), pid: 5000, running: true, privileged: false, user: "", command: "sh" };

function withBounding(bounding: string, changes: Partial<ProcessEvidence> = {}) {
  return processEvidence({
    pid: 5000,
    parent: 4200,
    innerPid: 12,
    comm: "sh",
    capabilities: { ...processEvidence().capabilities, bounding },
    ...changes,
  });
}

function as(uid: number, changes: Partial<ProcessEvidence> = {}) {
  return processEvidence({ uids: [uid, uid, uid, uid], ...changes });
}

const kernelOf = (...processes: ProcessEvidence[]) => ({ actual: got(actualContainer({ processes })) });

describe("SW-CTR-EXEC-PRIVILEGED", () => {
  it("fails on a process with more capabilities than the container was given", () => {
    const subject = container(kernelOf(processEvidence(), withBounding(ALL)));
    const judgement = verdictOf(privileged, subject);
    expect(judgement).toMatchObject({
      verdict: "fail",
      evidence: [{ witness: "actual", source: "/proc/5000/status", path: "CapBnd", value: ALL }],
    });
    expect(judgement.message).toMatch(
      /^runs with more privileges than it was given \(DAC_READ_SEARCH, .* and 22 more\): sh \(pid 5000\)$/,
    );
  });

  it("fails on a session that the engine calls privileged, and names it once", () => {
    const execs = got([{ ...SESSION, privileged: true }]);
    expect(verdictOf(privileged, container({ execs }))).toMatchObject({
      verdict: "fail",
      message: 'runs with more privileges than it was given: exec session "sh"',
      evidence: [{ witness: "declared", source: "GET /exec/eeeeeeeeeeee/json" }],
    });
    const seen = container({ ...kernelOf(processEvidence(), withBounding(ALL)), execs });
    expect(verdictOf(privileged, seen).message).not.toContain("exec session");
    expect(verdictOf(privileged, seen).evidence).toHaveLength(2);
  });

  it("passes on equal or smaller sets, and on ended sessions", () => {
    const subject = container({
      ...kernelOf(processEvidence(), withBounding("0000000000000000")),
      execs: got([{ ...SESSION, privileged: true, running: false }]),
    });
    expect(verdictOf(privileged, subject).verdict).toBe("pass");
  });

  it("does not blame a session where its first process has dropped capabilities", () => {
    const dropped = withBounding("0000000000000000", { pid: 4242, parent: 4200, innerPid: 1 });
    const subject = container(kernelOf(dropped, withBounding("00000000a80425fb")));
    expect(verdictOf(privileged, subject).verdict).toBe("pass");
    const unspecified = { ...subject, specified: missing("denied") };
    expect(verdictOf(privileged, unspecified).verdict).toBe("pass");
    const tight = specifiedContainer();
    tight.capabilities = { ...tight.capabilities, bounding: [] };
    expect(verdictOf(privileged, { ...subject, specified: got(tight) }).verdict).toBe("fail");
  });

  it("does not blame sandboxes in user namespaces of their own", () => {
    const sandbox = withBounding(ALL, { namespaces: { ...containerNamespaces(), user: 4026539999 } });
    expect(verdictOf(privileged, container(kernelOf(processEvidence(), sandbox))).verdict).toBe("pass");
  });

  it("leaves a privileged container to its own rule", () => {
    const subject = container({
      declared: got(declaredContainer({ privileged: true })),
      execs: got([{ ...SESSION, privileged: true }]),
    });
    expect(verdictOf(privileged, subject).verdict).toBe("pass");
  });

  it("asks the engine where the kernel was not read, and knows its limits", () => {
    const blind = { actual: missing("denied: run as root") };
    expect(verdictOf(privileged, container(blind)).verdict).toBe("pass");
    expect(verdictOf(privileged, container({ ...blind, execs: got([SESSION]) }))).toMatchObject({
      verdict: "unknown",
      message: expect.stringContaining("run as root"),
    });
    expect(verdictOf(privileged, unreadableContainer()).verdict).toBe("unknown");
    expect(verdictOf(privileged, container({ ...blind, state: "exited" })).verdict).toBe("not-applicable");
  });
});

describe("SW-CTR-EXEC-ROOT", () => {
  it("fails on root that entered a container whose program is not root", () => {
    const entered = as(0, { pid: 5000, parent: 4200, comm: "sh" });
    const judgement = verdictOf(root, container(kernelOf(as(1000), entered)));
    expect(judgement).toMatchObject({
      verdict: "fail",
      message: "somebody is root inside by exec, where its program runs as user 1000: sh (pid 5000)",
      evidence: [{ witness: "actual", source: "/proc/5000/status", value: "0 0 0 0" }],
    });
  });

  it("counts ids as the container sees them", () => {
    const map = got([{ inside: 0, outside: 100_000, count: 65_536 }]);
    const processes = [as(101_000), as(100_000, { pid: 5000, parent: 4200 })];
    const subject = container({ actual: got(actualContainer({ processes, uidMap: map })) });
    expect(verdictOf(root, subject).verdict).toBe("fail");
  });

  it("leaves root that came from the program itself to other rules", () => {
    const child = as(0, { pid: 4300, parent: 4242, comm: "su" });
    expect(verdictOf(root, container(kernelOf(as(1000), child))).verdict).toBe("pass");
  });

  it("finds the session of an engine that gives containers no cgroup", () => {
    const session = as(0, { pid: 5000, parent: 9 });
    const subject = container({
      actual: got(actualContainer({ processes: [as(1000)], foreign: [session] })),
      execs: got([SESSION]),
    });
    expect(verdictOf(root, subject)).toMatchObject({ verdict: "fail" });
  });

  it("believes the engine where it cannot see the process", () => {
    const user = got(declaredContainer({ user: "1000" }));
    const asked = { declared: user, execs: got([{ ...SESSION, user: "root" }]) };
    expect(verdictOf(root, container({ ...asked, actual: missing("denied") }))).toMatchObject({
      verdict: "fail",
      message: 'somebody is root inside by exec: exec session "sh"',
      evidence: [{ witness: "declared", path: "ProcessConfig.user", value: "root" }],
    });
    expect(verdictOf(root, container({ ...asked, ...kernelOf(as(1000)) })).verdict).toBe("fail");
    // The kernel shows that the session is not root, whatever was asked for.
    const shown = kernelOf(as(1000), as(1000, { pid: 5000, parent: 4200 }));
    expect(verdictOf(root, container({ ...asked, ...shown })).verdict).toBe("pass");
    const usual = { declared: user, execs: got([SESSION]), actual: missing("denied") };
    expect(verdictOf(root, container(usual)).verdict).toBe("unknown");
  });

  it("takes a session without a user for that of the container", () => {
    const gosu = container({ ...kernelOf(as(999)), execs: got([SESSION]) });
    expect(verdictOf(root, gosu).verdict).toBe("fail");
    const declared = got(declaredContainer({ user: "999" }));
    expect(verdictOf(root, { ...gosu, declared }).verdict).toBe("pass");
  });

  it("has nothing to judge where its program is root, or it does not run", () => {
    expect(verdictOf(root, container({ execs: got([{ ...SESSION, user: "0" }]) })).verdict).toBe(
      "not-applicable",
    );
    const stopped = container({ state: "exited", actual: missing("it does not run") });
    expect(verdictOf(root, stopped).verdict).toBe("not-applicable");
  });

  it("does not know where nothing could be read", () => {
    expect(verdictOf(root, unreadableContainer()).verdict).toBe("unknown");
  });
});
