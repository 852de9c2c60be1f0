import type { CapabilitySets } from "#model/evidence/process.ts";

/** What `/proc/PID/status` tells, see proc_pid_status(5). */
export interface ProcessStatus {
  name: string;
  parent: number;
  innerPid: number;
  uids: [number, number, number, number];
  gids: [number, number, number, number];
  groups: number[];
  capabilities: CapabilitySets;
  noNewPrivs: boolean | null;
  seccomp: number | null;
  seccompFilters: number | null;
}

/** Reads `/proc/PID/status`. Returns null where a field that every kernel prints is missing (cut short). */
export function parseStatus(text: string): ProcessStatus | null {
  const field = fieldsOf(text);
  // In the order in which the kernel prints them (fs/proc/array.c, proc_pid_status).
  const name = field("Name") ?? "";
  const pid = integer(field("Pid"));
  const parent = integer(field("PPid"));
  const uids = ids(field("Uid"));
  const gids = ids(field("Gid"));
  const groups = numbers(field("Groups"));
  // The number of the process, also where a thread other than its first one was read.
  const inner = field("NStgid") ?? field("NSpid");
  const inheritable = field("CapInh") ?? "";
  const permitted = field("CapPrm") ?? "";
  const effective = field("CapEff") ?? "";
  const bounding = field("CapBnd");
  const ambient = field("CapAmb") ?? "";
  const noNewPrivs = integer(field("NoNewPrivs"));
  if (uids === null || gids === null || parent === null || bounding === undefined) return null;
  return {
    name,
    parent,
    innerPid: integer(inner?.slice(inner.lastIndexOf("\t") + 1)) ?? pid ?? 0,
    uids,
    gids,
    groups,
    capabilities: { inheritable, permitted, effective, bounding, ambient },
    noNewPrivs: noNewPrivs === null ? null : noNewPrivs === 1,
    seccomp: integer(field("Seccomp")),
    seccompFilters: integer(field("Seccomp_filters")),
  };
}

/** Values by the names of their lines. A field that stands behind the one before is found at once. */
function fieldsOf(text: string): (name: string) => string | undefined {
  const all = `\n${text}`;
  let from = 0;
  return (name) => {
    const mark = `\n${name}:`;
    let at = all.indexOf(mark, from);
    if (at < 0) at = all.lastIndexOf(mark, from);
    if (at < 0) return undefined;
    const end = all.indexOf("\n", at + mark.length);
    from = end < 0 ? all.length : end;
    return all.slice(at + mark.length, from).trim();
  };
}

function numbers(text: string | undefined): number[] {
  if (text === undefined || text === "") return [];
  return text
    .split(/\s+/)
    .map(Number)
    .filter((value) => Number.isInteger(value));
}

function ids(text: string | undefined): [number, number, number, number] | null {
  const [real, effective, saved, fileSystem] = numbers(text);
  if (real === undefined || effective === undefined || saved === undefined || fileSystem === undefined) {
    return null;
  }
  return [real, effective, saved, fileSystem];
}

function integer(text: string | undefined): number | null {
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : null;
}
