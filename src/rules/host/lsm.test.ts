import { expect, it } from "vitest";
import { got, missing, type Reading } from "#model/reading.ts";
import { host, verdictOf } from "../testing.ts";
import rule from "./lsm.ts";

it("wants a module that confines containers by profile", () => {
  const of = (lsms: Reading<string[]>) => verdictOf(rule, host({ kernel: { ...host().kernel, lsms } }));
  expect(of(got(["lockdown", "capability", "apparmor"])).verdict).toBe("pass");
  expect(of(got(["capability", "selinux"])).verdict).toBe("pass");
  expect(of(got(["lockdown", "capability", "landlock", "bpf"]))).toMatchObject({
    verdict: "fail",
    evidence: [{ value: "lockdown,capability,landlock,bpf" }],
  });
  expect(of(missing("is securityfs mounted?")).verdict).toBe("unknown");
});
