import { expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  contextOf,
  declaredContainer,
  evidence,
  host,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import pids from "./pids-limit.ts";

function limitedTo(pidsLimit: number | null) {
  const kernel = actualContainer();
  if (!kernel.cgroup.ok) throw new Error("the builder gives a cgroup");
  return container({
    actual: got({ ...kernel, cgroup: got({ ...kernel.cgroup.value, pidsLimit: got(pidsLimit) }) }),
  });
}

it("fails without a limit, and says how many run", () => {
  expect(verdictOf(pids, limitedTo(null))).toMatchObject({
    verdict: "fail",
    message: "has no limit of processes; it runs 1 process now",
    evidence: [{ witness: "actual", path: "pids.max", value: "no limit" }],
  });
});

it("passes with a limit", () => {
  expect(verdictOf(pids, limitedTo(50))).toMatchObject({
    verdict: "pass",
    message: "limited to 50 processes",
  });
});

it("takes a limit of all process ids for none", () => {
  const few = contextOf(evidence({ host: host({ sysctls: { "kernel.pid_max": got("32768") } }) }));
  expect(verdictOf(pids, limitedTo(32_768), few)).toMatchObject({
    verdict: "fail",
    message: expect.stringContaining("32768"),
  });
  expect(verdictOf(pids, limitedTo(32_767), few)).toMatchObject({ verdict: "pass" });
});

it("judges a stopped container by what it declares", () => {
  const stopped = { state: "created", actual: missing("no"), specified: missing("no") };
  expect(verdictOf(pids, container(stopped))).toMatchObject({
    verdict: "fail",
    message: "has no limit of processes",
  });
  const limited = container({ ...stopped, declared: got(declaredContainer({ pidsLimit: 100 })) });
  expect(verdictOf(pids, limited)).toMatchObject({ verdict: "pass" });
});

it("does not know where nothing could be read", () => {
  expect(verdictOf(pids, unreadableContainer())).toMatchObject({ verdict: "unknown" });
});
