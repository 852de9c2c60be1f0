import { posix } from "node:path";
import { attempt } from "../filesystem.ts";
import type { KernelView } from "../kernel/view.ts";

// What runs is the script then, whose name the kernel puts into comm (execve(2), "Interpreter scripts").
const INTERPRETER = /^(?:python|perl|ruby|node|bash|dash|sh|java|php)[\d.]*$/;

/**
 * Names of the programs that run on the host outside containers, sorted: of the executable, because a process
 * may call itself anything; what it calls itself only where the executable cannot be read or is an interpreter.
 *
 * @param owned pids of the processes that belong to containers
 */
export function collectServices(view: KernelView, owned: ReadonlySet<number>): string[] {
  const names = new Set<string>();
  for (const { pid, comm } of view.sketches) {
    if (owned.has(pid)) continue;
    const link = attempt(`/proc/${pid}/exe`, () => view.files.readlink(`/proc/${pid}/exe`));
    const executable = link.ok ? posix.basename(link.value.replace(/ \(deleted\)$/, "")) : null;
    if (executable !== null) names.add(executable);
    if (executable === null || INTERPRETER.test(executable)) names.add(comm);
  }
  return [...names].toSorted();
}
