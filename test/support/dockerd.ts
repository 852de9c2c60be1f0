import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { IMAGE, packImage } from "./image.ts";
import { privateHost, type PrivateHost, searchPath } from "./private-host.ts";
import { must, run, type Outcome, type RunOptions, waitFor, words } from "./run.ts";

/** Packages that {@link startDockerd} cannot do without. */
export const DOCKERD_NEEDS = [
  "docker.io",
  "runc",
  "util-linux",
  "iproute2",
  "jq",
  "busybox-static",
  "openssl",
] as const;

export interface DockerdOptions {
  /** Content of its daemon.json; a function is given the folder that `files` lie in. */
  config?: Record<string, unknown> | ((folder: string) => Record<string, unknown>);
  /** Files beside its daemon.json. */
  files?: Record<string, string>;
  /** Mode of its daemon.json; 0644 by default. */
  configMode?: number;
  /** More flags, after the usual ones. */
  flags?: readonly string[];
  /** Files that it sees in /etc in place of the host's, by their path below /etc. */
  etc?: Record<string, string>;
}

/** An engine that speaks the Docker API, and what it needs. */
export interface Engine {
  host: PrivateHost;
  /** Path of its socket. */
  socket: string;
  /** Its process. */
  pid: number;
  /** The docker client, on this engine. */
  docker(...args: string[]): Promise<Outcome>;
  /** The same; gives the output, throws unless it works. */
  mustDocker(...args: string[]): Promise<string>;
  /** Ends it and all it runs, and removes its traces. */
  stop(): Promise<void>;
}

const BOOT_MS = 30_000;

/** Lays the folder `etc` over /etc, in the mount namespace of the script that it is part of. */
export const OVERLAY_ETC =
  'mkdir "$D/work"; mount -t overlay overlay -o "lowerdir=/etc,upperdir=$D/etc,workdir=$D/work" /etc';

/**
 * Starts a dockerd that shares nothing with another one: namespaces for network and mounts, folders, control
 * groups. It has a bridge and packet filter of its own there. {@link IMAGE} is in its store.
 */
export async function startDockerd(options: DockerdOptions = {}, label = "dockerd"): Promise<Engine> {
  const host = privateHost(label);
  try {
    return await start(host, options);
  } catch (error) {
    await host.stop();
    throw error;
  }
}

async function start(host: PrivateHost, options: DockerdOptions): Promise<Engine> {
  const { folder } = host;
  const { config = {}, configMode = 0o644, files = {}, flags = [], etc } = options;
  const file = (name: string): string => join(folder, name);
  // The socket has a folder of its own, so that a container can be given the folder in place of the socket.
  fs.mkdirSync(file("run"));
  fs.mkdirSync(file("shared"));
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(file(name), content);
  const settings = typeof config === "function" ? config(folder) : config;
  fs.writeFileSync(file("daemon.json"), JSON.stringify(settings));
  fs.chmodSync(file("daemon.json"), configMode);
  for (const [path, content] of Object.entries(etc ?? {})) {
    fs.mkdirSync(dirname(join(file("etc"), path)), { recursive: true });
    fs.writeFileSync(join(file("etc"), path), content);
  }
  const socket = file("run/docker.sock");
  // The option in two words on purpose: both forms must be understood by who reads the command line.
  const command = words(`
    dockerd --config-file ${file("daemon.json")} --data-root ${file("data")} --exec-root ${file("exec")}
    --pidfile ${file("pid")} -H unix://${socket} --cgroup-parent ${host.cgroupParent}
    --exec-opt native.cgroupdriver=cgroupfs`);
  if (needsShim()) command.push("--add-runtime", `shim=${installShim(folder)}`, "--default-runtime", "shim");
  command.push(...flags);
  const script = `
    # Sockets of shims lie there, and would stay if they were killed.
    mkdir -p /run/containerd
    mount -t tmpfs none /run/containerd
    ${etc === undefined ? "" : OVERLAY_ETC}
    # One mount that passes mounts on, which volumes with propagation need.
    mount --bind "$D/shared" "$D/shared"
    mount --make-shared "$D/shared"
    exec ${command.map(quote).join(" ")}`;
  const pid = await host.launch(script, { env: { D: folder } });
  await answers(host, pid, socket);
  const engine = engineAt(host, pid, `unix://${socket}`, socket);
  await importImage(engine);
  return engine;
}

/** The engine that answers at `url`; with it, ending its containers first makes its own end quick. */
export function engineAt(
  host: PrivateHost,
  pid: number,
  url: string,
  socket: string,
  options: RunOptions = {},
): Engine {
  const env = { ...host.env, DOCKER_HOST: url, DOCKER_CONFIG: host.folder, PATH: searchPath() };
  const docker = (...args: string[]): Promise<Outcome> => run("docker", args, { ...options, env });
  return {
    host,
    socket,
    pid,
    docker,
    mustDocker: (...args) => must("docker", args, { ...options, env }),
    stop: async () => {
      const { stdout } = await docker("ps", "--all", "--quiet");
      const ids = stdout.split("\n").filter((id) => id !== "");
      if (ids.length > 0) await docker("rm", "--force", ...ids);
      await host.stop();
    },
  };
}

/** Waits until the API answers. Throws with the end of the log if it does not, or if the process ends. */
export async function answers(host: PrivateHost, pid: number, socket: string): Promise<void> {
  try {
    await waitFor(
      "an answer of the engine",
      async () => {
        if (!fs.existsSync(`/proc/${pid}`)) throw new Error("the engine has ended");
        return (await run("docker", ["-H", `unix://${socket}`, "version"])).code === 0;
      },
      BOOT_MS,
    );
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${host.log().slice(-3000)}`, { cause: error });
  }
}

/** Puts {@link IMAGE} into the engine's store. */
export async function importImage(engine: Engine): Promise<void> {
  const tar = packImage(engine.host.folder);
  await engine.mustDocker("import", "--change", 'CMD ["sh"]', tar, IMAGE);
}

/** Containers cannot be given a capability that this host's own bounding set lacks. */
export function needsShim(): boolean {
  const status = fs.readFileSync("/proc/self/status", "utf8");
  const bounding = BigInt(`0x${/^CapBnd:\s*(\w+)/m.exec(status)?.[1] ?? "0"}`);
  const sysResource = 24n; // include/uapi/linux/capability.h
  return ((bounding >> sysResource) & 1n) === 0n;
}

/** Copies the runtime shim to where every user can run it. */
export function installShim(folder: string): string {
  const path = join(folder, "runc-shim");
  fs.copyFileSync(new URL("runc-shim", import.meta.url), path);
  fs.chmodSync(path, 0o755);
  return path;
}

/** One word of a shell command. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
