import type { Barrier, Lane, Path, Target } from "./model.ts";
import { HOST_TARGETS, stands, TARGETS } from "./model.ts";

/**
 * The paths to a target, those with the fewest standing barriers first. A process that is not root may become it
 * first: then what the technique `setuid` meets stands in the place of the barrier `user`. A barrier that is met
 * twice counts once.
 */
export function pathsTo(target: Target, lanes: readonly Lane[]): Path[] {
  const becomesRoot = lanes.find(({ technique }) => technique.target === "root");
  const paths: Path[] = [];
  for (const lane of lanes) {
    if (lane.technique.target !== target || !lane.structure.there) continue;
    paths.push({ lanes: [lane], barriers: lane.barriers.filter(stands), target });
    const user = lane.barriers.find(({ mechanism }) => mechanism === "user");
    if (becomesRoot === undefined || user === undefined || !stands(user) || !becomesRoot.structure.there)
      continue;
    // Who is kept from becoming root stays who he is: then both stand.
    const onTheWay = becomesRoot.barriers.filter(stands);
    const rest = lane.barriers.filter((barrier) => stands(barrier) && barrier !== user);
    const own = onTheWay.length === 0 ? [] : [user];
    paths.push({ lanes: [becomesRoot, lane], barriers: unique([...own, ...rest]), target });
  }
  return paths.toSorted((a, b) => a.barriers.length - b.barriers.length || a.lanes.length - b.lanes.length);
}

/** The paths to root on the host or to its engine, weakest first. */
export function pathsToHost(lanes: readonly Lane[]): Path[] {
  return HOST_TARGETS.flatMap((target) => pathsTo(target, lanes)).toSorted(
    (a, b) => a.barriers.length - b.barriers.length || a.lanes.length - b.lanes.length,
  );
}

/** Fewest standing barriers on any path to each target that has one. */
export function barriersByTarget(lanes: readonly Lane[]): Partial<Record<Target, number>> {
  const result: Partial<Record<Target, number>> = {};
  for (const target of Object.keys(TARGETS) as Target[]) {
    const [weakest] = pathsTo(target, lanes);
    if (weakest !== undefined) result[target] = weakest.barriers.length;
  }
  return result;
}

/** Settings that alone would open the way to the host, or lower it most. */
export function oneAway(lanes: readonly Lane[]): { setting: string; leaves: number }[] {
  const paths = pathsToHost(lanes);
  const now = paths[0]?.barriers.length ?? Infinity;
  const settings = new Set(paths.flatMap(({ barriers }) => barriers.map(({ setting }) => setting)));
  return [...settings]
    .map((setting) => ({
      setting,
      leaves: Math.min(
        ...paths.map(({ barriers }) => barriers.filter((each) => each.setting !== setting).length),
      ),
    }))
    .filter(({ leaves }) => leaves < now)
    .toSorted((a, b) => a.leaves - b.leaves || (a.setting < b.setting ? -1 : 1));
}

function unique(barriers: readonly Barrier[]): Barrier[] {
  const seen = new Set<string>();
  return barriers.filter(({ id }) => !seen.has(id) && seen.add(id) !== undefined);
}
