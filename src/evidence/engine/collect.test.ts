import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { connect, type EngineClient } from "./client.ts";
import { askEngine } from "./collect.ts";
import { parseEndpoint } from "./endpoint.ts";

const servers: Server[] = [];
const clients: EngineClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** An engine that answers the given paths, and leaves those waiting whose answer is undefined. */
async function engine(answers: Record<string, unknown>, timeoutMs = 2000): Promise<EngineClient> {
  const server = createServer((request, response) => {
    const path = (request.url ?? "").replace(/^\/v1\.\d+/, "");
    response.setHeader("Api-Version", "1.41");
    if (path === "/_ping") response.end("OK");
    else if (!Object.hasOwn(answers, path)) response.writeHead(404).end('{"message":"not found"}');
    else if (answers[path] !== undefined) response.end(JSON.stringify(answers[path]));
  }).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = await connect(parseEndpoint(`tcp://127.0.0.1:${port}`), timeoutMs);
  clients.push(client);
  return client;
}

const WEB = {
  Id: "aaa",
  Name: "/web",
  State: { Pid: 42, Running: true, StartedAt: "2026-01-01T00:00:00Z", FinishedAt: "0001-01-01T00:00:00Z" },
  ExecIDs: ["e1", "e2"],
  Config: {},
  HostConfig: {},
};

describe("askEngine", () => {
  it("asks for everything, and puts it together", async () => {
    const answers = await askEngine(
      await engine({
        "/info": { Name: "vm", Swarm: { LocalNodeState: "inactive" } },
        "/version": { Version: "20.10.24", Components: [{ Name: "Engine" }] },
        "/containers/json?all=1": [
          { Id: "aaa", Names: ["/web"], Image: "app:1", State: "running", Created: 1767225600 },
        ],
        "/containers/aaa/json": WEB,
        "/exec/e1/json": {
          Running: true,
          Pid: 77,
          ProcessConfig: {
            entrypoint: "mysql",
            arguments: ["--password", "hunter2"],
            privileged: true,
            user: "root",
          },
        },
        "/images/json": [{ Id: "sha256:1", Created: 1767225600 }],
        "/images/sha256%3A1/json": { Config: { User: "app" } },
        "/images/sha256%3A1/history": [],
        "/networks": [{ Id: "n1", Name: "bridge" }],
        "/networks/n1": { Id: "n1", Name: "bridge", Containers: { x: { Name: "web" } } },
      }),
    );
    expect(answers).toMatchObject({
      kind: "docker",
      info: { ok: true, value: { hostName: "vm" } },
      version: { ok: true, value: { version: "20.10.24" } },
      swarm: { ok: true, value: null },
      images: { ok: true, value: [{ id: "sha256:1", detail: { ok: true, value: { user: "app" } } }] },
      networks: { ok: true, value: [{ name: "bridge", containers: ["web"] }] },
      containers: {
        ok: true,
        value: [
          {
            id: "aaa",
            name: "web",
            image: "app:1",
            state: "running",
            createdAt: "2026-01-01T00:00:00.000Z",
            startedAt: "2026-01-01T00:00:00Z",
            finishedAt: "",
            health: "none",
            pid: 42,
            declared: { ok: true },
            execs: {
              ok: true,
              value: [
                {
                  id: "e1",
                  pid: 77,
                  running: true,
                  privileged: true,
                  user: "root",
                  command: "mysql --password ****",
                },
              ],
            },
          },
        ],
      },
    });
  });

  it("loses one object only to one answer that never comes", async () => {
    const client = await engine(
      {
        "/info": {},
        "/version": {},
        "/containers/json?all=1": [
          { Id: "aaa", Names: ["/web"] },
          { Id: "bbb", Names: ["/stuck"] },
        ],
        "/containers/aaa/json": { ...WEB, ExecIDs: null },
        "/containers/bbb/json": undefined,
        "/images/json": [],
        "/networks": [],
      },
      300,
    );
    const { containers } = await askEngine(client);
    expect(containers).toMatchObject({
      ok: true,
      value: [
        { name: "web", declared: { ok: true }, execs: { ok: true, value: [] } },
        {
          name: "stuck",
          declared: { ok: false, why: "GET /containers/bbb/json: no answer within 0.3 s" },
          execs: { ok: false },
        },
      ],
    });
  });

  it("gives a reason for everything where the engine refuses everything", async () => {
    const { kind, ...answers } = await askEngine(await engine({}));
    expect(kind).toBe("docker");
    expect(Object.values(answers).map((answer) => answer.ok)).toEqual(Array.from({ length: 6 }, () => false));
  });

  it("survives answers of no known shape", async () => {
    const odd = { Created: 1e300, Id: 7, Names: "x" };
    const answers = await askEngine(
      await engine({
        "/info": [],
        "/version": "x",
        "/containers/json?all=1": [odd, null, 3],
        "/images/json": { a: 1 },
        "/networks": null,
      }),
    );
    expect(answers.containers).toMatchObject({ ok: true, value: [{ createdAt: "" }, {}, {}] });
    // What is no list is no empty list either.
    expect(answers.images).toMatchObject({ ok: false, why: expect.stringMatching(/not a list/) });
    expect(answers.networks).toMatchObject({ ok: false });
  });

  it("calls a container by its own name, not by that of a link to it", async () => {
    const answers = await askEngine(
      await engine({ "/containers/json?all=1": [{ Id: "a", Names: ["/app/db", "/database"] }] }),
    );
    expect(answers.containers).toMatchObject({ ok: true, value: [{ name: "database" }] });
  });

  it("tells podman, and a worker of a swarm", async () => {
    const answers = await askEngine(
      await engine({
        "/info": { Swarm: { LocalNodeState: "active", ControlAvailable: false } },
        "/version": { Components: [{ Name: "Podman Engine" }] },
      }),
    );
    expect(answers.kind).toBe("podman");
    expect(answers.swarm).toMatchObject({ ok: false, why: expect.stringMatching(/worker/) });
  });

  it("reads the swarm on a manager, or says which answer is missing", async () => {
    const manager = {
      "/info": { Swarm: { LocalNodeState: "active", ControlAvailable: true } },
      "/swarm": { Spec: { EncryptionConfig: { AutoLockManagers: true } }, DataPathAddr: "10.0.0.2" },
      "/nodes": [],
      "/services": [],
    };
    expect((await askEngine(await engine({ ...manager, "/secrets": [] }))).swarm).toMatchObject({
      ok: true,
      value: { autolock: true, dataPathAddress: "10.0.0.2" },
    });
    expect((await askEngine(await engine(manager))).swarm).toEqual({
      ok: false,
      why: "GET /secrets: not found",
    });
  });
});
