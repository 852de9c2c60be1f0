import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { cgroupFolders, uidOf } from "../host.ts";
import { searchPath } from "../private-host.ts";
import { fails, isNotApplicable, passes, type Site, type Situation } from "../situation.ts";

/** As whom processes run, what they may become, and who else is inside. */
export const USERS: Situation[] = [
  {
    name: "user",
    why: "--user 1000",
    flags: ["--user", "1000:1000"],
    expect: [
      passes("SW-CTR-USER-ROOT"),
      passes("SW-CTR-USER-DRIFT"),
      passes("SW-CTR-EXEC-ROOT"),
      fails("SW-CTR-NNP", { severity: "medium" }),
    ],
  },
  {
    name: "user-dropped",
    why: "root is declared, and the entrypoint gives it away",
    command: ["su", "app", "-c", "exec sleep 100000"],
    settled: (pid) => uidOf(pid) === 1000,
    expect: [passes("SW-CTR-USER-ROOT", { mention: /1000/ }), isNotApplicable("SW-CTR-USER-DRIFT")],
  },
  {
    name: "user-setuid",
    why: "--user 1000, and a setuid program made it root",
    flags: ["--user", "1000:1000"],
    command: ["/suid/su", "root", "-c", "exec sleep 100000"],
    settled: (pid) => uidOf(pid) === 0,
    expect: [fails("SW-CTR-USER-ROOT"), fails("SW-CTR-USER-DRIFT", { mention: /1000/ })],
  },
  {
    name: "user-exec-root",
    why: "--user 1000, and somebody works in it as root",
    flags: ["--user", "1000:1000"],
    after: async ({ engine }) => {
      await engine.mustDocker("exec", "--detach", "--user", "0", "user-exec-root", "sleep", "100000");
    },
    expect: [
      fails("SW-CTR-EXEC-ROOT"),
      fails("SW-CTR-USER-ROOT"),
      fails("SW-CTR-USER-DRIFT"),
      passes("SW-CTR-EXEC-PRIVILEGED"),
    ],
  },
  {
    name: "exec-privileged",
    why: "exec --user 0 --privileged into --user 1000 (case 17)",
    flags: ["--user", "1000:1000"],
    after: async ({ engine }) => {
      const how = ["--detach", "--user", "0", "--privileged"];
      await engine.mustDocker("exec", ...how, "exec-privileged", "sleep", "100000");
    },
    expect: [
      fails("SW-CTR-EXEC-PRIVILEGED"),
      fails("SW-CTR-EXEC-ROOT"),
      fails("SW-CTR-CAP-DANGEROUS"),
      fails("SW-CTR-USER-DRIFT"),
    ],
  },
  {
    name: "foreign-process",
    why: "nsenter from the host (case 18)",
    after: async (site, pid) => {
      enter(site, pid, [], "ignore");
      await Promise.resolve();
    },
    expect: [fails("SW-CTR-FOREIGN-PROCESS", { mention: /busybox|sleep/ })],
  },
  {
    name: "files-outside",
    why: "a process of it has a folder of the host open (CVE-2024-21626)",
    after: async (site, pid) => {
      const folder = fs.openSync("/etc", "r");
      const groups = [...cgroupFolders(pid).values()];
      enter(site, pid, groups, folder);
      fs.closeSync(folder);
      await Promise.resolve();
    },
    expect: [fails("SW-CTR-FILES-OUTSIDE", { mention: /\/etc/ }), passes("SW-CTR-FOREIGN-PROCESS")],
  },
  {
    name: "paused",
    why: "a paused container still has all it had",
    flags: ["--pid=host"],
    after: async ({ engine }) => {
      await engine.mustDocker("pause", "paused");
    },
    expect: [fails("SW-CTR-PID-HOST"), fails("SW-CTR-USER-ROOT")],
  },
];

/**
 * Starts `sleep` in the namespaces of a container from the host, in the control groups `groups`, with
 * descriptor 3 as given.
 */
function enter({ engine }: Site, pid: number, groups: string[], third: number | "ignore"): void {
  const join = groups.map((group) => `echo $$ > "${group}/cgroup.procs"; `).join("");
  const namespaces = "--mount --uts --ipc --net --pid";
  const child = spawn("bash", ["-ec", `${join}exec nsenter --target ${pid} ${namespaces} sleep 100000`], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", third],
    env: { ...process.env, PATH: searchPath(), ...engine.host.env },
  });
  child.unref();
}
