import type { Severity } from "#model/severity.ts";

/** How bad it is to show a host path to a container. */
export interface Sensitivity {
  /** What lies there, to complete "which holds …". */
  holds: string;
  writable: Severity;
  readable: Severity | null;
}

/**
 * Folders of a Linux host that a container should not see (Filesystem Hierarchy Standard 3.0; hier(7)), the
 * most special first. `readable: null`: reading alone gives nothing away.
 */
const FOLDERS: readonly [path: string, Sensitivity][] = [
  ["/etc/shadow", { holds: "the host's password hashes", writable: "critical", readable: "high" }],
  ["/etc/sudoers", { holds: "who may become root", writable: "critical", readable: "low" }],
  ["/etc/sudoers.d", { holds: "who may become root", writable: "critical", readable: "low" }],
  ["/etc/cron.d", { holds: "what the host runs as root", writable: "critical", readable: "low" }],
  ["/etc/crontab", { holds: "what the host runs as root", writable: "critical", readable: "low" }],
  ["/etc/passwd", { holds: "the host's accounts", writable: "critical", readable: "low" }],
  ["/etc/ssh", { holds: "the host's SSH keys", writable: "critical", readable: "high" }],
  ["/etc/systemd", { holds: "what the host starts", writable: "critical", readable: "low" }],
  ["/etc/docker", { holds: "the engine's settings and keys", writable: "critical", readable: "medium" }],
  ["/etc/kubernetes", { holds: "the cluster's keys", writable: "critical", readable: "critical" }],
  ["/etc/pam.d", { holds: "how the host checks passwords", writable: "critical", readable: "low" }],
  [
    "/etc/ld.so.preload",
    { holds: "code that every host program loads", writable: "critical", readable: null },
  ],
  ["/var/spool/cron", { holds: "what the host runs for its users", writable: "critical", readable: "low" }],
  ["/var/lib/kubelet", { holds: "secrets of all pods", writable: "critical", readable: "critical" }],
  ["/root/.ssh", { holds: "root's SSH keys", writable: "critical", readable: "high" }],
  ["/boot", { holds: "the host's kernel", writable: "critical", readable: "low" }],
  ["/root", { holds: "root's files", writable: "critical", readable: "high" }],
];

/** Whole trees: an exact mount of the folder, or of one above it, counts; single files below mostly do not. */
const TREES: readonly [path: string, Sensitivity][] = [
  ["/etc", { holds: "the host's settings and password hashes", writable: "critical", readable: "high" }],
  ["/usr", { holds: "the host's programs", writable: "critical", readable: null }],
  ["/bin", { holds: "the host's programs", writable: "critical", readable: null }],
  ["/sbin", { holds: "the host's programs", writable: "critical", readable: null }],
  ["/lib", { holds: "the host's libraries", writable: "critical", readable: null }],
  ["/lib64", { holds: "the host's libraries", writable: "critical", readable: null }],
  ["/dev", { holds: "the host's devices", writable: "critical", readable: "medium" }],
  ["/proc", { holds: "the host's processes and kernel settings", writable: "critical", readable: "medium" }],
  ["/sys", { holds: "the host's kernel objects", writable: "critical", readable: "low" }],
  ["/home", { holds: "the users' files and keys", writable: "high", readable: "medium" }],
  ["/run", { holds: "sockets of the engine and of services", writable: "high", readable: "high" }],
  ["/var/run", { holds: "sockets of the engine and of services", writable: "high", readable: "high" }],
  ["/run/containerd", { holds: "the runtime's sockets and state", writable: "critical", readable: "high" }],
  ["/run/docker", { holds: "the engine's sockets and state", writable: "critical", readable: "high" }],
  ["/var/log", { holds: "the host's logs", writable: "medium", readable: "low" }],
  ["/opt", { holds: "the host's programs", writable: "medium", readable: null }],
];

/** Files below these trees that images commonly show, and that give nothing away when read. */
const HARMLESS = [
  "/etc/localtime",
  "/etc/timezone",
  "/etc/hosts",
  "/etc/resolv.conf",
  "/etc/machine-id",
  "/etc/ssl",
  "/etc/pki",
  "/etc/ca-certificates",
  "/etc/nsswitch.conf",
  "/usr/share",
];

const WHOLE_HOST: Sensitivity = {
  holds: "the whole file system of the host",
  writable: "critical",
  readable: "high",
};

/**
 * How sensitive a host path is; null = an ordinary folder. `dataRoots` are the folders of the engines
 * (`/var/lib/docker`), whose volumes are what containers are meant to see.
 */
export function sensitivityOf(
  hostPath: string,
  writable: boolean,
  dataRoots: readonly string[],
): Sensitivity | null {
  if (hostPath === "/") return WHOLE_HOST;
  for (const root of dataRoots) {
    const rest = below(hostPath, root);
    if (rest === null) {
      if (below(root, hostPath) !== null) {
        return { holds: "the files of all containers and images", writable: "critical", readable: "high" };
      }
      continue;
    }
    // A volume, or a file that the engine made for this container.
    if (/^\/(?:\d+\.\d+\/)?(?:volumes\/[^/]+\/_data|containers\/[0-9a-f]{64})(?:\/|$)/.test(rest))
      return null;
    if (
      /^\/(?:overlay|overlay-containers|swarm|containers)\//.test(rest) &&
      !/overlay2?\/[^/]+\/(?:diff|merged)/.test(rest)
    )
      return null;
    return { holds: "the files of all containers and images", writable: "critical", readable: "high" };
  }
  if (!writable && HARMLESS.some((path) => below(hostPath, path) !== null)) return null;
  for (const [path, sensitivity] of FOLDERS) {
    if (below(hostPath, path) !== null) return sensitivity;
  }
  if (/^\/home\/[^/]+\/\.(?:ssh|aws|kube|docker|gnupg|config\/gcloud)(?:\/|$)/.test(hostPath)) {
    return { holds: "keys of a user", writable: "high", readable: "high" };
  }
  for (const [path, sensitivity] of TREES) {
    if (hostPath === path || below(path, hostPath) !== null) return sensitivity;
  }
  for (const path of ["/usr", "/bin", "/sbin", "/lib", "/lib64"]) {
    if (writable && below(hostPath, path) !== null) {
      return { holds: "programs of the host", writable: "high", readable: null };
    }
  }
  for (const path of ["/proc", "/sys"]) {
    if (writable && below(hostPath, path) !== null) {
      return { holds: "switches of the host's kernel", writable: "high", readable: null };
    }
  }
  if (writable && below(hostPath, "/etc") !== null) {
    return { holds: "settings of the host", writable: "medium", readable: null };
  }
  return null;
}

/** What is left of `path` below `folder`, "" for the folder itself, null if it is not below it. */
function below(path: string, folder: string): string | null {
  if (path === folder) return "";
  if (folder === "/") return path;
  return path.startsWith(`${folder}/`) ? path.slice(folder.length) : null;
}
