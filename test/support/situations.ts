import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import type { Engine } from "./dockerd.ts";
import { IMAGE } from "./image.ts";
import { waitFor } from "./run.ts";
import type { Site, Situation } from "./situation.ts";
import { LIFECYCLE } from "./situations/lifecycle.ts";
import { LIMITS, makeLimitedGroup } from "./situations/limits.ts";
import { MOUNTS } from "./situations/mounts.ts";
import { NAMESPACES } from "./situations/namespaces.ts";
import { NETWORKS } from "./situations/networks.ts";
import { POWERS } from "./situations/powers.ts";
import { USERS } from "./situations/users.ts";

/** All situations, in the order in which they are started: some join earlier ones. */
export const SITUATIONS: readonly Situation[] = [
  ...NAMESPACES,
  ...USERS,
  ...POWERS,
  ...MOUNTS,
  ...LIMITS,
  ...NETWORKS,
  ...LIFECYCLE,
];

/** Starts them all on a private engine; each container has its situation's name. */
export async function startSituations(
  engine: Engine,
  situations: readonly Situation[] = SITUATIONS,
): Promise<void> {
  const site = await makeSite(engine);
  const settling: { situation: Situation; pid: number }[] = [];
  for (const situation of situations) {
    const pid = await startOne(site, situation);
    if (situation.settled !== undefined) settling.push({ situation, pid });
  }
  for (const { situation, pid } of settling) {
    await waitFor(`${situation.name} as it should be`, () => situation.settled?.(pid) === true, 10_000);
  }
}

async function startOne(site: Site, situation: Situation): Promise<number> {
  const { name, verb = "run", image = IMAGE, command = ["sleep", "100000"], flags = [] } = situation;
  const { engine } = site;
  const given = typeof flags === "function" ? flags(site) : flags;
  const detach = verb === "run" ? ["--detach"] : [];
  await engine.mustDocker(verb, ...detach, "--name", name, ...given, image, ...command);
  if (verb === "create") return 0;
  const pid = await site.pidOf(name);
  await situation.after?.(site, pid);
  return pid;
}

async function makeSite(engine: Engine): Promise<Site> {
  const { folder, cgroupParent } = engine.host;
  fs.symlinkSync("/etc", join(folder, "link"));
  // A loop device's number that no loop device has: nothing can be read through it.
  execFileSync("mknod", [join(folder, "disk"), "b", "7", "200"]);
  for (const [name, defaultAction] of [
    ["allow-all", "SCMP_ACT_ALLOW"],
    ["log", "SCMP_ACT_LOG"],
  ]) {
    fs.writeFileSync(join(folder, `${name}.json`), JSON.stringify({ defaultAction, syscalls: [] }));
  }
  makeLimitedGroup(cgroupParent);
  await engine.mustDocker("network", "create", "own");
  const bind = ["--opt", "type=none", "--opt", "o=bind", "--opt", "device=/etc"];
  await engine.mustDocker("volume", "create", ...bind, "disguised");
  const other = ["import", "--change", "LABEL version=1", join(folder, "image.tar"), "moving:1"];
  await engine.mustDocker(...other);
  const version = await engine.mustDocker("version", "--format", "{{.Server.Version}}");
  return {
    engine,
    major: Number.parseInt(version, 10),
    folder,
    pidOf: async (container) =>
      Number(await engine.mustDocker("inspect", "--format", "{{.State.Pid}}", container)),
  };
}
