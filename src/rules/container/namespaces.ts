import type { NamespaceType } from "#model/evidence/process.ts";
import { fail, man, notApplicable, page, pass, type Reference, type Rule, rule, unknown } from "../rule.ts";
import type { Severity } from "#model/severity.ts";
import { isRootless } from "../host/facts/engines.ts";
import { namespaceSharing } from "./facts/namespaces.ts";
import { isOnlyDeclared } from "./facts/state.ts";

const DOCKER_RUN = page(
  "docker run: settings of namespaces",
  "https://docs.docker.com/engine/containers/run/",
);

interface NamespaceRule {
  id: string;
  type: NamespaceType;
  /** What is shared, as the sentence needs it: "Shares the host's …". */
  noun: string;
  severity: Severity;
  cis: string[];
  aliases?: string[];
  risk: string;
  countermeasure: string;
  flag: string;
  key: string;
  references: Reference[];
}

const TABLE: NamespaceRule[] = [
  {
    id: "SW-CTR-PID-HOST",
    type: "pid",
    noun: "process ids",
    severity: "high",
    cis: ["5.16"],
    aliases: ["CL-0010", "kics:4f31dd9f-2cc3-4751-9b53-67e4af83dac0"],
    risk: "Every process of the host is visible from inside, with its arguments and, for the same user, its environment, memory and open files. Root inside can kill or trace them: with CAP_SYS_PTRACE that is code execution on the host.",
    countermeasure:
      "Give the container process ids of its own. A debugging or monitoring tool that needs to see processes can join one container (container:NAME) in place of the host.",
    flag: "--pid=host",
    key: "pid: host",
    references: [man("pid_namespaces.7"), DOCKER_RUN],
  },
  {
    id: "SW-CTR-NET-HOST",
    type: "net",
    noun: "network",
    severity: "high",
    cis: ["5.10"],
    aliases: ["CL-0008", "kics:071a71ff-f868-47a4-ac0b-3c59e4ab5443"],
    risk: "The container sees all interfaces of the host, can bind any port, reaches services that listen on 127.0.0.1 only and abstract unix sockets of the host, and with the default CAP_NET_RAW can read and forge the host's traffic.",
    countermeasure:
      "Use a network of its own and publish the ports that are needed. Multicast or thousands of ports are the usual reasons not to; then drop NET_RAW and NET_ADMIN and do not run as root.",
    flag: "--network=host",
    key: "network_mode: host",
    references: [man("network_namespaces.7"), DOCKER_RUN],
  },
  {
    id: "SW-CTR-IPC-HOST",
    type: "ipc",
    noun: "inter-process communication",
    severity: "high",
    cis: ["5.17"],
    aliases: ["CL-0010", "kics:baa3890f-bed7-46f5-ab8f-1da8fc91c729"],
    risk: "Shared memory, semaphores and message queues of host programs (databases, desktops) can be read and changed from inside, and everything in /dev/shm.",
    countermeasure:
      "Use a private IPC namespace; containers that must share memory join each other (ipc: container:NAME), not the host.",
    flag: "--ipc=host",
    key: "ipc: host",
    references: [man("ipc_namespaces.7"), DOCKER_RUN],
  },
  {
    id: "SW-CTR-UTS-HOST",
    type: "uts",
    noun: "host name",
    severity: "medium",
    cis: ["5.21"],
    aliases: ["CL-0010"],
    risk: "With CAP_SYS_ADMIN the container can rename the host, which confuses logs, certificates and clusters.",
    countermeasure: "Leave the container its own host name (--hostname sets it).",
    flag: "--uts=host",
    key: "uts: host",
    references: [man("uts_namespaces.7"), DOCKER_RUN],
  },
  {
    id: "SW-CTR-CGROUPNS-HOST",
    type: "cgroup",
    noun: "cgroup tree",
    severity: "low",
    cis: [],
    risk: "The container sees the names of the host's control groups, and so of other containers, and a writable cgroup mount would reach all of them (CVE-2022-0492 used it).",
    countermeasure: "Use a private cgroup namespace: the default on cgroup v2, an option on v1.",
    flag: "--cgroupns=host",
    key: "cgroup: host",
    references: [man("cgroup_namespaces.7")],
  },
];

export default TABLE.map((entry) =>
  rule({
    id: entry.id,
    subject: "container",
    title: `Shares the host's ${entry.noun}`,
    severity: entry.severity,
    risk: entry.risk,
    countermeasure: entry.countermeasure,
    remediation: {
      run: entry.type === "cgroup" ? "add --cgroupns=private" : `drop ${entry.flag}`,
      compose: entry.type === "cgroup" ? "set cgroup: private" : `remove ${entry.key}`,
    },
    cis: entry.cis,
    ...(entry.aliases === undefined ? {} : { aliases: entry.aliases }),
    references: entry.references,
    examples: { bad: `docker run ${entry.flag} nginx`, good: "docker run nginx" },
    judge: (container, context) => {
      const sharing = namespaceSharing(container, entry.type, context);
      if (!sharing.known) {
        // A file that says nothing leaves it to the engine, and is not at fault.
        return isOnlyDeclared(container) ? notApplicable(sharing.why) : unknown(sharing.why);
      }
      const { value, seen } = sharing;
      if (value.with === "host") return fail(`shares the host's ${entry.noun}`, [seen]);
      if (value.with === "daemon") {
        return fail(
          context.engine !== null && isRootless(context.engine) === true
            ? `shares the ${entry.noun} of the rootless engine and of its user's other containers`
            : `shares the ${entry.noun} of its engine, which are not those of the host`,
          [seen],
          {
            severity: "low",
          },
        );
      }
      return pass(`has its own ${entry.type} namespace`, [seen]);
    },
  }),
) satisfies Rule<"container">[];
