import type { ContainerEvidence } from "#model/evidence/container.ts";
import { declared, fail, page, pass, rule, unknown } from "../rule.ts";
import { containersOf, count, listed, unseenContainers } from "./facts/containers.ts";

const DAY = 24 * 60 * 60 * 1000;
const STOPPED = new Set(["exited", "dead", "created"]);

export default rule({
  id: "SW-ENGINE-STOPPED-CONTAINERS",
  subject: "engine",
  title: "Stopped containers are left over",
  severity: "low",
  risk: "Their files stay on the disk with whatever was written into them: logs, dumps, credentials. One docker start brings an old, unpatched program back.",
  countermeasure: "Remove what stopped long ago; start short jobs with --rm.",
  remediation: { host: "docker container prune --filter until=720h", run: "--rm for jobs that end" },
  cis: ["6.2"],
  references: [
    page("Docker docs: prune unused objects", "https://docs.docker.com/engine/manage-resources/pruning/"),
  ],
  examples: { bad: "docker run job", good: "docker run --rm job" },
  judge: (engine, context) => {
    const { maxStoppedDays } = context.settings;
    const containers = containersOf(engine, context);
    const stopped = containers.filter(({ state }) => STOPPED.has(state));
    const old = stopped.filter((container) => daysSince(container, context.now) > maxStoppedDays);
    if (old.length > 0) {
      return fail(
        `${count(old.length, "container")} stopped more than ${maxStoppedDays} days ago: ${listed(old.map(({ name }) => name))}`,
        old
          .slice(0, 10)
          .map((container) => declared(`docker inspect ${container.name}`, endOf(container), "State")),
      );
    }
    const unclear = stopped.filter((container) => Number.isNaN(Date.parse(endOf(container))));
    const hidden = unclear.length + unseenContainers(engine, containers);
    if (!engine.info.ok && containers.length === 0)
      return unknown(`its containers are not known: ${engine.info.why}`);
    return hidden > 0
      ? unknown(
          `${count(hidden, "container")} did not tell since when they are stopped; see the engine's log`,
        )
      : pass(`no container stopped more than ${maxStoppedDays} days ago`, [
          declared("GET /containers/json", `${stopped.length} stopped of ${containers.length}`),
        ]);
  },
});

/** When it stopped; for one that never started, when it was made. */
function endOf({ state, finishedAt, createdAt }: ContainerEvidence): string {
  return finishedAt === "" && state === "created" ? createdAt : finishedAt;
}

/** Whole and part days since it stopped; 0 where that is not known. */
function daysSince(container: ContainerEvidence, now: number): number {
  const end = Date.parse(endOf(container));
  return Number.isNaN(end) ? 0 : (now - end) / DAY;
}
