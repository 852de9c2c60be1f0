import { attempt, type HostFiles } from "../filesystem.ts";
import type { KernelView } from "../kernel/view.ts";
import type { ProcessSketch } from "../kernel/process.ts";
import { got, missing, type Reading } from "#model/reading.ts";
import { type KnownProfiles, type ParsedBundle, parseBundle } from "./config.ts";

/** A container found by the process that supervises it, whatever engine started it. */
export interface SupervisedContainer {
  id: string;
  /** `docker`, `podman`, or the containerd namespace. */
  manager: string;
  name: string;
  /** Pid of the container's first process; 0 = unknown. */
  initPid: number;
  bundle: Reading<ParsedBundle>;
}

/**
 * Finds containers by their supervisors: containerd's shims (`-namespace NS -id ID`, working directory = the
 * bundle) and podman's conmon (`-c ID -n NAME -b BUNDLE`). So containers that no asked engine knows of are
 * seen, and those whose engine hangs keep two of their three witnesses.
 */
export function findSupervised(view: KernelView): SupervisedContainer[] {
  const found = new Map<string, SupervisedContainer>();
  const supervisors = view.sketches.filter(({ comm }) => isSupervisor(comm));
  // Whoever runs below a supervisor lives in a container: an engine of its own, or a process that only calls
  // itself so. It comes last, and must not speak for a container that has a supervisor outside.
  const nested = new Set(supervisors.filter((sketch) => hasSupervisor(view, sketch)));
  const profiles: KnownProfiles = new Map();
  for (const sketch of [...supervisors.filter((item) => !nested.has(item)), ...nested]) {
    const argv = attempt("cmdline", () => view.files.read(`/proc/${sketch.pid}/cmdline`).split("\0"));
    if (!argv.ok) continue;
    const container =
      sketch.comm === "conmon"
        ? fromConmon(view, sketch.pid, argv.value, profiles)
        : fromShim(view, sketch.pid, argv.value, profiles);
    if (container !== null && !found.has(container.id)) found.set(container.id, container);
  }
  return [...found.values()];
}

function isSupervisor(comm: string): boolean {
  return comm === "conmon" || comm.startsWith("containerd-shim");
}

function hasSupervisor(view: KernelView, sketch: ProcessSketch): boolean {
  const seen = new Set<number>(); // Parents may form a ring where pids were reused meanwhile.
  let above = view.byPid.get(sketch.parent);
  while (above !== undefined && !seen.has(above.pid)) {
    if (isSupervisor(above.comm)) return true;
    seen.add(above.pid);
    above = view.byPid.get(above.parent);
  }
  return false;
}

function fromShim(
  view: KernelView,
  pid: number,
  argv: string[],
  profiles: KnownProfiles,
): SupervisedContainer | null {
  const id = option(argv, "-id");
  const namespace = option(argv, "-namespace");
  if (id === null || namespace === null) return null;
  const cwd = attempt(`/proc/${pid}/cwd`, () => view.files.readlink(`/proc/${pid}/cwd`));
  const folder = `${rootOf(view, pid)}${cwd.ok ? cwd.value : ""}`;
  const init = attempt("init.pid", () => Number(view.files.read(`${folder}/init.pid`)));
  return {
    id,
    manager: namespace === "moby" ? "docker" : namespace,
    name: id.slice(0, 12),
    initPid: init.ok && isChild(view, pid, init.value) ? init.value : firstChild(view, pid),
    bundle: cwd.ok
      ? readBundle(view.files, `${folder}/config.json`, `${cwd.value}/config.json`, profiles)
      : cwd,
  };
}

function fromConmon(
  view: KernelView,
  pid: number,
  argv: string[],
  profiles: KnownProfiles,
): SupervisedContainer | null {
  const id = option(argv, "-c");
  const folder = option(argv, "-b");
  // An exec session has a conmon of its own, with the id of the container that it is in (conmon(8)).
  const exec = argv.some((argument) => argument === "-e" || argument.startsWith("--exec"));
  if (id === null || folder === null || exec) return null;
  return {
    id,
    manager: "podman",
    name: option(argv, "-n") ?? id.slice(0, 12),
    initPid: firstChild(view, pid),
    bundle: readBundle(
      view.files,
      `${rootOf(view, pid)}${folder}/config.json`,
      `${folder}/config.json`,
      profiles,
    ),
  };
}

/**
 * Where the paths of a supervisor begin: mostly they are the host's own. A supervisor in another mount namespace
 * or with another root is looked at through its root, whose links then have to be followed one by one.
 */
function rootOf(view: KernelView, pid: number): string {
  const root = `/proc/${pid}/root`;
  const same = attempt(root, () => {
    if (view.namespacesOf(pid).mnt !== view.ownMounts || view.files.readlink(root) !== "/") return false;
    const [theirs, ours] = [view.files.stat(root), view.files.stat("/")];
    return theirs.dev === ours.dev && theirs.ino === ours.ino;
  });
  return same.ok && same.value && view.ownMounts !== undefined ? "" : root;
}

// The container's first process is always a child of its supervisor; what a file says may be anything.
function isChild(view: KernelView, parent: number, pid: number): boolean {
  return view.byPid.get(pid)?.parent === parent;
}

function firstChild(view: KernelView, pid: number): number {
  return view.children.get(pid)?.[0]?.pid ?? 0;
}

/** Reads a bundle's config.json at `path`, named `shown` in findings. */
export function readBundle(
  files: HostFiles,
  path: string,
  shown: string,
  profiles?: KnownProfiles,
): Reading<ParsedBundle> {
  const text = attempt(shown, () => files.read(path, 8 << 20));
  if (!text.ok) return text;
  try {
    return got(parseBundle(text.value, shown, profiles));
  } catch {
    return missing(`${shown}: is not JSON`);
  }
}

const MAX_NAME = 256;

/** The argument after `name`; null if there is none that could be a name or path. */
function option(argv: readonly string[], name: string): string | null {
  const at = argv.indexOf(name);
  const value = at < 0 ? "" : (argv[at + 1] ?? "");
  return value === "" || value.length > (name === "-b" ? 4096 : MAX_NAME) ? null : value;
}
