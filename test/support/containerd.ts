import * as fs from "node:fs";
import { join } from "node:path";
import { installShim, needsShim } from "./dockerd.ts";
import { IMAGE, packArchive } from "./image.ts";
import { privateHost, type PrivateHost, searchPath } from "./private-host.ts";
import { must, run, waitFor } from "./run.ts";

/** Packages that {@link startContainerd} cannot do without. */
export const CONTAINERD_NEEDS = [
  "containerd",
  "runc",
  "util-linux",
  "iproute2",
  "jq",
  "busybox-static",
] as const;

/** A containerd that no engine stands before. */
export interface Containerd {
  host: PrivateHost;
  socket: string;
  /** Its process. */
  pid: number;
  /** Runs ctr(8) in namespace `raw`; throws unless it works. */
  ctr(...args: string[]): Promise<string>;
  /** Starts a container of the test image that sleeps; gives its id, which is its name. */
  start(name: string, ...flags: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** A containerd on its own, whose containers are started with `ctr`. */
export async function startContainerd(): Promise<Containerd> {
  const host = privateHost("containerd");
  try {
    const path = (name: string): string => join(host.folder, name);
    const socket = path("containerd.sock");
    fs.writeFileSync(
      path("config.toml"),
      `version = 2
root = "${path("root")}"
state = "${path("state")}"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "${socket}"
`,
    );
    // The runtime and the client keep state in /run.
    const script = 'mount -t tmpfs none /run; exec containerd --config "$D/config.toml"';
    // It makes no network of its own, so it can be in the host's, which `--net-host` then is.
    const pid = await host.launch(script, { network: false, env: { D: host.folder } });
    const ctr = (...args: string[]): Promise<string> => {
      const command = ["ctr", "--address", socket, "--namespace", "raw", ...args];
      return must("nsenter", ["--target", String(pid), "--mount", "--", ...command], {
        env: { ...host.env, PATH: searchPath() },
      });
    };
    await waitFor(
      `an answer of containerd\n${host.log().slice(-2000)}`,
      async () => (await run("ctr", ["--address", socket, "version"])).code === 0,
    );
    await ctr("images", "import", packArchive(host.folder));
    const runtime = needsShim() ? ["--runc-binary", installShim(host.folder)] : [];
    return {
      host,
      socket,
      pid,
      ctr,
      start: async (name, ...flags) => {
        const place = ["--cgroup", `${host.cgroupParent}/${name}`];
        const image = `docker.io/library/${IMAGE}`;
        await ctr("run", "--detach", ...runtime, ...place, ...flags, image, name, "/bin/sleep", "100000");
        return name;
      },
      stop: async () => {
        for (const name of (await ctr("containers", "list", "--quiet")).split("\n").filter(Boolean)) {
          await ctr("task", "kill", "--signal", "SIGKILL", name);
        }
        await host.stop();
      },
    };
  } catch (error) {
    await host.stop();
    throw error;
  }
}
