import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { Seen } from "#model/finding.ts";
import {
  actual,
  declared,
  fail,
  type JudgeContext,
  type Judgement,
  man,
  page,
  pass,
  rule,
  unknown,
} from "../rule.ts";
import { isRootless } from "../host/facts/engines.ts";
import { listed } from "./facts/amounts.ts";
import { initOf } from "./facts/processes.ts";
import { withoutKernel } from "./facts/state.ts";
import { declaredSource } from "./facts/witness.ts";

export default rule({
  id: "SW-CTR-CGROUP",
  subject: "container",
  title: "Not in the control group where it belongs",
  severity: "high",
  risk: "Limits, accounting and device rules hang on the control group. In the root group nothing holds; in a group shared with others, one takes what the limit leaves for all; under a foreign parent the limits are those of somebody else.",
  countermeasure:
    "Let the engine make one group per container below its own parent. A rootless engine needs cgroup v2 for that.",
  remediation: {
    run: "drop --cgroup-parent",
    compose: "remove cgroup_parent",
    host: "run rootless engines on cgroup v2 (systemd.unified_cgroup_hierarchy=1)",
  },
  cis: ["5.25"],
  aliases: ["kics:4d9f44c6-2f4a-4317-9bb5-267adbea0232"],
  references: [
    man("cgroups.7"),
    page("docker run: --cgroup-parent", "https://docs.docker.com/reference/cli/docker/container/run/"),
  ],
  examples: { bad: "docker run --cgroup-parent /system.slice IMAGE", good: "docker run IMAGE" },
  judge: (container, context) => {
    const path = pathOf(container);
    if (path === null) {
      const asked = foreignParent(container, context);
      const why = container.actual.ok
        ? "the cgroup of its first process could not be read"
        : container.actual.why;
      return asked ?? (container.actual.ok ? unknown(why) : withoutKernel(container, why));
    }
    const seen = actual(`/proc/${initOf(container)?.pid ?? 0}/cgroup`, path);
    if (isOwn(path, container.id)) {
      return foreignParent(container, context, seen) ?? pass(`in a cgroup of its own: ${path}`, [seen]);
    }
    return misplaced(container, context, path, seen);
  },
});

function misplaced(
  container: ContainerEvidence,
  { evidence, engine }: JudgeContext,
  path: string,
  seen: Seen,
): Judgement {
  if (path === "/") return fail("its processes are in the root cgroup, where nothing is limited", [seen]);
  if (engine !== null && isRootless(engine) === true && pathVersion(container) === 1) {
    return fail(
      `has no cgroup of its own but stays in ${path}: a rootless engine cannot make one on cgroup v1`,
      [seen],
      {
        severity: "medium",
        remediation: "host: run the rootless engine on cgroup v2 (systemd.unified_cgroup_hierarchy=1)",
      },
    );
  }
  const others = evidence.containers.filter(({ id }) => id !== container.id);
  const sharing = others.filter((other) => pathOf(other) === path).map(({ name }) => name);
  return sharing.length > 0
    ? fail(`shares the cgroup ${path} with ${listed(sharing)}`, [seen])
    : fail(`sits in ${path}, a cgroup that is not its own`, [seen]);
}

function pathOf(container: ContainerEvidence): string | null {
  return initOf(container)?.cgroupPath ?? null;
}

function pathVersion(container: ContainerEvidence): number | null {
  return container.actual.ok && container.actual.value.cgroup.ok
    ? container.actual.value.cgroup.value.version
    : null;
}

/** Engines name the group by the container's id: `/docker/ID`, `docker-ID.scope`, `libpod-ID.scope/container`. */
function isOwn(path: string, id: string): boolean {
  return path
    .split("/")
    .some((part) => part === id || part.endsWith(`-${id}.scope`) || (id.length >= 12 && part.includes(id)));
}

/** A cgroup parent that was asked for and is not the daemon's own setting. */
function foreignParent(
  container: ContainerEvidence,
  { engine }: JudgeContext,
  seen?: Seen,
): Judgement | null {
  if (!container.declared.ok) return null;
  const { cgroupParent } = container.declared.value;
  const usual = engine?.daemon.ok ? engine.daemon.value.settings["cgroup-parent"]?.value : undefined;
  if (cgroupParent === "" || cgroupParent === usual) return null;
  return fail(
    `was put under the cgroup parent ${cgroupParent}`,
    [
      ...(seen === undefined ? [] : [seen]),
      declared(declaredSource(container), cgroupParent, "HostConfig.CgroupParent"),
    ],
    { severity: "low" },
  );
}
