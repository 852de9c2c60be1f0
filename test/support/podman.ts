import * as fs from "node:fs";
import { join } from "node:path";
import { answers, type Engine, engineAt, installShim, needsShim, OVERLAY_ETC } from "./dockerd.ts";
import { IMAGE, packImage } from "./image.ts";
import { privateHost } from "./private-host.ts";

/** Packages that {@link startPodman} cannot do without; the docker client speaks to it. */
export const PODMAN_NEEDS = ["podman", "docker.io", "runc", "util-linux", "iproute2", "jq"] as const;

/**
 * The API service of a podman with its own storage. Start containers with `--network none` or `host`, and with
 * `--cgroup-parent` of its host.
 */
export async function startPodman(): Promise<Engine> {
  const host = privateHost("podman");
  const path = (name: string): string => join(host.folder, name);
  try {
    fs.mkdirSync(path("etc/containers"), { recursive: true });
    fs.writeFileSync(
      path("etc/containers/policy.json"),
      JSON.stringify({ default: [{ type: "insecureAcceptAnything" }] }),
    );
    fs.writeFileSync(path("containers.conf"), configuration(host.folder));
    fs.mkdirSync(path("api"));
    const socket = path("api/podman.sock");
    const storage = '--root "$D/root" --runroot "$D/run" --tmpdir "$D/tmp"';
    const script = `
      ${OVERLAY_ETC}
      # Podman, its runtime and its networks keep state here whatever they are told.
      mount -t tmpfs none /run
      mkdir "$D/lib" "$D/lib.work"
      mount -t overlay overlay -o "lowerdir=/var/lib,upperdir=$D/lib,workdir=$D/lib.work" /var/lib
      exec podman ${storage} system service --time 0 "unix://${socket}"`;
    const env = { D: host.folder, CONTAINERS_CONF: path("containers.conf") };
    const pid = await host.launch(script, { env });
    await answers(host, pid, socket);
    const engine = engineAt(host, pid, `unix://${socket}`, socket);
    await engine.mustDocker("import", "--change", "CMD sh", packImage(host.folder), IMAGE);
    return engine;
  } catch (error) {
    await host.stop();
    throw error;
  }
}

function configuration(folder: string): string {
  const runtime = needsShim()
    ? `runtime = "shim"\n[engine.runtimes]\nshim = ["${installShim(folder)}"]\n`
    : 'runtime = "runc"\n';
  return `[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
${runtime}
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
`;
}
