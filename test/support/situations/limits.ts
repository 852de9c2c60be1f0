import * as fs from "node:fs";
import { cgroupFolders, isCgroupV1, writeMemoryLimit } from "../host.ts";
import { words } from "../run.ts";
import { fails, passes, type Situation } from "../situation.ts";

/** What it may use up. */
export const LIMITS: Situation[] = [
  {
    name: "limits",
    why: "all limits set",
    flags: words("-m 64m --pids-limit 50 --cpus 0.5 --ulimit nofile=1024:1024 --ulimit core=0"),
    expect: [
      passes("SW-CTR-MEMORY"),
      passes("SW-CTR-CPU"),
      passes("SW-CTR-PIDS"),
      passes("SW-CTR-ULIMITS"),
      passes("SW-CTR-LIMITS-DRIFT"),
    ],
  },
  {
    name: "limit-raised",
    why: "the limit was changed in the kernel, past the engine (case 19)",
    // With swap limited as well, the kernel would refuse to raise the one above the other.
    flags: ["-m", "64m", "--memory-swap", "-1"],
    after: async (_site, pid) => {
      const folders = cgroupFolders(pid);
      writeMemoryLimit(folders.get(isCgroupV1() ? "memory" : "") ?? "", 268_435_456);
      await Promise.resolve();
    },
    expect: [passes("SW-CTR-MEMORY"), fails("SW-CTR-LIMITS-DRIFT", { mention: /268435456/ })],
  },
  {
    name: "parent-limit",
    why: "no limit of its own, but its parent group has one: inspect is too pessimistic (case 20)",
    flags: ({ engine }) => ["--cgroup-parent", `${engine.host.cgroupParent}/limited`],
    expect: [
      passes("SW-CTR-MEMORY", { mention: /99999744|95\.?\d* ?MiB/ }),
      fails("SW-CTR-LIMITS-DRIFT", { severity: "info" }),
      fails("SW-CTR-CGROUP"),
    ],
  },
  {
    name: "oom-off",
    why: "--oom-kill-disable, which cgroup v2 does not have",
    flags: isCgroupV1() ? ["--oom-kill-disable", "-m", "64m"] : ["-m", "64m"],
    expect: [isCgroupV1() ? fails("SW-CTR-OOM") : passes("SW-CTR-OOM")],
  },
  {
    name: "no-limit-text",
    why: "--pids-limit -1 says unlimited in words",
    flags: ["--pids-limit", "-1"],
    expect: [fails("SW-CTR-PIDS")],
  },
];

/** Makes the group with a limit that `parent-limit` is put below. */
export function makeLimitedGroup(parent: string): void {
  const root = isCgroupV1() ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup";
  fs.mkdirSync(`${root}${parent}/limited`, { recursive: true });
  if (!isCgroupV1()) fs.writeFileSync(`${root}${parent}/cgroup.subtree_control`, "+memory");
  writeMemoryLimit(`${root}${parent}/limited`, 99_999_744);
}
