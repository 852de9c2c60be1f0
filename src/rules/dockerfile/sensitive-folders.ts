import type { Severity } from "#model/severity.ts";
import { page, type Rule, rule } from "../rule.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { absolutePath, below } from "./facts/instruction-paths.ts";
import { isWindows, stageOf, stageTitle } from "./facts/stage-place.ts";
import { expandedWord, stateBefore } from "./facts/stage-state.ts";

type Special = [folder: string, what: string, severity: Severity];

// Places with a meaning of their own in a container (hier(7), proc(5), sysfs(5)).
const SOCKETS: readonly Special[] = [
  ["/var/run/docker.sock", "the engine's socket", "high"],
  ["/run/docker.sock", "the engine's socket", "high"],
  ["/run/containerd", "the runtime's sockets", "high"],
  ["/var/run/containerd", "the runtime's sockets", "high"],
];
const KERNEL: readonly Special[] = [
  ["/proc", "the kernel's view of processes", "medium"],
  ["/sys", "the kernel's settings", "medium"],
  ["/dev", "devices", "medium"],
];
const SYSTEM: readonly Special[] = [
  ["/etc", "the settings of the system", "medium"],
  ["/boot", "the kernel's files", "medium"],
  ["/bin", "programs of the system", "medium"],
  ["/sbin", "programs of the system", "medium"],
  ["/lib", "libraries of the system", "medium"],
  ["/lib64", "libraries of the system", "medium"],
  ["/usr", "programs of the system", "medium"],
  ["/usr/bin", "programs of the system", "medium"],
  ["/usr/sbin", "programs of the system", "medium"],
  ["/usr/lib", "libraries of the system", "medium"],
  ["/root/.ssh", "SSH keys", "medium"],
  ["/run/secrets", "the secrets of the container", "medium"],
];

const workdir = rule({
  id: "SW-DF-WORKDIR-SENSITIVE",
  subject: "dockerfile",
  title: "Works in a folder of the system",
  severity: "medium",
  risk: "Files that land there change how the container's system works, or vanish below what the kernel mounts. A program that starts in /proc/self/fd/… may reach the host (CVE-2024-21626).",
  countermeasure: "Give the program a folder of its own.",
  remediation: { dockerfile: "WORKDIR /app" },
  aliases: ["trivy:DS-0030"],
  references: [
    page("Dockerfile reference: WORKDIR", "https://docs.docker.com/reference/dockerfile/#workdir"),
    page("CVE-2024-21626", "https://www.cve.org/CVERecord?id=CVE-2024-21626"),
  ],
  examples: { bad: "WORKDIR /proc/self/fd/8", good: "WORKDIR /app" },
  judge: ({ dockerfile }) =>
    failures(
      instructionsOf(dockerfile, "WORKDIR").flatMap((instruction): Fault[] => {
        const [word] = instruction.words;
        const stage = stageOf(dockerfile, instruction);
        const value =
          word === undefined || isWindows(dockerfile, stage) ? null : expandedWord(dockerfile, word);
        const path =
          value === null ? null : absolutePath(stateBefore(dockerfile, instruction).workdir, value);
        if (word === undefined || path === null) return [];
        // Runtimes open descriptors of the host; a working folder among them is the known way out.
        const descriptor = /^\/proc\/(?:self|\d+|thread-self)\/(?:fd|cwd|root)(?:\/|$)/.test(path);
        const found = specialAt(path, KERNEL, true) ?? specialAt(path, SYSTEM, false);
        if (found === null) return [];
        return [
          {
            message: `${shown(path)} is a folder for ${found[1]}, not to work in`,
            range: word.range,
            severity: descriptor ? "critical" : found[2],
            key: `${stageTitle(stage)} ${path}`,
          },
        ];
      }),
    ),
});

const volume = rule({
  id: "SW-DF-VOLUME-SENSITIVE",
  subject: "dockerfile",
  title: "Makes a volume of a folder of the system",
  severity: "medium",
  risk: "What lies there outlives the container, and is shared with others that take over its volumes; later releases of the image do not change it. A volume where the engine's socket is expected invites people to mount it.",
  countermeasure: "Make volumes of data folders only.",
  remediation: { dockerfile: "VOLUME /var/lib/app" },
  aliases: ["semgrep:dockerd-socket-mount", "dockle:DKL-DI-0002"],
  references: [page("Dockerfile reference: VOLUME", "https://docs.docker.com/reference/dockerfile/#volume")],
  examples: { bad: "VOLUME /var/run/docker.sock", good: "VOLUME /var/lib/app" },
  judge: ({ dockerfile }) =>
    failures(
      instructionsOf(dockerfile, "VOLUME").flatMap((instruction) => {
        const stage = stageOf(dockerfile, instruction);
        if (isWindows(dockerfile, stage)) return [];
        return instruction.words.flatMap((word): Fault[] => {
          const value = expandedWord(dockerfile, word);
          const path =
            value === null ? null : absolutePath(stateBefore(dockerfile, instruction).workdir, value);
          if (path === null) return [];
          const found: Special | null =
            path === "/"
              ? ["/", "the whole system", "high"]
              : (specialAt(path, [...SOCKETS, ...KERNEL], true) ?? specialAt(path, SYSTEM, false));
          if (found === null) return [];
          return [
            {
              message: `${shown(path)} holds ${found[1]}, and becomes a volume`,
              range: word.range,
              severity: found[2],
              key: `${stageTitle(stage)} ${path}`,
            },
          ];
        });
      }),
    ),
});

export default [workdir, volume] satisfies Rule<"dockerfile">[];

/** @param inside whether what lies below the folder counts as well */
function specialAt(path: string, folders: readonly Special[], inside: boolean): Special | null {
  return folders.find(([folder]) => path === folder || (inside && below(path, folder) !== null)) ?? null;
}
