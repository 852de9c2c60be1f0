import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { ProcessEvidence } from "#model/evidence/process.ts";
import type { Seen } from "#model/finding.ts";
import {
  actual,
  cve,
  declared,
  fail,
  type JudgeContext,
  man,
  page,
  pass,
  rule,
  specified,
  unknown,
} from "../rule.ts";
import { listed } from "./facts/amounts.ts";
import { initOf } from "./facts/processes.ts";
import { isStopped, withoutKernel } from "./facts/state.ts";
import { declaredSource, procPath } from "./facts/witness.ts";

// The working directory of the exploits of CVE-2024-21626: a folder of the host that the runtime left open.
const LEAKED_CWD = /^\/+proc\/+(?:self|thread-self|\d+)\/+(?:task\/+\d+\/+)?(?:fd|cwd|root)(?:\/|$)/;

export default rule({
  id: "SW-CTR-FILES-OUTSIDE",
  subject: "container",
  title: "Holds a folder outside its own file system open",
  severity: "critical",
  risk: "From a folder that lies outside its root a process walks up to the host's whole file system, past every mount: that is how CVE-2024-21626 left the container.",
  countermeasure:
    "Stop the container, keep its image for the investigation, and treat the host as entered. Update runc to a version with the fix; refuse images whose working directory lies in /proc.",
  remediation: {
    host: "stop the container; update runc (1.1.12 or newer, or the fixed package of the distribution)",
    dockerfile: "set WORKDIR to a folder of the image, such as /app",
    run: "drop --workdir /proc/…",
  },
  references: [
    cve("CVE-2024-21626"),
    page("runc advisory", "https://github.com/opencontainers/runc/security/advisories/GHSA-xr7r-f8xq-vfvv"),
    man("proc_pid_fd.5"),
  ],
  examples: { bad: "WORKDIR /proc/self/fd/8", good: "WORKDIR /app" },
  judge: (container, context) => {
    const asked = leakedCwd(container);
    const open = openOutside(container);
    if (asked.length > 0 || open.length > 0) {
      const what = open.map(({ what }) => what);
      return fail(
        open.length > 0
          ? `has folders open that lie outside its file system: ${listed(what)}`
          : `its working directory is ${asked[0]?.value}, a folder that some process left open`,
        [...open.map(({ seen }) => seen), ...asked],
      );
    }
    if (!container.actual.ok) {
      return isStopped(container) && container.declared.ok
        ? pass("its working directory is one of its own", [
            declared(
              declaredSource(container),
              container.declared.value.workingDir || "/",
              "Config.WorkingDir",
            ),
          ])
        : withoutKernel(container, container.actual.why);
    }
    const { mounts } = container.actual.value;
    if (!mounts.ok) return unknown(mounts.why);
    const hidden = unreadable(container, context);
    return hidden.length > 0
      ? unknown(
          `open files of ${listed(hidden.map(({ comm, pid }) => `${comm} (pid ${pid})`))} could not be read; run as root to judge them`,
        )
      : pass("no process has a folder open outside its file system", [
          actual(procPath(container, "fd"), "none outside"),
        ]);
  },
});

function openOutside(container: ContainerEvidence): { what: string; seen: Seen }[] {
  if (!container.actual.ok) return [];
  const { processes, namespaces } = container.actual.value;
  return (
    processes
      // Inside a mount namespace of its own (a container within the container) other mounts are its own.
      .filter(
        ({ namespaces: theirs }) =>
          theirs.mnt === undefined || namespaces.mnt === undefined || theirs.mnt === namespaces.mnt,
      )
      .flatMap(({ pid, comm, outside }) =>
        outside.map((entry) => ({
          what: `${comm} (pid ${pid}) ${entry}`,
          seen: actual(`/proc/${pid}/${entry.startsWith("cwd") ? "cwd" : "fd"}`, entry),
        })),
      )
  );
}

/**
 * Processes whose list of open files could not be read: it takes the same permission as the link to the program
 * (proc_pid_exe(5)). To root that link is missing for ended processes (zombies) only, which hold nothing open.
 */
function unreadable(container: ContainerEvidence, { evidence }: JudgeContext): ProcessEvidence[] {
  if (!container.actual.ok) return [];
  const init = initOf(container);
  const everything = evidence.collector.uid === 0 && init?.executable !== null;
  return everything ? [] : container.actual.value.processes.filter(({ executable }) => executable === null);
}

function leakedCwd({ specified: bundle, declared: asked }: ContainerEvidence): Seen[] {
  return [
    ...(bundle.ok && LEAKED_CWD.test(bundle.value.cwd)
      ? [specified(bundle.value.source, bundle.value.cwd, "process.cwd")]
      : []),
    ...(asked.ok && LEAKED_CWD.test(asked.value.workingDir)
      ? [declared(asked.value.source, asked.value.workingDir, "Config.WorkingDir")]
      : []),
  ];
}
