import { stripVTControlCharacters } from "node:util";
import { object, text, texts } from "#evidence/json.ts";
import { PROBE_FOLDER } from "./clone.ts";
import { demultiplex, type EngineApi } from "./engine-api.ts";
import type { ProofObjects } from "./objects.ts";

/** How a workload shows that it works. */
export interface Oracle {
  /** Longest wait for it to settle. */
  settleMs: number;
  /** Command that is run inside and must end with 0; null = none. */
  command: readonly string[] | null;
}

/** What a workload did when it was run once. */
export interface Observation {
  /** Runs on, or ended with this code. */
  exitCode: number | null;
  health: string;
  /** Lines that it printed, without what changes from run to run. */
  lines: string[];
  /** The same as printed. */
  log: string;
  /** Host's user id of its first process, -1 where it ended. */
  uid: number;
  /** Ports that it listens on, `tcp 8080`. */
  listens: string[];
  /** Exit code of the oracle's command; null without one. */
  command: number | null;
  /** The engine did not start it, in its words. */
  refused: string | null;
}

const POLL_MS = 150;
const LOG_BYTES = 64 << 10;

/**
 * The body for a run of a container's own program beside the running one: the same image, command, environment and
 * settings, but volumes of its own (they begin as the image has them), no published ports, and a network of its own.
 *
 * @param target answer of `GET /containers/ID/json`
 * @param made a network of the proof, and its volume with the probe
 */
export function workloadBody(
  target: Record<string, unknown>,
  { network, volume }: { network: string; volume: string },
): Record<string, unknown> {
  const config = object(target["Config"]);
  const host = object(target["HostConfig"]);
  const mode = text(host["NetworkMode"]);
  const own = mode === "none" || mode === "host" ? mode : network;
  // What it may write on the host belongs to the running one; a copy must not touch it.
  const binds = texts(host["Binds"]).filter((bind) => /:(?:[^:]*,)?ro(?:,[^:]*)?$/.test(bind));
  const fresh = [...Object.keys(object(config["Volumes"])), ...writableTargets(target)];
  return {
    Image: target["Image"] ?? config["Image"],
    User: config["User"] ?? "",
    Env: config["Env"] ?? [],
    Entrypoint: config["Entrypoint"] ?? null,
    Cmd: config["Cmd"] ?? null,
    WorkingDir: config["WorkingDir"] ?? "",
    Healthcheck: config["Healthcheck"],
    Tty: false,
    OpenStdin: config["OpenStdin"] === true,
    StopSignal: config["StopSignal"],
    Volumes: Object.fromEntries(fresh.map((path) => [path, {}])),
    HostConfig: {
      ...host,
      Binds: [...binds, `${volume}:${PROBE_FOLDER}:ro`],
      Mounts: null,
      NetworkMode: own,
      AutoRemove: false,
      RestartPolicy: { Name: "no" },
      PortBindings: {},
      PublishAllPorts: false,
      ContainerIDFile: "",
      Links: null,
      VolumesFrom: null,
      LogConfig: { Type: "json-file", Config: { "max-size": "1m" } },
    },
  };
}

function writableTargets(target: Record<string, unknown>): string[] {
  const mounts = Array.isArray(target["Mounts"]) ? target["Mounts"] : [];
  return mounts
    .map((mount) => object(mount))
    .filter((mount) => mount["RW"] === true && mount["Type"] !== "tmpfs")
    .map((mount) => text(mount["Destination"]))
    .filter((path) => path !== "");
}

/** Runs a workload once, looks at it until it has settled, and takes it away. */
export async function observe(
  api: EngineApi,
  objects: ProofObjects,
  body: Record<string, unknown>,
  { role, oracle }: { role: string; oracle: Oracle },
): Promise<Observation> {
  const nothing: Observation = {
    exitCode: null,
    health: "none",
    lines: [],
    log: "",
    uid: -1,
    listens: [],
    command: null,
    refused: null,
  };
  let id: string;
  try {
    id = await objects.createContainer(role, body);
  } catch (error) {
    return { ...nothing, refused: (error as Error).message };
  }
  try {
    await api.call("POST", `/containers/${id}/start`);
    const state = await settled(api, id, oracle.settleMs);
    const log = await logs(api, id);
    const running = state["Running"] === true;
    return {
      exitCode: running ? null : Number(state["ExitCode"]),
      health: text(object(state["Health"])["Status"]) || "none",
      lines: normalLines(log),
      log,
      uid: running ? await mainUid(api, id) : -1,
      listens: running ? await listeners(api, id) : [],
      command: running && oracle.command !== null ? await exec(api, id, oracle.command) : null,
      refused: null,
    };
  } catch (error) {
    return { ...nothing, refused: (error as Error).message };
  } finally {
    await api.call("DELETE", `/containers/${id}?force=1&v=1`).catch(() => null);
  }
}

/** Waits until it has ended, is healthy, or has said nothing new for a while. */
async function settled(api: EngineApi, id: string, settleMs: number): Promise<Record<string, unknown>> {
  const end = performance.now() + settleMs;
  let quiet = 0;
  let before = -1;
  for (;;) {
    const state = object(object(await api.call("GET", `/containers/${id}/json`))["State"]);
    const health = text(object(state["Health"])["Status"]);
    if (state["Running"] !== true || health === "healthy" || health === "unhealthy") return state;
    const length = (await logs(api, id)).length;
    quiet = length === before ? quiet + POLL_MS : 0;
    before = length;
    const enough = health === "" && quiet >= Math.min(600, settleMs / 2);
    if (enough || performance.now() > end) return state;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function logs(api: EngineApi, id: string): Promise<string> {
  const stream = await api.stream(
    "GET",
    `/containers/${id}/logs?stdout=1&stderr=1&tail=200`,
    undefined,
    10_000,
  );
  const { stdout, stderr } = demultiplex(stream);
  return `${stdout}${stderr}`.slice(0, LOG_BYTES);
}

async function mainUid(api: EngineApi, id: string): Promise<number> {
  const answer = object(
    await api.call("GET", `/containers/${id}/top?ps_args=-o%20pid,uid`).catch(() => null),
  );
  const rows = Array.isArray(answer["Processes"]) ? (answer["Processes"] as string[][]) : [];
  const uid = Number(rows[0]?.[1]);
  return Number.isNaN(uid) ? -1 : uid;
}

async function exec(api: EngineApi, id: string, command: readonly string[]): Promise<number> {
  const { Id } = (await api.call("POST", `/containers/${id}/exec`, {
    AttachStdout: true,
    AttachStderr: true,
    Cmd: command,
  })) as { Id: string };
  await api.stream("POST", `/exec/${Id}/start`, { Detach: false, Tty: false }, 15_000);
  return Number(object(await api.call("GET", `/exec/${Id}/json`))["ExitCode"]);
}

// The probe's folder is mounted in every workload of a proof, so that no image needs a tool of its own.
async function listeners(api: EngineApi, id: string): Promise<string[]> {
  const found = new Set<string>();
  for (const table of ["tcp", "tcp6"]) {
    const { Id } = (await api.call("POST", `/containers/${id}/exec`, {
      AttachStdout: true,
      Cmd: [`${PROBE_FOLDER}/probe`, "cat", `/proc/net/${table}`],
    })) as { Id: string };
    const stream = await api
      .stream("POST", `/exec/${Id}/start`, { Detach: false, Tty: false }, 10_000)
      .catch(() => Buffer.alloc(0));
    for (const line of demultiplex(stream).stdout.split("\n")) {
      const match = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} 0A /.exec(line);
      // 127.0.0.11 is the engine's own name server, on another port each time.
      if (match === null || match[1] === "0B00007F") continue;
      found.add(`tcp ${Number.parseInt(match[2] ?? "", 16)}`);
    }
  }
  return [...found].toSorted();
}

const ERROR = /\b(?:error|fatal|panic|denied|cannot|can't|failed|not permitted|read-only file system)\b/i;

/** Lines without times, numbers, ids and addresses, each once; in their order. */
export function normalLines(log: string): string[] {
  const lines = log
    .split("\n")
    .map((line) =>
      stripVTControlCharacters(line)
        .replaceAll(/\b[0-9a-f]{8,}\b/gi, "#")
        .replaceAll(/\d+/g, "#")
        .trim(),
    )
    .filter((line) => line !== "");
  return [...new Set(lines)];
}

/**
 * Whether a workload works as it did at first.
 *
 * @returns null if it does, else what is different, in words
 */
export function differs(before: Observation, after: Observation): string | null {
  if (after.refused !== null) return after.refused;
  if (before.exitCode === null && after.exitCode !== null) {
    return `it ended with ${after.exitCode}: ${newLine(before, after)}`;
  }
  if (before.exitCode !== after.exitCode)
    return `it ended with ${after.exitCode ?? "nothing"} in place of ${before.exitCode}`;
  if (before.health === "healthy" && after.health !== "healthy")
    return `its health check says ${after.health}`;
  if (before.command === 0 && after.command !== 0)
    return `the command that must work ends with ${after.command}`;
  const silent = before.listens.filter((port) => !after.listens.includes(port));
  if (silent.length > 0) return `it no longer listens on ${silent.join(", ")}`;
  if (before.uid > 0 && after.uid === 0) return "its first process is root now, and was not before";
  const fresh = after.lines.filter((line) => ERROR.test(line) && !before.lines.includes(line));
  if (fresh.length > 0) return newLine(before, after);
  const missing = before.exitCode === null ? [] : before.lines.filter((line) => !after.lines.includes(line));
  return missing.length > 0 ? `it no longer prints: ${missing[0]}` : null;
}

/** The last line that it had not printed before. */
function newLine(before: Observation, after: Observation): string {
  const printed = after.log.split("\n").filter((line) => line.trim() !== "");
  const fresh = printed.filter((line) => !before.lines.includes(normalLines(line)[0] ?? ""));
  return (
    fresh.find((line) => ERROR.test(line)) ??
    fresh.at(-1) ??
    printed.at(-1) ??
    "it printed nothing"
  ).slice(0, 300);
}
