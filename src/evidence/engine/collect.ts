import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { EngineEvidence } from "#model/evidence/engine.ts";
import { got, mapReading, missing, type Reading, valueOr } from "#model/reading.ts";
import { maskSecrets } from "../env.ts";
import { flag, isoTime, type Json, list, number, object, text, texts } from "../json.ts";
import type { EngineClient } from "./client.ts";
import { readInfo, readVersion } from "./info.ts";
import { readInspect } from "./inspect.ts";
import { readImage, readNetwork, readSwarm } from "./objects.ts";

/** A container as its engine tells of it, before the other witnesses are asked. */
export type EngineContainer = Omit<ContainerEvidence, "engine" | "self" | "specified" | "actual"> & {
  /** Pid of its first process on the engine's host; 0 = not running. */
  pid: number;
  /** Path of the OCI config.json, where the engine tells it (podman). */
  bundlePath: string;
};

/** What the API alone tells of an engine. */
export interface EngineAnswers {
  kind: EngineEvidence["kind"];
  info: EngineEvidence["info"];
  version: EngineEvidence["version"];
  images: EngineEvidence["images"];
  networks: EngineEvidence["networks"];
  swarm: EngineEvidence["swarm"];
  containers: Reading<EngineContainer[]>;
}

/** Asks the engine for everything at once. Each object that does not answer costs that one object. */
export async function askEngine(client: EngineClient): Promise<EngineAnswers> {
  const [infoAnswer, versionAnswer, containers, images, networks] = await Promise.all([
    client.get("/info"),
    client.get("/version"),
    askContainers(client),
    askImages(client),
    askNetworks(client),
  ]);
  const info = mapReading(infoAnswer, readInfo);
  const version = mapReading(versionAnswer, readVersion);
  return {
    kind: isPodman(versionAnswer) ? "podman" : "docker",
    info,
    version,
    images,
    networks,
    swarm: await askSwarm(client, info),
    containers,
  };
}

function isPodman(version: Reading<unknown>): boolean {
  const components = list(object(valueOr(version, null)).Components);
  return components.some((component) => /podman/i.test(text(object(component).Name)));
}

/** `GET path`, whose answer must be a list: anything else is no empty list. */
async function askList(client: EngineClient, path: string): Promise<Reading<unknown[]>> {
  const answer = await client.get(path);
  if (!answer.ok) return answer;
  return Array.isArray(answer.value)
    ? got(answer.value as unknown[])
    : missing(`GET ${path}: the engine's answer is not a list`);
}

async function askContainers(client: EngineClient): Promise<Reading<EngineContainer[]>> {
  const answer = await askList(client, "/containers/json?all=1");
  if (!answer.ok) return answer;
  return got(await Promise.all(answer.value.map((entry) => askContainer(client, entry))));
}

async function askContainer(client: EngineClient, entry: unknown): Promise<EngineContainer> {
  const summary = object(entry);
  const id = text(summary.Id);
  const inspect = await client.get(`/containers/${encodeURIComponent(id)}/json`);
  const details = object(valueOr(inspect, null));
  const state = object(details.State);
  return {
    id,
    name: containerName(summary, details, id),
    manager: "",
    // The list gives an image id once its tag has moved on; what was asked for keeps the tag.
    image: text(object(details.Config).Image) || text(summary.Image),
    state: text(summary.State) || text(state.Status),
    createdAt: isoTime(summary.Created),
    startedAt: time(state.StartedAt),
    finishedAt: time(state.FinishedAt),
    health: text(object(state.Health).Status) || "none",
    pid: number(state.Pid),
    bundlePath: text(details.OCIConfigPath),
    declared: mapReading(inspect, (value) => readInspect(object(value))),
    execs: inspect.ok ? got(await askExecs(client, texts(details.ExecIDs))) : inspect,
  };
}

// A container that others are linked to has names such as /linked/alias besides its own, in any order.
function containerName(summary: Json, details: Json, id: string): string {
  const names = texts(summary.Names);
  const own = names.find((name) => name.lastIndexOf("/") === 0) ?? text(details.Name);
  return (own || names[0] || id.slice(0, 12)).replace(/^\//, "");
}

async function askExecs(client: EngineClient, ids: string[]) {
  const answers = await Promise.all(ids.slice(0, 100).map((id) => client.get(`/exec/${id}/json`)));
  return answers.flatMap((answer, at) => {
    if (!answer.ok) return [];
    const exec = object(answer.value);
    const config = object(exec.ProcessConfig);
    return [
      {
        id: ids[at] as string,
        pid: number(exec.Pid),
        running: flag(exec.Running),
        privileged: flag(config.privileged),
        user: text(config.user),
        command: maskSecrets([text(config.entrypoint), ...texts(config.arguments)].join(" ").slice(0, 200)),
      },
    ];
  });
}

async function askImages(client: EngineClient): Promise<EngineEvidence["images"]> {
  const answer = await askList(client, "/images/json");
  if (!answer.ok) return answer;
  const images = answer.value.map(async (entry) => {
    const id = encodeURIComponent(text(object(entry).Id));
    const [inspect, history] = await Promise.all([
      client.get(`/images/${id}/json`),
      client.get(`/images/${id}/history`),
    ]);
    return readImage(entry, inspect, history);
  });
  return got(await Promise.all(images));
}

async function askNetworks(client: EngineClient): Promise<EngineEvidence["networks"]> {
  const answer = await askList(client, "/networks");
  if (!answer.ok) return answer;
  // The list leaves out who is connected; only the single answer has it.
  const networks = answer.value.map(async (entry) => {
    const detail = await client.get(`/networks/${encodeURIComponent(text(object(entry).Id))}`);
    return readNetwork(detail.ok ? detail.value : entry);
  });
  return got(await Promise.all(networks));
}

async function askSwarm(
  client: EngineClient,
  info: EngineEvidence["info"],
): Promise<EngineEvidence["swarm"]> {
  if (!info.ok) return info;
  if (info.value.swarmState === "inactive") return got(null);
  if (!info.value.swarmManager)
    return missing("this node is a worker; swarm settings are judged on a manager");
  const [swarm, nodes, services, secrets] = await Promise.all([
    client.get("/swarm"),
    client.get("/nodes"),
    client.get("/services"),
    client.get("/secrets"),
  ]);
  const failed = [swarm, nodes, services, secrets].find((answer) => !answer.ok);
  if (failed !== undefined && !failed.ok) return failed;
  const values = [swarm, nodes, services, secrets].map((answer) => valueOr(answer, null));
  return got(readSwarm(values[0], values[1], values[2], values[3], text(object(values[0]).DataPathAddr)));
}

// The engine writes year 1 for "never".
function time(value: unknown): string {
  const when = text(value);
  return when.startsWith("0001-") ? "" : when;
}
