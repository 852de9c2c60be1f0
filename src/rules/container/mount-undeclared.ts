import type { ContainerEvidence } from "#model/evidence/container.ts";
import { declared, fail, man, notApplicable, pass, rule, specified, unknown } from "../rule.ts";
import { counted } from "./facts/amounts.ts";
import { hiddenMounts, MAX_TOLD, mountFacts } from "./facts/mounts.ts";
import { declaredSource } from "./facts/witness.ts";

export default rule({
  id: "SW-CTR-MOUNT-UNDECLARED",
  subject: "container",
  title: "Has a host folder that nobody asked for",
  severity: "critical",
  risk: "A file system of the host was mounted into the container after its start. No engine does that: it was a debugging session that was left open, or an attacker who has been on the host.",
  countermeasure:
    "Find out who entered the container's mount namespace (audit log, setns and move_mount calls). Recreate the container: its mounts are then those that were asked for.",
  remediation: { run: "docker rm -f NAME and start it anew, after the host has been looked at" },
  references: [man("move_mount.2"), man("mount_namespaces.7")],
  examples: {
    bad: "nsenter --target PID --mount mount --bind …",
    good: "docker run --mount type=bind,… (declared)",
  },
  judge: (container) => {
    if (!container.actual.ok) return notApplicable("it does not run");
    const hidden = hiddenMounts(container);
    if (hidden !== null) return unknown(hidden);
    const mounts = mountFacts(container);
    if (!mounts.known) return unknown(mounts.why);
    const asked = askedTargets(container);
    if (asked === null)
      return unknown("neither the engine nor the runtime tells which mounts were asked for");
    const strangers = mounts.value.filter(
      ({ target, hostPath, within, type }) =>
        hostPath !== null &&
        within === null &&
        target !== "/" &&
        // The kernel's own file systems are mounted anew per container; the host shows equal ones.
        !/^(?:proc|sysfs|cgroup2?|mqueue|devpts)$/.test(type) &&
        // With a user namespace the runtime binds the device nodes that it may not make (runc, createDevices).
        !(target.startsWith("/dev/") && hostPath.startsWith("/dev/")) &&
        !asked.includes(target),
    );
    const source = container.specified.ok
      ? specified(container.specified.value.source, "does not list it", "mounts")
      : declared(declaredSource(container), "does not list it", "Mounts");
    if (strangers.length === 0) return pass("every mount of a host folder was asked for", []);
    const told = strangers
      .slice(0, MAX_TOLD)
      .map(({ target, hostPath, writable, seen }) =>
        fail(
          `${hostPath} of the host is mounted at ${target} (${writable ? "writable" : "read-only"}), which nobody asked for`,
          [seen, source],
          { key: target },
        ),
      );
    const rest = strangers.slice(MAX_TOLD);
    if (rest.length === 0) return told;
    const more = fail(
      `${counted(rest.length, "more folder of the host is", "more folders of the host are")} mounted, which nobody asked for`,
      [...rest.slice(0, 4).map(({ seen }) => seen), source],
      { key: "more" },
    );
    return [...told, more];
  },
});

/** Places at which the engine and the user have asked for mounts; null = not known. */
function askedTargets(container: ContainerEvidence): string[] | null {
  if (container.specified.ok) {
    const { mounts, maskedPaths, readonlyPaths, devices } = container.specified.value;
    return [
      ...mounts.map(({ target }) => target),
      ...maskedPaths,
      ...readonlyPaths,
      ...devices.map(({ path }) => path),
      ...RUNTIME_OWN,
    ];
  }
  if (container.declared.ok) {
    return [
      ...container.declared.value.mounts.map(({ target }) => target),
      ...Object.keys(container.declared.value.tmpfs),
      ...RUNTIME_OWN,
      "/proc",
      "/sys",
      "/etc/resolv.conf",
      "/etc/hostname",
      "/etc/hosts",
      "/run/.containerenv",
      "/run/secrets",
    ];
  }
  return null;
}

const RUNTIME_OWN = ["/sbin/docker-init", "/.dockerenv"];
