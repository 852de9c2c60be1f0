import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { erase, FOLDER_PREFIX, isRunning, MARK, namespaceOf, OWNER_FILE, sweep } from "./leftovers.ts";
import { run, type Outcome, waitFor, words } from "./run.ts";

/** A folder, a control group and namespaces for one daemon, of which nothing is left after {@link stop}. */
export interface PrivateHost {
  /** Short, and unique among all that run. */
  name: string;
  /** World-searchable, so that daemons of other users reach what is theirs in it. */
  folder: string;
  /** Path of its own control group, in every hierarchy. */
  cgroupParent: string;
  /** Its marker, to be added to the environment of anything else that must not outlive it. */
  env: Record<string, string>;
  /**
   * Runs a bash script in a new mount namespace, and network namespace unless `network` is false, whose loopback
   * is up. Gives the pid of the script or of the program that it `exec`s.
   */
  launch(script: string, options?: { network?: boolean; env?: Record<string, string> }): Promise<number>;
  /** Runs a command in the network namespace of what was launched. */
  inNetwork(...command: string[]): Promise<Outcome>;
  /** What was launched last wrote this. */
  log(): string;
  /** Ends what was launched, politely first, and removes folder and control groups. */
  stop(): Promise<void>;
}

let count = 0;

/** Makes the folder; nothing runs yet. Removes first what a killed test run may have left. */
export function privateHost(label: string): PrivateHost {
  sweep();
  count += 1;
  const name = `${label}-${process.pid}-${count}`;
  const folder = fs.mkdtempSync(join(tmpdir(), FOLDER_PREFIX));
  fs.chmodSync(folder, 0o755);
  fs.writeFileSync(join(folder, OWNER_FILE), `${process.pid} ${name}`);
  const logPath = join(folder, "log");
  const env = { [MARK]: folder };
  const clean = onExit(() => erase(folder, name));
  let main = 0;
  return {
    name,
    folder,
    cgroupParent: `/sw-${name}`,
    env,
    log: () => (fs.existsSync(logPath) ? fs.readFileSync(logPath, "utf8") : ""),
    launch: async (script, options = {}) => {
      const { network = true } = options;
      const log = fs.openSync(logPath, "a");
      // The daemon is told to end if this process dies without saying so.
      const enter = words(
        `--pdeathsig TERM unshare ${network ? "--net" : ""} --mount --propagation private bash -ec`,
      );
      const child = spawn("setpriv", [...enter, network ? `ip link set lo up\n${script}` : script], {
        detached: true,
        stdio: ["ignore", log, log],
        env: { ...process.env, PATH: searchPath(), ...env, ...options.env },
      });
      fs.closeSync(log);
      child.unref();
      main = child.pid ?? 0;
      const own = fs.readlinkSync("/proc/self/ns/mnt");
      await waitFor(`namespaces of ${name}`, () => child.exitCode !== null || namespaceOf(main) !== own);
      return main;
    },
    inNetwork: (...command) => run("nsenter", ["--target", String(main), "--net", "--", ...command]),
    stop: async () => {
      if (main > 0 && fs.existsSync(`/proc/${main}`)) {
        process.kill(main, "SIGTERM");
        await waitFor(`end of ${name}`, () => !isRunning(main), 20_000).catch(() => undefined);
      }
      clean();
    },
  };
}

/** The path with the folders of system administration, which not every user has. */
export function searchPath(): string {
  return `${process.env.PATH ?? ""}:/usr/sbin:/sbin:/usr/bin:/bin`;
}

// Registered functions run once: when called, or when this process ends.
const pending = new Set<() => void>();
let listening = false;

function onExit(action: () => void): () => void {
  if (!listening) {
    listening = true;
    process.on("exit", () => {
      for (const rest of pending) rest();
    });
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
      process.once(signal, () => process.exit(1));
    }
  }
  const once = (): void => {
    if (pending.delete(once)) action();
  };
  pending.add(once);
  return once;
}
