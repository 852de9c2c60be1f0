import { expect, it } from "vitest";
import { got } from "#model/reading.ts";
import { container, declaredContainer, unreadableContainer, verdictOf } from "../testing.ts";
import log from "./log-driver.ts";

const logging = (logDriver: string, logOptions: Record<string, string> = {}) =>
  container({ declared: got(declaredContainer({ logDriver, logOptions })) });

it("fails hard where no log is kept", () => {
  expect(verdictOf(log, logging("none"))).toMatchObject({
    verdict: "fail",
    severity: "high",
    message: "keeps no log (log driver none)",
    evidence: [{ witness: "declared", value: "none" }],
  });
});

it.each(["json-file", "k8s-file"])("fails where %s has no largest size", (driver) => {
  const judgement = verdictOf(log, logging(driver));
  expect(judgement).toMatchObject({ verdict: "fail", message: `its log (${driver}) grows without end` });
  expect(judgement.severity).toBeUndefined();
  expect(verdictOf(log, logging(driver, { "max-size": "-1" })).verdict).toBe("fail");
});

it("passes with a largest size, or another driver", () => {
  expect(verdictOf(log, logging("json-file", { "max-size": "10m" }))).toMatchObject({
    verdict: "pass",
    message: "its log is limited to 10m",
  });
  expect(verdictOf(log, logging("journald")).verdict).toBe("pass");
  expect(verdictOf(log, logging("local")).verdict).toBe("pass");
});

it("does not know what the engine did not tell", () => {
  expect(verdictOf(log, unreadableContainer()).verdict).toBe("unknown");
  expect(verdictOf(log, logging("")).verdict).toBe("unknown");
});
