import { describe, expect, it } from "vitest";
import type { HostEvidence } from "#model/evidence/host.ts";
import { got, missing } from "#model/reading.ts";
import { host, ruleById, verdictOf } from "../testing.ts";
import rules from "./protocols.ts";
import { configs, sysctls } from "./testing.ts";

const sctp = ruleById(rules, "SW-HOST-PROTOCOL-SCTP");

function machine(
  kernel: Partial<HostEvidence["kernel"]>,
  modprobe: string | null = null,
  changes: Partial<HostEvidence> = {},
): HostEvidence {
  return host({
    kernel: { ...host().kernel, ...kernel },
    configs: configs({ "/etc/modprobe.d/block.conf": modprobe }),
    ...changes,
  });
}

const MODULE = { config: got({ IP_SCTP: "m" }) };

describe("rare protocols and file systems", () => {
  it("has the four protocols and six file systems", () => {
    expect(rules.map(({ id }) => id.replace("SW-HOST-", ""))).toEqual([
      "PROTOCOL-DCCP",
      "PROTOCOL-SCTP",
      "PROTOCOL-RDS",
      "PROTOCOL-TIPC",
      "FILESYSTEM-CRAMFS",
      "FILESYSTEM-FREEVXFS",
      "FILESYSTEM-JFFS2",
      "FILESYSTEM-HFS",
      "FILESYSTEM-HFSPLUS",
      "FILESYSTEM-UDF",
    ]);
  });

  it("passes what is built out or blocked", () => {
    expect(verdictOf(sctp, machine({ config: got({ IP_SCTP: "n" }) })).verdict).toBe("pass");
    for (const line of ["install sctp /bin/false", "  install sctp /usr/bin/true", "blacklist sctp"]) {
      expect(verdictOf(sctp, machine(MODULE, `# x\n${line}\n`))).toMatchObject({
        verdict: "pass",
        evidence: [{ source: "/etc/modprobe.d/block.conf", value: line.trim() }],
      });
    }
    const frozen = { sysctls: sysctls({ "kernel.modules_disabled": "1" }) };
    expect(verdictOf(sctp, machine(MODULE, null, frozen)).verdict).toBe("pass");
  });

  it("fails what can be loaded, is loaded or is built in", () => {
    for (const line of [
      "",
      "#install sctp /bin/false",
      "install sctp_diag /bin/false",
      "install sctp /sbin/insmod x",
    ]) {
      expect(verdictOf(sctp, machine(MODULE, line))).toMatchObject({
        verdict: "fail",
        message: "nothing keeps sctp from being loaded",
      });
    }
    const loaded = { ...MODULE, modules: got(["sctp"]) };
    expect(verdictOf(sctp, machine(loaded, "blacklist sctp")).message).toBe("sctp is loaded");
    expect(verdictOf(sctp, machine({ config: got({ IP_SCTP: "y" }) }, "blacklist sctp")).verdict).toBe(
      "fail",
    );
  });

  it("is unknown where neither build nor settings were read", () => {
    expect(verdictOf(sctp, machine({ config: missing("/proc/config.gz: does not exist") })).verdict).toBe(
      "unknown",
    );
    expect(verdictOf(sctp, machine({ config: got({}) })).verdict).toBe("unknown");
    const unread = host({
      kernel: { ...host().kernel, ...MODULE },
      configs: { "/etc/modprobe.d": missing("/etc/modprobe.d: permission denied") },
    });
    expect(verdictOf(sctp, unread).verdict).toBe("unknown");
  });
});
