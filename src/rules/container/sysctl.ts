import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { NamespaceType } from "#model/evidence/process.ts";
import type { Severity } from "#model/severity.ts";
import { cve, declared, fail, type JudgeContext, page, pass, rule, unknown } from "../rule.ts";
import { listed } from "./facts/amounts.ts";
import { namespaceSharing } from "./facts/namespaces.ts";
import { declaredSource } from "./facts/witness.ts";

interface Weakening {
  name: RegExp;
  bad: (value: string) => boolean;
  severity: Severity;
  effect: string;
}

const on = (value: string): boolean => /^\s*[1-9]/.test(value);
const off = (value: string): boolean => /^\s*0\s*$/.test(value);

/** Settings that weaken the container's own network (Documentation/networking/ip-sysctl.rst). */
const WEAKENINGS: readonly Weakening[] = [
  {
    name: /^net\.ipv4\.conf\..+\.route_localnet$/,
    bad: on,
    severity: "medium",
    effect: "lets neighbours reach what listens on 127.0.0.1 (CVE-2020-8558)",
  },
  {
    name: /^net\.ipv4\.(?:ip_forward|conf\..+\.forwarding)$|^net\.ipv6\.conf\..+\.forwarding$/,
    bad: on,
    severity: "low",
    effect: "makes it a router between its networks",
  },
  {
    name: /^net\.ipv[46]\.conf\..+\.accept_source_route$/,
    bad: on,
    severity: "low",
    effect: "lets senders choose the way of their packets, past filters",
  },
  {
    name: /^net\.ipv[46]\.conf\..+\.accept_redirects$/,
    bad: on,
    severity: "low",
    effect: "lets neighbours change its routes",
  },
  {
    name: /^net\.ipv4\.conf\..+\.rp_filter$/,
    bad: off,
    severity: "low",
    effect: "takes packets with forged sender addresses",
  },
  {
    name: /^net\.ipv4\.tcp_syncookies$/,
    bad: off,
    severity: "low",
    effect: "can be stopped by a flood of half-open connections",
  },
];

export default rule({
  id: "SW-CTR-SYSCTL",
  subject: "container",
  title: "Sets kernel parameters that weaken it or the host",
  severity: "low",
  risk: "Some parameters belong to the container's namespaces and weaken only it; all others hold for the whole host, whoever sets them.",
  countermeasure:
    "Set only parameters of the container's own namespaces, and none that opens its network. Parameters of the host belong in /etc/sysctl.d, set by whoever runs the host.",
  remediation: { run: "drop the --sysctl", compose: "remove the entry from sysctls:" },
  references: [
    page("docker run: --sysctl", "https://docs.docker.com/reference/cli/docker/container/run/#sysctl"),
    page("Kernel: IP sysctl", "https://docs.kernel.org/networking/ip-sysctl.html"),
    cve("CVE-2020-8558"),
  ],
  examples: {
    bad: "docker run --sysctl net.ipv4.conf.all.route_localnet=1 IMAGE",
    good: "docker run --sysctl net.core.somaxconn=1024 IMAGE",
  },
  judge: (container, context) => {
    if (!container.declared.ok) return unknown(container.declared.why);
    const source = declaredSource(container);
    const settings = Object.entries(container.declared.value.sysctls);
    const found = settings.flatMap(([name, value]) => {
      const fault = faultOf(name, value, container, context);
      if (fault === null) return [];
      const seen = declared(source, value, `HostConfig.Sysctls.${name}`);
      return [
        fail(`${name} = ${value} ${fault.effect}`, [seen], {
          key: name,
          severity: fault.severity,
          remediation: `docker run: drop --sysctl ${name}=${value}\nCompose: remove ${name} from sysctls:`,
        }),
      ];
    });
    if (found.length > 0) return found;
    const names = settings.map(([name, value]) => `${name}=${value}`);
    return pass(names.length === 0 ? "sets no kernel parameters" : "sets harmless kernel parameters only", [
      declared(source, listed(names, 20) || "none", "HostConfig.Sysctls"),
    ]);
  },
});

function faultOf(
  name: string,
  value: string,
  container: ContainerEvidence,
  context: JudgeContext,
): Pick<Weakening, "severity" | "effect"> | null {
  const type = namespaceOf(name);
  if (type === null) return { severity: "high", effect: "holds for the whole host, not for the container" };
  const sharing = namespaceSharing(container, type, context);
  if (sharing.known && sharing.value.with === "host") {
    return { severity: "medium", effect: `changes the host, whose ${type} namespace it uses` };
  }
  return WEAKENINGS.find((weakening) => weakening.name.test(name) && weakening.bad(value)) ?? null;
}

/** The namespace that a parameter belongs to; null = it is one of the whole kernel. */
function namespaceOf(name: string): NamespaceType | null {
  if (name.startsWith("net.")) return "net";
  if (/^kernel\.(?:msg|sem$|shm)|^fs\.mqueue\./.test(name)) return "ipc"; // ipc_namespaces(7)
  if (/^kernel\.(?:hostname|domainname)$/.test(name)) return "uts"; // uts_namespaces(7)
  if (name === "kernel.ns_last_pid") return "pid"; // pid_namespaces(7)
  return name.startsWith("user.") ? "user" : null; // namespaces(7), /proc/sys/user
}
