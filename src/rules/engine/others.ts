import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { EngineEvidence } from "#model/evidence/engine.ts";
import {
  actual,
  fail,
  type JudgeContext,
  type Judgement,
  notApplicable,
  page,
  pass,
  rule,
  unknown,
} from "../rule.ts";
import { count, listed } from "./facts/containers.ts";

export default rule({
  id: "SW-ENGINE-OTHERS",
  subject: "engine",
  title: "Containers run here that no asked engine manages",
  severity: "info",
  risk: "They share the kernel with all others, and no list of this engine shows them. Started by containerd or runc directly, they have no seccomp filter unless somebody wrote one.",
  countermeasure: "Find out who started them, and have their engine audited as well.",
  remediation: {
    host: "ctr namespaces list; ctr --namespace NAME containers list; crictl ps; podman ps for each user",
  },
  references: [
    page("containerd: namespaces", "https://github.com/containerd/containerd/blob/main/docs/namespaces.md"),
  ],
  examples: { bad: "ctr run docker.io/library/nginx:latest web", good: "docker run nginx" },
  judge,
});

function judge(engine: EngineEvidence, { evidence, host }: JudgeContext): Judgement | Judgement[] {
  if (!engine.local || host === null) {
    return unknown("what else runs on the engine's host is not seen from here: run the audit there");
  }
  const first = evidence.engines.find(({ local }) => local);
  if (first !== undefined && first.name !== engine.name) {
    return notApplicable(`this is told of the host once, with the engine ${first.name}`);
  }
  const strangers = new Map<string, ContainerEvidence[]>();
  for (const container of evidence.containers) {
    if (container.engine !== null || container.self) continue;
    strangers.set(container.manager, [...(strangers.get(container.manager) ?? []), container]);
  }
  if (strangers.size === 0) return pass("every container that was found is one of the asked engines");
  return [...strangers].map(([manager, containers]) =>
    fail(
      `${count(containers.length, "container")} whose engine was not asked (${manager || "of an unknown kind"}): ${listed(containers.map(({ name }) => name))}`,
      containers
        .slice(0, 10)
        .map(({ name, actual: kernel }) =>
          actual(kernel.ok ? `/proc/${kernel.value.initPid}` : "/proc", name, manager),
        ),
      { key: manager },
    ),
  );
}
