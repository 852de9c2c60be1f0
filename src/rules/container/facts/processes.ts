import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { ProcessEvidence } from "#model/evidence/process.ts";
import { valueOr } from "#model/reading.ts";
import { insideId } from "./user.ts";

type Exec = Extract<ContainerEvidence["execs"], { ok: true }>["value"][number];

/** First process of the container, undefined where the kernel was not read. */
export function initOf(container: ContainerEvidence): ProcessEvidence | undefined {
  if (!container.actual.ok) return undefined;
  const { processes, initPid } = container.actual.value;
  return processes.find(({ pid }) => pid === initPid) ?? processes[0];
}

/** Exec sessions that run right now, as the engine tells; empty where it could not be asked. */
export function runningExecs(container: ContainerEvidence): Exec[] {
  return valueOr(container.execs, []).filter(({ running }) => running);
}

/**
 * Processes in the container's namespaces that are not its own. Without a cgroup of its own (rootless on
 * cgroup v1) a container's processes are known as children of its init only, so an exec session looks like a
 * stranger there; the engine knows better.
 */
export function foreignProcesses(container: ContainerEvidence): ProcessEvidence[] {
  if (!container.actual.ok) return [];
  const known = new Set(runningExecs(container).map(({ pid }) => pid));
  const { foreign } = container.actual.value;
  // Parents may stand after their children in the list.
  for (let grown = true; grown;) {
    const before = known.size;
    for (const { pid, parent } of foreign) if (known.has(parent)) known.add(pid);
    grown = known.size > before;
  }
  return foreign.filter(({ pid }) => !known.has(pid));
}

/**
 * Processes of the container that were put into it after its start: exec sessions that the engine tells of,
 * and by the kernel those whose parent lives outside. The latter tells only where the first process is init of
 * its pid namespace, because then every orphan inside becomes its child (pid_namespaces(7)).
 */
export function enteredProcesses(container: ContainerEvidence): ProcessEvidence[] {
  if (!container.actual.ok) return [];
  const { processes, foreign } = container.actual.value;
  const execs = new Set(runningExecs(container).map(({ pid }) => pid));
  const init = initOf(container);
  const own = new Set(processes.map(({ pid }) => pid));
  const orphansReturn = init?.innerPid === 1;
  const entered = processes.filter(
    ({ pid, parent }) => pid !== init?.pid && (execs.has(pid) || (orphansReturn && !own.has(parent))),
  );
  return [...entered, ...foreign.filter(({ pid }) => execs.has(pid))];
}

/** Effective user id as the container sees it; the host's where no map is known. */
export function insideUid(container: ContainerEvidence, { uids }: Pick<ProcessEvidence, "uids">): number {
  const map = container.actual.ok ? valueOr(container.actual.value.uidMap, []) : [];
  return insideId(uids[1], map) ?? uids[1];
}

/** File name of what a path names: `sshd` for `/usr/sbin/sshd (deleted)`. */
export function programName(path: string): string {
  return (
    path
      .replace(/ \(deleted\)$/, "")
      .split("/")
      .at(-1) ?? ""
  );
}
