import { describe, expect, it } from "vitest";
import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { HostEvidence } from "#model/evidence/host.ts";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  contextOf,
  evidence,
  host,
  mount,
  ruleById,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import rules from "./core-dumps.ts";
import { configs, files, stat, sysctls } from "./testing.ts";

const SOURCE = "/proc/sys/kernel/core_pattern";
const HANDLER = "/usr/lib/systemd/systemd-coredump";
const pattern = ruleById(rules, "SW-HOST-CORE-PATTERN");
const dumps = ruleById(rules, "SW-HOST-CORE-DUMPS");
const usesPid = ruleById(rules, "SW-HOST-SYSCTL-KERNEL-CORE-USES-PID");

function piped(program: string, containers: ContainerEvidence[] = [], changes: Partial<HostEvidence> = {}) {
  const machine = host({ configs: configs({ [SOURCE]: `|${program} %P %u\n` }), ...changes });
  return verdictOf(pattern, machine, contextOf(evidence({ containers })));
}

function mounting(hostPath: string, options = ["rw"]): ContainerEvidence {
  const mounts = got([mount({ hostPath, target: "/mnt", options })]);
  return container({ actual: got(actualContainer({ mounts })) });
}

describe("core_pattern", () => {
  it("passes plain files and handlers that nobody but root writes", () => {
    expect(verdictOf(pattern, host({ configs: configs({ [SOURCE]: "core\n" }) })).verdict).toBe("pass");
    expect(piped(HANDLER, [mounting("/srv/data")]).verdict).toBe("pass");
    expect(verdictOf(pattern, host({ sysctls: sysctls({ "kernel.core_pattern": "core" }) })).verdict).toBe(
      "pass",
    );
  });

  it("fails a handler in what a container can write", () => {
    const judged = piped("/opt/crash/handler", [mounting("/opt/crash")]);
    expect(judged).toMatchObject({
      verdict: "fail",
      message: "crashes run /opt/crash/handler, which the container web can write",
    });
    expect(judged.severity).toBeUndefined();
    expect(judged.evidence[1]?.value).toContain("/opt/crash on /mnt");
    expect(piped("/opt/crash/handler", [mounting("/opt/crash", ["ro"])]).verdict).toBe("pass");
    expect(piped("/opt/crash/handler", [mounting("/opt/cra")]).verdict).toBe("pass");
    expect(piped(HANDLER, [mounting("/")]).verdict).toBe("fail");
  });

  it("fails a handler in the engine's data, in a folder of users, or with an open mode", () => {
    expect(piped("/var/lib/docker/overlay2/ab/diff/x").verdict).toBe("fail");
    expect(piped("/tmp/x")).toMatchObject({ verdict: "fail", severity: "high" });
    const open = { files: files(stat("/opt/h", { mode: 0o777 })) };
    expect(piped("/opt/h", [], open)).toMatchObject({ verdict: "fail", severity: "high" });
  });

  it("is unknown where mounts or the pattern were not read", () => {
    expect(piped("/opt/h", [unreadableContainer()]).verdict).toBe("unknown");
    expect(verdictOf(pattern, host()).verdict).toBe("unknown");
    expect(verdictOf(pattern, host({ configs: configs({ [SOURCE]: null }) })).verdict).toBe("not-applicable");
  });
});

describe("core dumps", () => {
  const limits = "/etc/security/limits.conf";
  const of = (texts: Record<string, string | null>) => verdictOf(dumps, host({ configs: configs(texts) }));

  it("wants them off for everybody, in either file", () => {
    expect(of({ [limits]: "* hard core 0\n" }).verdict).toBe("pass");
    expect(
      of({ [limits]: null, "/etc/security/limits.d/10-core.conf": "*  -  core  0 # off\n" }).verdict,
    ).toBe("pass");
    expect(of({ [SOURCE]: "|/bin/false", [limits]: "" }).verdict).toBe("pass");
    for (const line of ["#* hard core 0", "* soft core 0", "alice hard core 0", "* hard core 05", ""]) {
      expect(of({ [limits]: line }).verdict).toBe("fail");
    }
  });

  it("is unknown where the limits were not read", () => {
    expect(of({}).verdict).toBe("unknown");
    expect(verdictOf(dumps, host({ configs: { [limits]: missing("permission denied") } })).verdict).toBe(
      "unknown",
    );
  });
});

describe("names of dumps", () => {
  const key = "kernel.core_uses_pid";
  const of = (value: string | null, text: string) =>
    verdictOf(usesPid, host({ sysctls: sysctls({ [key]: value }), configs: configs({ [SOURCE]: text }) }));

  it("should tell processes apart", () => {
    expect(of("1", "core").verdict).toBe("pass");
    expect(of("0", "core.%p").verdict).toBe("pass");
    expect(of("0", "core").verdict).toBe("fail");
    expect(of(null, "core").verdict).toBe("not-applicable");
    expect(verdictOf(usesPid, host()).verdict).toBe("unknown");
  });
});
