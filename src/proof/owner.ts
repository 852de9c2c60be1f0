import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { UserError } from "#model/problem.ts";
import type { EngineApi } from "./engine-api.ts";
import { PROOF_LABEL, removeLabelled } from "./objects.ts";

/** The label that tells whose proof an object is of: host, process id, and when that process began. */
export const OWNER_LABEL = "seaworthy.proof.owner";

/** This process, as the label names it. */
export function thisOwner(): string {
  return `${hostname()}:${process.pid}:${startOf(process.pid) ?? 0}`;
}

/**
 * Takes away what a proof left behind that was killed.
 *
 * @throws UserError if the proof that the objects belong to still runs: two at a time would measure each other
 */
export async function clearLeftovers(api: EngineApi): Promise<void> {
  const filter = encodeURIComponent(JSON.stringify({ label: [PROOF_LABEL] }));
  const containers = (await api.call("GET", `/containers/json?all=1&filters=${filter}`)) as {
    Labels?: Record<string, string>;
  }[];
  const owners = new Set(containers.flatMap(({ Labels }) => Labels?.[OWNER_LABEL] ?? []));
  for (const owner of owners) {
    if (!mayLive(owner)) continue;
    const [host = "", pid = ""] = owner.split(":");
    throw new UserError(
      `another proof runs on this engine (process ${pid} on ${host}): wait for its end, or stop it`,
      3,
    );
  }
  await removeLabelled(api, PROOF_LABEL);
}

/** False if the owner is a process of this host that has ended. Of other hosts nobody here can tell. */
export function mayLive(owner: string): boolean {
  const [host, pid, start] = owner.split(":");
  if (host !== hostname()) return true;
  return startOf(Number(pid)) === start;
}

/** When a process began, in clock ticks since boot (proc_pid_stat(5), field 22): ids are used again. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
