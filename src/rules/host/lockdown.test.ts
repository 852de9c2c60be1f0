import { expect, it } from "vitest";
import { got, missing, type Reading } from "#model/reading.ts";
import { host, verdictOf } from "../testing.ts";
import rule from "./lockdown.ts";

it("reads the level in force, whole line or word", () => {
  const of = (lockdown: Reading<string>, lsms = ["lockdown"]) =>
    verdictOf(rule, host({ kernel: { ...host().kernel, lockdown, lsms: got(lsms) } }));
  expect(of(got("none")).verdict).toBe("fail");
  expect(of(got("[none] integrity confidentiality\n")).verdict).toBe("fail");
  expect(of(got("none [integrity] confidentiality\n")).verdict).toBe("pass");
  expect(of(got("confidentiality")).verdict).toBe("pass");
  expect(of(missing("permission denied")).verdict).toBe("unknown");
  expect(of(missing("does not exist"), ["capability"]).verdict).toBe("not-applicable");
});
