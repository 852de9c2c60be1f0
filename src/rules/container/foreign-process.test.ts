import { describe, expect, it } from "vitest";
import type { ProcessEvidence } from "#model/evidence/process.ts";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  containerNamespaces,
  contextOf,
  evidence,
  hostNamespaces,
  judgements,
  processEvidence,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import foreign from "./foreign-process.ts";

const ALL = "000001ffffffffff";

function stranger(changes: Partial<ProcessEvidence> = {}) {
  return processEvidence({
    pid: 6000,
    parent: 1,
    comm: "bash",
    executable: "/usr/bin/bash",
    cgroupPath: "/",
    inCgroup: false,
    namespaces: { ...hostNamespaces(), mnt: containerNamespaces().mnt, pid: containerNamespaces().pid },
    capabilities: { ...processEvidence().capabilities, effective: ALL },
    ...changes,
  });
}

const entered = (...processes: ProcessEvidence[]) =>
  container({ actual: got(actualContainer({ foreign: processes })) });

describe("SW-CTR-FOREIGN-PROCESS", () => {
  it("names who is in which namespaces with what power", () => {
    const judgement = verdictOf(foreign, entered(stranger()));
    expect(judgement).toMatchObject({
      verdict: "fail",
      key: "bash",
      message:
        "bash (pid 6000) is in its mnt, pid namespaces, holding CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER and 37 more, and is not its own",
    });
    expect(judgement.severity).toBeUndefined();
    expect(judgement.evidence.map(({ source, value }) => `${source} ${value}`)).toEqual([
      "/proc/6000/exe /usr/bin/bash",
      "/proc/6000/cgroup /",
      `/proc/6000/status ${ALL}`,
      "/proc/6000/ns/mnt mnt:[4026532180]",
    ]);
  });

  it("does not count namespaces that the container has from the host", () => {
    const namespaces = { ...containerNamespaces(), pid: hostNamespaces().pid };
    const other = stranger({ namespaces: { ...hostNamespaces(), net: containerNamespaces().net } });
    const subject = container({ actual: got(actualContainer({ namespaces, foreign: [other] })) });
    expect(verdictOf(foreign, subject).message).toContain("is in its net namespace,");
  });

  it("gives one finding per program, and survives another pid", () => {
    const subject = entered(stranger(), stranger({ pid: 6001 }), stranger({ pid: 7, comm: "sh" }));
    const found = judgements(foreign, subject);
    expect(found.map(({ key }) => key)).toEqual(["bash", "sh"]);
    expect(found[0]?.message).toContain("bash (pid 6000, 6001)");
  });

  it("is mild about another container of a pod", () => {
    const neighbour = stranger({
      cgroupPath: `/kubepods/pod1/${"c".repeat(64)}`,
      capabilities: { ...processEvidence().capabilities, effective: "0000000000000000" },
    });
    expect(verdictOf(foreign, entered(neighbour))).toMatchObject({
      verdict: "fail",
      severity: "low",
      message: expect.stringContaining(
        "without capabilities, and belongs to another container that no engine told of",
      ),
    });
  });

  it("tells of somebody at the container that was entered, not at all that share with it", () => {
    const subject = entered(stranger());
    const sidecar = {
      ...entered(stranger()),
      id: "b".repeat(64),
      actual: got(
        actualContainer({
          foreign: [stranger()],
          namespaces: { ...containerNamespaces(), mnt: 4026539999 },
        }),
      ),
    };
    const context = contextOf(evidence({ containers: [subject, sidecar] }));
    expect(verdictOf(foreign, subject, context).verdict).toBe("fail");
    expect(verdictOf(foreign, sidecar, context)).toMatchObject({
      verdict: "pass",
      message: "strangers share its namespaces only through another container, where they are told of",
    });
  });

  it("passes without strangers, exec sessions included", () => {
    expect(verdictOf(foreign, container()).verdict).toBe("pass");
    const exec = { id: "e", pid: 6000, running: true, privileged: false, user: "", command: "sh" };
    expect(verdictOf(foreign, { ...entered(stranger()), execs: got([exec]) }).verdict).toBe("pass");
  });

  it("does not know without the kernel, and has nothing to judge while it does not run", () => {
    expect(verdictOf(foreign, unreadableContainer()).verdict).toBe("unknown");
    const stopped = container({ state: "exited", actual: missing("it does not run") });
    expect(verdictOf(foreign, stopped).verdict).toBe("not-applicable");
  });
});
