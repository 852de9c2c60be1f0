import type { HostEvidence } from "#model/evidence/host.ts";
import { mapReading } from "#model/reading.ts";
import { maskSecrets } from "../env.ts";
import { attemptOptional, type HostFiles } from "../filesystem.ts";
import { unitFilesOf } from "./units.ts";

const MAX_SIZE = 64 << 10;
const MAX_FILES = 200;

const PLAIN = [
  "/etc/ssh/sshd_config",
  "/etc/containerd/config.toml",
  "/etc/security/limits.conf",
  "/etc/audit/auditd.conf",
  "/proc/sys/kernel/core_pattern",
];

// May hold passwords: proxies, log drivers and log servers take theirs from here.
const MASKED = [
  "/etc/docker/daemon.json",
  "/etc/environment",
  "/etc/rsyslog.conf",
  "/etc/syslog-ng/syslog-ng.conf",
];

const FOLDERS = ["/etc/ssh/sshd_config.d", "/etc/modprobe.d", "/etc/security/limits.d"];
const MASKED_FOLDERS = ["/etc/rsyslog.d", "/etc/syslog-ng/conf.d"];

/** Reads the small configuration files that rules judge by their text. Keys and certificates are not among them. */
export function collectConfigs(files: HostFiles): HostEvidence["configs"] {
  const configs: HostEvidence["configs"] = {};
  const read = (path: string): HostEvidence["configs"][string] =>
    attemptOptional(path, () => {
      // A device or fifo in the place of a file has no text, and might never end.
      const stat = files.stat(path);
      if (!stat.isFile()) throw new Error("is not a file");
      return files.read(path, MAX_SIZE);
    });
  const readMasked: typeof read = (path) =>
    mapReading(read(path), (text) => (text === null ? null : maskSecrets(text)));
  const readFolder = (folder: string, readFile: typeof read): void => {
    const names = attemptOptional(folder, () => files.list(folder));
    // Under the folder's own path stands why nobody knows what is in it.
    if (!names.ok) configs[folder] = names;
    const wanted = ((names.ok && names.value) || []).filter((name) => name.endsWith(".conf")).toSorted();
    for (const path of wanted.slice(0, MAX_FILES).map((name) => `${folder}/${name}`)) {
      configs[path] = readFile(path);
    }
  };
  for (const path of PLAIN) configs[path] = read(path);
  for (const path of MASKED) configs[path] = readMasked(path);
  for (const folder of FOLDERS) readFolder(folder, read);
  for (const folder of MASKED_FOLDERS) readFolder(folder, readMasked);
  for (const path of unitFilesOf(files, ["docker.socket"])) configs[path] = read(path);
  return configs;
}
