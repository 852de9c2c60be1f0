import type { ContainerEvidence } from "#model/evidence/container.ts";
import { SEVERITIES, type Severity, severityRank } from "#model/severity.ts";
import {
  actual,
  fail,
  type JudgeContext,
  man,
  notApplicable,
  page,
  pass,
  type Rule,
  rule,
  unknown,
} from "../rule.ts";
import { capabilitiesOf, capabilityFact, DEFAULT_CAPABILITIES } from "./facts/capabilities.ts";
import { namespaceSharing } from "./facts/namespaces.ts";
import { asksForNoNewPrivileges } from "./facts/security-options.ts";
import { broughtByPrivileged, isOnlyDeclared, NOT_YET } from "./facts/state.ts";
import { procPath } from "./facts/witness.ts";

/** What each dangerous capability gives away (capabilities(7)), and how bad that is on a shared kernel. */
export const DANGEROUS: Readonly<Record<string, readonly [Severity, string]>> = {
  CAP_SYS_ADMIN: ["critical", "mount file systems, enter namespaces, and most of what root can do"],
  CAP_SYS_MODULE: ["critical", "load code into the kernel"],
  CAP_SYS_RAWIO: ["critical", "read and write memory and ports of the machine"],
  CAP_DAC_READ_SEARCH: ["high", "open any file of the host's file system by its handle"],
  CAP_SYS_PTRACE: ["high", "read and change other processes"],
  CAP_BPF: ["high", "load BPF programs"],
  CAP_PERFMON: ["high", "watch the kernel and all processes"],
  CAP_NET_ADMIN: ["high", "change interfaces, routes and firewall rules"],
  CAP_MAC_ADMIN: ["high", "change the rules of the security module"],
  CAP_MAC_OVERRIDE: ["high", "pass by the security module"],
  CAP_AUDIT_CONTROL: ["high", "switch the kernel's audit off"],
  CAP_SYS_BOOT: ["high", "restart the machine or load another kernel"],
  CAP_SYS_TIME: ["medium", "set the clock of the host"],
  CAP_SYSLOG: ["medium", "read kernel addresses that defeat address randomisation"],
  CAP_CHECKPOINT_RESTORE: ["medium", "choose process ids and read namespaces of others"],
  CAP_LINUX_IMMUTABLE: ["medium", "remove the immutable flag of files"],
};

const dangerous = rule({
  id: "SW-CTR-CAP-DANGEROUS",
  subject: "container",
  title: "Holds capabilities that lead to the host",
  severity: "critical",
  risk: "Each of these capabilities is a known way from root inside to root on the host, or past the host's own protection.",
  countermeasure:
    "Drop it. If a program needs one of its many powers, look for the narrow way: a device in place of SYS_RAWIO, NET_BIND_SERVICE in place of NET_ADMIN, FUSE through a helper in place of SYS_ADMIN.",
  remediation: {
    run: "add --cap-drop ALL, then --cap-add only what the program proves to need",
    compose: "cap_drop: [ALL] with cap_add: [what is needed]",
  },
  cis: ["5.4"],
  aliases: ["docker-bench:C.5.3", "CL-0011", "CL-0024", "CL-0027", "CL-0028", "CL-0029", "CL-0030"],
  references: [
    man("capabilities.7"),
    page("Docker docs: capabilities", "https://docs.docker.com/engine/security/#linux-kernel-capabilities"),
  ],
  examples: { bad: "docker run --cap-add SYS_ADMIN IMAGE", good: "docker run --cap-drop ALL IMAGE" },
  judge: (container, context) => {
    const privileged = broughtByPrivileged(container);
    if (privileged !== null) return privileged;
    const capabilities = capabilityFact(container);
    if (!capabilities.known) return unknown(capabilities.why);
    const { held, bounding } = capabilities.value;
    const within = reachable(container, held, bounding);
    const found = Object.keys(DANGEROUS).filter((name) => within.has(name));
    if (found.length === 0) return pass("holds no dangerous capability", [capabilities.seen]);
    const severity = worstOf(found, held, container, context);
    const what = found
      .slice(0, 4)
      .map((name) => `${short(name)} (${DANGEROUS[name]?.[1]})`)
      .join(", ");
    const more = found.length > 4 ? ` and ${found.length - 4} more` : "";
    const holds = isOnlyDeclared(container) ? "is given" : "holds";
    const how = found.some((name) => held.has(name)) ? holds : "can gain, through a setuid file,";
    return fail(`${how} ${what}${more}`, [capabilities.seen], { severity, key: found.join(",") });
  },
});

const defaults = rule({
  id: "SW-CTR-CAP-DEFAULT",
  subject: "container",
  title: "Keeps capabilities that it was given by default",
  severity: "low",
  risk: "The default set lets root inside forge network packets (NET_RAW), make device nodes (MKNOD), read any file (DAC_OVERRIDE) and become any user (SETUID): more than most programs ever use.",
  countermeasure:
    "Start from none and add back what the program needs; most servers need none or NET_BIND_SERVICE.",
  remediation: {
    run: "add --cap-drop ALL, then --cap-add only what the program proves to need",
    compose: "cap_drop: [ALL]",
  },
  cis: ["5.4"],
  aliases: ["CL-0006", "kics:ce76b7d0-9e77-464d-b86f-c5c48e03e22d"],
  references: [man("capabilities.7")],
  examples: { bad: "docker run nginx", good: "docker run --cap-drop ALL --cap-add NET_BIND_SERVICE nginx" },
  judge: (container) => {
    const privileged = broughtByPrivileged(container);
    if (privileged !== null) return privileged;
    const capabilities = capabilityFact(container);
    if (!capabilities.known) return unknown(capabilities.why);
    const { held, bounding } = capabilities.value;
    // What a file gives back by name after it has dropped all was not left by default.
    const asked = isOnlyDeclared(container) && container.declared.ok ? container.declared.value : null;
    const given = new Set(asked?.capDrop.includes("ALL") === true ? asked.capAdd : []);
    const kept = [...reachable(container, held, bounding)].filter(
      (name) => DEFAULT_CAPABILITIES.has(name) && !given.has(name),
    );
    return kept.length === 0
      ? pass("keeps none of the default capabilities", [capabilities.seen])
      : fail(`keeps ${kept.length} of the 14 default capabilities: ${kept.map(short).join(", ")}`, [
          capabilities.seen,
        ]);
  },
});

const ambient = rule({
  id: "SW-CTR-CAP-AMBIENT",
  subject: "container",
  title: "Hands capabilities on to every program it starts",
  severity: "medium",
  risk: "Inheritable and ambient capabilities pass to programs that ask for none, also for users other than root: engines before the fix of CVE-2022-24769 set them for every container.",
  countermeasure: "Update the engine; give file capabilities to the one program that needs them.",
  remediation: { host: "update docker and containerd, then recreate the container" },
  references: [
    man("capabilities.7"),
    page("CVE-2022-24769", "https://www.cve.org/CVERecord?id=CVE-2022-24769"),
  ],
  examples: { bad: "an engine older than Docker 20.10.14", good: "Docker 20.10.14 or newer" },
  judge: (container) => {
    if (isOnlyDeclared(container)) return notApplicable(NOT_YET);
    if (!container.actual.ok) return unknown(container.actual.why);
    const first = container.actual.value.processes.find(
      ({ capabilities }) =>
        capabilitiesOf(capabilities.ambient).size > 0 || capabilitiesOf(capabilities.inheritable).size > 0,
    );
    if (first === undefined) {
      return pass("no inheritable or ambient capabilities", [
        actual(procPath(container, "status"), "0", "CapInh, CapAmb"),
      ]);
    }
    const names = capabilitiesOf(
      capabilitiesOf(first.capabilities.ambient).size > 0
        ? first.capabilities.ambient
        : first.capabilities.inheritable,
    );
    return fail(`${first.comm} passes on ${[...names].map(short).join(", ")}`, [
      actual(
        `/proc/${first.pid}/status`,
        `${first.capabilities.inheritable} ${first.capabilities.ambient}`,
        "CapInh CapAmb",
      ),
    ]);
  },
});

export default [dangerous, defaults, ambient] satisfies Rule<"container">[];

/** `SYS_ADMIN` for `CAP_SYS_ADMIN`, as people write it on command lines. */
function short(name: string): string {
  return name.replace(/^CAP_/, "");
}

// What no process holds can only come back through setuid files or file capabilities, which
// no_new_privs rules out (prctl(2), PR_SET_NO_NEW_PRIVS).
function reachable(
  container: ContainerEvidence,
  held: ReadonlySet<string>,
  bounding: ReadonlySet<string>,
): ReadonlySet<string> {
  const locked = isOnlyDeclared(container)
    ? container.declared.ok && asksForNoNewPrivileges(container.declared.value.securityOpt)
    : container.actual.ok && container.actual.value.processes.every(({ noNewPrivs }) => noNewPrivs === true);
  return locked ? held : new Set([...held, ...bounding]);
}

function worstOf(
  found: string[],
  held: ReadonlySet<string>,
  container: ContainerEvidence,
  context: JudgeContext,
): Severity {
  const ranks = found.map((name) => {
    const rank = severityRank(DANGEROUS[name]?.[0] ?? "low");
    return held.has(name) ? rank : rank - 1;
  });
  const worst = Math.max(...ranks);
  // In a user namespace of its own a capability reaches only what that namespace owns.
  const user = namespaceSharing(container, "user", context);
  const mapped = user.known && user.value.with !== "host";
  return SEVERITIES[Math.min(worst, mapped ? severityRank("medium") : worst)] ?? "medium";
}
