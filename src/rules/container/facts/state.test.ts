import { expect, it } from "vitest";
import { isStopped, withoutKernel } from "./state.ts";

it.each(["created", "exited", "dead", "configured", "stopped"])("has nothing to judge when %s", (state) => {
  expect(isStopped({ state })).toBe(true);
  expect(withoutKernel({ state }, "denied")).toMatchObject({ verdict: "not-applicable" });
});

it.each(["running", "paused", "restarting", ""])("does not know when %s", (state) => {
  expect(isStopped({ state })).toBe(false);
  expect(withoutKernel({ state }, "denied")).toMatchObject({ verdict: "unknown", message: "denied" });
});
