import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Evidence } from "#model/evidence/evidence.ts";
import { DEFAULT_SETTINGS } from "#model/settings.ts";
import { barrierFacts } from "#barriers/facts.ts";
import { isolationOf } from "#barriers/isolation.ts";
import { dearMounts } from "#barriers/structures.ts";
import { collect } from "#evidence/collect.ts";
import { type Held, type Measured, openWorkbench, type Workbench } from "#proof/measure.ts";
import { PROOF_LABEL } from "#proof/objects.ts";
import { prove } from "#proof/prove.ts";
import { DOCKERD_NEEDS, type Engine, startDockerd } from "../support/dockerd.ts";
import { isCgroupV1 } from "../support/host.ts";
import { IMAGE } from "../support/image.ts";
import { suite } from "../support/packages.ts";

/** A way to start a container, how many barriers it must have, and techniques that must be open. */
interface Configuration {
  flags: readonly string[];
  barriers: number;
  open: readonly string[];
}

const HARDENED = [
  ..."--user 1000 --cap-drop ALL --security-opt no-new-privileges --read-only".split(" "),
  ..."--memory 64m --memory-swap 64m --pids-limit 64 --cpus 0.5".split(" "),
];
// On cgroup v2 there is no release agent.
const SYS_ADMIN_OPENS = isCgroupV1() ? ["release-agent"] : [];
const CONFIGURATIONS: Record<string, Configuration> = {
  default: { flags: [], barriers: 1, open: ["setuid", "drop-and-run", "arp-spoofing", "memory-bomb"] },
  hardened: { flags: HARDENED, barriers: 2, open: [] },
  privileged: { flags: ["--privileged"], barriers: 0, open: ["core-pattern", "disk-node", "file-handles"] },
  "another user": { flags: ["--user", "1000"], barriers: 1, open: ["setuid"] },
  "no new privileges": {
    flags: ["--user", "1000", "--security-opt", "no-new-privileges"],
    barriers: 2,
    open: ["memory-bomb"],
  },
  "sys admin": {
    flags: ["--cap-add", "SYS_ADMIN"],
    barriers: isCgroupV1() ? 0 : 1,
    open: [...SYS_ADMIN_OPENS, "user-namespaces"],
  },
  "etc of the host": { flags: ["-v", "/etc:/hosts-etc"], barriers: 0, open: ["host-write", "host-read"] },
  "etc, read-only": { flags: ["-v", "/etc:/hosts-etc:ro"], barriers: 1, open: ["host-read"] },
  "processes of the host": {
    flags: ["--pid", "host", "--cap-add", "SYS_PTRACE"],
    barriers: 0,
    open: ["trace-host", "kill-host"],
  },
  "network of the host": { flags: ["--network", "host"], barriers: 1, open: ["arp-spoofing"] },
  "memory of the host": { flags: ["--ipc", "host"], barriers: 1, open: ["host-ipc"] },
  "name of the host": {
    flags: ["--uts", "host", "--cap-add", "SYS_ADMIN"],
    barriers: isCgroupV1() ? 0 : 1,
    open: ["host-name"],
  },
  "no filter": { flags: ["--security-opt", "seccomp=unconfined"], barriers: 1, open: ["user-namespaces"] },
  disks: { flags: ["--device-cgroup-rule", "b 7:* rwm"], barriers: 1, open: ["disk-node"] },
  "file handles": { flags: ["--cap-add", "DAC_READ_SEARCH"], barriers: 1, open: ["file-handles"] },
  "kernel log": { flags: ["--cap-add", "SYSLOG"], barriers: 1, open: ["kernel-log"] },
  clock: { flags: ["--cap-add", "SYS_TIME"], barriers: 1, open: ["clock"] },
  limits: {
    flags: "--memory 64m --memory-swap 64m --pids-limit 64 --cpus 0.5".split(" "),
    barriers: 1,
    open: ["setuid", "drop-and-run"],
  },
};

suite("a proof on a real engine", { packages: DOCKERD_NEEDS }, () => {
  let engine: Engine;
  let bench: Workbench;

  const endpoint = () => ({ url: `unix://${engine.socket}`, socketPath: engine.socket });

  async function look(id: string): Promise<Held> {
    const evidence: Evidence = await collect({
      endpoint: endpoint(),
      roots: {},
      timeoutMs: 10_000,
      version: "0",
      env: {},
    });
    const container = evidence.containers.find((each) => each.id === id);
    if (container === undefined) throw new Error(`${id}: not collected`);
    const context = {
      evidence,
      host: evidence.host,
      engine: evidence.engines[0] ?? null,
      settings: DEFAULT_SETTINGS,
      now: Date.parse(evidence.collectedAt),
    };
    const facts = barrierFacts(container, context);
    return {
      isolation: isolationOf(container, context),
      seen: {
        sockets: facts.sockets.known ? facts.sockets.value.map(({ path }) => path) : [],
        writable: dearMounts(facts, "write").map(({ target }) => target),
        readable: dearMounts(facts, "read").map(({ target }) => target),
      },
    };
  }

  async function inspect(name: string): Promise<Record<string, unknown>> {
    return (JSON.parse(await engine.mustDocker("inspect", name)) as Record<string, unknown>[])[0] ?? {};
  }

  beforeAll(async () => {
    engine = await startDockerd({}, "prove");
    // Its loopback is that of its own network namespace, not ours.
    bench = await openWorkbench(endpoint(), IMAGE, false);
  });

  afterAll(async () => {
    await bench?.close();
    await engine?.stop();
  });

  describe("prediction and probe agree in every cell", () => {
    it.each(Object.entries(CONFIGURATIONS))("%s", async (name, { flags, barriers, open }) => {
      const container = `c-${name.replaceAll(/\W/g, "-")}`;
      await engine.mustDocker("create", "--name", container, ...flags, IMAGE, "sleep", "1000");
      const measured: Measured = await bench.measure(await inspect(container), look);
      const wrong = measured.results.filter(({ agrees }) => !agrees);
      expect(wrong.map(({ technique, predicted, output }) => ({ technique, predicted, output }))).toEqual([]);
      expect(measured.results.length).toBeGreaterThanOrEqual(18);
      expect(measured.isolation.barriersToHost).toBe(barriers);
      const found = measured.results
        .filter(({ state }) => state === "open")
        .map(({ technique }) => technique);
      expect(found).toEqual(expect.arrayContaining([...open]));
      expect(flags === HARDENED ? found : []).toEqual([]);
      await engine.mustDocker("rm", "-f", container);
    });
  });

  it("closes what was open, keeps the workload, and says what forced each relaxation", async () => {
    const script =
      "mkdir -p /tmp/x && echo ready > /tmp/x/y && cat /tmp/x/y && chown 5 /tmp/x/y && sleep 1000";
    await engine.mustDocker(
      "run",
      "-d",
      "--name",
      "work",
      "--cap-add",
      "SYS_ADMIN",
      IMAGE,
      "sh",
      "-c",
      script,
    );
    const before = await engine.mustDocker("ps", "-aq");
    const proof = await prove(bench, {
      target: await inspect("work"),
      oracle: { settleMs: 3000, command: ["cat", "/tmp/x/y"] },
      look,
      tell: () => {},
      measureOnly: false,
    });
    expect(proof.notProven).toBeNull();
    const open = (side: typeof proof.before | null) =>
      (side?.results ?? []).filter(({ state }) => state === "open").map(({ technique }) => technique);
    expect(open(proof.before)).toEqual(expect.arrayContaining(["setuid", "memory-bomb", "fork-bomb"]));
    expect(open(proof.after)).toEqual([]);
    const kept = proof.kept.map(({ id }) => id);
    expect(kept).toEqual(
      expect.arrayContaining(["no-new-privileges", "read-only", "memory", "pids", "capabilities"]),
    );
    // The program changes an owner: that needs root and one capability, and only these.
    const capabilities = proof.kept.find(({ id }) => id === "capabilities");
    expect(capabilities?.run).toBe("--cap-drop ALL --cap-add CHOWN");
    const user = proof.tried.find(({ control }) => control.id === "user");
    expect(user).toMatchObject({ kept: false });
    expect(user?.because).toMatch(/not permitted/i);
    // Nothing but the canaries' containers is there besides what was before.
    const left = await engine.mustDocker("ps", "-aq", "--filter", `label=${PROOF_LABEL}`);
    expect((await engine.mustDocker("ps", "-aq")).split("\n").length).toBe(before.split("\n").length);
    expect(left.split("\n").length).toBeLessThanOrEqual(3);
  });

  it("says why it proves nothing of a program that fails by itself", async () => {
    await engine.mustDocker("create", "--name", "broken", IMAGE, "sh", "-c", "echo no such luck; exit 7");
    const proof = await prove(bench, {
      target: await inspect("broken"),
      oracle: { settleMs: 2000, command: null },
      look,
      tell: () => {},
      measureOnly: false,
    });
    expect(proof.notProven).toContain("ends with 7 as it is: no such luck");
    expect(proof.after).toBeNull();
  });

  it("leaves nothing behind", async () => {
    expect(await bench.close()).toEqual([]);
    const filter = `label=${PROOF_LABEL}`;
    expect(await engine.mustDocker("ps", "-aq", "--filter", filter)).toBe("");
    expect(await engine.mustDocker("volume", "ls", "-q", "--filter", filter)).toBe("");
    expect(await engine.mustDocker("network", "ls", "-q", "--filter", filter)).toBe("");
  });
});
