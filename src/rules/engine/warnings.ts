import { declared, fail, page, pass, rule, unknown } from "../rule.ts";
import { firstLine } from "./facts/tcp.ts";

/** What a warning of the engine means, by its words (daemon/info_unix.go in moby). */
const KNOWN: readonly (readonly [words: RegExp, key: string, meaning: string, todo: string])[] = [
  [
    /No memory limit support/i,
    "memory",
    "the kernel cannot limit the memory of containers",
    "add cgroup_enable=memory to the kernel's command line and restart the host",
  ],
  [
    /No swap limit support/i,
    "swap",
    "the kernel does not limit swap: a container over its memory limit swaps without bound",
    "add swapaccount=1 to the kernel's command line and restart the host, or use cgroup v2",
  ],
  [
    /No cpu cfs (?:quota|period)|No cpu shares|No cpu scheduler/i,
    "cpu",
    "the kernel cannot limit the CPU time of containers",
    "use a kernel with CONFIG_CFS_BANDWIDTH and the cpu cgroup controller",
  ],
  [
    /No cpuset support/i,
    "cpuset",
    "the kernel cannot bind containers to processors",
    "use a kernel with CONFIG_CPUSETS",
  ],
  [
    /No pids limit support/i,
    "pids",
    "the kernel cannot limit the number of processes: one container can fill the process table",
    "use a kernel with CONFIG_CGROUP_PIDS",
  ],
  [
    /IPv4 forwarding is disabled/i,
    "forwarding",
    "IPv4 forwarding is off: networks of containers do not work",
    "sysctl net.ipv4.ip_forward=1",
  ],
  [
    /bridge-nf-call-iptables is disabled/i,
    "bridge-nf-call-iptables",
    "traffic between containers of one bridge passes the firewall unseen, so icc=false has no effect",
    "modprobe br_netfilter; sysctl net.bridge.bridge-nf-call-iptables=1",
  ],
  [
    /bridge-nf-call-ip6tables is disabled/i,
    "bridge-nf-call-ip6tables",
    "IPv6 traffic between containers of one bridge passes the firewall unseen",
    "modprobe br_netfilter; sysctl net.bridge.bridge-nf-call-ip6tables=1",
  ],
  [
    /Running in rootless-mode without cgroup/i,
    "rootless-cgroups",
    "no limit of a container has any effect: rootless engines need cgroup v2 with systemd",
    "boot with systemd.unified_cgroup_hierarchy=1, and delegate controllers to the user",
  ],
];

// Judged by SW-ENGINE-TCP-OPEN and SW-ENGINE-DEVICEMAPPER, or about throttles that only tuning misses.
const ELSEWHERE =
  /API is accessible on|\b(?:devicemapper|aufs)\b|No blkio|No io\.|No kernel memory|No oom kill/i;

export default rule({
  id: "SW-ENGINE-WARNINGS",
  subject: "engine",
  title: "The engine warns of its own state",
  severity: "low",
  risk: "What the engine cannot do on this host it skips without an error: a limit that was asked for is accepted and has no effect.",
  countermeasure: "Give the engine the kernel that it needs, or do without the setting knowingly.",
  remediation: { host: "docker info shows the warnings at its end" },
  references: [
    page("Docker docs: troubleshooting the daemon", "https://docs.docker.com/engine/daemon/troubleshoot/"),
  ],
  examples: { bad: "WARNING: No swap limit support", good: "docker info without a WARNING line" },
  judge: (engine) => {
    if (!engine.info.ok) return unknown(`its warnings are not known: ${engine.info.why}`);
    const warnings = new Map(
      engine.info.value.warnings
        .slice(0, 50)
        .map((warning) => [firstLine(warning), warning] as const)
        .filter(([line]) => line !== "" && !ELSEWHERE.test(line)),
    );
    if (warnings.size === 0)
      return pass("the engine warns of nothing else", [declared("GET /info", "none", "Warnings")]);
    return [...warnings.keys()].map((line) => {
      const known = KNOWN.find(([words]) => words.test(line));
      const seen = [declared("GET /info", line, "Warnings")];
      const text = line.replace(/^WARNING:\s*/i, "");
      if (known === undefined)
        return fail(`it says: ${text}`, seen, { key: text.slice(0, 80), severity: "info" });
      const [, key, meaning, todo] = known;
      return fail(meaning, seen, { key, remediation: `host: ${todo}` });
    });
  },
});
