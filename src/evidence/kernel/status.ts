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
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const uids = ids(fields.get("Uid"));
  const gids = ids(fields.get("Gid"));
  const parent = integer(fields.get("PPid"));
  const bounding = fields.get("CapBnd");
  if (uids === null || gids === null || parent === null || bounding === undefined) return null;
  const seccomp = integer(fields.get("Seccomp"));
  const noNewPrivs = integer(fields.get("NoNewPrivs"));
  return {
    name: fields.get("Name") ?? "",
    parent,
    // The number of the process, also where a thread other than its first one was read.
    innerPid:
      integer((fields.get("NStgid") ?? fields.get("NSpid"))?.split(/\s+/).at(-1)) ??
      integer(fields.get("Pid")) ??
      0,
    uids,
    gids,
    groups: numbers(fields.get("Groups")),
    capabilities: {
      inheritable: fields.get("CapInh") ?? "",
      permitted: fields.get("CapPrm") ?? "",
      effective: fields.get("CapEff") ?? "",
      bounding,
      ambient: fields.get("CapAmb") ?? "",
    },
    noNewPrivs: noNewPrivs === null ? null : noNewPrivs === 1,
    seccomp,
    seccompFilters: integer(fields.get("Seccomp_filters")),
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
