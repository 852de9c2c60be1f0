import { expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { actualContainer, container, declaredContainer, unreadableContainer, verdictOf } from "../testing.ts";
import oom from "./oom.ts";

it("passes with the usual score", () => {
  expect(verdictOf(oom, container())).toMatchObject({ verdict: "pass", evidence: [{ value: "0" }] });
  const first = container({ actual: got(actualContainer({ oomScoreAdj: got(300) })) });
  expect(verdictOf(oom, first).verdict).toBe("pass");
});

it("fails with a score that spares it, by the kernel before the declaration", () => {
  const spared = container({ actual: got(actualContainer({ oomScoreAdj: got(-500) })) });
  expect(verdictOf(oom, spared)).toMatchObject({
    verdict: "fail",
    message: "its processes are spared when memory runs out (score -500 of -1000 to 1000)",
    evidence: [{ witness: "actual", source: "/proc/4242/oom_score_adj" }],
  });
  const asked = container({ declared: got(declaredContainer({ oomScoreAdj: -500 })) });
  expect(verdictOf(oom, asked).verdict).toBe("pass");
  expect(verdictOf(oom, { ...asked, actual: missing("denied") })).toMatchObject({
    verdict: "fail",
    evidence: [{ witness: "declared" }],
  });
});

it("fails with the killer switched off, which cgroup v2 cannot do", () => {
  const asked = got(declaredContainer({ oomKillDisable: true }));
  expect(verdictOf(oom, container({ declared: asked }))).toMatchObject({
    verdict: "fail",
    message: "the kernel may not kill it when memory runs out, and it has no memory limit",
  });
  const kernel = actualContainer();
  if (!kernel.cgroup.ok) throw new Error("the builder gives a cgroup");
  const v2 = got({ ...kernel, cgroup: got({ ...kernel.cgroup.value, version: 2 as const }) });
  expect(verdictOf(oom, container({ declared: asked, actual: v2 })).verdict).toBe("pass");
});

it("does not know where nothing could be read", () => {
  expect(verdictOf(oom, unreadableContainer()).verdict).toBe("unknown");
  expect(verdictOf(oom, { ...unreadableContainer(), state: "exited" }).verdict).toBe("not-applicable");
});
