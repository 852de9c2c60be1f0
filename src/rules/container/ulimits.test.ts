import { expect, it } from "vitest";
import type { ResourceLimit } from "#model/evidence/process.ts";
import { got, missing } from "#model/reading.ts";
import { actualContainer, container, declaredContainer, unreadableContainer, verdictOf } from "../testing.ts";
import ulimits from "./ulimits.ts";

function running(files: ResourceLimit, core: ResourceLimit) {
  const limits = { "Max open files": files, "Max core file size": core };
  return container({ actual: got(actualContainer({ limits: got(limits) })) });
}

const few = { soft: 1024, hard: 65_536 };
const none = { soft: 0, hard: null };

it("passes with the limits that the kernel shows", () => {
  expect(verdictOf(ulimits, running(few, none))).toMatchObject({
    verdict: "pass",
    message: "at most 65536 open files, no core dumps",
  });
});

it("fails on open files without end", () => {
  expect(verdictOf(ulimits, running({ soft: 1024, hard: null }, none))).toMatchObject({
    verdict: "fail",
    message: "may open any number of files",
    evidence: [{ witness: "actual", path: "Max open files", value: "soft 1024, hard unlimited" }],
  });
  expect(verdictOf(ulimits, running({ soft: 1_073_741_816, hard: 1_073_741_816 }, none))).toMatchObject({
    verdict: "fail",
    message: "each process may open 1073741816 files",
  });
  expect(verdictOf(ulimits, running({ soft: 1_048_576, hard: 1_048_576 }, none)).verdict).toBe("pass");
});

it("fails on core dumps without end", () => {
  expect(verdictOf(ulimits, running(few, { soft: null, hard: null }))).toMatchObject({
    verdict: "fail",
    message: "core dumps may have any size",
    evidence: [{ path: "Max core file size" }],
  });
  expect(verdictOf(ulimits, running(few, { soft: 4096, hard: null })).verdict).toBe("pass");
});

it("names both faults in one finding", () => {
  expect(verdictOf(ulimits, running({ soft: null, hard: null }, { soft: null, hard: null }))).toMatchObject({
    message: "may open any number of files, and core dumps may have any size",
    evidence: [{}, {}],
  });
});

it("judges what a stopped container declares, and nothing else of it", () => {
  const stopped = (limits: { name: string; soft: number; hard: number }[]) =>
    container({
      state: "exited",
      actual: missing("it does not run"),
      declared: got(declaredContainer({ ulimits: limits })),
    });
  const core = { name: "core", soft: -1, hard: -1 };
  const nofile = { name: "nofile", soft: 1024, hard: 2048 };
  expect(verdictOf(ulimits, stopped([core]))).toMatchObject({
    verdict: "fail",
    evidence: [{ witness: "declared", value: "core=-1:-1" }],
  });
  expect(verdictOf(ulimits, stopped([nofile, { ...core, soft: 0, hard: 0 }])).verdict).toBe("pass");
  expect(verdictOf(ulimits, stopped([nofile])).verdict).toBe("not-applicable");
});

it("does not know without the kernel's rows", () => {
  expect(verdictOf(ulimits, unreadableContainer()).verdict).toBe("unknown");
  const empty = container({ actual: got(actualContainer({ limits: got({}) })) });
  expect(verdictOf(ulimits, empty).verdict).toBe("unknown");
  const denied = container({ actual: got(actualContainer({ limits: missing("denied: run as root") })) });
  expect(verdictOf(ulimits, denied)).toMatchObject({ verdict: "unknown", message: "denied: run as root" });
});
