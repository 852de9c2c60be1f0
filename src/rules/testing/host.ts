import type { HostEvidence } from "#model/evidence/host.ts";
import { got } from "#model/reading.ts";
import { hostNamespaces, mount } from "./container.ts";

/** A Debian host of which everything can be read and nothing special is set. */
export function host(changes: Partial<HostEvidence> = {}): HostEvidence {
  return {
    name: "vm",
    os: { id: "debian", version: "12", name: "Debian GNU/Linux 12 (bookworm)" },
    kernel: {
      release: "6.1.0-40-amd64",
      architecture: "x64",
      config: got({ SECCOMP_FILTER: "y", USER_NS: "y" }),
      lsms: got(["lockdown", "capability", "landlock", "yama", "apparmor"]),
      lockdown: got("none"),
      installed: got(["6.1.0-40-amd64"]),
      modules: got([]),
    },
    cgroupVersion: "2",
    memoryTotal: got(24 * 2 ** 30),
    cpus: 2,
    bootedAtMs: got(Date.parse("2026-01-01T00:00:00Z")),
    namespaces: hostNamespaces(),
    mounts: got([mount({ id: 27, parent: 1, target: "/", hostPath: null })]),
    sysctls: {},
    files: {},
    configs: {},
    accounts: got([{ name: "root", uid: 0, gid: 0, home: "/root", shell: "/bin/bash", password: "locked" }]),
    groups: got([{ name: "docker", gid: 105, members: [] }]),
    subuids: got([]),
    subgids: got([]),
    sudoers: got([]),
    audit: { running: got(true), loaded: got([]), files: got([]) },
    packages: got([]),
    services: [],
    listeners: got([]),
    firewall: got({ tool: "iptables-save", rules: [] }),
    netns: got([]),
    ...changes,
  };
}
