import type { Severity } from "#model/severity.ts";

/**
 * Published vulnerabilities of the programs that start containers. Affected and fixed versions are those of upstream:
 * runc from CHANGELOG.md and the release notes of opencontainers/runc; containerd and moby from their CVE
 * records and GitHub advisories (GHSA), CVE-2024-41110 with the backports of GO-2024-3005. Titles are ours.
 * Those of containerd's CRI plugin alone are left out: dockerd does not use it.
 */
export interface ChainAdvisory {
  cve: string;
  component: "moby" | "containerd" | "runc";
  /** What the vulnerability is, as the end of the sentence "CVE-…: …". */
  title: string;
  severity: Severity;
  /** First version that has it; absent = it was always there. */
  introduced?: string;
  /** The release that closed it, one per branch. */
  fixed: readonly string[];
  /** Only of weight where the daemon asks an authorization plugin. */
  needs?: "authorization-plugin";
}

export const CHAIN_ADVISORIES: readonly ChainAdvisory[] = [
  {
    cve: "CVE-2019-5736",
    component: "runc",
    title: "a container can overwrite the runc program of the host and so become root on it",
    severity: "high",
    fixed: ["1.0.0-rc7"],
  },
  {
    cve: "CVE-2021-30465",
    component: "runc",
    title:
      "a volume shared by two containers can be swapped for a link while it is mounted, which shows the host's files",
    severity: "high",
    fixed: ["1.0.0-rc95"],
  },
  {
    cve: "CVE-2022-29162",
    component: "runc",
    title: "exec starts processes with inheritable capabilities",
    severity: "medium",
    fixed: ["1.1.2"],
  },
  {
    cve: "CVE-2023-25809",
    component: "runc",
    title: "rootless containers can write to the user's part of /sys/fs/cgroup",
    severity: "low",
    fixed: ["1.1.5"],
  },
  {
    cve: "CVE-2023-27561",
    component: "runc",
    title: "an image with a link in place of /proc lets two containers escape their confinement",
    severity: "high",
    fixed: ["1.1.5"],
  },
  {
    cve: "CVE-2023-28642",
    component: "runc",
    title: "an image with a link in place of /proc switches AppArmor and SELinux off",
    severity: "medium",
    fixed: ["1.1.5"],
  },
  {
    cve: "CVE-2024-21626",
    component: "runc",
    title: "a descriptor that leaks into the container opens the host's file system (WORKDIR, exec)",
    severity: "high",
    introduced: "1.0.0-rc93",
    fixed: ["1.1.12"],
  },
  {
    cve: "CVE-2024-45310",
    component: "runc",
    title: "containers that share a volume can have empty files made on the host",
    severity: "low",
    fixed: ["1.1.14", "1.2.0-rc.3"],
  },
  {
    cve: "CVE-2025-31133",
    component: "runc",
    title: "a link in place of /dev/null turns a masked path into a writable file of the host's /proc",
    severity: "high",
    fixed: ["1.2.8", "1.3.3", "1.4.0-rc.3"],
  },
  {
    cve: "CVE-2025-52565",
    component: "runc",
    title: "a link in place of the terminal mounts a file of the host's /proc over /dev/console",
    severity: "high",
    introduced: "1.0.0-rc3",
    fixed: ["1.2.8", "1.3.3", "1.4.0-rc.3"],
  },
  {
    cve: "CVE-2025-52881",
    component: "runc",
    title: "writes of runc to /proc can be redirected, which drops LSM labels or crashes the host",
    severity: "high",
    fixed: ["1.2.8", "1.3.3", "1.4.0-rc.3"],
  },
  {
    cve: "CVE-2026-41579",
    component: "runc",
    title: "an image with a link in place of /dev has limited write access to the host",
    severity: "low",
    fixed: ["1.3.6", "1.4.3", "1.5.0-rc.3"],
  },
  {
    cve: "CVE-2020-15257",
    component: "containerd",
    title:
      "containers with the host's network can talk to the abstract socket of a shim and start programs as root",
    severity: "medium",
    fixed: ["1.3.9", "1.4.3"],
  },
  {
    cve: "CVE-2024-25621",
    component: "containerd",
    title: "folders of containerd are open to every user of the host",
    severity: "medium",
    fixed: ["1.7.29", "2.0.7", "2.1.5", "2.2.0"],
  },
  {
    cve: "CVE-2024-40635",
    component: "containerd",
    title:
      "a user id beyond 32 bits runs as root (clients that let containerd look users up; dockerd does it itself)",
    severity: "low",
    fixed: ["1.6.38", "1.7.27", "2.0.4"],
  },
  {
    cve: "CVE-2026-46680",
    component: "containerd",
    title:
      "a numeric user that is too large is taken for a name, which an image can map to root (clients that let containerd look users up; dockerd does it itself)",
    severity: "low",
    fixed: ["1.7.32", "2.0.9", "2.2.4", "2.3.1"],
  },
  {
    cve: "CVE-2026-47262",
    component: "containerd",
    title: "an image can make containerd use up the host's memory, and take the engine down with it",
    severity: "medium",
    fixed: ["1.7.33", "2.0.10", "2.1.9", "2.2.5", "2.3.2"],
  },
  {
    cve: "CVE-2022-24769",
    component: "moby",
    title: "containers start with inheritable capabilities",
    severity: "medium",
    fixed: ["20.10.14"],
  },
  {
    cve: "CVE-2024-23651",
    component: "moby",
    title: "two build steps that share a cache mount can reach files of the host (BuildKit)",
    severity: "high",
    fixed: ["25.0.2"],
  },
  {
    cve: "CVE-2024-23652",
    component: "moby",
    title: "a build can have files of the host removed (BuildKit)",
    severity: "high",
    fixed: ["25.0.2"],
  },
  {
    cve: "CVE-2024-23653",
    component: "moby",
    title: "a build frontend can start privileged containers without being allowed to (BuildKit)",
    severity: "high",
    fixed: ["25.0.2"],
  },
  {
    cve: "CVE-2024-24557",
    component: "moby",
    title: "a prepared image can poison the cache of the classic builder",
    severity: "medium",
    fixed: ["24.0.9", "25.0.2"],
  },
  {
    cve: "CVE-2024-41110",
    component: "moby",
    title: "a call with an empty body length passes the authorization plugin unseen",
    severity: "critical",
    introduced: "19.03.0",
    fixed: ["20.10.28", "23.0.15", "24.0.10", "25.0.6", "26.0.3", "26.1.5", "27.1.1"],
    needs: "authorization-plugin",
  },
  {
    cve: "CVE-2026-34040",
    component: "moby",
    title: "a call with an oversized body passes the authorization plugin unseen",
    severity: "high",
    fixed: ["29.3.1"],
    needs: "authorization-plugin",
  },
  {
    cve: "CVE-2026-41567",
    component: "moby",
    title: "copying an archive into a container runs a program of the container on the host",
    severity: "high",
    fixed: ["29.5.1"],
  },
];
