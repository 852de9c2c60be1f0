import { expect, it } from "vitest";
import type { ProcessEvidence } from "#model/evidence/process.ts";
import { got, missing } from "#model/reading.ts";
import { actualContainer, container, processEvidence, unreadableContainer, verdictOf } from "../testing.ts";
import init from "./init.ts";

const child = processEvidence({ pid: 4300, parent: 4242, comm: "node", executable: "/usr/bin/node" });

function first(changes: Partial<ProcessEvidence>, ...others: ProcessEvidence[]) {
  return container({ actual: got(actualContainer({ processes: [processEvidence(changes), ...others] })) });
}

it("fails on a shell that waits for its program", () => {
  expect(verdictOf(init, first({ comm: "sh", executable: "/bin/dash" }, child))).toMatchObject({
    verdict: "fail",
    message: "its first process is dash, which does not pass signals on to node",
    evidence: [{ witness: "actual", source: "/proc/4242/exe", value: "/bin/dash" }],
  });
  expect(verdictOf(init, first({ comm: "sh", executable: "/bin/busybox" }, child)).verdict).toBe("fail");
});

it("passes on programs, on inits, and on a shell alone", () => {
  expect(verdictOf(init, first({ comm: "tini", executable: "/sbin/docker-init" }, child)).verdict).toBe(
    "pass",
  );
  expect(verdictOf(init, first({ comm: "sh", executable: "/bin/sh" })).verdict).toBe("pass");
  const exec = { ...child, parent: 4200 };
  expect(verdictOf(init, first({ comm: "sh", executable: "/bin/sh" }, exec)).verdict).toBe("pass");
  expect(verdictOf(init, first({ comm: "sleep", executable: "/bin/busybox" }, child)).verdict).toBe("pass");
});

it("does not mind where another process is the first of the pid namespace", () => {
  const shared = first({ comm: "sh", executable: "/bin/sh", innerPid: 30 }, child);
  expect(verdictOf(init, shared).verdict).toBe("pass");
});

it("does not know without the kernel, and has nothing to judge while it does not run", () => {
  expect(verdictOf(init, unreadableContainer()).verdict).toBe("unknown");
  const stopped = container({ state: "exited", actual: missing("it does not run") });
  expect(verdictOf(init, stopped).verdict).toBe("not-applicable");
});
