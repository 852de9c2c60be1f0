import { attempt, type HostFiles } from "../filesystem.ts";
import type { KernelView } from "../kernel/container.ts";
import { got, missing, type Reading } from "#model/reading.ts";
import { type ParsedBundle, parseBundle } from "./config.ts";

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
  const found: SupervisedContainer[] = [];
  for (const sketch of view.sketches) {
    if (sketch.comm === "conmon" || sketch.comm.startsWith("containerd-shim")) {
      const argv = attempt("cmdline", () => view.files.read(`/proc/${sketch.pid}/cmdline`).split("\0"));
      if (!argv.ok) continue;
      const container =
        sketch.comm === "conmon"
          ? fromConmon(view, sketch.pid, argv.value)
          : fromShim(view, sketch.pid, argv.value);
      if (container !== null) found.push(container);
    }
  }
  return found;
}

function fromShim(view: KernelView, pid: number, argv: string[]): SupervisedContainer | null {
  const id = option(argv, "-id");
  const namespace = option(argv, "-namespace");
  if (id === null || namespace === null) return null;
  // Through the shim's working directory, so that a shim in another mount namespace is read as well.
  const folder = `/proc/${pid}/cwd`;
  const shown = attempt(folder, () => view.files.readlink(folder));
  const init = attempt("init.pid", () => Number(view.files.read(`${folder}/init.pid`)));
  return {
    id,
    manager: namespace === "moby" ? "docker" : namespace,
    name: id.slice(0, 12),
    initPid: init.ok && Number.isInteger(init.value) ? init.value : firstChild(view, pid),
    bundle: readBundle(view.files, `${folder}/config.json`, `${shown.ok ? shown.value : folder}/config.json`),
  };
}

function fromConmon(view: KernelView, pid: number, argv: string[]): SupervisedContainer | null {
  const id = option(argv, "-c");
  const folder = option(argv, "-b");
  if (id === null || folder === null) return null;
  return {
    id,
    manager: "podman",
    name: option(argv, "-n") ?? id.slice(0, 12),
    initPid: firstChild(view, pid),
    bundle: readBundle(view.files, `/proc/${pid}/root${folder}/config.json`, `${folder}/config.json`),
  };
}

function firstChild(view: KernelView, pid: number): number {
  return view.children.get(pid)?.[0]?.pid ?? 0;
}

/** Reads a bundle's config.json at `path`, named `shown` in findings. */
export function readBundle(files: HostFiles, path: string, shown: string): Reading<ParsedBundle> {
  const text = attempt(shown, () => files.read(path, 8 << 20));
  if (!text.ok) return text;
  try {
    return got(parseBundle(text.value, shown));
  } catch {
    return missing(`${shown}: is not JSON`);
  }
}

function option(argv: readonly string[], name: string): string | null {
  const at = argv.indexOf(name);
  return at < 0 ? null : (argv[at + 1] ?? null);
}
