import type { ContainerEvidence, SeccompProfile } from "#model/evidence/container.ts";
import type { EngineEvidence } from "#model/evidence/engine.ts";
import type { Evidence } from "#model/evidence/evidence.ts";
import { type Problem, UserError } from "#model/problem.ts";
import { got, mapReading, missing } from "#model/reading.ts";
import { findSupervised, readBundle, type SupervisedContainer } from "./bundle/shims.ts";
import { connect, type EngineClient } from "./engine/client.ts";
import { askEngine, type EngineAnswers, type EngineContainer } from "./engine/collect.ts";
import type { Endpoint } from "./engine/endpoint.ts";
import { discoverSockets } from "./engine/discover.ts";
import { probeAddress, probeOpenTcp } from "./engine/open-tcp.ts";
import { dataPathAddress } from "./engine/swarm-state.ts";
import { attempt, hostFiles, type HostFiles, type Roots } from "./filesystem.ts";
import { collectHost, type HostItself, readHostItself } from "./host/collect.ts";
import { findHostNamespaces } from "./host/namespaces.ts";
import { describeDaemon, findDaemons, type FoundDaemon } from "./host/daemons.ts";
import { collectActual, membersOf } from "./kernel/container.ts";
import { knownSockets } from "./kernel/known-sockets.ts";
import { collectNamespaces, type ProcessSketch } from "./kernel/process.ts";
import { type KernelView, viewKernel } from "./kernel/view.ts";
import { ownCapabilities, ownContainerId } from "./self.ts";

/** What to collect, and how patiently. */
export interface CollectOptions {
  /** The engine that was asked for; null = every engine whose usual socket is there. */
  endpoint: Endpoint | null;
  roots: Roots;
  /** How long one API call may take. */
  timeoutMs: number;
  version: string;
  env: Record<string, string | undefined>;
  /** Called with what is being done, for a progress line. */
  progress?: (doing: string) => void;
}

/**
 * Looks at the host, its engines and their containers once, and judges nothing.
 *
 * Only a wrong option throws; everything that cannot be reached or read becomes a problem or a missing
 * reading in the evidence. Begin and end are marked for those who measure (bench/audit/told.cjs).
 */
export async function collect(options: CollectOptions): Promise<Evidence> {
  performance.mark("seaworthy:collect");
  const files = hostFiles(options.roots);
  const problems: Problem[] = [];
  const endpoints = options.endpoint === null ? discoverSockets(files, options.env) : [options.endpoint];
  options.progress?.("asking the engine");
  // The questions travel while this thread reads /proc.
  const asked = endpoints.map((endpoint) => ask(endpoint, files, options));
  const remote = options.endpoint !== null && options.endpoint.socketPath === undefined;
  const kernel = remote ? null : lookAtKernel(files, problems);
  const engines = (await Promise.all(asked)).flatMap((answer) => {
    if (answer.ok) return [answer.value];
    problems.push(answer.problem);
    return [];
  });
  if (endpoints.length === 0) {
    problems.push({
      what: "no container engine was found",
      where: "the usual sockets of Docker and podman",
      todo: "start the engine, or name it with --host",
    });
  }
  options.progress?.("reading what the kernel enforces");
  const evidence = await assemble(options, kernel, engines, problems);
  performance.mark("seaworthy:collected");
  return evidence;
}

interface AskedEngine {
  endpoint: Endpoint;
  answers: EngineAnswers;
}

async function ask(
  endpoint: Endpoint,
  files: HostFiles,
  { timeoutMs }: CollectOptions,
): Promise<{ ok: true; value: AskedEngine } | { ok: false; problem: Problem }> {
  let client: EngineClient | undefined;
  try {
    const socketPath = endpoint.socketPath === undefined ? undefined : files.local(endpoint.socketPath);
    client = await connect(endpoint, timeoutMs, socketPath);
    return { ok: true, value: { endpoint, answers: await askEngine(client) } };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [where = "", ...rest] = error.message.split(": ");
    return { ok: false, problem: { what: rest.join(": "), where, todo: "" } };
  } finally {
    client?.close();
  }
}

interface Kernel {
  view: KernelView;
  /** Is being read while the engines answer. */
  itself: Promise<HostItself>;
  daemons: FoundDaemon[];
  supervised: SupervisedContainer[];
}

function lookAtKernel(files: HostFiles, problems: Problem[]): Kernel | null {
  const view = attempt("/proc", () => viewKernel(files));
  if (!view.ok) {
    problems.push({ what: view.why, where: "/proc", todo: "mount the host's /proc, or name it with --proc" });
    return null;
  }
  const supervised = findSupervised(view.value);
  const itself = readHostItself(files);
  itself.catch(() => {}); // It is waited for later, and a fault of ours shows then.
  return { view: view.value, itself, daemons: [], supervised };
}

async function assemble(
  options: CollectOptions,
  kernel: Kernel | null,
  asked: AskedEngine[],
  problems: Problem[],
): Promise<Evidence> {
  const names = uniqueNames(asked.map(({ answers }) => answers.kind));
  const profiles: Record<string, SeccompProfile> = {};
  for (const { endpoint, answers } of asked) problems.push(...unanswered(endpoint, answers));
  const known = asked.flatMap(({ answers }, at) => {
    if (!answers.containers.ok) return [];
    const name = names[at] as string;
    return answers.containers.value.map((container) => ({ engine: name, kind: answers.kind, container }));
  });
  const supervised = new Map(kernel?.supervised.map((item) => [item.id, item]));
  const strangers = kernel?.supervised.filter(
    ({ id }) => !known.some(({ container }) => container.id === id),
  );

  const drafts: Draft[] = [
    ...known.map(({ engine, kind, container }) => ({
      engine,
      manager: kind,
      container,
      supervised: supervised.get(container.id),
      members: [] as ProcessSketch[],
      initPid: container.pid || (supervised.get(container.id)?.initPid ?? 0),
    })),
    ...(strangers ?? []).map((item) => ({
      engine: null,
      manager: item.manager,
      container: strangerContainer(item),
      supervised: item,
      members: [] as ProcessSketch[],
      initPid: item.initPid,
    })),
  ];
  if (kernel !== null) {
    for (const draft of drafts) {
      if (draft.initPid > 0) draft.members = membersOf(kernel.view, draft.initPid, draft.container.id);
    }
    kernel.daemons = findDaemons(kernel.view, ownedPids(drafts));
  }

  const engines = await Promise.all(
    asked.map(({ endpoint, answers }, at) => engineEvidence(names[at] as string, endpoint, answers, kernel)),
  );
  const self = ownContainerId(kernel?.view.files);
  // The programs of the host that it runs work while this thread looks at the containers.
  const host =
    kernel === null ? null : collectHost(kernel.view, engines, ownedPids(drafts), await kernel.itself);
  const containers = witness(drafts, kernel, self, profiles);
  return {
    evidenceVersion: 1,
    tool: { name: "seaworthy", version: options.version },
    collectedAt: new Date().toISOString(),
    collector: {
      uid: process.geteuid?.() ?? -1,
      capabilities: ownCapabilities(kernel?.view.files),
      containerId: self,
    },
    host: await host,
    engines,
    containers,
    seccompProfiles: profiles,
    problems,
  };
}

/** What the engine as a whole did not answer; a single object that does not is `unknown` there and no problem. */
function unanswered(endpoint: Endpoint, answers: EngineAnswers): Problem[] {
  const { containers, info, version, images, networks } = answers;
  const reasons = [containers, info, version, images, networks].flatMap((answer) =>
    answer.ok ? [] : [answer.why],
  );
  const [first] = reasons;
  if (first === undefined) return [];
  const more = reasons.length > 1 ? `, and ${reasons.length - 1} more questions` : "";
  return [
    {
      what: `${first}${more}`,
      where: endpoint.url,
      todo: "see the engine's log; what the kernel tells of the containers is judged all the same",
    },
  ];
}

interface Draft {
  engine: string | null;
  manager: string;
  container: EngineContainer;
  supervised: SupervisedContainer | undefined;
  members: ProcessSketch[];
  initPid: number;
}

const ANOTHER_HOST = "the engine runs on another host, whose kernel cannot be read from here";
const OWN_PROCESSES_ONLY =
  "this process does not see those of the host; run seaworthy on the host, or in a container with --pid=host";

// In another pid namespace the engine's pids would name processes of our own.
function seesHostProcesses({ view, daemons }: Kernel): boolean {
  const namespaces = daemons.map(({ pid }) => view.namespacesOf(pid));
  return findHostNamespaces(view.files, namespaces).pid !== null;
}

function ownedPids(drafts: readonly Draft[]): Set<number> {
  return new Set(drafts.flatMap(({ members }) => members.map(({ pid }) => pid)));
}

function witness(
  drafts: Draft[],
  kernel: Kernel | null,
  self: string | null,
  profiles: Record<string, SeccompProfile>,
): ContainerEvidence[] {
  const owned = ownedPids(drafts);
  const seesHost = kernel !== null && seesHostProcesses(kernel);
  const sockets = kernel === null ? got([]) : knownSockets(kernel, process.geteuid?.() ?? -1);
  const trusted = new Set<number>();
  if (kernel !== null) {
    const namespaces = [
      collectNamespaces(kernel.view.files, "self"),
      ...kernel.daemons.map(({ pid }) => kernel.view.namespacesOf(pid)),
    ];
    for (const set of namespaces) for (const inode of Object.values(set)) trusted.add(inode);
  }
  const containers = drafts.map((draft): ContainerEvidence => {
    const { pid: _pid, bundlePath, ...container } = draft.container;
    const running = container.state === "running" || container.state === "paused";
    const bundle =
      draft.supervised?.bundle ??
      (kernel !== null && bundlePath !== ""
        ? readBundle(kernel.view.files, bundlePath, bundlePath)
        : missing(running ? "the runtime's config.json was not found on this host" : "it does not run"));
    if (bundle.ok && bundle.value.seccomp !== null) {
      profiles[bundle.value.seccomp.key] = bundle.value.seccomp.profile;
    }
    return {
      ...container,
      engine: draft.engine,
      manager: draft.manager,
      self: self !== null && self === container.id,
      specified: bundle.ok ? got(bundle.value.container) : bundle,
      actual: seesHost
        ? actual(draft, kernel, running, { owned, trusted, sockets })
        : missing(kernel === null ? ANOTHER_HOST : OWN_PROCESSES_ONLY),
    };
  });
  return containers.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function actual(
  draft: Draft,
  kernel: Kernel,
  running: boolean,
  surroundings: Parameters<typeof collectActual>[2],
): ContainerEvidence["actual"] {
  if (!running && draft.initPid === 0) return missing(`it does not run (${draft.container.state})`);
  if (draft.initPid === 0) return missing("the engine did not tell its process");
  const container = { id: draft.container.id, initPid: draft.initPid, members: draft.members };
  return collectActual(kernel.view, container, surroundings);
}

function strangerContainer({ id, name, manager }: SupervisedContainer): EngineContainer {
  const reason = missing("no engine that was asked knows this container");
  return {
    id,
    name,
    manager,
    image: "",
    state: "running",
    createdAt: "",
    startedAt: "",
    finishedAt: "",
    health: "none",
    pid: 0,
    bundlePath: "",
    declared: reason,
    execs: reason,
  };
}

async function engineEvidence(
  name: string,
  endpoint: Endpoint,
  answers: EngineAnswers,
  kernel: Kernel | null,
): Promise<EngineEvidence> {
  const { socketPath } = endpoint;
  const daemon: EngineEvidence["daemon"] =
    kernel === null || socketPath === undefined
      ? missing("the engine runs on another host, whose processes cannot be read from here")
      : describeDaemon(kernel.view, kernel.daemons, socketPath, (await kernel.itself).bootedAtMs);
  return {
    name,
    kind: answers.kind,
    endpoint: endpoint.url,
    local: socketPath !== undefined,
    info: answers.info,
    version: answers.version,
    daemon,
    images: answers.images,
    networks: answers.networks,
    swarm: mapReading(answers.swarm, (swarm) =>
      swarm === null || kernel === null || !answers.info.ok
        ? swarm
        : { ...swarm, dataPathAddress: dataPathAddress(kernel.view.files, answers.info.value.rootDir) },
    ),
    openTcp: await openTcp(endpoint, kernel, daemon),
  };
}

async function openTcp(
  { tcp }: Endpoint,
  kernel: Kernel | null,
  daemon: EngineEvidence["daemon"],
): Promise<EngineEvidence["openTcp"]> {
  if (kernel !== null && daemon.ok) return probeOpenTcp(daemon.value, kernel.view.files);
  return tcp === undefined ? missing("the daemon's sockets are not known") : got([await probeAddress(tcp)]);
}

function uniqueNames(kinds: string[]): string[] {
  const counts = new Map<string, number>();
  return kinds.map((kind) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count === 1 ? kind : `${kind}-${count}`;
  });
}
