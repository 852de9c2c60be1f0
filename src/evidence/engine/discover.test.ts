import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testHost, type TestHost } from "../testing.ts";
import { discoverSockets } from "./discover.ts";

let host: TestHost;
const servers: Server[] = [];
beforeEach(() => {
  host = testHost({ "/run": { folder: true }, "/var/run": { link: "/run" } });
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  host.remove();
});

async function socket(path: string): Promise<void> {
  const server = createServer().listen(join(host.root, path));
  servers.push(server);
  await once(server, "listening");
}

function found(env: Record<string, string> = {}): string[] {
  return discoverSockets(host.files, env).map(({ url }) => url);
}

describe("discoverSockets", () => {
  it("finds nothing where there is nothing, or only plain files", () => {
    host.write({ "/run/docker.sock": "text" });
    expect(found()).toEqual([]);
  });

  it("finds a socket once, by whatever names it goes", async () => {
    await socket("/run/docker.sock");
    expect(found()).toEqual(["unix:///run/docker.sock"]);
  });

  it("finds podman, and the engines of users", async () => {
    host.write({
      "/run/podman": { folder: true },
      "/run/user/1000/podman": { folder: true },
      "/x": { folder: true },
    });
    await socket("/run/podman/podman.sock");
    await socket("/run/user/1000/docker.sock");
    await socket("/run/user/1000/podman/podman.sock");
    await socket("/x/docker.sock");
    expect(found({ XDG_RUNTIME_DIR: "/x" })).toEqual([
      "unix:///run/podman/podman.sock",
      "unix:///x/docker.sock",
      "unix:///run/user/1000/docker.sock",
      "unix:///run/user/1000/podman/podman.sock",
    ]);
  });
});
