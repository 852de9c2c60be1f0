import { expect, it } from "vitest";
import { got, missing, type Reading } from "#model/reading.ts";
import { host, verdictOf } from "../testing.ts";
import rule from "./auditd.ts";

it("wants auditd to run", () => {
  const of = (running: Reading<boolean>) =>
    verdictOf(rule, host({ audit: { running, loaded: got([]), files: got([]) } }));
  expect(of(got(true)).verdict).toBe("pass");
  expect(of(got(false)).verdict).toBe("fail");
  expect(of(missing("the processes of the host cannot be seen from here"))).toMatchObject({
    verdict: "unknown",
    message: "the processes of the host cannot be seen from here",
  });
});
