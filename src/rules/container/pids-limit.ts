import { fail, page, pass, rule } from "../rule.ts";
import { counted } from "./facts/amounts.ts";
import { hostPids, pidsLimit } from "./facts/limits.ts";
import { withoutKernel } from "./facts/state.ts";

export default rule({
  id: "SW-CTR-PIDS",
  subject: "container",
  title: "May start any number of processes",
  severity: "medium",
  risk: "A fork bomb inside uses up the process ids of the host: nobody can log in or start anything, not even to stop it.",
  countermeasure:
    "Set a limit some times above what it runs normally; threads count as well. An nproc limit does not hold root.",
  remediation: {
    run: "add --pids-limit 200, with the number that it needs",
    compose: "set pids_limit: 200",
    host: "docker update --pids-limit 200 NAME",
  },
  cis: ["5.29"],
  aliases: ["kics:221e0658-cb2a-44e3-b08a-db96a341d6fa"],
  references: [
    page("Control group v2: pids", "https://docs.kernel.org/admin-guide/cgroup-v2.html#pid"),
    page("docker run: --pids-limit", "https://docs.docker.com/reference/cli/docker/container/run/"),
  ],
  examples: { bad: "docker run nginx", good: "docker run --pids-limit 200 nginx" },
  judge: (container, context) => {
    const limit = pidsLimit(container);
    if (!limit.known) return withoutKernel(container, limit.why);
    const { value, seen } = limit;
    if (value !== null && value < hostPids(context)) {
      return pass(`limited to ${counted(value, "process", "processes")}`, [seen]);
    }
    const running = container.actual.ok
      ? `; it runs ${counted(container.actual.value.processes.length, "process", "processes")} now`
      : "";
    const message =
      value === null
        ? `has no limit of processes${running}`
        : `its limit of ${value} processes is no less than all that the host has${running}`;
    return fail(message, [seen]);
  },
});
