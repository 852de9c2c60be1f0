import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { ResourceLimit } from "#model/evidence/process.ts";
import type { Seen } from "#model/finding.ts";
import { actual, declared, fail, type Judgement, man, page, pass, rule, unknown } from "../rule.ts";
import { withoutKernel } from "./facts/state.ts";
import { declaredSource, procPath } from "./facts/witness.ts";

// Default of fs.nr_open: what the kernel itself takes for the most (proc_sys_fs(5)).
const MOST_FILES = 1_048_576;

export default rule({
  id: "SW-CTR-ULIMITS",
  subject: "container",
  title: "Open files or core dumps are not limited",
  severity: "low",
  risk: "Without a limit of open files one process can use up the file table of the host, and programs that close all possible files at start stall. A core dump of any size fills the disk and holds passwords and keys from memory.",
  countermeasure:
    "Set limits per container, or defaults for all in daemon.json (default-ulimits). The number of processes is better limited by --pids-limit: the nproc limit counts per user over all containers.",
  remediation: {
    run: "add --ulimit nofile=1024:65536 --ulimit core=0",
    compose: "ulimits: {nofile: {soft: 1024, hard: 65536}, core: 0}",
    daemon:
      '"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1024, "Hard": 65536}, "core": {"Name": "core", "Soft": 0, "Hard": 0}}',
  },
  cis: ["5.19"],
  references: [
    man("getrlimit.2"),
    man("core.5"),
    page(
      "dockerd: default ulimits",
      "https://docs.docker.com/reference/cli/dockerd/#default-ulimit-settings",
    ),
  ],
  examples: {
    bad: "docker run --ulimit core=-1 IMAGE",
    good: "docker run --ulimit nofile=1024:65536 --ulimit core=0 IMAGE",
  },
  judge: (container) => {
    if (container.actual.ok && container.actual.value.limits.ok) {
      const limits = container.actual.value.limits.value;
      const files = limits["Max open files"];
      const core = limits["Max core file size"];
      const source = procPath(container, "limits");
      if (files === undefined || core === undefined) {
        return unknown(`${source} has no row for open files or core dumps`);
      }
      return decide([
        { ...judgeFiles(files), seen: actual(source, shown(files), "Max open files") },
        { ...judgeCore(core), seen: actual(source, shown(core), "Max core file size") },
      ]);
    }
    const unread = container.actual.ok ? container.actual.value.limits : container.actual;
    return judgeDeclaration(container, unread.ok ? "" : unread.why);
  },
});

// RLIMIT_NPROC is left out: it does not hold root, and counts a user's processes over all containers
// (getrlimit(2)). The pids limit is the one that holds, and has a rule of its own.

interface Part {
  fault: string | null;
  fine: string;
  seen: Seen;
}

function judgeFiles({ hard }: ResourceLimit): Omit<Part, "seen"> {
  if (hard === null) return { fault: "may open any number of files", fine: "" };
  return hard > MOST_FILES
    ? { fault: `each process may open ${hard} files`, fine: "" }
    : { fault: null, fine: `at most ${hard} open files` };
}

// A program raises its limit up to the hard one only on purpose; what is in force is the soft one.
function judgeCore({ soft }: ResourceLimit): Omit<Part, "seen"> {
  return soft === null
    ? { fault: "core dumps may have any size", fine: "" }
    : { fault: null, fine: soft === 0 ? "no core dumps" : `core dumps up to ${soft} bytes` };
}

function decide(parts: Part[]): Judgement {
  const faults = parts.filter(({ fault }) => fault !== null);
  return faults.length > 0
    ? fail(
        faults.map(({ fault }) => fault).join(", and "),
        faults.map(({ seen }) => seen),
      )
    : pass(
        parts.map(({ fine }) => fine).join(", "),
        parts.map(({ seen }) => seen),
      );
}

function judgeDeclaration(container: ContainerEvidence, why: string): Judgement {
  if (!container.declared.ok) return withoutKernel(container, why);
  const source = declaredSource(container);
  const parts = container.declared.value.ulimits.flatMap(({ name, soft, hard }): Part[] => {
    const limit = { soft: soft < 0 ? null : soft, hard: hard < 0 ? null : hard };
    const seen = declared(source, `${name}=${soft}:${hard}`, "HostConfig.Ulimits");
    if (name === "nofile") return [{ ...judgeFiles(limit), seen }];
    return name === "core" ? [{ ...judgeCore(limit), seen }] : [];
  });
  if (parts.some(({ fault }) => fault !== null) || parts.length === 2) return decide(parts);
  // What is not declared follows the daemon, whose own limits no stopped container shows.
  return withoutKernel(container, why);
}

function shown({ soft, hard }: ResourceLimit): string {
  return `soft ${soft ?? "unlimited"}, hard ${hard ?? "unlimited"}`;
}
