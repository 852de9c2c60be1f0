import { actual, fail, man, pass, page, rule } from "../rule.ts";
import { listed } from "./facts/amounts.ts";
import { initOf, programName } from "./facts/processes.ts";
import { withoutKernel } from "./facts/state.ts";

const SHELLS = new Set(["sh", "bash", "dash", "ash", "ksh", "zsh"]);

export default rule({
  id: "SW-CTR-NO-INIT",
  subject: "container",
  title: "A shell is its first process, and does not pass signals on",
  severity: "info",
  risk: "The engine's signal to stop reaches the shell only: the program is killed after the time-out, in the middle of its work. Processes that ended and that nobody collects stay in the process table.",
  countermeasure:
    "Let the entrypoint script end with exec, so that the program takes its place, or add an init.",
  remediation: {
    dockerfile: 'end the script with exec "$@", and use the exec form: ENTRYPOINT ["/entrypoint.sh"]',
    run: "add --init",
    compose: "init: true",
  },
  references: [
    man("pid_namespaces.7"),
    page("docker run: --init", "https://docs.docker.com/reference/cli/docker/container/run/#init"),
  ],
  examples: { bad: "ENTRYPOINT /usr/bin/app --port 80", good: 'ENTRYPOINT ["/usr/bin/app", "--port", "80"]' },
  judge: (container) => {
    const init = initOf(container);
    if (!container.actual.ok || init === undefined) {
      return withoutKernel(
        container,
        container.actual.ok ? "its first process has ended" : container.actual.why,
      );
    }
    // One binary stands for all programs of busybox; there the name that it was called by tells.
    const program = programName(init.executable ?? init.comm);
    const name = program === "busybox" ? init.comm : program;
    const children = container.actual.value.processes.filter(({ parent }) => parent === init.pid);
    const seen = actual(`/proc/${init.pid}/exe`, init.executable ?? `comm ${init.comm}`);
    return SHELLS.has(name) && init.innerPid === 1 && children.length > 0
      ? fail(
          `its first process is ${name}, which does not pass signals on to ${listed(children.map(({ comm }) => comm))}`,
          [seen],
        )
      : pass(`its first process is ${name}`, [seen]);
  },
});
