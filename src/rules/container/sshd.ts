import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { Seen } from "#model/finding.ts";
import { actual, declared, fail, type JudgeContext, page, pass, rule, specified } from "../rule.ts";
import { listed } from "./facts/amounts.ts";
import { namespaceSharing } from "./facts/namespaces.ts";
import { addressName, isLoopback, plainProtocol } from "./facts/ports.ts";
import { programName } from "./facts/processes.ts";
import { withoutKernel } from "./facts/state.ts";
import { declaredSource, procPath } from "./facts/witness.ts";

// OpenSSH 9.8 runs a program of its own per session.
const SERVERS = new Set(["sshd", "sshd-session", "sshd-auth", "dropbear", "dropbearmulti", "tinysshd"]);

export default rule({
  id: "SW-CTR-SSHD",
  subject: "container",
  title: "Runs an SSH server",
  severity: "medium",
  risk: "A second door besides the service: with keys and passwords of its own that nobody rotates, no record in the engine's log of who came in, and usually root at work.",
  countermeasure:
    "Remove the server. Use docker exec, which asks the engine for permission, and a volume or docker cp to move files.",
  remediation: {
    dockerfile: "remove openssh-server or dropbear from the packages, and its start from the entrypoint",
    run: "docker exec -it NAME sh in place of ssh",
  },
  cis: ["5.7"],
  references: [page("docker exec", "https://docs.docker.com/reference/cli/docker/container/exec/")],
  examples: { bad: 'CMD ["/usr/sbin/sshd", "-D"]', good: 'CMD ["/usr/local/bin/app"]' },
  judge: (container, context) => {
    if (!container.actual.ok) {
      const seen = declaredStart(container);
      return seen === null
        ? withoutKernel(container, container.actual.why)
        : fail(`is started as an SSH server (${seen.value})`, [seen]);
    }
    // Only its own processes: with the host's process ids, the host's server is visible but not inside.
    const servers = container.actual.value.processes.filter(
      ({ executable, comm }) =>
        SERVERS.has(comm) || (executable !== null && SERVERS.has(programName(executable))),
    );
    if (servers.length > 0) {
      return fail(
        `runs ${listed([...new Set(servers.map(({ comm }) => comm))])}`,
        servers
          .slice(0, 5)
          .map(({ pid, executable, comm }) => actual(`/proc/${pid}/exe`, executable ?? `comm ${comm}`)),
      );
    }
    const names = container.actual.value.processes.map(({ comm }) => comm);
    const listener = port22(container, context);
    return listener === null
      ? pass("no SSH server among its processes", [
          actual("processes of its cgroup", listed([...new Set(names)], 20)),
        ])
      : fail("listens on port 22, where SSH servers do", [listener]);
  },
});

function port22(container: ContainerEvidence, context: JudgeContext): Seen | null {
  if (!container.actual.ok || !container.actual.value.listeners.ok) return null;
  const sharing = namespaceSharing(container, "net", context);
  if (!sharing.known || sharing.value.with !== "nobody") return null;
  const found = container.actual.value.listeners.value.find(
    (listener) => listener.port === 22 && plainProtocol(listener) === "tcp" && !isLoopback(listener.address),
  );
  return found === undefined
    ? null
    : actual(procPath(container, `net/${found.protocol}`), `${addressName(found.address)}:22`);
}

function declaredStart(container: ContainerEvidence): Seen | null {
  if (container.specified.ok) {
    const [program = ""] = container.specified.value.args;
    return SERVERS.has(programName(program))
      ? specified(container.specified.value.source, program, "process.args")
      : null;
  }
  if (!container.declared.ok) return null;
  const { entrypoint, command } = container.declared.value;
  const program = [...entrypoint, ...command].find((word) => SERVERS.has(programName(word)));
  return program === undefined ? null : declared(declaredSource(container), program, "Config.Cmd");
}
