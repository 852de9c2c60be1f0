import { build } from "esbuild";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VERDICTS } from "#model/finding.ts";
import { SEVERITIES } from "#model/severity.ts";
import type { Subject } from "#model/subject.ts";
import { applyPolicy, isGated } from "./apply.ts";
import { DEFAULT_POLICY, type Policy } from "./policy.ts";
import { container, exception, finding, policy } from "./testing.ts";

const NOW = Date.parse("2026-06-15T12:00:00Z");
const NONE: ReadonlySet<string> = new Set();

function severities(rules: Policy["rules"], more: Partial<Policy> = {}): string[] {
  const findings = [
    finding(),
    finding({ ruleId: "SW-CTR-NET-HOST", aliases: ["cis-docker-1.8:5.10"] }),
    finding({ ruleId: "SW-HOST-DISK", aliases: [], severity: "low" }),
  ];
  return applyPolicy(findings, policy({ rules, ...more }), NONE, NOW).findings.map(
    ({ ruleId, severity }) => `${ruleId} ${severity}`,
  );
}

describe("rules", () => {
  it("leaves everything as it is without a policy", () => {
    const findings = [finding(), finding({ verdict: "pass" })];
    expect(applyPolicy(findings, DEFAULT_POLICY, NONE, NOW)).toEqual({ findings, notices: [] });
  });

  it("overrides severities by id, alias and glob", () => {
    expect(
      severities({ "SW-CTR-PID-HOST": "critical", "cis-docker-1.8:5.10": "low", "SW-HOST-*": "info" }),
    ).toEqual(["SW-CTR-PID-HOST critical", "SW-CTR-NET-HOST low", "SW-HOST-DISK info"]);
  });

  it("leaves the rules alone that it does not name", () => {
    expect(severities({ "SW-HOST-*": "info", DL3008: "off" })).toEqual([
      "SW-CTR-PID-HOST high",
      "SW-CTR-NET-HOST high",
      "SW-HOST-DISK info",
    ]);
  });

  it("prefers an id to an alias and an alias to a glob, wherever they stand", () => {
    const rules = { "SW-CTR-PID-HOST": "low", "cis-docker-1.8:5.16": "medium", "*": "off" } as const;
    expect(severities(rules)).toEqual(["SW-CTR-PID-HOST low"]);
    expect(severities({ "cis-docker-1.8:5.16": "medium", "*": "off" })).toEqual(["SW-CTR-PID-HOST medium"]);
  });

  it("prefers the last of equally exact names", () => {
    expect(severities({ "SW-*": "off", "SW-HOST-*": "medium" })).toEqual(["SW-HOST-DISK medium"]);
    expect(severities({ "SW-HOST-*": "medium", "SW-*": "off" })).toEqual([]);
  });

  it("removes what is off, whatever its verdict", () => {
    const findings = VERDICTS.map((verdict) => finding({ verdict }));
    expect(applyPolicy(findings, policy({ rules: { "SW-*": "off" } }), NONE, NOW).findings).toEqual([]);
  });

  it("keeps only the rules that `only` names, and of them not those that are off", () => {
    expect(severities({}, { only: ["cis-docker-1.8:5.16", "SW-HOST-*"] })).toEqual([
      "SW-CTR-PID-HOST high",
      "SW-HOST-DISK low",
    ]);
    expect(severities({ "SW-HOST-DISK": "off" }, { only: ["SW-HOST-*"] })).toEqual([]);
  });
});

describe("subjects", () => {
  const host: Subject = { kind: "host", name: "node-7", id: "node-7" };
  const findings = [
    finding({ subject: container("web-1", { labels: { team: "a" } }) }),
    finding({ subject: container("web-2", { labels: { team: "b" } }) }),
    finding({ subject: container("db", { image: "postgres:16" }) }),
    finding({ subject: host }),
  ];
  const select = (include: string[], exclude: string[] = []) =>
    applyPolicy(findings, policy({ subjects: { include, exclude } }), NONE, NOW);
  const names = (include: string[], exclude: string[] = []) =>
    select(include, exclude).findings.map(({ subject }) => subject.name);

  it("includes and excludes", () => {
    expect(names(["web-*"])).toEqual(["web-1", "web-2"]);
    expect(names(["web-*", "host:*"], ["label:team=b"])).toEqual(["web-1", "node-7"]);
    expect(names([], ["image:postgres:*"])).toEqual(["web-1", "web-2", "node-7"]);
  });

  it("says so when an include selects nothing", () => {
    expect(select(["web-*", "wbe-*"], ["nothing"]).notices).toEqual([
      {
        what: "nothing here is selected by wbe-*",
        where: "seaworthy.yaml",
        todo: "correct the pattern in subjects.include, or remove it",
      },
    ]);
  });
});

describe("baseline", () => {
  it("marks known failures, and nothing else", () => {
    const other = finding({ subject: container("db") });
    const passed = finding({ verdict: "pass" });
    const { findings } = applyPolicy(
      [finding(), other, passed],
      policy(),
      new Set([finding().fingerprint]),
      NOW,
    );
    expect(findings.map(({ known }) => known)).toEqual([true, false, false]);
    expect(findings.map((item) => isGated(item, "low"))).toEqual([false, true, false]);
  });
});

describe("isGated", () => {
  it("counts open failures at or above the gate", () => {
    expect(isGated(finding({ severity: "high" }), "high")).toBe(true);
    expect(isGated(finding({ severity: "medium" }), "high")).toBe(false);
    expect(isGated(finding({ severity: "critical" }), "never")).toBe(false);
    expect(isGated(finding({ verdict: "unknown" }), "info")).toBe(false);
    expect(isGated(finding({ known: true }), "info")).toBe(false);
    expect(isGated(finding({ exception: { reason: "r", source: "s" } }), "info")).toBe(false);
  });
});

it("never hides: what is neither off nor unselected stays, in its order, with its facts", () => {
  const name = fc.constantFrom("web", "db", "cache");
  const ruleId = fc.constantFrom("SW-CTR-A", "SW-CTR-B", "SW-HOST-C");
  const anyFinding = fc
    .tuple(ruleId, name, fc.constantFrom(...VERDICTS), fc.constantFrom(...SEVERITIES))
    .map(([ruleId, name, verdict, severity]) =>
      finding({ ruleId, verdict, severity, subject: container(name) }),
    );
  const anyException = fc
    .tuple(
      fc.constantFrom("SW-CTR-*", "SW-HOST-C", "*", "other"),
      fc.constantFrom("web", "*", "container:d?", "other"),
      fc.constantFrom(null, "2026-06-14", "2026-06-15"),
    )
    .map(([rule, subject, expires]) => exception({ rule, subject, expires }));
  fc.assert(
    fc.property(
      fc.array(anyFinding),
      fc.array(anyException, { maxLength: 4 }),
      fc.array(name),
      (findings, exceptions, known) => {
        const baseline = new Set(known.map((name) => `SW-CTR-A/${name}`));
        const result = applyPolicy(findings, policy({ exceptions }), baseline, NOW);
        expect(result.findings.map((item) => ({ ...item, exception: null, known: false }))).toEqual(findings);
        const marked = result.findings.filter(({ exception, known }) => exception !== null || known);
        expect(marked.filter(({ verdict }) => verdict !== "fail")).toEqual([]);
        expect(marked.filter(({ exception }) => exception?.expires === "2026-06-14")).toEqual([]);
      },
    ),
  );
});

it("loads neither zod nor yaml", async () => {
  const { metafile } = await build({
    entryPoints: [new URL("apply.ts", import.meta.url).pathname],
    bundle: true,
    platform: "node",
    format: "esm",
    metafile: true,
    write: false,
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs.some((path) => path.endsWith("policy/glob.ts"))).toBe(true);
  expect(inputs.filter((path) => path.includes("node_modules"))).toEqual([]);
});

it("keeps what a comment in the file has accepted", () => {
  const exception = { reason: "small enough", source: "Dockerfile:2" };
  const { findings } = applyPolicy([finding({ exception })], policy(), new Set(), 0);
  expect(findings[0]?.exception).toEqual(exception);
});
