import { expect, it } from "vitest";
import { got } from "#model/reading.ts";
import { container, declaredContainer, unreadableContainer, verdictOf } from "../testing.ts";
import health from "./health.ts";

const check = (healthcheck: string[] | null, state: string, running = "running") =>
  container({ declared: got(declaredContainer({ healthcheck })), health: state, state: running });

it("fails without a check, or with the image's check switched off", () => {
  expect(verdictOf(health, check(null, "none"))).toMatchObject({
    verdict: "fail",
    message: "has no health check",
    evidence: [{ witness: "declared", value: "none" }],
  });
  expect(verdictOf(health, check(["NONE"], "none"))).toMatchObject({
    verdict: "fail",
    message: "the health check of its image is switched off",
  });
});

it("is worse where the check fails, as long as the container runs", () => {
  const judgement = verdictOf(health, check(["CMD", "true"], "unhealthy"));
  expect(judgement).toMatchObject({
    verdict: "fail",
    severity: "medium",
    evidence: [{ witness: "actual", value: "unhealthy" }, { value: "CMD true" }],
  });
  expect(judgement.remediation).toContain("{{json .State.Health}}' web");
  expect(verdictOf(health, check(["CMD", "true"], "unhealthy", "exited")).verdict).toBe("pass");
});

it("passes while the check is well or starting", () => {
  expect(verdictOf(health, check(["CMD", "true"], "healthy"))).toMatchObject({
    verdict: "pass",
    message: "its health check says healthy",
  });
  expect(verdictOf(health, check(["CMD", "true"], "starting")).verdict).toBe("pass");
});

it("does not know without the declaration", () => {
  expect(verdictOf(health, unreadableContainer()).verdict).toBe("unknown");
});
