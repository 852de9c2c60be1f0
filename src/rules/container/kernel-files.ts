import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { Seen } from "#model/finding.ts";
import {
  actual,
  fail,
  man,
  notApplicable,
  page,
  pass,
  type Rule,
  rule,
  specified,
  unknown,
} from "../rule.ts";
import { hiddenMounts, MAX_TOLD, type MountFact, mountFacts } from "./facts/mounts.ts";
import { listed } from "./facts/amounts.ts";
import { broughtByPrivileged } from "./facts/state.ts";
import { userFact } from "./facts/user.ts";
import { procPath } from "./facts/witness.ts";

/** Files below /proc and /sys that switch the whole machine, and what they do (proc(5), sysfs(5)). */
const SWITCHES: readonly [path: string, what: string][] = [
  ["/proc/sys", "kernel settings, core_pattern among them, which runs a program as root on the host"],
  ["/proc/sysrq-trigger", "restart or crash the machine"],
  ["/sys", "kernel objects, uevent_helper among them, which runs a program as root on the host"],
  ["/sys/fs/cgroup", "control groups, release_agent among them, which runs a program as root on the host"],
];

const masks = rule({
  id: "SW-CTR-MASKS",
  subject: "container",
  title: "Kernel files are not masked",
  severity: "high",
  risk: "The engine hides files such as /proc/kcore (memory of the machine), /proc/keys and /sys/firmware. Without the masks root inside reads them. A mask that shows something else than an empty device means that somebody has exchanged it (CVE-2025-31133, CVE-2025-52565).",
  countermeasure: "Do not switch the masks off. Update runc to 1.2.8, 1.3.3 or newer.",
  remediation: {
    run: "drop --security-opt systempaths=unconfined (and --privileged)",
    compose: "remove systempaths=unconfined from security_opt",
  },
  references: [
    page(
      "Docker docs: security options",
      "https://docs.docker.com/reference/cli/docker/container/run/#security-opt",
    ),
    page("CVE-2025-31133", "https://www.cve.org/CVERecord?id=CVE-2025-31133"),
  ],
  examples: { bad: "docker run --security-opt systempaths=unconfined IMAGE", good: "docker run IMAGE" },
  judge: (container) => {
    const brought = broughtByPrivileged(container);
    if (brought !== null) return brought;
    if (container.specified.ok) {
      const { maskedPaths, readonlyPaths, source } = container.specified.value;
      if (maskedPaths.length === 0) {
        return fail("no kernel file is masked", [
          specified(source, "[]", "linux.maskedPaths"),
          specified(
            source,
            readonlyPaths.length === 0 ? "[]" : readonlyPaths.join(" "),
            "linux.readonlyPaths",
          ),
        ]);
      }
      const exchanged = exchangedMasks(container, maskedPaths);
      if (exchanged.length > 0) {
        return fail(
          `the mask of ${exchanged.map(({ target }) => target).join(", ")} shows something else than an empty file`,
          exchanged.map(({ seen }) => seen),
          { severity: "critical" },
        );
      }
      return pass("the engine's masks are in place", [
        specified(source, `${maskedPaths.length} paths`, "linux.maskedPaths"),
      ]);
    }
    if (container.declared.ok && container.declared.value.maskedPaths !== null) {
      const { maskedPaths, source } = container.declared.value;
      const seen: Seen = {
        witness: "declared",
        source,
        path: "HostConfig.MaskedPaths",
        value: maskedPaths.length === 0 ? "[]" : `${maskedPaths.length} paths`,
      };
      return maskedPaths.length === 0 ? fail("no kernel file is masked", [seen]) : pass("masked", [seen]);
    }
    return container.declared.ok ? pass("nothing switches the masks off") : unknown(container.declared.why);
  },
});

// A masked file shows /dev/null (character device 1:3, root "/null" of the devices' file system), a masked
// folder an empty read-only tmpfs (runc, libcontainer/rootfs_linux.go, maskPath).
function exchangedMasks(container: ContainerEvidence, paths: readonly string[]): MountFact[] {
  if (!container.actual.ok || !container.actual.value.mounts.ok) return [];
  const roots = new Map(
    container.actual.value.mounts.value.map(({ target, root, type }) => [target, { root, type }]),
  );
  const mounts = mountFacts(container);
  if (!mounts.known) return [];
  return mounts.value.filter(({ target, writable, type }) => {
    if (!paths.includes(target)) return false;
    const root = roots.get(target)?.root;
    const emptyFile = root === "/null" || root === "/dev/null";
    const emptyFolder = type === "tmpfs" && root === "/" && !writable;
    return !emptyFile && !emptyFolder;
  });
}

const writable = rule({
  id: "SW-CTR-KERNEL-WRITABLE",
  subject: "container",
  title: "Can write switches of the host's kernel",
  severity: "critical",
  risk: "Files below /proc/sys, /sys and the cgroup tree are the kernel's own switches. Several of them name a program that the kernel then runs as root, outside every container (CVE-2022-0492 is one way in).",
  countermeasure:
    "Leave /proc/sys and /sys read-only, as the engine makes them; set single sysctls of the container's own namespaces by --sysctl.",
  remediation: {
    run: "drop --privileged, --security-opt systempaths=unconfined, and mounts of /sys or /proc",
    compose: "remove privileged, systempaths=unconfined, and mounts of /sys or /proc",
  },
  references: [
    man("core.5"),
    man("cgroups.7"),
    page("CVE-2022-0492", "https://www.cve.org/CVERecord?id=CVE-2022-0492"),
  ],
  examples: {
    bad: "docker run --security-opt systempaths=unconfined IMAGE",
    good: "docker run --sysctl net.core.somaxconn=1024 IMAGE",
  },
  judge: (container, context) => {
    if (!container.actual.ok) {
      return container.specified.ok || container.declared.ok
        ? notApplicable("it does not run; only the kernel tells what can be written")
        : unknown(container.actual.why);
    }
    const hidden = hiddenMounts(container);
    if (hidden !== null) return unknown(hidden);
    const mounts = mountFacts(container);
    if (!mounts.known) return unknown(mounts.why);
    // A kernel built without sysrq has no such file, and the runtime then makes no mount for it: only an order
    // that does not ask for one tells that it is open.
    const order = container.specified.ok ? container.specified.value.readonlyPaths : null;
    const mounted = mounts.value.some(({ target }) => target === "/proc/sysrq-trigger");
    const absent = (path: string): boolean =>
      path === "/proc/sysrq-trigger" && !mounted && (order === null || order.includes(path));
    const open = SWITCHES.filter(([path]) => !absent(path)).flatMap(([path, what]) => {
      const mount = covering(mounts.value, path);
      return mount !== null && mount.writable && /^(?:proc|sysfs|cgroup2?)$/.test(mount.type)
        ? [{ path, what, mount }]
        : [];
    });
    open.push(...elsewhere(mounts.value));
    // cgroup v1 lies in one mount per controller, below a tmpfs.
    const controller = mounts.value.find(
      ({ target, type, writable: isWritable }) =>
        isWritable && /^cgroup2?$/.test(type) && target !== "/sys/fs/cgroup",
    );
    if (controller !== undefined && !open.some(({ path }) => path === "/sys/fs/cgroup")) {
      open.push({ path: controller.target, what: SWITCHES[3]?.[1] ?? "", mount: controller });
    }
    if (open.length === 0) {
      return pass("the kernel's switches are read-only", [
        actual(procPath(container, "mountinfo"), "/proc/sys and /sys are read-only"),
      ]);
    }
    const user = userFact(container);
    const hostRoot = user.known && user.value.hostUids?.includes(0) === true;
    return fail(
      `can write ${listed(open.map(({ path }) => path))} (${open[0]?.what})${hostRoot ? "" : "; only root of the host may, which it is not"}`,
      open.slice(0, 8).map(({ mount }) => mount.seen),
      hostRoot || context.host === null ? {} : { severity: "medium" },
    );
  },
});

export default [masks, writable] satisfies Rule<"container">[];

/** The same file systems at other places: the host's by a bind mount, or mounted anew from inside. */
function elsewhere(mounts: readonly MountFact[]): { path: string; what: string; mount: MountFact }[] {
  const others = mounts.filter(
    ({ type, target, writable: isWritable }) =>
      isWritable && (type === "proc" || type === "sysfs") && !/^\/(?:proc|sys)(?:\/|$)/.test(target),
  );
  return others.slice(0, MAX_TOLD).flatMap((mount) => {
    const { target, type, hostPath } = mount;
    const [home, switches] = type === "proc" ? ["/proc", "/proc/sys"] : ["/sys", "/sys"];
    const what = SWITCHES.find(([path]) => path === switches)?.[1] ?? "";
    if (hostPath === switches || hostPath?.startsWith(`${switches}/`) === true) {
      return [{ path: target, what, mount }];
    }
    // A bind of another part of it: the folder of one process, for one.
    if (hostPath !== null && hostPath !== home) return [];
    const path = target + switches.slice(home.length);
    return covering(mounts, path) === mount ? [{ path, what, mount }] : [];
  });
}

/** The mount on which `path` lies: the deepest, and of several at one place the last. */
function covering(mounts: readonly MountFact[], path: string): MountFact | null {
  let best: MountFact | null = null;
  for (const mount of mounts) {
    const covers = mount.target === "/" || path === mount.target || path.startsWith(`${mount.target}/`);
    if (covers && (best === null || mount.target.length >= best.target.length)) best = mount;
  }
  return best;
}
