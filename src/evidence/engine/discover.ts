import { attempt, type HostFiles } from "../filesystem.ts";
import type { Endpoint } from "./endpoint.ts";

/** The engines whose usual sockets are there: rootful Docker and podman, and those of every user. */
export function discoverSockets(files: HostFiles, env: Record<string, string | undefined>): Endpoint[] {
  const users = attempt("/run/user", () => files.list("/run/user"));
  const folders = new Set([
    ...(env.XDG_RUNTIME_DIR === undefined ? [] : [env.XDG_RUNTIME_DIR]),
    ...(users.ok ? users.value.map((uid) => `/run/user/${uid}`) : []),
  ]);
  const paths = [
    "/run/docker.sock",
    "/var/run/docker.sock",
    "/run/podman/podman.sock",
    ...[...folders].flatMap((folder) => [`${folder}/docker.sock`, `${folder}/podman/podman.sock`]),
  ];
  const seen = new Set<string>();
  return paths.flatMap((path) => {
    // /var/run is a link to /run on most hosts: one socket, one engine.
    const identity = attempt(path, () => {
      const stat = files.stat(path);
      return stat.isSocket() ? `${stat.dev}:${stat.ino}` : null;
    });
    if (!identity.ok || identity.value === null || seen.has(identity.value)) return [];
    seen.add(identity.value);
    return [{ url: `unix://${path}`, socketPath: path }];
  });
}
