import { execFileSync } from "node:child_process";
import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { ListenerEvidence } from "#model/evidence/container.ts";
import type { DaemonEvidence } from "#model/evidence/engine.ts";
import { got } from "#model/reading.ts";
import { hostFiles } from "../filesystem.ts";
import { collectNamespaces } from "../kernel/process.ts";
import { apiListeners, probeOpenTcp } from "./open-tcp.ts";

const files = hostFiles();
const servers: net.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    if (server instanceof http.Server || server instanceof https.Server) server.closeAllConnections();
  }
});

function daemon(
  listeners: Partial<ListenerEvidence>[],
  changes: Partial<DaemonEvidence> = {},
): DaemonEvidence {
  return {
    pid: 700,
    argv: ["dockerd"],
    executable: "/usr/bin/dockerd",
    executableDeleted: false,
    startedAtMs: null,
    uid: 0,
    namespaces: collectNamespaces(files, "self"),
    uidMap: [],
    settings: {},
    configFile: { path: "/etc/docker/daemon.json", stat: got(null), error: null },
    unixSockets: [],
    listeners: listeners.map((listener) => ({
      protocol: "tcp",
      address: "127.0.0.1",
      port: 0,
      inode: 1,
      ...listener,
    })),
    clients: 0,
    proxies: 0,
    ...changes,
  };
}

const engine: http.RequestListener = (_request, response) => {
  response.writeHead(200, { "Api-Version": "1.41" });
  response.end("OK");
};

async function listen(server: net.Server, host = "127.0.0.1"): Promise<number> {
  servers.push(server);
  server.listen(0, host);
  await once(server, "listening");
  return (server.address() as net.AddressInfo).port;
}

async function probed(port: number, address = "127.0.0.1") {
  const answer = await probeOpenTcp(daemon([{ port, address }]), files);
  if (!answer.ok) throw new Error(answer.why);
  expect(answer.value).toHaveLength(1);
  return answer.value[0];
}

/** Key and certificate of a server, signed by itself. */
function selfSigned(): { key: string; cert: string } {
  const request =
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout - -days 2 -subj /CN=x";
  const both = execFileSync("openssl", request.split(" "), { encoding: "utf8", stdio: "pipe" });
  return { key: both, cert: both };
}

describe("probeOpenTcp", () => {
  it("finds an engine that answers everybody in plain text", async () => {
    const port = await listen(http.createServer(engine));
    expect(await probed(port)).toEqual({ endpoint: `tcp://127.0.0.1:${port}`, tls: false, answered: true });
  });

  it("asks a socket that is bound to every address at loopback", async () => {
    const port = await listen(http.createServer(engine), "0.0.0.0");
    expect(await probed(port, "0.0.0.0")).toEqual({
      endpoint: `tcp://0.0.0.0:${port}`,
      tls: false,
      answered: true,
    });
    // As a socket on [::] that takes IPv4 as well, on a machine without IPv6.
    expect(await probed(port, "::")).toEqual({ endpoint: `tcp://[::]:${port}`, tls: false, answered: true });
    expect(await probed(port, "::ffff:127.0.0.1")).toMatchObject({ answered: true });
  });

  it("finds an engine with TLS that asks for no client certificate", async () => {
    const port = await listen(https.createServer(selfSigned(), engine));
    expect(await probed(port)).toEqual({ endpoint: `tcp://127.0.0.1:${port}`, tls: true, answered: true });
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)("is refused by an engine that wants one (%s)", async (version) => {
    const tls = https.createServer(
      {
        ...selfSigned(),
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: version,
        maxVersion: version,
      },
      engine,
    );
    // Go tells plain clients what it wants; so does this socket before it hands over.
    const front = net.createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", (first) => {
        if (first[0] === 0x16) {
          socket.unshift(first);
          tls.emit("connection", socket);
        } else
          socket.end("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
      });
    });
    const port = await listen(front);
    expect(await probed(port)).toEqual({ endpoint: `tcp://127.0.0.1:${port}`, tls: true, answered: false });
  });

  it("takes another program for no engine", async () => {
    const port = await listen(http.createServer((_request, response) => response.end("OK")));
    expect(await probed(port)).toMatchObject({ tls: false, answered: false });
  });

  it("takes a refusal for no answer", async () => {
    const port = await listen(
      http.createServer((_request, response) => {
        response.writeHead(403, { "Api-Version": "1.41" });
        response.end();
      }),
    );
    expect(await probed(port)).toMatchObject({ answered: false });
  });

  it("waits a second at most for a socket that never answers", async () => {
    const port = await listen(net.createServer((socket) => void socket.on("error", () => {})));
    expect(await probed(port)).toEqual({ endpoint: `tcp://127.0.0.1:${port}`, tls: false, answered: false });
  });

  it("reports a socket that is closed by now", async () => {
    const port = await listen(http.createServer(engine));
    for (const server of servers.splice(0)) server.close();
    expect(await probed(port)).toMatchObject({ tls: false, answered: false });
  });

  it("does not ask what it might reach in another network namespace", async () => {
    const other = daemon([{ port: 2375 }], { namespaces: { net: 1 } });
    expect(await probeOpenTcp(other, files)).toMatchObject({
      ok: false,
      why: expect.stringMatching(/another network namespace/),
    });
    expect(await probeOpenTcp({ ...other, listeners: [] }, files)).toEqual({ ok: true, value: [] });
  });
});

describe("apiListeners", () => {
  const ports = (...args: Parameters<typeof daemon>): number[] =>
    apiListeners(daemon(...args)).map(({ port }) => port);

  it("leaves out the swarm's, the metrics' and UDP, unless the daemon was told to listen there", () => {
    const listeners = [
      { port: 2375 },
      { port: 2377 },
      { port: 7946 },
      { port: 9323 },
      { port: 5000, protocol: "udp" as const },
    ];
    const metrics = { "metrics-addr": { value: "127.0.0.1:9323", from: "flag" as const } };
    expect(ports(listeners, { settings: metrics })).toEqual([2375]);
    const hosts = { hosts: { value: ["tcp://0.0.0.0:2377", "unix:///x"], from: "file" as const } };
    expect(ports(listeners, { settings: { ...metrics, ...hosts } })).toEqual([2375, 2377]);
  });

  it("leaves out published ports, which the daemon itself holds without the userland proxy", () => {
    const settings = {
      "userland-proxy": { value: false, from: "file" as const },
      hosts: { value: "tcp://127.0.0.1:2375", from: "flag" as const },
    };
    expect(ports([{ port: 2375 }, { port: 8080 }], { settings })).toEqual([2375]);
  });

  it("asks each address once", () => {
    expect(ports([{ port: 1 }, { port: 1 }, { port: 1, address: "::1", protocol: "tcp6" }])).toEqual([1, 1]);
  });
});
