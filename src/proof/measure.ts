import { createServer } from "node:net";
import type { Isolation } from "#barriers/model.ts";
import { object, text } from "#evidence/json.ts";
import type { Endpoint } from "#evidence/engine/endpoint.ts";
import { cloneBody, PROBE_FOLDER } from "./clone.ts";
import { demultiplex, type EngineApi, engineApi } from "./engine-api.ts";
import { type ProofObjects, proofObjects } from "./objects.ts";
import { clearLeftovers, OWNER_LABEL, thisOwner } from "./owner.ts";
import { probeProgram } from "./probe-program.ts";
import { agrees, type Canaries, predictsOpen, type ProbeResult, PROBES, readProbe } from "./probes.ts";
import { packTar } from "./tar.ts";

const PROBE_TIMEOUT_MS = 25_000;
const BESIDE_EACH_OTHER = 4;
// Always the same: what a proof that was killed left of it, the next one finds and removes.
const CANARY_KEY = 0x5ea00001;

/** An engine on which containers are measured: the probe volume is filled, a victim runs, canaries are laid out. */
export interface Workbench {
  api: EngineApi;
  objects: ProofObjects;
  /** The volume with the probe in it. */
  volume: string;
  /**
   * Tries every technique in a container that is held as `target` is.
   *
   * @param look tells how the clone is held, once it runs
   */
  measure(target: Record<string, unknown>, look: (cloneId: string) => Promise<Held>): Promise<Measured>;
  /** Takes everything away; tells what could not be. */
  close(): Promise<string[]>;
}

/** How a clone is held, and what of the host it sees. */
export interface Held {
  isolation: Isolation;
  seen: TargetCanaries;
}

/** What probes said, beside what was predicted. */
export interface Measured {
  isolation: Isolation;
  results: ProbeResult[];
}

/** What of the canaries belongs to the target. */
export type TargetCanaries = Pick<Canaries, "sockets" | "writable" | "readable">;

/**
 * Lays out a workbench on an engine.
 *
 * @param image an image that is there, of which nothing is ever run
 * @param local whether this process runs on the engine's host, so that its loopback is the host's
 */
export async function openWorkbench(endpoint: Endpoint, image: string, local: boolean): Promise<Workbench> {
  const api = await engineApi(endpoint);
  await clearLeftovers(api);
  const objects = proofObjects(api, { [OWNER_LABEL]: thisOwner() });
  const listener = local ? await listen() : null;
  try {
    const info = object(await api.call("GET", "/info"));
    const volume = await objects.createVolume("probe");
    const program = probeProgram(text(info["Architecture"]));
    const mount = { Binds: [`${volume}:${PROBE_FOLDER}`] };
    const carrier = await objects.createContainer("carrier", { Image: image, Cmd: ["-"], HostConfig: mount });
    await api.put(
      `/containers/${carrier}/archive?path=${encodeURIComponent(PROBE_FOLDER)}`,
      packTar([
        { name: "probe", mode: 0o755, content: program },
        { name: "suid", mode: 0o4755, content: program },
      ]),
    );
    const victim = await startVictim(api, objects, image, volume);
    const canaries = {
      victimPid: victim.pid,
      hostName: text(info["Name"]),
      loopbackPort: listener?.port ?? null,
      sharedMemoryKey: victim.key,
    };
    return {
      api,
      objects,
      volume,
      measure: (target, look) => measure({ api, objects, volume, target, look, canaries }),
      close: async () => {
        listener?.close();
        if (victim.key !== null) await run(api, victim.id, ["shmrm", String(victim.key)]).catch(() => "");
        const left = await objects.removeAll();
        api.close();
        return left;
      },
    };
  } catch (error) {
    listener?.close();
    await objects.removeAll().catch(() => []);
    api.close();
    throw error;
  }
}

// It shares the host's shared memory, in which it lays the canary that a target must not see.
async function startVictim(
  api: EngineApi,
  objects: ProofObjects,
  image: string,
  volume: string,
): Promise<{ id: string; pid: number; key: number | null }> {
  const body = (ipc: string): Record<string, unknown> => ({
    Image: image,
    User: "0",
    Entrypoint: [`${PROBE_FOLDER}/probe`],
    Cmd: ["sleep"],
    Healthcheck: { Test: ["NONE"] },
    HostConfig: { Binds: [`${volume}:${PROBE_FOLDER}:ro`], IpcMode: ipc, NetworkMode: "none" },
  });
  const start = async (role: string, ipc: string): Promise<string> => {
    const id = await objects.createContainer(role, body(ipc));
    await api.call("POST", `/containers/${id}/start`);
    return id;
  };
  // A remapped engine refuses to share the host's ipc namespace.
  const shares = await start("victim", "host").catch(() => null);
  const id = shares ?? (await start("victim-alone", "private"));
  const { State } = object(await api.call("GET", `/containers/${id}/json`));
  const key = shares === null ? null : CANARY_KEY;
  if (key !== null) await run(api, id, ["shmput", String(key), "canary"]);
  return { id, pid: Number(object(State)["Pid"]), key };
}

interface Measuring {
  api: EngineApi;
  objects: ProofObjects;
  volume: string;
  target: Record<string, unknown>;
  look: (cloneId: string) => Promise<Held>;
  canaries: Omit<Canaries, keyof TargetCanaries>;
}

async function measure({ api, objects, volume, target, look, canaries: own }: Measuring): Promise<Measured> {
  const id = await objects.createContainer("clone", cloneBody(target, volume));
  try {
    await api.call("POST", `/containers/${id}/start`);
    const { isolation, seen } = await look(id);
    const canaries: Canaries = { ...own, ...seen };
    const tried = isolation.lanes.flatMap((lane) => {
      const probe = PROBES[lane.technique.id];
      const args = probe?.arguments(canaries) ?? null;
      return probe === undefined || args === null || !lane.structure.there ? [] : [{ lane, probe, args }];
    });
    const tryOne = async ({ lane, probe, args }: (typeof tried)[number]): Promise<ProbeResult> => {
      const stdout = await run(api, id, args, probe).catch((error: Error) => error.message);
      const { state, output } = readProbe(stdout);
      const predicted = predictsOpen(lane, lane.technique.id);
      return {
        technique: lane.technique.id,
        state,
        predicted,
        agrees: agrees(state, predicted, output),
        command: args,
        output,
      };
    };
    const light = tried.filter(({ probe }) => probe.heavy !== true);
    const results: ProbeResult[] = [];
    for (let at = 0; at < light.length; at += BESIDE_EACH_OTHER) {
      results.push(...(await Promise.all(light.slice(at, at + BESIDE_EACH_OTHER).map(tryOne))));
    }
    for (const heavy of tried.filter(({ probe }) => probe.heavy === true)) results.push(await tryOne(heavy));
    return { isolation, results };
  } finally {
    await api.call("DELETE", `/containers/${id}?force=1&v=1`).catch(() => null);
  }
}

/** Runs the probe in a container that runs, as its user unless the probe wants another, and gives what it printed. */
async function run(
  api: EngineApi,
  id: string,
  args: readonly string[],
  { program = "probe", user }: { program?: string; user?: string } = {},
): Promise<string> {
  const { Id } = (await api.call("POST", `/containers/${id}/exec`, {
    AttachStdout: true,
    AttachStderr: true,
    Cmd: [`${PROBE_FOLDER}/${program}`, ...args],
    ...(user === undefined ? {} : { User: user }),
  })) as { Id: string };
  const stream = await api.stream(
    "POST",
    `/exec/${Id}/start`,
    { Detach: false, Tty: false },
    PROBE_TIMEOUT_MS,
  );
  const { stdout, stderr } = demultiplex(stream);
  return stdout === "" ? stderr || stream.toString("utf8") : stdout;
}

async function listen(): Promise<{ port: number; close: () => void }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    close: () => server.close(),
  };
}
