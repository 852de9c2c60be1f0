import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { actualContainer, container, processEvidence } from "../../testing.ts";
import {
  enteredProcesses,
  foreignProcesses,
  initOf,
  insideUid,
  programName,
  runningExecs,
} from "./processes.ts";

const EXEC = { id: "e1", pid: 5000, running: true, privileged: false, user: "", command: "sh" };
const init = processEvidence();

describe("foreignProcesses", () => {
  it("leaves out exec sessions and what they started, in any order", () => {
    const child = processEvidence({ pid: 5001, parent: 5000 });
    const session = processEvidence({ pid: 5000, parent: 9 });
    const stranger = processEvidence({ pid: 6000, parent: 9 });
    const subject = container({
      actual: got(actualContainer({ foreign: [child, session, stranger] })),
      execs: got([EXEC]),
    });
    expect(foreignProcesses(subject).map(({ pid }) => pid)).toEqual([6000]);
  });

  it("knows no session that has ended", () => {
    const session = processEvidence({ pid: 5000, parent: 9 });
    const subject = container({
      actual: got(actualContainer({ foreign: [session] })),
      execs: got([{ ...EXEC, running: false }]),
    });
    expect(runningExecs(subject)).toEqual([]);
    expect(foreignProcesses(subject)).toHaveLength(1);
  });

  it("is empty where the kernel was not read", () => {
    expect(foreignProcesses(container({ actual: missing("denied") }))).toEqual([]);
  });
});

describe("enteredProcesses", () => {
  it("tells a process whose parent lives outside from a child of init", () => {
    const child = processEvidence({ pid: 4300, parent: 4242 });
    const entered = processEvidence({ pid: 4400, parent: 4200 });
    const subject = container({ actual: got(actualContainer({ processes: [init, child, entered] })) });
    expect(enteredProcesses(subject).map(({ pid }) => pid)).toEqual([4400]);
  });

  it("does not guess where orphans do not return to its first process", () => {
    const shared = processEvidence({ innerPid: 4242 });
    const orphan = processEvidence({ pid: 4400, parent: 4200 });
    const subject = container({ actual: got(actualContainer({ processes: [shared, orphan] })) });
    expect(enteredProcesses(subject)).toEqual([]);
    const asked = { ...subject, execs: got([{ ...EXEC, pid: 4400 }]) };
    expect(enteredProcesses(asked).map(({ pid }) => pid)).toEqual([4400]);
  });
});

describe("insideUid", () => {
  it("maps the host's id into the container", () => {
    const subject = container({
      actual: got(actualContainer({ uidMap: got([{ inside: 0, outside: 100_000, count: 65_536 }]) })),
    });
    expect(insideUid(subject, { uids: [100_000, 100_000, 100_000, 100_000] })).toBe(0);
    expect(insideUid(subject, { uids: [100_033, 101_000, 0, 0] })).toBe(1000);
  });

  it("keeps the host's id where no map could be read", () => {
    const subject = container({ actual: got(actualContainer({ uidMap: missing("denied") })) });
    expect(insideUid(subject, { uids: [33, 33, 33, 33] })).toBe(33);
  });
});

it("finds the first process by its pid, not by its place", () => {
  const other = processEvidence({ pid: 7 });
  expect(initOf(container({ actual: got(actualContainer({ processes: [other, init] })) }))?.pid).toBe(4242);
  expect(initOf(container({ actual: missing("denied") }))).toBeUndefined();
});

it("names a program by its path", () => {
  expect(programName("/usr/sbin/sshd (deleted)")).toBe("sshd");
  expect(programName("sleep")).toBe("sleep");
  expect(programName("")).toBe("");
});
