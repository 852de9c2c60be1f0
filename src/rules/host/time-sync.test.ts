import { expect, it } from "vitest";
import { host, verdictOf } from "../testing.ts";
import rule from "./time-sync.ts";

it("looks for a time service among the programs that run", () => {
  for (const clock of ["chronyd", "systemd-timesyncd", "/usr/sbin/ntpd"]) {
    expect(verdictOf(rule, host({ services: ["sshd", clock] })).verdict).toBe("pass");
  }
  expect(verdictOf(rule, host({ services: ["sshd", "chronyd-exporter"] })).verdict).toBe("fail");
  expect(verdictOf(rule, host({ services: [] })).verdict).toBe("unknown");
});
