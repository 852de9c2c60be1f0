import type { FileStat } from "#model/evidence/file.ts";
import type { HostEvidence } from "#model/evidence/host.ts";
import { got, type Reading } from "#model/reading.ts";
import type { JudgeContext } from "../../rule.ts";
import { localEngines } from "./engines.ts";
import { canonicalPath, fileAt, isWithin } from "./files.ts";

/** A file or folder that exists on the host. */
export interface Place {
  path: string;
  stat: Reading<FileStat>;
  /** User of a rootless engine that this place belongs to, who may own it besides root. */
  engineUser: number | null;
  /** A socket without a file: whoever shares the network namespace may connect. */
  abstract: boolean;
}

/** Where the files of one role lie on this host. */
export interface Places {
  found: Place[];
  /** Reasons why there may be more than were found. */
  unread: string[];
  /** Why there is none, said where nothing was found and everything was read. */
  absent: string;
}

/** Finds the files of one role. */
export type Locate = (host: HostEvidence, context: JudgeContext) => Places;

/** A path where a file of the role may lie. */
export interface Candidate {
  path: string;
  stat: Reading<FileStat | null>;
  engineUser?: number | null;
  abstract?: boolean;
  /** Known to exist although nobody could look at it, or not from here: a socket that answers. */
  exists?: boolean;
}

/** One path that never moves. */
export function fixedPath(path: string): Locate {
  return (host) => settle([{ path, stat: fileAt(host, path) }], `there is no ${path}`);
}

/** A unit of systemd with its drop-ins, wherever the distribution puts them; of rootless users as well. */
export function unitFiles(unit: string): Locate {
  return (host, context) =>
    settle(
      candidates(host, context, (path) => {
        // Links in *.wants and *.requires only switch the unit on.
        if (!path.includes("/systemd/") || /\.(?:wants|requires)\//.test(path)) return false;
        return path.endsWith(`/${unit}`) || (path.includes(`/${unit}.d/`) && path.endsWith(".conf"));
      }),
      `no ${unit} was found among the units of systemd`,
      notLooked(host),
    );
}

/** Everything below the folders of registry certificates. */
export const registryCertificates: Locate = (host, context) =>
  settle(
    candidates(host, context, (path) => /\/certs\.d\/./.test(path)).filter(
      ({ stat }) => !(stat.ok && stat.value?.type === "directory"),
    ),
    "no certificate of a registry lies in /etc/docker/certs.d",
    notLooked(host),
  );

/** Sockets of containerd, that of the system and those that daemons start for themselves. */
export const containerdSockets: Locate = (host, context) =>
  settle(
    candidates(host, context, (path) => path.endsWith("/containerd.sock")),
    "no socket of containerd was found",
    notLooked(host),
  );

/** The state folder of the system's containerd. */
export const containerdState: Locate = (host, context) => {
  const path = "/run/containerd";
  const own = host.files[path];
  const below = candidates(host, context, (file) => file.startsWith(`${path}/`));
  if (own === undefined && below.some(({ stat }) => stat.ok && stat.value !== null)) {
    return settle([{ path, stat: fileAt(host, path), exists: true }], "");
  }
  const answers = own === undefined ? below : [{ path, stat: own }];
  return settle(answers, `containerd keeps nothing in ${path}`, answers.length === 0 ? [notRead(path)] : []);
};

/** A program of the container chain at its real places. */
export function program(name: string): Locate {
  return (host, context) => {
    const known = candidates(
      host,
      context,
      (path) => path.endsWith(`/${name}`) && /\/s?bin\/|^\/opt\/|^\/snap\/|\/libexec\//.test(path),
    );
    for (const { daemon, info } of localEngines(context)) {
      const running = daemon.ok ? daemon.value.executable : null;
      const runtimes = info.ok ? Object.values(info.value.runtimes) : [];
      for (const path of [running, ...runtimes]) {
        if (!path?.startsWith("/") || !path.endsWith(`/${name}`)) continue;
        known.push({ path, stat: fileAt(host, path), exists: true });
      }
    }
    return settle(known, `${name} is not installed`, known.length === 0 ? [notRead(name)] : []);
  };
}

function notRead(what: string): string {
  return `${what}: nobody looked where it lies`;
}

function notLooked(host: HostEvidence): string[] {
  return Object.keys(host.files).length === 0 ? ["the files of the host were not looked at"] : [];
}

function candidates(host: HostEvidence, context: JudgeContext, test: (path: string) => boolean): Candidate[] {
  return Object.keys(host.files)
    .filter(test)
    .toSorted()
    .map((path) => ({ path, stat: fileAt(host, path), engineUser: homeOwner(path, host, context) }));
}

// A file in the home or the runtime folder of a user who runs a rootless engine is that user's own.
function homeOwner(path: string, host: HostEvidence, context: JudgeContext): number | null {
  for (const { daemon } of localEngines(context)) {
    if (!daemon.ok || daemon.value.uid <= 0) continue;
    const { uid } = daemon.value;
    const home = host.accounts.ok ? host.accounts.value.find((account) => account.uid === uid)?.home : "";
    if (home && home !== "/" && isWithin(path, canonicalPath(home))) return uid;
    if (isWithin(canonicalPath(path), `/run/user/${uid}`)) return uid;
  }
  return null;
}

/** Sorts candidates into what exists and what could not be read; a path by two names counts once. */
export function settle(candidates: readonly Candidate[], absent: string, unread: string[] = []): Places {
  const found = new Map<string, Place>();
  const reasons = new Set(unread);
  for (const { path, stat, engineUser = null, abstract = false, exists = false } of candidates) {
    const name = canonicalPath(path);
    if (stat.ok && stat.value !== null) {
      // Behind a link lies another path: that one is what a watch must name.
      found.set(canonicalPath(stat.value.path), {
        path: stat.value.path,
        stat: got(stat.value),
        engineUser,
        abstract,
      });
    } else if (exists && !found.has(name)) {
      const why = stat.ok ? `${path}: was not found from here` : stat.why;
      found.set(name, { path, stat: { ok: false, why }, engineUser, abstract });
    } else if (!stat.ok && !found.has(name)) {
      reasons.add(stat.why);
    }
  }
  return { found: [...found.values()], unread: [...reasons], absent };
}
