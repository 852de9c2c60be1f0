import type { HostEvidence } from "#model/evidence/host.ts";
import { actual, fail, type Judgement, man, notApplicable, pass, type Rule, rule, unknown } from "../rule.ts";
import { fileAt, octal } from "./facts/files.ts";
import { mountOf, mountText } from "./facts/mounts.ts";

const separate = (
  [
    {
      path: "/var/log",
      severity: "low",
      risk: "Logs that grow fill the disk of everything else, and a full disk stops the log: both hide an attack.",
      countermeasure:
        "Give logs a file system of their own, or bound them: SystemMaxUse of journald.conf, max-size of the engine's log driver.",
    },
    {
      path: "/tmp",
      severity: "low",
      risk: "Every user fills the disk of the whole host by writing to /tmp, and can hard-link files of other users there.",
      countermeasure:
        "Mount a tmpfs there (tmp.mount of systemd) or a file system of its own. A tmpfs uses memory; big temporary files then need another place.",
    },
  ] as const
).map(({ path, severity, risk, countermeasure }) =>
  rule({
    id: `SW-HOST-MOUNT${path.toUpperCase().replaceAll("/", "-")}`,
    subject: "host",
    title: `${path} has no file system of its own`,
    severity,
    risk,
    countermeasure,
    remediation: {
      host:
        path === "/tmp"
          ? "systemctl enable --now tmp.mount; or in /etc/fstab: tmpfs /tmp tmpfs nodev,nosuid,noexec,size=2G 0 0"
          : `mount a file system of its own at ${path} by /etc/fstab`,
    },
    cis: ["1.2.1"],
    aliases: ["lynis:FILE-6310"],
    references: [man("fstab.5"), man("hier.7")],
    examples: {
      bad: `findmnt --target ${path}\n/  /dev/sda1`,
      good: `findmnt --target ${path}\n${path}  /dev/sdb1`,
    },
    judge: (host) => {
      if (!host.mounts.ok) return unknown(host.mounts.why);
      const mount = mountOf(host.mounts.value, path);
      if (mount === null) return unknown(`the mounts of the host do not show what ${path} lies on`);
      const seen = actual("/proc/self/mountinfo", mountText(mount), path);
      const root = mountOf(host.mounts.value, "/");
      // A bind mount of the same file system has no space of its own; one shared with /var is apart from /.
      if (mount.target === "/" || mount.device === root?.device) {
        return fail(`${path} lies on the same file system as /`, [seen]);
      }
      if (mount.target === path) return pass(`${path} has a file system of its own`, [seen]);
      return pass(`${path} lies on the file system of ${mount.target}, apart from that of /`, [seen]);
    },
  }),
);

const OPTIONS = ["nodev", "nosuid", "noexec"] as const;

const options = (["/tmp", "/var/tmp", "/dev/shm"] as const).map((path) =>
  rule({
    id: `SW-HOST-MOUNT${path.toUpperCase().replaceAll("/", "-")}-OPTIONS`,
    subject: "host",
    title: `${path} allows devices, set-user-id programs or programs`,
    severity: "low",
    risk: "Everybody may write here, containers that mount it too. A set-user-id program or a device node that somebody with root in a container leaves here works for every user of the host; programs here are what attackers fetch first.",
    countermeasure:
      "Mount it with nodev, nosuid and noexec. noexec stops some installers and build tools, which take another folder by TMPDIR.",
    remediation: {
      host: `mount -o remount,${OPTIONS.join(",")} ${path}, and the same options in /etc/fstab`,
    },
    cis: ["1.2.1"],
    aliases: ["lynis:FILE-6374"],
    references: [man("mount.8"), man("mount.2")],
    examples: { bad: `tmpfs ${path} tmpfs rw 0 0`, good: `tmpfs ${path} tmpfs rw,nodev,nosuid,noexec 0 0` },
    judge: (host) => {
      if (!host.mounts.ok) return unknown(host.mounts.why);
      const mount = mountOf(host.mounts.value, path);
      if (mount === null) return unknown(`the mounts of the host do not show what ${path} lies on`);
      const seen = actual("/proc/self/mountinfo", mountText(mount), path);
      const lacking = OPTIONS.filter((option) => !mount.options.includes(option));
      if (lacking.length === 0) return pass(`${path} has ${OPTIONS.join(", ")}`, [seen]);
      const own = mount.target === path;
      return fail(
        `${own ? path : `${path} is a part of ${mount.target}, which`} lacks ${lacking.join(", ")}`,
        [seen],
        {
          severity: lacking.length === 1 && lacking[0] === "noexec" ? "info" : "low",
          remediation: own
            ? `mount -o remount,${OPTIONS.join(",")} ${path}, and the same options in /etc/fstab`
            : `in /etc/fstab: ${path} ${path} none bind,${OPTIONS.join(",")} 0 0; then mount ${path}`,
        },
      );
    },
  }),
);

// `hidepid=` takes numbers and, since Linux 5.8, words (Documentation/filesystems/proc.rst).
const HIDDEN = /^hidepid=(?:1|2|4|noaccess|invisible|ptraceable)$/;

const hidepid = rule({
  id: "SW-HOST-MOUNT-PROC-HIDEPID",
  subject: "host",
  title: "Every user sees the processes of all others",
  severity: "low",
  risk: "Command lines of other users hold passwords and tokens, and tell what runs. A container that shares the host's process ids sees them too.",
  countermeasure:
    "Mount /proc with hidepid=invisible. systemd-logind, polkit and monitoring agents must keep their sight: give them the group that gid= names.",
  remediation: {
    host: "mount -o remount,hidepid=invisible,gid=proc /proc, and in /etc/fstab: proc /proc proc hidepid=invisible,gid=proc 0 0 (groupadd --system proc; add monitoring agents to it)",
  },
  cis: ["1.2.1"],
  aliases: ["lynis:FILE-6344"],
  references: [man("proc.5")],
  examples: { bad: "proc /proc proc defaults 0 0", good: "proc /proc proc hidepid=invisible,gid=proc 0 0" },
  judge: (host) => {
    if (!host.mounts.ok) return unknown(host.mounts.why);
    const mount = host.mounts.value.findLast(({ target, type }) => target === "/proc" && type === "proc");
    if (mount === undefined) return unknown("the mounts of the host do not show /proc");
    const all = [...mount.options, ...mount.superOptions];
    const seen = actual("/proc/self/mountinfo", [...new Set(all)].join(","), "/proc");
    if (all.some((option) => HIDDEN.test(option))) {
      return pass("processes of others are hidden", [seen]);
    }
    return fail("/proc is mounted without hidepid, so users see each other's processes", [seen]);
  },
});

const STICKY = ["/tmp", "/var/tmp", "/dev/shm"];

const sticky = rule({
  id: "SW-HOST-STICKY-BITS",
  subject: "host",
  title: "Users may remove each other's files in a shared folder",
  severity: "high",
  risk: "Without the sticky bit everybody may rename and remove what others keep here, and put a file of their own in its place: programs of root then read the attacker's file.",
  countermeasure: "Set the sticky bit on every folder that everybody may write.",
  remediation: { host: "chmod 1777 /tmp /var/tmp /dev/shm" },
  cis: ["1.2.1"],
  aliases: ["lynis:FILE-6362"],
  references: [man("inode.7")],
  examples: { bad: "chmod 0777 /tmp", good: "chmod 1777 /tmp" },
  judge: (host) => {
    const faults: Judgement[] = [];
    const evidence = [];
    for (const path of STICKY) {
      const stat = stickyFault(host, path);
      if (stat.fault !== null) faults.push({ ...stat.fault, key: path });
      evidence.push(...stat.seen);
    }
    if (faults.length > 0) return faults;
    if (evidence.length === 0) return notApplicable("none of the shared folders exists");
    return pass("every shared folder has the sticky bit", evidence);
  },
});

function stickyFault(host: HostEvidence, path: string) {
  const stat = fileAt(host, path);
  if (!stat.ok) return { fault: unknown(stat.why), seen: [] };
  if (stat.value === null) return { fault: null, seen: [] };
  const { mode, type } = stat.value;
  if (type === "link")
    return { fault: unknown(`${path} is a symbolic link; its target was not read`), seen: [] };
  const seen = [actual("lstat", octal(mode), path)];
  if ((mode & 0o002) === 0 || (mode & 0o1000) !== 0) return { fault: null, seen };
  const fault = fail(`${path} may be written by everybody and has no sticky bit (${octal(mode)})`, seen, {
    remediation: `chmod +t ${path}`,
  });
  return { fault, seen };
}

export default [...separate, ...options, hidepid, sticky] satisfies Rule<"host">[];
