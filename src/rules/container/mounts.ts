import type { ContainerEvidence } from "#model/evidence/container.ts";
import { SEVERITIES, type Severity, severityRank } from "#model/severity.ts";
import {
  declared,
  fail,
  type JudgeContext,
  type Judgement,
  man,
  notApplicable,
  page,
  pass,
  type Rule,
  rule,
  unknown,
} from "../rule.ts";
import { counted } from "./facts/amounts.ts";
import { hiddenMounts, isEngineMount, MAX_TOLD, type MountFact, mountFacts } from "./facts/mounts.ts";
import { isOnlyDeclared } from "./facts/state.ts";
import { sensitivityOf } from "./facts/sensitive-paths.ts";
import { userFact } from "./facts/user.ts";

const BIND_MOUNTS = page("Docker docs: bind mounts", "https://docs.docker.com/engine/storage/bind-mounts/");

const sensitive = rule({
  id: "SW-CTR-MOUNT-SENSITIVE",
  subject: "container",
  title: "Sees folders that belong to the host",
  severity: "high",
  risk: "Who writes the host's programs, settings or scheduled jobs runs code as root there. Who only reads them learns password hashes, keys and the way onward. A symbolic link or a volume that points there shows the same files under a harmless name.",
  countermeasure:
    "Copy what is needed into the image or a volume of its own. If the folder must be seen, mount the one file that is meant, read-only, and run as a user other than root.",
  remediation: {
    run: "drop the -v or --mount of that folder; or mount the one file that is needed, read-only",
    compose: "remove the entry of volumes:, or narrow it to the one file with read_only: true",
  },
  cis: ["5.6"],
  aliases: ["CL-0013", "CL-0025", "kics:1c1325ff-831d-43a1-973e-839ae57dfcc0"],
  references: [BIND_MOUNTS, man("mount_namespaces.7")],
  examples: { bad: "docker run -v /etc:/host-etc IMAGE", good: "docker run -v app-config:/config:ro IMAGE" },
  judge: (container, context) => {
    const mounts = mountFacts(container);
    if (!mounts.known) return unknown(mounts.why);
    const user = userFact(container);
    const root = isOnlyDeclared(container)
      ? asksForRoot(container)
      : !user.known || user.value.hostUids === null || user.value.hostUids.includes(0);
    const roots = dataRoots(context);
    const found = mounts.value
      .filter((mount) => mount.within === null && mount.target !== "/" && !isEngineMount(mount))
      .flatMap((mount) => judgeMount(mount, roots, root).map((judged) => ({ mount, judged })));
    if (found.length > MAX_TOLD) return manySensitive(found);
    if (found.length > 0) return found.map(({ judged }) => judged);
    const hidden = hiddenMounts(container);
    return hidden === null ? pass("sees no folder that belongs to the host", []) : unknown(hidden);
  },
});

/** The worst one by one, and the number of the others. */
function manySensitive(found: readonly { mount: MountFact; judged: Judgement }[]): Judgement[] {
  const rank = ({ judged }: { judged: Judgement }): number => severityRank(judged.severity ?? "high");
  const ordered = found.toSorted((a, b) => rank(b) - rank(a));
  const rest = ordered.slice(MAX_TOLD);
  const worst = rest[0]?.judged.severity;
  return [
    ...ordered.slice(0, MAX_TOLD).map(({ judged }) => judged),
    fail(
      `sees ${counted(rest.length, "more folder", "more folders")} that belong to the host`,
      rest.slice(0, 4).map(({ mount }) => mount.seen),
      { key: "more", ...(worst === undefined ? {} : { severity: worst }) },
    ),
  ];
}

function judgeMount(mount: MountFact, roots: readonly string[], root: boolean): Judgement[] {
  if (mount.hostPath === null) return [];
  const sensitivity = sensitivityOf(mount.hostPath, mount.writable, roots);
  const severity = sensitivity === null ? null : mount.writable ? sensitivity.writable : sensitivity.readable;
  if (sensitivity === null || severity === null) return [];
  const how = mount.writable ? "can write" : "can read";
  const as = root ? "" : ", as far as its user may";
  return [
    fail(`${how} ${mount.hostPath} (${sensitivity.holds}) at ${mount.target}${as}`, [mount.seen], {
      severity: root ? severity : lower(severity),
      key: mount.target,
    }),
  ];
}

const submount = rule({
  id: "SW-CTR-MOUNT-SUBMOUNT",
  subject: "container",
  title: "A read-only mount is writable further down",
  severity: "high",
  risk: "Read-only holds for the mount that was named, not for file systems mounted below it: with /:/host:ro, the folders /host/dev/shm, /host/proc and /host/sys stay writable.",
  countermeasure:
    "Mount the one folder that is needed. Docker 25 and newer on kernel 5.12 and newer make bind mounts read-only all the way down; older ones cannot.",
  remediation: {
    run: "mount a folder without file systems below it; on Docker 25+: --mount type=bind,src=…,dst=…,readonly,bind-recursive=readonly",
    compose: "bind: { recursive: readonly } (Docker 25 or newer), or a narrower source",
  },
  references: [BIND_MOUNTS, man("mount_setattr.2")],
  examples: { bad: "docker run -v /:/host:ro IMAGE", good: "docker run -v /var/log/app:/logs:ro IMAGE" },
  judge: (container) => {
    const mounts = mountFacts(container);
    if (!mounts.known) return unknown(mounts.why);
    if (!container.actual.ok) return notApplicable("only the kernel tells of mounts further down");
    const hidden = hiddenMounts(container);
    if (hidden !== null) return unknown(hidden);
    const closed = mounts.value.filter(
      (mount) =>
        mount.within === null &&
        !mount.writable &&
        mount.hostPath !== null &&
        mount.target !== "/" &&
        !isEngineMount(mount),
    );
    const judged = closed.flatMap((mount) => {
      // A namespace kept open by a file (nsfs) is a handle; there is nothing in it to write.
      const open = mounts.value.filter(
        ({ within, writable, type }) => within === mount.target && writable && type !== "nsfs",
      );
      if (open.length === 0) return [];
      const names = open.slice(0, 4).map(({ target }) => target);
      return [
        fail(
          `${mount.target} is read-only, but ${names.join(", ")}${open.length > 4 ? ` and ${open.length - 4} more` : ""} below it can be written`,
          [mount.seen, ...open.slice(0, 4).map(({ seen }) => seen)],
          { key: mount.target },
        ),
      ];
    });
    if (judged.length > 0) return judged;
    return closed.length === 0
      ? notApplicable("has no read-only mount of a host folder")
      : pass(
          "its read-only mounts are read-only all the way down",
          closed.slice(0, 3).map(({ seen }) => seen),
        );
  },
});

const propagation = rule({
  id: "SW-CTR-MOUNT-PROPAGATION",
  subject: "container",
  title: "Mounts made inside appear on the host",
  severity: "medium",
  risk: "A shared mount carries every mount that the container makes below it to the host, and over what lies there.",
  countermeasure:
    "Use private propagation (the default). Storage plug-ins that must mount for the host are the exception.",
  remediation: {
    run: "drop :shared or :rshared from the volume",
    compose: "bind: { propagation: rprivate }",
  },
  cis: ["5.20"],
  aliases: ["CL-0017", "kics:baa452f0-1f21-4a25-ace5-844e7a5f410d"],
  references: [man("mount_namespaces.7")],
  examples: { bad: "docker run -v /mnt:/mnt:rshared IMAGE", good: "docker run -v /mnt:/mnt IMAGE" },
  judge: (container) => {
    const mounts = mountFacts(container);
    if (!mounts.known) return unknown(mounts.why);
    const shared = mounts.value.filter(
      ({ shared: isShared, hostPath, within, target }) =>
        isShared && hostPath !== null && within === null && target !== "/",
    );
    return shared.length === 0
      ? pass("no mount is shared with the host", [])
      : shared.map(({ target, hostPath, seen }) =>
          fail(`mounts made below ${target} appear on the host below ${hostPath}`, [seen], { key: target }),
        );
  },
});

const rootfs = rule({
  id: "SW-CTR-ROOTFS-WRITABLE",
  subject: "container",
  title: "The root file system can be written",
  severity: "medium",
  risk: "An attacker can leave tools behind and change the program that runs; what differs from the image is lost on the next start, so nobody looks at it.",
  countermeasure:
    "Make it read-only, with a size-bounded tmpfs where the program writes. `docker diff` lists what it has written so far.",
  remediation: {
    run: "add --read-only --tmpfs /tmp:size=64m,noexec",
    compose: "read_only: true, and tmpfs: [/tmp:size=64m,noexec]",
  },
  cis: ["5.13"],
  aliases: ["CL-0007", "semgrep:writable-filesystem-service"],
  references: [
    page("docker run --read-only", "https://docs.docker.com/reference/cli/docker/container/run/#read-only"),
  ],
  examples: { bad: "docker run nginx", good: "docker run --read-only --tmpfs /tmp:size=64m nginx" },
  judge: (container) => {
    const mounts = mountFacts(container);
    if (!mounts.known) return unknown(mounts.why);
    const root = mounts.value.find(({ target }) => target === "/");
    if (root === undefined) return unknown("its root mount was not found");
    return root.writable
      ? fail("can write its root file system", [root.seen])
      : pass("its root file system is read-only", [root.seen]);
  },
});

const tmpfs = rule({
  id: "SW-CTR-TMPFS-FLAGS",
  subject: "container",
  title: "A tmpfs allows programs, setuid files or devices",
  severity: "low",
  risk: "The writable place in an otherwise read-only container becomes the place to run tools from.",
  countermeasure: "Leave the default options (noexec, nosuid, nodev), and set a size.",
  remediation: {
    run: "--tmpfs /path:size=64m (without exec, suid, dev)",
    compose: "tmpfs: [/path:size=64m]",
  },
  aliases: ["CL-0022"],
  references: [man("tmpfs.5")],
  examples: { bad: "docker run --tmpfs /run:exec IMAGE", good: "docker run --tmpfs /run:size=16m IMAGE" },
  judge: (container) => {
    if (isOnlyDeclared(container)) return declaredTmpfs(container);
    const mounts = mountFacts(container);
    if (!mounts.known) return unknown(mounts.why);
    const own = mounts.value.filter(
      ({ type, target, within, writable }) =>
        type === "tmpfs" && writable && within === null && !/^\/(?:dev|proc|sys)(?:\/|$)/.test(target),
    );
    const open = own.flatMap((mount) => {
      const lacks = ["noexec", "nosuid", "nodev"].filter((option) => !mount.options.includes(option));
      return lacks.length === 0 || mount.seen.witness !== "actual"
        ? []
        : [fail(`the tmpfs ${mount.target} lacks ${lacks.join(", ")}`, [mount.seen], { key: mount.target })];
    });
    if (open.length > 0) return open;
    return own.length === 0
      ? notApplicable("has no tmpfs of its own")
      : pass(
          "its tmpfs mounts are tight",
          own.map(({ seen }) => seen),
        );
  },
});

export default [sensitive, submount, propagation, rootfs, tmpfs] satisfies Rule<"container">[];

// Without a user the image decides, which is root more often than not.
function asksForRoot({ declared: asked }: ContainerEvidence): boolean {
  return !asked.ok || /^(?:|0|root)(?::|$)/.test(asked.value.user);
}

// What a declaration leaves out, the engine adds (moby, daemon/volumes_linux.go): noexec, nosuid, nodev.
function declaredTmpfs({ declared: asked }: ContainerEvidence): Judgement | Judgement[] {
  if (!asked.ok) return unknown(asked.why);
  const { source, tmpfs: mounts } = asked.value;
  const all = Object.entries(mounts);
  if (all.length === 0) return notApplicable("has no tmpfs of its own");
  const open = all.flatMap(([target, options]) => {
    const allowed = options.split(",").filter((option) => ["exec", "suid", "dev"].includes(option));
    if (allowed.length === 0) return [];
    const seen = [declared(source, `${target}:${options}`, "HostConfig.Tmpfs")];
    return [fail(`the tmpfs ${target} is mounted with ${allowed.join(", ")}`, seen, { key: target })];
  });
  return open.length > 0 ? open : pass("its tmpfs mounts are tight");
}

/** Folders in which the engines of this host keep images, containers and volumes. */
export function dataRoots({ evidence }: Pick<JudgeContext, "evidence">): string[] {
  const roots = evidence.engines.flatMap(({ info }) =>
    info.ok && info.value.rootDir !== "" ? [info.value.rootDir] : [],
  );
  return [...new Set([...roots, "/var/lib/docker", "/var/lib/containerd", "/var/lib/containers"])];
}

function lower(severity: Severity): Severity {
  return SEVERITIES[Math.max(0, severityRank(severity) - 1)] ?? severity;
}
