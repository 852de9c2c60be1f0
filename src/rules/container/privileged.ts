import { actual, declared, fail, type JudgeContext, page, pass, rule, specified, unknown } from "../rule.ts";
import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { Seen } from "#model/finding.ts";
import { capabilityFact } from "./facts/capabilities.ts";
import { deviceGrants } from "./facts/devices.ts";
import { namespaceSharing } from "./facts/namespaces.ts";
import { declaredSource, nobodyKnows } from "./facts/witness.ts";

const TELLING = ["CAP_SYS_ADMIN", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_PTRACE", "CAP_MKNOD"];

export default rule({
  id: "SW-CTR-PRIVILEGED",
  subject: "container",
  title: "Privileged",
  severity: "critical",
  risk: "Every capability, every device, no seccomp filter, nothing masked: root inside is root on the host in one command, by mounting its disk or loading a module.",
  countermeasure:
    "Find out which of these powers the program needs, and give only that: a capability, a device, a mount. What needs the host as a whole should not be a container.",
  remediation: {
    run: "drop --privileged; add --cap-drop ALL and only the --cap-add, --device and --mount that are needed",
    compose: "remove privileged: true; add cap_drop: [ALL] and only the cap_add and devices that are needed",
  },
  cis: ["5.5"],
  aliases: ["CL-0002", "kics:ae5b6871-7f45-42e0-bb4c-ab300c4d2026", "semgrep:privileged-service"],
  references: [
    page("docker run --privileged", "https://docs.docker.com/reference/cli/docker/container/run/#privileged"),
  ],
  examples: {
    bad: "docker run --privileged IMAGE",
    good: "docker run --cap-drop ALL --device /dev/fuse IMAGE",
  },
  judge: (container, context) => {
    const signs = privilegedSigns(container);
    if (signs === null) return unknown(nobodyKnows(container).why);
    if (!signs.privileged) return pass("not privileged", signs.seen);
    const named = container.declared.ok && container.declared.value.privileged;
    const powers = signs.unfiltered ? "every device, no seccomp filter" : "every device";
    const message = named
      ? `privileged: every capability, ${powers}`
      : `privileged in all but name: every dangerous capability, ${powers}`;
    return fail(message, signs.seen, isMapped(container, context) ? { severity: "medium" } : {});
  },
});

/** What makes a container privileged, whatever option it was started with; null = nobody can tell. */
function privilegedSigns(
  container: ContainerEvidence,
): { privileged: boolean; unfiltered: boolean; seen: Seen[] } | null {
  if (!container.actual.ok && !container.specified.ok) {
    if (!container.declared.ok) return null;
    const { privileged } = container.declared.value;
    return {
      privileged,
      unfiltered: true,
      seen: [declared(declaredSource(container), privileged, "HostConfig.Privileged")],
    };
  }
  const capabilities = capabilityFact(container);
  const devices = deviceGrants(container);
  const open = unfiltered(container);
  if (!capabilities.known || !devices.known) return null;
  const everyCapability = TELLING.every((name) => capabilities.value.bounding.has(name));
  const everyDevice = devices.value.some(({ number }) => number === "*:*");
  const asked = container.declared.ok
    ? [declared(declaredSource(container), container.declared.value.privileged, "HostConfig.Privileged")]
    : [];
  const noFilter = open !== null && open.value === "0";
  // Engines since 23.0 give a privileged container a filter that is asked for by name, and nothing else is closed.
  const named = container.declared.ok && container.declared.value.privileged;
  return {
    privileged: everyCapability && everyDevice && (noFilter || named),
    unfiltered: noFilter,
    seen: [capabilities.seen, ...(open === null ? [] : [open]), devices.seen, ...asked],
  };
}

function unfiltered(container: ContainerEvidence): Seen | null {
  if (container.actual.ok) {
    const first = container.actual.value.processes.find(({ seccomp }) => seccomp !== null);
    if (first !== undefined) return actual(`/proc/${first.pid}/status`, first.seccomp ?? "", "Seccomp");
  }
  if (container.specified.ok) {
    const { source, seccomp } = container.specified.value;
    return specified(source, seccomp ?? "0", "linux.seccomp");
  }
  return null;
}

function isMapped(container: ContainerEvidence, context: JudgeContext): boolean {
  const user = namespaceSharing(container, "user", context);
  return user.known && user.value.with !== "host";
}
