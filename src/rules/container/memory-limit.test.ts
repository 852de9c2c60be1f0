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
import memory from "./memory-limit.ts";

const MIB = 2 ** 20;

function limitedTo(memoryLimit: number | null, peak = 0, asked = 0) {
  const kernel = actualContainer();
  if (!kernel.cgroup.ok) throw new Error("the builder gives a cgroup");
  const cgroup = got({ ...kernel.cgroup.value, memoryLimit: got(memoryLimit), memoryPeak: got(peak) });
  return container({
    actual: got({ ...kernel, cgroup }),
    declared: got(declaredContainer({ memory: asked })),
  });
}

it("fails without a limit, and proposes half more than the peak", () => {
  const judgement = verdictOf(memory, limitedTo(null, 63 * MIB));
  expect(judgement).toMatchObject({
    verdict: "fail",
    message: "may use all memory of the host, which has 24 GiB",
    evidence: [{ witness: "actual", value: "no limit", path: "memory.limit_in_bytes" }],
  });
  expect(judgement.remediation).toContain("docker update --memory 96m --memory-swap 96m web");
});

it("proposes no figure where no peak was counted", () => {
  expect(verdictOf(memory, limitedTo(null, 0)).remediation).toBeUndefined();
});

it("passes with a limit in force, whoever set it", () => {
  expect(verdictOf(memory, limitedTo(99_999_744))).toMatchObject({
    verdict: "pass",
    message: "limited to 95.4 MiB of memory",
  });
});

it("takes a limit as large as the host for none", () => {
  expect(verdictOf(memory, limitedTo(24 * 2 ** 30))).toMatchObject({ verdict: "fail" });
  expect(verdictOf(memory, limitedTo(64 * 2 ** 30)).message).toBe(
    "its memory limit of 64 GiB is no less than all memory of the host (24 GiB)",
  );
  const small = contextOf(evidence({ host: host({ memoryTotal: got(2 ** 30) }) }));
  expect(verdictOf(memory, limitedTo(2 * 2 ** 30), small)).toMatchObject({ verdict: "fail" });
});

it("points at the drift where the limit that was asked for is not in force", () => {
  expect(verdictOf(memory, limitedTo(null, 10 * MIB, 64 * MIB)).remediation).toContain(
    "64 MiB that was asked for is not in force: see SW-CTR-LIMITS-DRIFT",
  );
});

it("judges a stopped container by what it declares", () => {
  const stopped = {
    state: "exited",
    actual: missing("it does not run"),
    specified: missing("it does not run"),
  };
  expect(verdictOf(memory, container(stopped))).toMatchObject({ verdict: "fail" });
  const limited = container({ ...stopped, declared: got(declaredContainer({ memory: 64 * MIB })) });
  expect(verdictOf(memory, limited)).toMatchObject({ verdict: "pass" });
  const under = container({ ...stopped, declared: got(declaredContainer({ cgroupParent: "/apps" })) });
  expect(verdictOf(memory, under)).toMatchObject({ verdict: "not-applicable" });
});

it("does not know where nothing could be read", () => {
  expect(verdictOf(memory, unreadableContainer())).toMatchObject({ verdict: "unknown" });
});
