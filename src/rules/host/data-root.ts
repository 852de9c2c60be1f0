import { posix } from "node:path";
import type { HostEvidence } from "#model/evidence/host.ts";
import type { MountEvidence } from "#model/evidence/mount.ts";
import {
  actual,
  fail,
  type Judgement,
  man,
  notApplicable,
  page,
  pass,
  type Rule,
  rule,
  unknown,
} from "../rule.ts";
import { dataRoots } from "./facts/daemon-places.ts";
import { canonicalPath, fileAt } from "./facts/files.ts";
import { mountOf, mountText } from "./facts/mounts.ts";

// Folders that the system itself needs space in; a disk mounted elsewhere was put there for data.
const SYSTEM_FOLDERS = new Set(["/", "/var", "/var/lib", "/usr", "/home", "/root", "/opt"]);

export default rule({
  id: "SW-HOST-DATA-ROOT-PARTITION",
  subject: "host",
  title: "The engine's data shares a file system with the host",
  severity: "medium",
  risk: "Images, logs and writable layers grow until the disk is full. On the file system of / that stops the host: no logs, no logins, no package updates. A container can bring it about by writing a file.",
  countermeasure:
    "Give the data root a file system of its own, or move it to a data disk. Quotas per container (storage-opts, xfs with pquota) bound single containers as well. The bind mount of the data root on itself that dockerd makes is not a file system of its own.",
  remediation: {
    host: "stop the engine, mount a file system of its own at the data root (/etc/fstab), copy the data, start the engine",
    daemon: '"data-root": "/data/docker"',
  },
  cis: ["1.1.1"],
  references: [
    page("Docker docs: data root", "https://docs.docker.com/engine/daemon/#daemon-data-directory"),
    man("proc_pid_mountinfo.5"),
  ],
  examples: {
    bad: "findmnt --target /var/lib/docker\n/  /dev/sda1 ext4",
    good: "findmnt --target /var/lib/docker\n/var/lib/docker  /dev/sdb1 xfs rw,pquota",
  },
  judge: (host, context) => {
    const { found, unread, absent } = dataRoots(host, context);
    if (found.length === 0) return unread.length > 0 ? unknown(unread.join("; ")) : notApplicable(absent);
    const judged = found.map(({ path }) => judgeRoot(host, path));
    for (const why of unread) judged.push({ ...unknown(why), key: "unread" });
    return judged;
  },
}) satisfies Rule<"host">;

function judgeRoot(host: HostEvidence, path: string): Judgement {
  const stat = fileAt(host, path);
  const device = stat.ok ? stat.value?.device : undefined;
  if (!host.mounts.ok) return { ...byDevices(host, path, device), key: path };
  const mounts = host.mounts.value;
  const own = mountOf(mounts, path);
  const root = mountOf(mounts, "/");
  if (own === null || root === null) {
    return { ...unknown(`the mounts of the host do not show what ${path} lies on`), key: path };
  }
  const place = fileSystemOf(mounts, own);
  const evidence = [
    actual("/proc/self/mountinfo", mountText(place), path),
    actual("/proc/self/mountinfo", mountText(root), "/"),
    ...(device === undefined ? [] : [actual("lstat", `device ${device}`, path)]),
  ];
  if (place.device === root.device) {
    return fail(`${path} lies on the same file system as /`, evidence, { key: path });
  }
  const folder = canonicalPath(place.target);
  if (SYSTEM_FOLDERS.has(folder)) {
    return fail(`${path} shares the file system of ${folder} with the rest of what is there`, evidence, {
      key: path,
      severity: "low",
    });
  }
  return {
    ...pass(`${path} lies on a file system apart from that of /, mounted at ${folder}`, evidence),
    key: path,
  };
}

// dockerd mounts its data root on itself (moby, daemon/daemon_linux.go): a mount point, yet the same device
// as the folder above it. Only another device is another file system.
function fileSystemOf(mounts: readonly MountEvidence[], mount: MountEvidence): MountEvidence {
  let place = mount;
  while (place.target !== "/") {
    const { target, device } = place;
    const above = mountOf(
      mounts.filter((other) => other.target !== target),
      posix.dirname(target),
    );
    if (above === null || above.device !== device) return place;
    place = above;
  }
  return place;
}

// Without the mounts only the device numbers of stat(2) are left.
function byDevices(host: HostEvidence, path: string, device: string | undefined): Judgement {
  const why = host.mounts.ok ? "" : host.mounts.why;
  const parent = posix.dirname(path);
  const [root, above] = ["/", parent].map((folder) => {
    const stat = fileAt(host, folder);
    return stat.ok ? stat.value?.device : undefined;
  });
  if (device === undefined || (root === undefined && above === undefined)) {
    return unknown(`what ${path} lies on could not be read (${why})`);
  }
  const evidence = [
    actual("lstat", `device ${device}`, path),
    root === undefined
      ? actual("lstat", `device ${above ?? ""}`, parent)
      : actual("lstat", `device ${root}`, "/"),
  ];
  if (device === (root ?? above)) {
    return fail(`${path} lies on the same file system as ${root === undefined ? parent : "/"}`, evidence);
  }
  return pass(
    `${path} lies on a file system apart from that of ${root === undefined ? parent : "/"}`,
    evidence,
  );
}
