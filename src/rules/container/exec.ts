import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { ProcessEvidence } from "#model/evidence/process.ts";
import { actual, declared, fail, man, notApplicable, page, pass, type Rule, rule, unknown } from "../rule.ts";
import { listed } from "./facts/amounts.ts";
import { capabilitiesOf, declaredCapabilities } from "./facts/capabilities.ts";
import { enteredProcesses, initOf, insideUid, runningExecs } from "./facts/processes.ts";
import { isStopped, withoutKernel } from "./facts/state.ts";

const EXEC = page("docker exec", "https://docs.docker.com/reference/cli/docker/container/exec/");

type Exec = ReturnType<typeof runningExecs>[number];

const privileged = rule({
  id: "SW-CTR-EXEC-PRIVILEGED",
  subject: "container",
  title: "A process inside has more privileges than the container",
  severity: "high",
  risk: "A privileged exec puts a process with all capabilities, and without the seccomp filter, into the container: what was taken from the container is open to whoever controls that process. docker inspect shows none of it.",
  countermeasure:
    "End the session. Do maintenance that needs privileges from a container made for it; refuse privileged execs with an authorization plugin.",
  remediation: { host: "end the process; use docker exec without --privileged" },
  cis: ["5.23"],
  references: [EXEC, man("capabilities.7")],
  examples: { bad: "docker exec --privileged web sh", good: "docker exec web sh" },
  judge: (container) => {
    const wide = widerProcesses(container);
    // Nothing is gained by a privileged exec into a privileged container.
    const all = container.declared.ok && container.declared.value.privileged;
    const sessions = all ? [] : runningExecs(container).filter((exec) => exec.privileged);
    if (wide.length + sessions.length === 0) return nobody(container, "has more privileges than its first");
    const known = new Set(wide.map(({ process }) => process.pid));
    const names = [
      ...wide.map(({ process }) => processName(process)),
      ...sessions.filter(({ pid }) => !known.has(pid)).map(({ command }) => `exec session "${command}"`),
    ];
    const gained = new Set(wide.flatMap(({ more }) => more));
    const what = gained.size === 0 ? "" : ` (${listed([...gained].map((name) => name.slice(4)))})`;
    return fail(`runs with more privileges than it was given${what}: ${listed(names)}`, [
      ...wide.map(({ process }) =>
        actual(`/proc/${process.pid}/status`, process.capabilities.bounding, "CapBnd"),
      ),
      ...sessions.map((exec) => declared(execSource(exec), true, "ProcessConfig.privileged")),
    ]);
  },
});

const root = rule({
  id: "SW-CTR-EXEC-ROOT",
  subject: "container",
  title: "Somebody is root inside, though its program is not",
  severity: "medium",
  risk: "The program gave root up, an exec session takes it back: files it leaves behind belong to root, and a mistake or a hijacked session has root's power inside.",
  countermeasure: "Run exec sessions as the user of the program.",
  remediation: { host: "docker exec --user UID NAME COMMAND, with the user id that the program runs as" },
  cis: ["5.24"],
  references: [EXEC],
  examples: {
    bad: "docker exec --user 0 web sh, where web runs as 1000",
    good: "docker exec --user 1000 web sh",
  },
  judge: (container) => {
    const init = initOf(container);
    if (init !== undefined && insideUid(container, init) === 0) {
      return notApplicable("its first process is root itself");
    }
    const processes = enteredProcesses(container).filter((process) => insideUid(container, process) === 0);
    const own = container.actual.ok
      ? [...container.actual.value.processes, ...container.actual.value.foreign]
      : [];
    const known = new Set(own.map(({ pid }) => pid));
    const sessions = runningExecs(container).filter(
      (exec) => !known.has(exec.pid) && isRoot(exec, container),
    );
    if (processes.length + sessions.length === 0) return nobody(container, "was put into it as root");
    const names = [
      ...processes.map(processName),
      ...sessions.map(({ command }) => `exec session "${command}"`),
    ];
    const as = init === undefined ? "" : `, where its program runs as user ${insideUid(container, init)}`;
    return fail(`somebody is root inside by exec${as}: ${listed(names)}`, [
      ...processes.map(({ pid, uids }) => actual(`/proc/${pid}/status`, uids.join(" "), "Uid")),
      ...sessions.map((exec) => declared(execSource(exec), exec.user || '""', "ProcessConfig.user")),
    ]);
  },
});

export default [privileged, root] satisfies Rule<"container">[];

/**
 * Processes whose bounding set holds more than that of the container. A set can only shrink by itself
 * (capabilities(7)), so more of it came from outside; but in a user namespace of its own (the sandbox of a
 * browser, a build tool) a process has all of them, and power over nothing else.
 */
function widerProcesses(container: ContainerEvidence): { process: ProcessEvidence; more: string[] }[] {
  const init = initOf(container);
  if (init === undefined || !container.actual.ok) return [];
  const given = new Set(capabilitiesOf(init.capabilities.bounding));
  // A first process that dropped some of its set leaves the next exec session with more than itself.
  for (const name of grantedCapabilities(container)) given.add(name);
  const all = [...container.actual.value.processes, ...enteredProcesses(container)];
  return [...new Map(all.map((process) => [process.pid, process])).values()].flatMap((process) => {
    if (process.namespaces.user !== init.namespaces.user) return [];
    const more = [...capabilitiesOf(process.capabilities.bounding)].filter((name) => !given.has(name));
    return more.length === 0 ? [] : [{ process, more }];
  });
}

function grantedCapabilities(container: ContainerEvidence): Iterable<string> {
  if (container.specified.ok) return container.specified.value.capabilities.bounding;
  if (!container.declared.ok) return [];
  const { privileged: all, capAdd, capDrop } = container.declared.value;
  return declaredCapabilities(all, capAdd, capDrop);
}

/** Verdict where neither the kernel nor the engine names anybody. */
function nobody(container: ContainerEvidence, what: string) {
  if (isStopped(container)) return notApplicable("it does not run");
  const init = initOf(container);
  if (init !== undefined) {
    return pass(`none of its processes ${what}`, [
      actual(`/proc/${init.pid}/status`, init.capabilities.bounding, "CapBnd"),
    ]);
  }
  const why = container.actual.ok ? "its processes could not be read" : container.actual.why;
  if (!container.execs.ok) return withoutKernel(container, why);
  return runningExecs(container).length === 0
    ? pass("no exec session runs")
    : unknown(`an exec session runs, whose process could not be read: ${why}`);
}

function isRoot({ user }: Exec, container: ContainerEvidence): boolean {
  const root = /^(?:|0|root)(?::|$)/;
  const usual = container.declared.ok ? container.declared.value.user : "";
  // Unless the kernel shows that the program is not root, only the declaration tells what it is.
  if (initOf(container) === undefined && root.test(usual)) return false;
  return root.test(user === "" ? usual : user);
}

function processName({ comm, pid }: ProcessEvidence): string {
  return `${comm} (pid ${pid})`;
}

function execSource({ id }: Exec): string {
  return `GET /exec/${id.slice(0, 12)}/json`;
}
