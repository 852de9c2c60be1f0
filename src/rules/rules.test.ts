import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Evidence } from "#model/evidence/evidence.ts";
import { VERDICTS } from "#model/finding.ts";
import { got, missing } from "#model/reading.ts";
import { DEFAULT_SETTINGS } from "#model/settings.ts";
import { SEVERITIES } from "#model/severity.ts";
import { CIS_DOCKER_1_8, CIS_DOCKER_MANUAL } from "./benchmarks/cis-docker-table.ts";
import { RULES } from "./index.ts";
import { judge } from "./judge.ts";
import { container, engine, evidence, host, image, network, swarm, unreadableContainer } from "./testing.ts";

const ROOT = join(import.meta.dirname, "../..");
const PREFIX = {
  host: "HOST",
  engine: "ENGINE",
  container: "CTR",
  image: "IMAGE",
  network: "NET",
  swarm: "SWARM",
  dockerfile: "(?:DF|SH)",
  compose: "CMP",
  manifest: "K8S",
};

/** Files of rules that the index registers, as `container/namespaces.ts`. */
function ruleFiles(): string[] {
  const index = readFileSync(join(ROOT, "src/rules/index.ts"), "utf8");
  return [...index.matchAll(/from "\.\/(\w+\/[\w-]+\.ts)"/g)].map((match) => match[1] as string);
}

/** True if a test beside the file imports it. */
function isTested(file: string): boolean {
  const folder = join(ROOT, "src/rules", dirname(file));
  return readdirSync(folder)
    .filter((name) => name.endsWith(".test.ts"))
    .some((name) => readFileSync(join(folder, name), "utf8").includes(`"./${basename(file)}"`));
}

describe("every rule", () => {
  it("has an id of its own", () => {
    const ids = RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(RULES.map((rule) => [rule.id, rule] as const))("%s is whole", (id, rule) => {
    expect(id).toMatch(new RegExp(`^SW-${PREFIX[rule.subject]}-[A-Z0-9]+(?:-[A-Z0-9]+)*$`));
    expect(rule.title).toMatch(/^\S.*[^.!]$/);
    for (const text of [rule.risk, rule.countermeasure]) expect(text).toMatch(/^\S.*[.)]$/s);
    expect(Object.values(rule.remediation).filter((text) => text.trim() !== "").length).toBeGreaterThan(0);
    expect(rule.examples.bad.trim()).not.toBe("");
    expect(rule.examples.good.trim()).not.toBe("");
    expect(rule.examples.good).not.toBe(rule.examples.bad);
    expect(rule.references.length).toBeGreaterThan(0);
    for (const url of rule.references.flatMap((reference) => reference.url ?? []))
      expect(() => new URL(url)).not.toThrow();
    expect(existsSync(join(ROOT, `docs/rules/${id}.md`))).toBe(true);
  });

  it.each(ruleFiles().map((file) => [file]))("%s has a test beside it", (file) => {
    expect(isTested(file)).toBe(true);
  });

  it("names recommendations that exist", () => {
    const known = new Set(CIS_DOCKER_1_8.map(([id]) => id));
    const strange = RULES.flatMap(({ id, cis }) =>
      (cis ?? []).filter((each) => !known.has(each)).map((each) => `${id}: ${each}`),
    );
    expect(strange).toEqual([]);
  });
});

describe("the CIS Docker Benchmark", () => {
  it("is judged by rules, or listed with what a person should look at", () => {
    const judged = new Set(RULES.flatMap(({ cis }) => cis ?? []));
    const open = CIS_DOCKER_1_8.map(([id]) => id).filter(
      (id) => !judged.has(id) && CIS_DOCKER_MANUAL[id] === undefined,
    );
    expect(open).toEqual([]);
    expect(CIS_DOCKER_1_8.filter(([id]) => judged.has(id)).length).toBeGreaterThanOrEqual(100);
    expect(CIS_DOCKER_1_8).toHaveLength(118);
  });
});

/** Evidence with one of everything, and the same with nothing readable. */
function whole(): Evidence {
  return evidence({
    containers: [container({ declared: container().declared }), unreadableContainer()],
    engines: [engine({ images: got([image()]), networks: got([network()]), swarm: got(swarm()) })],
  });
}

describe("judging", () => {
  it("gives a verdict of the four, with words, for every rule", () => {
    for (const finding of judge(whole(), DEFAULT_SETTINGS)) {
      expect(VERDICTS).toContain(finding.verdict);
      expect(SEVERITIES).toContain(finding.severity);
      expect(finding.message.trim(), finding.ruleId).not.toBe("");
      expect(finding.message, finding.ruleId).not.toContain("does not understand");
    }
  });

  it("shows for every failure what was seen", () => {
    const failed = judge(whole(), DEFAULT_SETTINGS).filter(({ verdict }) => verdict === "fail");
    expect(failed.length).toBeGreaterThan(30);
    expect(failed.filter(({ evidence: seen }) => seen.length === 0).map(({ ruleId }) => ruleId)).toEqual([]);
  });

  it("says the same twice", () => {
    expect(judge(whole(), DEFAULT_SETTINGS)).toEqual(judge(whole(), DEFAULT_SETTINGS));
  });

  it("turns whatever cannot be read into unknown or not applicable, never into pass", () => {
    const why = "permission denied";
    const nothing = missing(why);
    const blind = evidence({
      host: host({
        kernel: {
          ...host().kernel,
          config: nothing,
          lsms: nothing,
          lockdown: nothing,
          installed: nothing,
          modules: nothing,
        },
        memoryTotal: nothing,
        mounts: nothing,
        accounts: nothing,
        groups: nothing,
        subuids: nothing,
        subgids: nothing,
        sudoers: nothing,
        audit: { running: nothing, loaded: nothing, files: nothing },
        packages: nothing,
        listeners: nothing,
        firewall: nothing,
        netns: nothing,
        bootedAtMs: nothing,
        namespaces: {},
      }),
      engines: [
        engine({
          info: nothing,
          version: nothing,
          daemon: nothing,
          images: nothing,
          networks: nothing,
          swarm: nothing,
        }),
      ],
      containers: [unreadableContainer()],
    });
    const passed = judge(blind, DEFAULT_SETTINGS).filter(({ verdict }) => verdict === "pass");
    // These two judge the list of containers, which is readable here.
    expect(passed.map(({ ruleId }) => ruleId)).toEqual(["SW-ENGINE-OTHERS", "SW-ENGINE-STOPPED-CONTAINERS"]);
  });

  it("never judges the container that it runs in", () => {
    const all = evidence({ containers: [container({ self: true })] });
    expect(judge(all, DEFAULT_SETTINGS).some(({ subject }) => subject.kind === "container")).toBe(false);
  });

  it("calls a finding the same after the container was made anew", () => {
    const first = judge(evidence({ containers: [container({ id: "1".repeat(64) })] }), DEFAULT_SETTINGS);
    const second = judge(evidence({ containers: [container({ id: "2".repeat(64) })] }), DEFAULT_SETTINGS);
    expect(first.map(({ fingerprint }) => fingerprint)).toEqual(second.map(({ fingerprint }) => fingerprint));
  });

  it("gives every finding of a report an id of its own", () => {
    const ids = judge(evidence({ containers: [container()] }), DEFAULT_SETTINGS).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
