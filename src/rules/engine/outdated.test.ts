import { describe, expect, it } from "vitest";
import type { EngineEvidence } from "#model/evidence/engine.ts";
import type { HostEvidence } from "#model/evidence/host.ts";
import { got, missing } from "#model/reading.ts";
import { contextOf, engine, engineInfo, evidence, host, verdictOf } from "../testing.ts";
import { podman, unreadableEngine } from "./facts/testing.ts";
import { DISTRIBUTIONS, DOCKER_LINES, TABLE_DATE } from "./eol.ts";
import rule from "./outdated.ts";

const of = (version: string, changes: Partial<EngineEvidence> = {}, components = {}): EngineEvidence =>
  engine({
    version: got({ version, apiVersion: "1.41", minApiVersion: "1.12", platform: "", components }),
    ...changes,
  });
const at = (subject: EngineEvidence, day: string, own: Partial<HostEvidence> | null = {}) =>
  verdictOf(
    rule,
    subject,
    contextOf(
      evidence({
        engines: [subject],
        collectedAt: `${day}T12:00:00Z`,
        host: own === null ? null : host(own),
      }),
    ),
  );
const packaged = (name: string, version: string) => ({
  packages: got([{ name, version, source: name, manager: "dpkg" as const, fixedCves: [] }]),
});

describe("SW-ENGINE-OUTDATED", () => {
  it("a release line fails from the day on which its maintenance ended", () => {
    expect(at(of("28.5.2"), "2026-05-12").verdict).toBe("pass");
    expect(at(of("28.5.2"), "2026-05-13")).toMatchObject({
      verdict: "fail",
      message: "Docker 28.5.2 is of release line 28, which has had no fixes since 2026-05-13",
      evidence: [{ source: "GET /version", value: "28.5.2" }],
    });
    expect(at(of("26.0.2"), "2026-01-01").message).toContain("release line 26.0");
    expect(at(of("26.1.5"), "2025-01-01").verdict).toBe("pass");
  });

  it("a line without a known end passes, as long as the table is young enough to say so", () => {
    expect(at(of("29.9.0"), "2026-11-20").verdict).toBe("pass");
    expect(at(of("25.0.14"), "2026-11-20").verdict).toBe("pass");
    expect(at(of("29.9.0"), "2028-01-01").verdict).toBe("unknown");
  });

  it("what is older than the table fails, what is newer is unknown", () => {
    expect(at(of("1.13.1"), "2026-01-01").verdict).toBe("fail");
    expect(at(of("31.0.0"), "2026-01-01").verdict).toBe("unknown");
    expect(at(of("library-import"), "2026-01-01").verdict).toBe("unknown");
    expect(at(unreadableEngine(), "2026-01-01").verdict).toBe("unknown");
  });

  it("Debian's 20.10 counts as maintained while Debian maintains the release that it is from", () => {
    const subject = of("20.10.24+dfsg1");
    const own = packaged("docker.io", "20.10.24+dfsg1-1+deb12u1");
    expect(at(subject, "2026-11-21", own)).toMatchObject({
      verdict: "pass",
      message:
        "is the docker.io of Debian GNU/Linux 12 (bookworm), which carries fixes back until 2028-06-30",
    });
    expect(at(subject, "2028-07-01", own)).toMatchObject({ verdict: "fail" });
    // The suffix alone tells as well, also from afar.
    expect(at(subject, "2026-11-21").verdict).toBe("pass");
    const remote = of("20.10.24+dfsg1", { local: false });
    expect(at(remote, "2026-11-21", null).verdict).toBe("pass");
    const nowhere = of("20.10.24+dfsg1", { local: false, info: missing("no answer") });
    expect(at(nowhere, "2026-11-21", null).verdict).toBe("unknown");
  });

  it("Ubuntu's package is known by dpkg or by the commit that the engine names", () => {
    const ubuntu = { os: { id: "ubuntu", version: "22.04", name: "Ubuntu 22.04.5 LTS" } };
    const own = { ...ubuntu, ...packaged("docker.io", "24.0.7-0ubuntu2~22.04.1") };
    expect(at(of("24.0.7"), "2026-11-21", own).verdict).toBe("pass");
    expect(at(of("24.0.7", {}, { Engine: "24.0.7-0ubuntu2~22.04.1" }), "2026-11-21", ubuntu).verdict).toBe(
      "pass",
    );
    const info = got(engineInfo({ operatingSystem: "Ubuntu 22.04.5 LTS" }));
    const remote = of("24.0.7", { local: false, info }, { Engine: "24.0.7-0ubuntu2~22.04.1" });
    expect(at(remote, "2026-11-21", null).verdict).toBe("pass");
  });

  it("a package that is not what runs does not help", () => {
    const own = packaged("docker.io", "20.10.24+dfsg1-1+deb12u1");
    expect(at(of("24.0.7"), "2026-11-21", own).verdict).toBe("fail");
    expect(at(of("24.0.7"), "2026-11-21", packaged("docker-ce", "5:24.0.7-1~debian.12")).verdict).toBe(
      "fail",
    );
  });

  it("a distribution whose calendar is not known here leaves it unknown", () => {
    const fedora = { os: { id: "fedora", version: "42", name: "Fedora Linux 42" } };
    const own = { ...fedora, ...packaged("moby-engine", "27.3.1-2.fc42") };
    expect(at(of("27.3.1"), "2026-01-01", own).verdict).toBe("unknown");
  });

  it("podman is judged by its distribution, and unknown without", () => {
    const version = got({
      version: "4.3.1",
      apiVersion: "",
      minApiVersion: "",
      platform: "",
      components: {},
    });
    expect(at(podman({ version }), "2026-01-01", packaged("podman", "4.3.1+ds1-8+deb12u1")).verdict).toBe(
      "pass",
    );
    expect(at(podman({ version }), "2026-01-01").verdict).toBe("unknown");
  });

  it("its table holds days only, and every line once", () => {
    const days = [
      TABLE_DATE,
      ...DOCKER_LINES.flatMap(({ end }) => end ?? []),
      ...Object.values(DISTRIBUTIONS).flatMap((releases) => Object.values(releases)),
    ];
    for (const day of days) expect(new Date(day).toISOString().slice(0, 10)).toBe(day);
    const lines = DOCKER_LINES.map(({ line }) => line);
    expect(new Set(lines).size).toBe(lines.length);
  });
});
