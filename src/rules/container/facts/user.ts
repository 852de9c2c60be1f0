import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { IdRange } from "#model/evidence/process.ts";
import { actual, declared, specified } from "../../rule.ts";
import { declaredSource, type Fact, fact, nobodyKnows } from "./witness.ts";

/** As whom a container's processes run. */
export interface UserFact {
  /** User ids inside the container, of every process; ascending. */
  insideUids: number[];
  /** The same as the host sees them; null where no map is known. */
  hostUids: number[] | null;
  /** Names of the processes that are root inside. */
  rootProcesses: string[];
}

/** Maps an id of the host into a user namespace by its map; null = not mapped. */
export function insideId(hostId: number, map: readonly IdRange[]): number | null {
  for (const { inside, outside, count } of map) {
    if (hostId >= outside && hostId < outside + count) return inside + (hostId - outside);
  }
  return null;
}

/** Maps an id inside a user namespace to that of the host; null = not mapped. */
export function hostId(insideUid: number, map: readonly IdRange[]): number | null {
  for (const { inside, outside, count } of map) {
    if (insideUid >= inside && insideUid < inside + count) return outside + (insideUid - inside);
  }
  return null;
}

/**
 * The users of a container. An image that declares root may drop it at start (an entrypoint with gosu), and
 * one that declares a user may hold root again (setuid, exec): every process of the kernel's list counts.
 */
export function userFact(container: ContainerEvidence): Fact<UserFact> {
  if (container.actual.ok) {
    const { processes, uidMap } = container.actual.value;
    const map = uidMap.ok && uidMap.value.length > 0 ? uidMap.value : null;
    const hostUids = new Set<number>();
    const insideUids = new Set<number>();
    const rootProcesses: string[] = [];
    for (const { uids, comm } of processes) {
      const [, effective] = uids;
      const inside = map === null ? effective : (insideId(effective, map) ?? effective);
      hostUids.add(effective);
      insideUids.add(inside);
      if (inside === 0) rootProcesses.push(comm);
    }
    const first = processes.find(({ uids }) => uids[1] === Math.min(...hostUids)) ?? processes[0];
    return fact(
      { insideUids: sorted(insideUids), hostUids: sorted(hostUids), rootProcesses },
      actual(`/proc/${first?.pid ?? 0}/status`, first?.uids.join(" ") ?? "", "Uid"),
    );
  }
  if (container.specified.ok) {
    const { uid, source, uidMappings } = container.specified.value;
    const mapped = uidMappings.length === 0 ? uid : hostId(uid, uidMappings);
    return fact(
      {
        insideUids: [uid],
        hostUids: mapped === null ? null : [mapped],
        rootProcesses: uid === 0 ? ["init"] : [],
      },
      specified(source, uid, "process.user.uid"),
    );
  }
  if (container.declared.ok) {
    const { user } = container.declared.value;
    const name = user.split(":")[0] ?? "";
    if (name === "" && container.declaredIn !== undefined) {
      return { known: false, why: "no user is set, so the image decides as whom it runs" };
    }
    const seen = declared(declaredSource(container), user === "" ? '"" (root)' : user, "Config.User");
    if (name === "" || name === "root" || name === "0") {
      return fact({ insideUids: [0], hostUids: null, rootProcesses: ["init"] }, seen);
    }
    if (/^\d+$/.test(name)) {
      return fact({ insideUids: [Number(name)], hostUids: null, rootProcesses: [] }, seen);
    }
    return {
      known: false,
      why: `user "${name}" is a name; which id it has stands in the image's /etc/passwd`,
    };
  }
  return nobodyKnows(container);
}

function sorted(values: ReadonlySet<number>): number[] {
  return [...values].toSorted((a, b) => a - b);
}
