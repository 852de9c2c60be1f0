import { expect, it } from "vitest";
import { sampleFinding, sampleSubject } from "./testing.ts";
import { reasonsOf } from "./unjudged.ts";

function unknown(message: string, name = "web") {
  return sampleFinding({ verdict: "unknown", message, subject: sampleSubject(name) });
}

it("tells one reason of many containers once, the most frequent first", () => {
  const reasons = reasonsOf([
    unknown("the engine is too old"),
    unknown("/proc/812/ns/net: permission denied", "web"),
    unknown("/proc/913/ns/net: permission denied", "db1"),
    unknown("docker inspect web: timed out", "web"),
    unknown("docker inspect db1: timed out", "db1"),
    unknown("docker inspect cache: timed out", "cache"),
  ]);
  expect(reasons.map(({ why, findings }) => [why, findings.length])).toEqual([
    ["docker inspect …: timed out", 3],
    ["/proc/…/ns/net: permission denied — run with sudo", 2],
    ["the engine is too old", 1],
  ]);
});

it("keeps the exact words of a reason that stands alone", () => {
  const [only] = reasonsOf([unknown("/proc/812/ns/net: the process has ended")]);
  expect(only?.why).toBe("/proc/812/ns/net: the process has ended");
});

it("gives the hint only where it is missing and fits", () => {
  const whyOf = (message: string) => reasonsOf([unknown(message)])[0]?.why;
  expect(whyOf("/etc/shadow: permission denied")).toBe("/etc/shadow: permission denied — run with sudo");
  expect(whyOf("/etc/shadow: permission denied; root can read it")).toBe(
    "/etc/shadow: permission denied; root can read it",
  );
  expect(whyOf("connection refused")).toBe("connection refused");
});

it("leaves out what was judged and what is excepted", () => {
  const exception = { reason: "known", source: "seaworthy.yaml:1" };
  expect(reasonsOf([sampleFinding(), { ...unknown("a reason"), exception }])).toEqual([]);
});
