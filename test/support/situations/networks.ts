import { listensOn, runsProgram } from "../host.ts";
import { fails, isNotApplicable, passes, type Situation } from "../situation.ts";

/** Who can reach it, and what it listens to. */
export const NETWORKS: Situation[] = [
  {
    name: "ports",
    why: "one port on the loopback and alive, one on every address and dead",
    flags: ["-p", "127.0.0.1:18080:80", "-p", "18081:81"],
    command: ["httpd", "-f", "-p", "80"],
    settled: (pid) => listensOn(pid, 80),
    expect: [
      fails("SW-CTR-PORT-WILDCARD", { mention: /18081/ }),
      fails("SW-CTR-PORT-DEAD", { mention: /81/ }),
      passes("SW-CTR-PORT-PRIVILEGED"),
      passes("SW-CTR-PORT-UNDECLARED"),
      passes("SW-CTR-PORT-PUBLISH-ALL"),
    ],
  },
  {
    name: "port-alive",
    why: "what is published is listened to",
    flags: ["-p", "127.0.0.1:18082:80"],
    command: ["httpd", "-f", "-p", "80"],
    settled: (pid) => listensOn(pid, 80),
    expect: [passes("SW-CTR-PORT-DEAD"), passes("SW-CTR-PORT-WILDCARD")],
  },
  {
    name: "port-privileged",
    why: "a port of the host below 1024",
    flags: ["-p", "127.0.0.1:81:81"],
    expect: [fails("SW-CTR-PORT-PRIVILEGED", { mention: /81/ })],
  },
  {
    name: "port-1024",
    why: "1024 is the first port that is not privileged (docker-bench 5.8 says 1024 is)",
    flags: ["-p", "127.0.0.1:1024:80"],
    expect: [passes("SW-CTR-PORT-PRIVILEGED")],
  },
  {
    name: "port-undeclared",
    why: "listens on a port that was neither exposed nor published",
    command: ["httpd", "-f", "-p", "9999"],
    settled: (pid) => listensOn(pid, 9999),
    expect: [fails("SW-CTR-PORT-UNDECLARED", { mention: /9999/ }), isNotApplicable("SW-CTR-PORT-DEAD")],
  },
  {
    name: "port-all",
    why: "--publish-all",
    flags: ["--publish-all", "--expose", "8080"],
    expect: [fails("SW-CTR-PORT-PUBLISH-ALL")],
  },
  {
    name: "sshd",
    why: "an SSH server",
    command: ["sh", "-c", "exec -a nc /usr/sbin/sshd -ll -p 22 -e cat"],
    settled: (pid) => runsProgram(pid, "/usr/sbin/sshd") && listensOn(pid, 22),
    expect: [fails("SW-CTR-SSHD")],
  },
  {
    name: "target",
    why: "others link to it: the engine lists it as linked/alias first, and its own name must be used",
    expect: [passes("SW-CTR-LINKS"), passes("SW-CTR-PRIVILEGED")],
  },
  {
    name: "linked",
    why: "--link, which also hands on the other's environment",
    flags: ["--link", "target:alias"],
    expect: [fails("SW-CTR-LINKS", { mention: /target/ })],
  },
  {
    name: "sniffing",
    why: "a packet socket is open",
    command: ["arping", "-I", "eth0", "172.17.0.1"],
    expect: [fails("SW-CTR-SNIFFING")],
  },
  {
    name: "net-raw-dropped",
    why: "--cap-drop NET_RAW",
    flags: ["--cap-drop", "NET_RAW"],
    expect: [passes("SW-CTR-NET-RAW")],
  },
  {
    name: "own-network",
    why: "on a network of its own",
    flags: ["--network", "own"],
    expect: [passes("SW-CTR-BRIDGE-DEFAULT")],
  },
];
