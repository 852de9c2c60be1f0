import { describe, expect, it } from "vitest";
import type { HostEvidence } from "#model/evidence/host.ts";
import { missing } from "#model/reading.ts";
import type { Rule } from "../rule.ts";
import { contextOf, engine, evidence, host, judgements, unreadableContainer } from "../testing.ts";
import accounts from "./accounts.ts";
import auditWatches from "./audit-watches.ts";
import auditd from "./auditd.ts";
import coreDumps from "./core-dumps.ts";
import dataRoot from "./data-root.ts";
import engineUsers from "./engine-users.ts";
import fileModes from "./file-modes.ts";
import fileOwners from "./file-owners.ts";
import firewall from "./firewall.ts";
import hostFiles from "./host-files.ts";
import kernelConfig from "./kernel-config.ts";
import kernelReboot from "./kernel-reboot.ts";
import lockdown from "./lockdown.ts";
import logging from "./logging.ts";
import lsm from "./lsm.ts";
import mounts from "./mounts.ts";
import netns from "./netns.ts";
import protocols from "./protocols.ts";
import ssh from "./ssh.ts";
import subordinateIds from "./subordinate-ids.ts";
import forwarding from "./sysctl-forwarding.ts";
import userNamespaces from "./sysctl-user-namespaces.ts";
import sysctls from "./sysctls.ts";
import timeSync from "./time-sync.ts";

const RULES: Rule<"host">[] = [
  accounts,
  auditWatches,
  coreDumps,
  fileModes,
  fileOwners,
  hostFiles,
  kernelConfig,
  mounts,
  protocols,
  ssh,
  subordinateIds,
  userNamespaces,
  sysctls,
  auditd,
  dataRoot,
  engineUsers,
  firewall,
  kernelReboot,
  lockdown,
  logging,
  lsm,
  netns,
  forwarding,
  timeSync,
].flat();

/** A host of which nothing could be read. */
function darkHost(): HostEvidence {
  const dark = missing("permission denied");
  const bright = host();
  return {
    ...bright,
    kernel: { ...bright.kernel, config: dark, lsms: dark, lockdown: dark, installed: dark, modules: dark },
    mounts: dark,
    accounts: dark,
    groups: dark,
    subuids: dark,
    subgids: dark,
    sudoers: dark,
    audit: { running: dark, loaded: dark, files: dark },
    packages: dark,
    listeners: dark,
    firewall: dark,
    netns: dark,
  };
}

describe("rules on the host", () => {
  it("have ids of their own, and cover what CIS asks of the host and its files", () => {
    const ids = RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^SW-HOST-[A-Z0-9-]+$/.test(id))).toBe(true);
    const covered = new Set(RULES.flatMap(({ cis }) => cis ?? []));
    for (let at = 1; at <= 18; at += 1) expect(covered).toContain(`1.1.${at}`);
    for (let at = 1; at <= 24; at += 1) expect(covered).toContain(`3.${at}`);
    expect(covered).toContain("1.2.1");
  });

  it.each(RULES.map((rule) => [rule.id, rule] as const))(
    "%s passes nothing that it could not read",
    (_, rule) => {
      const dark = missing("permission denied");
      const engines = [
        engine(),
        engine({ name: "dark", info: dark, version: dark, daemon: dark, networks: dark }),
      ];
      const context = contextOf(evidence({ engines, containers: [unreadableContainer()] }));
      const judged = judgements(rule, darkHost(), context);
      expect(judged.length).toBeGreaterThan(0);
      for (const { verdict, message } of judged) {
        expect(["unknown", "not-applicable"], message).toContain(verdict);
        expect(message).not.toBe("");
      }
    },
  );

  it("speak plainly", () => {
    for (const { id, title, risk, countermeasure, remediation, examples, references } of RULES) {
      expect(title, id).not.toMatch(/\.$|!/);
      for (const text of [risk, countermeasure]) {
        expect(text, id).toMatch(/\.$/);
        expect(text, id).not.toMatch(/!|\bplease\b/i);
      }
      expect(remediation.host, id).toBeTruthy();
      expect(examples.bad, id).not.toBe(examples.good);
      expect(references.length, id).toBeGreaterThan(0);
    }
  });
});
