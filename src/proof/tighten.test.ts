import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_CAPS } from "./controls.ts";
import { tighten } from "./tighten.ts";
import { normalLines, type Observation } from "./workload.ts";

type Host = Record<string, unknown>;

/** What a program says that must have some capabilities, and write to some folders. */
function program(needs: { caps?: readonly string[]; writes?: readonly string[]; root?: boolean }) {
  let runs = 0;
  const run = async (body: Record<string, unknown>): Promise<Observation> => {
    runs += 1;
    const host = body["HostConfig"] as Host;
    const dropped = (host["CapDrop"] as string[] | undefined)?.includes("ALL") === true;
    const caps = dropped ? (host["CapAdd"] as string[]) : DEFAULT_CAPS;
    const missing = (needs.caps ?? []).find((name) => !caps.includes(name));
    const tmpfs = Object.keys((host["Tmpfs"] as object | undefined) ?? {});
    const closed = (needs.writes ?? []).find(
      (path) => host["ReadonlyRootfs"] === true && !tmpfs.includes(path),
    );
    const user = needs.root === true && body["User"] !== "";
    const fault =
      missing !== undefined
        ? `${missing}: Operation not permitted`
        : closed !== undefined
          ? `${closed}: Read-only file system`
          : user
            ? "must be root"
            : null;
    const log = fault ?? "ready";
    const exitCode = fault === null ? null : 1;
    return {
      exitCode,
      health: "none",
      lines: normalLines(log),
      log,
      uid: 0,
      listens: [],
      command: null,
      refused: null,
    };
  };
  return { run, runs: () => runs };
}

async function tightened(needs: Parameters<typeof program>[0]) {
  const { run } = program(needs);
  const start = { User: "", HostConfig: { CapAdd: [] } };
  return tighten(start, await run(start), run);
}

describe("tighten", () => {
  it("holds a program that needs nothing by everything", async () => {
    const { kept, tried, body } = await tightened({});
    expect(tried.filter((each) => !each.kept)).toEqual([]);
    expect(kept.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        "no-new-privileges",
        "network",
        "memory",
        "pids",
        "read-only",
        "user",
        "capabilities",
      ]),
    );
    expect(body["User"]).toBe("10001:10001");
  });

  it("keeps exactly the capabilities that are needed, in few runs", async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray(DEFAULT_CAPS, { maxLength: 4 }), async (caps) => {
        const { body, runs } = await tightened({ caps });
        expect([...((body["HostConfig"] as Host)["CapAdd"] as string[])].toSorted()).toEqual(
          [...caps].toSorted(),
        );
        expect(runs).toBeLessThanOrEqual(60);
      }),
      { numRuns: 25 },
    );
  });

  it("says what forced each relaxation", async () => {
    const { tried } = await tightened({ root: true, writes: ["/run"], caps: ["CHOWN"] });
    const reasons = Object.fromEntries(
      tried.filter((each) => !each.kept).map(({ control, because }) => [control.id, because]),
    );
    expect(reasons["user"]).toContain("must be root");
    expect(reasons["read-only"]).toContain("/run: Read-only file system");
    expect(reasons["capabilities"]).toContain("CHOWN: Operation not permitted");
  });

  it("gives a file system in memory only where it is written", async () => {
    const { kept } = await tightened({ writes: ["/run", "/tmp"] });
    expect(kept.find(({ id }) => id === "read-only")?.title).toBe(
      "Make the root file system read-only but for /tmp, /run",
    );
  });

  it("does not take the network from what listens", async () => {
    const { run } = program({});
    const start = { User: "", HostConfig: { CapAdd: [] } };
    const baseline = { ...(await run(start)), listens: ["tcp 80"] };
    const listening = async (body: Record<string, unknown>) => ({
      ...(await run(body)),
      listens: ["tcp 80"],
    });
    const { kept } = await tighten(start, baseline, listening);
    expect(kept.map(({ id }) => id)).not.toContain("network");
  });
});
