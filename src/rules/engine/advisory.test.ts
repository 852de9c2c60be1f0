import { describe, expect, it } from "vitest";
import type { EngineEvidence } from "#model/evidence/engine.ts";
import type { PackageEvidence } from "#model/evidence/host.ts";
import { got, missing } from "#model/reading.ts";
import { contextOf, daemon, engine, engineInfo, evidence, host, judgements, verdictOf } from "../testing.ts";
import { CHAIN_ADVISORIES } from "./advisories-table.ts";
import rule from "./advisory.ts";
import { podman, unreadableEngine } from "./facts/testing.ts";
import { compareVersions, parseVersion } from "./facts/version.ts";

const of = (
  {
    docker = "29.9.0",
    containerd = "2.3.6",
    runc = "1.5.2",
  }: Partial<Record<"docker" | "containerd" | "runc", string>>,
  changes: Partial<EngineEvidence> = {},
): EngineEvidence =>
  engine({
    version: got({
      version: docker,
      apiVersion: "1.41",
      minApiVersion: "1.12",
      platform: "",
      components: { containerd, runc },
    }),
    ...changes,
  });
const dpkg = (name: string, version: string, fixedCves: string[]): PackageEvidence => ({
  name,
  version,
  source: name,
  manager: "dpkg",
  fixedCves,
});
const on = (subject: EngineEvidence, packages: PackageEvidence[] = []) =>
  judgements(
    rule,
    subject,
    contextOf(evidence({ engines: [subject], host: host({ packages: got(packages) }) })),
  );
const failed = (subject: EngineEvidence, packages: PackageEvidence[] = []) =>
  on(subject, packages)
    .filter(({ verdict }) => verdict === "fail")
    .map(({ key }) => key);

describe("SW-ENGINE-ADVISORY", () => {
  it("a chain of newest releases passes in one line", () => {
    expect(on(of({}))).toEqual([expect.objectContaining({ verdict: "pass" })]);
  });

  it("each open hole is a finding of its own, named by its CVE", () => {
    expect(failed(of({ runc: "1.1.11" }))).toEqual([
      "CVE-2024-21626",
      "CVE-2024-45310",
      "CVE-2025-31133",
      "CVE-2025-52565",
      "CVE-2025-52881",
      "CVE-2026-41579",
    ]);
    const [first] = on(of({ runc: "1.1.11" }));
    expect(first).toMatchObject({
      severity: "high",
      evidence: [{ source: "GET /version", path: "Components.runc", value: "1.1.11" }],
      remediation: expect.stringContaining("update runc to 1.1.12"),
    });
    expect(first?.message).toMatch(/^CVE-2024-21626: .*runc 1\.1\.11 is older than the fix \(1\.1\.12\)$/);
  });

  it("looks at the fix of the own branch", () => {
    expect(failed(of({ runc: "1.2.8" }))).toEqual(["CVE-2026-41579"]);
    expect(failed(of({ runc: "1.3.6" }))).toEqual([]);
    expect(failed(of({ runc: "1.4.0" }))).toEqual(["CVE-2026-41579"]);
    expect(failed(of({ containerd: "1.7.28" }))).toEqual([
      "CVE-2024-25621",
      "CVE-2026-46680",
      "CVE-2026-47262",
    ]);
    expect(failed(of({ docker: "28.5.2" }))).toEqual(["CVE-2026-41567"]);
  });

  it("a hole that came later is not in older versions", () => {
    expect(failed(of({ runc: "1.0.0-rc92" }))).not.toContain("CVE-2024-21626");
    expect(failed(of({ runc: "1.0.0-rc93" }))).toContain("CVE-2024-21626");
  });

  it("Debian's runc 1.1.5 looks open to CVE-2024-21626 by its number, but its changelog lists the fix", () => {
    const subject = of({ runc: "1.1.5+ds1-1+deb12u1" });
    const runc = dpkg("runc", "1.1.5+ds1-1+deb12u1", ["CVE-2023-27561", "CVE-2024-21626"]);
    const open = failed(subject, [runc]);
    expect(open).not.toContain("CVE-2024-21626");
    expect(open).toContain("CVE-2025-31133");
    expect(on(subject, [runc]).find(({ key }) => key === "CVE-2025-31133")?.evidence).toContainEqual(
      expect.objectContaining({ witness: "actual", source: "changelog of runc" }),
    );
  });

  it("a distribution's build whose changelog could not be read is unknown, not open", () => {
    const [only, ...rest] = on(of({ runc: "1.1.5+ds1-1+deb12u1" }), [
      dpkg("runc", "1.1.5+ds1-1+deb12u1", []),
    ]);
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ verdict: "unknown" });
    expect(only?.message).toContain("CVE-2024-21626");
    expect(failed(of({ runc: "1.1.5+ds1-1+deb12u1" }))).toEqual([]);
  });

  it("a package that is not what runs says nothing", () => {
    const other = dpkg("runc", "1.1.5+ds1-1+deb12u1", ["CVE-2024-21626"]);
    expect(failed(of({ runc: "1.1.11" }), [other])).toContain("CVE-2024-21626");
  });

  it("a fixed package does not help a daemon that still runs the old program", () => {
    const gone = { daemon: got(daemon({ executableDeleted: true })) };
    const fix = [dpkg("docker.io", "28.5.2+dfsg1-1", ["CVE-2026-41567"])];
    expect(on(of({ docker: "28.5.2+dfsg1" }), fix)).toEqual([expect.objectContaining({ verdict: "pass" })]);
    expect(on(of({ docker: "28.5.2+dfsg1" }, gone), fix)).toEqual([
      expect.objectContaining({ verdict: "unknown", message: expect.stringContaining("restart it") }),
    ]);
  });

  it("holes of authorization plugins count only where there is one", () => {
    const plugin = { info: got(engineInfo({ authorizationPlugins: ["my-authz"] })) };
    const hole = "CVE-2024-41110";
    expect(failed(of({ docker: "25.0.5" }))).not.toContain(hole);
    expect(failed(of({ docker: "25.0.5" }, plugin))).toContain(hole);
    expect(failed(of({ docker: "25.0.6" }, plugin))).toEqual(["CVE-2026-34040", "CVE-2026-41567"]);
    expect(on(of({ docker: "25.0.5" }, plugin)).find(({ key }) => key === hole)?.severity).toBe("critical");
  });

  it("versions that cannot be compared are unknown", () => {
    expect(on(of({ runc: "unknown" }))).toEqual([expect.objectContaining({ verdict: "unknown" })]);
    expect(on(of({ runc: "" }))).toEqual([expect.objectContaining({ verdict: "unknown" })]);
    expect(failed(of({ runc: "1.0.0-rc6+dev" }))).toEqual([]);
    expect(on(unreadableEngine()).every(({ verdict }) => verdict === "unknown")).toBe(true);
    expect(on(of({}, { version: missing("no answer") }))).toHaveLength(3);
  });

  it("podman with crun has none of these, with runc it has those of runc", () => {
    const version = (components: Record<string, string>) =>
      got({ version: "4.3.1", apiVersion: "", minApiVersion: "", platform: "", components });
    expect(
      verdictOf(rule, podman({ version: version({ "OCI Runtime (crun)": "crun version 1.8" }) })).verdict,
    ).toBe("not-applicable");
    expect(failed(podman({ version: version({ "OCI Runtime (runc)": "1.3.5" }) }))).toEqual([
      "CVE-2026-41579",
    ]);
  });

  it("its table is sound: every version is one, fixes rise, each CVE stands once", () => {
    for (const { cve, fixed, introduced } of CHAIN_ADVISORIES) {
      expect(cve).toMatch(/^CVE-\d{4}-\d{4,}$/);
      const versions = fixed.map((text) => {
        const version = parseVersion(text);
        if (version === null) throw new Error(text);
        return version;
      });
      expect(versions.toSorted(compareVersions)).toEqual(versions);
      expect(introduced === undefined || parseVersion(introduced) !== null).toBe(true);
    }
    const ids = CHAIN_ADVISORIES.map(({ cve }) => cve);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
