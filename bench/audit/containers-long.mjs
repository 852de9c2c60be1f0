// The containers that both tools look at: a mix of plain, hardened and dangerous ones, all from one small image.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failure } from "./options.mjs";

const IMAGE = "seaworthy-bench:1";
const NAME = "seaworthy-bench-";
const LONGEST_MS = 300_000;
const BUSYBOX = "/bin/busybox";
const APPLETS = ["sh", "sleep", "ps"];
const WORKLOAD = "sleep 36000 & sleep 36000 & sleep 36000 & sleep 36000";

const HARDENED = [
  "--read-only --cap-drop ALL --security-opt no-new-privileges --user 1000:1000 --network none",
  "--memory 64m --pids-limit 50 --cpu-shares 512 --restart on-failure:5 --health-cmd ps --health-interval 1h",
].flatMap((line) => line.split(" "));
// Taken in turn, so that any number of containers is a mix; every second one is plain.
const KINDS = (socketPath) =>
  [
    HARDENED,
    ["--pid", "host"],
    ["--volume", `${socketPath}:/var/run/docker.sock`],
    HARDENED,
    ["--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined"],
    ["--publish", "127.0.0.1::80"],
    ["--network", "host"],
    HARDENED,
    ["--volume", "/etc:/host/etc:ro", "--restart", "always"],
    ["--ipc", "host", "--uts", "host"],
    ["--volume", "/run:/host/run:ro"],
  ].flatMap((extra) => [[], extra]);

/** Starts `count` containers one after the other. Returns what removes exactly what was made. */
export async function startContainers({ count, socketPath, env, signal }) {
  const program = count > 0 ? readBusybox() : null;
  const present = (await docker(["ps", "--all", "--format", "{{.Names}}"], env)).split("\n");
  const images = (await docker(["images", "--format", "{{.Repository}}:{{.Tag}}"], env)).split("\n");
  const names = Array.from({ length: count }, (_, at) => `${NAME}${at + 1}`);
  const taken = [...names.filter((name) => present.includes(name)), ...images.filter((tag) => tag === IMAGE)];
  if (taken.length > 0) {
    throw failure(
      `${taken.join(", ")}: there already, from another run or one that was killed; remove it first`,
    );
  }
  const made = [];
  const remove = async () => {
    if (made.length > 0) await docker(["rm", "--force", "--volumes", ...made], env).catch(complain);
    if (count > 0) await docker(["rmi", IMAGE], env).catch(complain);
  };
  try {
    if (count > 0) await docker(["import", "-", IMAGE], env, packImage(program));
    const kinds = KINDS(socketPath);
    for (const [at, name] of names.entries()) {
      signal.throwIfAborted();
      made.push(name);
      const extra = kinds[at % kinds.length];
      await docker(["run", "--detach", "--name", name, ...extra, IMAGE, "sh", "-c", WORKLOAD], env);
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return remove;
}

/** Engine version and how many containers run, for the heading. */
export async function describeEngine(env) {
  return {
    version: await docker(["version", "--format", "{{.Server.Version}}"], env),
    running: (await docker(["ps", "--quiet"], env)).split("\n").filter(Boolean).length,
  };
}

/**
 * Runs docker to its end, with standard input if given; returns what it printed, throws a failure with what it
 * said. In a group of its own: Ctrl-C would end it half-way, and what the engine then still starts would stay.
 */
async function docker(args, env, input = "") {
  const child = spawn("docker", args, { env, detached: true, timeout: LONGEST_MS });
  let printed = "";
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (printed += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  child.stdin.on("error", () => {}); // It ended before it had read all; its exit code tells why.
  child.stdin.end(input);
  const [code] = await once(child, "close").catch((error) => {
    const missing =
      error.code === "ENOENT" ? "not found; install the docker client (docker-cli)" : error.message;
    throw failure(`docker: ${missing}`);
  });
  if (code !== 0) throw failure(`docker ${args.slice(0, 4).join(" ")}: ${said.trim() || `exit ${code}`}`);
  return printed.trim();
}

function complain(error) {
  process.stderr.write(`bench:audit: ${error.message}\n`);
}

/** The one program in the containers. It must bring all it needs: there is nothing else in them. */
function readBusybox() {
  let program;
  try {
    program = readFileSync(BUSYBOX);
  } catch (error) {
    throw failure(`${BUSYBOX}: ${error.code}; install busybox-static, which the containers run`);
  }
  // What is linked dynamically names its loader (elf(5), PT_INTERP) right behind its headers.
  if (/\/ld-[\w.-]+\0/.test(program.toString("latin1", 0, 4096))) {
    throw failure(`${BUSYBOX}: needs libraries that the containers do not have; install busybox-static`);
  }
  return program;
}

/** A root file system with busybox and the few names it is called by, as a tar. */
function packImage(program) {
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-bench-image-"));
  try {
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin/busybox"), program, { mode: 0o755 });
    for (const applet of APPLETS) symlinkSync("busybox", join(folder, "bin", applet));
    const { status, stdout, stderr, error } = spawnSync("tar", ["-C", folder, "-c", "."], {
      maxBuffer: 64 << 20,
    });
    if (status !== 0) throw failure(`tar: ${error?.message ?? stderr}`);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
