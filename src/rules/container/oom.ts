import { actual, declared, fail, type Judgement, page, pass, rule } from "../rule.ts";
import type { ContainerEvidence } from "#model/evidence/container.ts";
import { withoutKernel } from "./facts/state.ts";
import { declaredSource, type Fact, fact, nobodyKnows, procPath } from "./facts/witness.ts";

export default rule({
  id: "SW-CTR-OOM",
  subject: "container",
  title: "Protected from being killed when memory runs out",
  severity: "medium",
  risk: "When the host runs out of memory, the kernel kills other containers or programs of the host in its place, even if this one took the memory. With the killer switched off, its processes hang at the limit and cannot be ended.",
  countermeasure:
    "Leave the choice to the kernel and set a memory limit: then only the container that took too much is killed.",
  remediation: {
    run: "drop --oom-kill-disable and any negative --oom-score-adj; set --memory",
    compose: "remove oom_kill_disable and any negative oom_score_adj; set mem_limit",
  },
  references: [
    page("Docker docs: out of memory", "https://docs.docker.com/engine/containers/resource_constraints/"),
    page("proc(5): oom_score_adj", "https://man7.org/linux/man-pages/man5/proc_pid_oom_score_adj.5.html"),
  ],
  examples: {
    bad: "docker run --oom-kill-disable IMAGE",
    good: "docker run --memory 256m IMAGE",
  },
  judge: (container) => {
    const disabled = killerOff(container);
    if (disabled !== null) return disabled;
    const score = scoreOf(container);
    if (!score.known) return withoutKernel(container, score.why);
    return score.value < 0
      ? fail(`its processes are spared when memory runs out (score ${score.value} of -1000 to 1000)`, [
          score.seen,
        ])
      : pass("the kernel may kill it when memory runs out", [score.seen]);
  },
});

// cgroup v2 has no such switch: the engine drops the option there, with a warning.
function killerOff(container: ContainerEvidence): Judgement | null {
  if (!container.declared.ok || !container.declared.value.oomKillDisable) return null;
  const { actual: kernel } = container;
  if (kernel.ok && kernel.value.cgroup.ok && kernel.value.cgroup.value.version === 2) return null;
  const limit = container.declared.value.memory > 0 ? "" : ", and it has no memory limit";
  return fail(`the kernel may not kill it when memory runs out${limit}`, [
    declared(declaredSource(container), true, "HostConfig.OomKillDisable"),
  ]);
}

function scoreOf(container: ContainerEvidence): Fact<number> {
  if (container.actual.ok && container.actual.value.oomScoreAdj.ok) {
    const { value } = container.actual.value.oomScoreAdj;
    return fact(value, actual(procPath(container, "oom_score_adj"), value));
  }
  if (container.declared.ok) {
    const value = container.declared.value.oomScoreAdj;
    return fact(value, declared(declaredSource(container), value, "HostConfig.OomScoreAdj"));
  }
  return nobodyKnows(container);
}
