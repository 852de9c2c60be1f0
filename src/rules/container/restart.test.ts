import { expect, it } from "vitest";
import { got } from "#model/reading.ts";
import { DEFAULT_SETTINGS } from "#model/settings.ts";
import {
  container,
  contextOf,
  declaredContainer,
  evidence,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import restart from "./restart.ts";

const policy = (name: string, max = 0) =>
  container({ declared: got(declaredContainer({ restart: { name, max } })) });

it.each([
  ["always", 0, "restarts without end (always)"],
  ["unless-stopped", 0, "restarts without end (unless-stopped)"],
  ["on-failure", 0, "restarts after every failure, without end (on-failure)"],
  ["on-failure", 6, "gives up only after 6 restarts; the policy allows 5"],
])("fails with %s:%d", (name, max, message) => {
  expect(verdictOf(restart, policy(name, max))).toMatchObject({ verdict: "fail", message });
});

it.each([
  ["no", 0],
  ["", 0],
  ["on-failure", 1],
  ["on-failure", 5],
])("passes with %j:%d", (name, max) => {
  expect(verdictOf(restart, policy(name, max)).verdict).toBe("pass");
});

it("goes by the policy's own number", () => {
  const strict = contextOf(evidence(), { settings: { ...DEFAULT_SETTINGS, maxRestarts: 3 } });
  expect(verdictOf(restart, policy("on-failure", 5), strict)).toMatchObject({
    verdict: "fail",
    evidence: [{ witness: "declared", value: "on-failure:5" }],
  });
});

it("does not know without the declaration", () => {
  expect(verdictOf(restart, unreadableContainer()).verdict).toBe("unknown");
});
