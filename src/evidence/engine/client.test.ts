import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { UserError } from "#model/problem.ts";
import { compareApi, connect, type EngineClient } from "./client.ts";
import { type Endpoint, parseEndpoint } from "./endpoint.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seaworthy-client-"));
  makeCertificates(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const servers: net.Server[] = [];
const clients: EngineClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  for (const server of servers.splice(0)) {
    server.close();
    if (server instanceof http.Server || server instanceof https.Server) server.closeAllConnections();
  }
});

/** A CA, a server certificate for 127.0.0.1, and a client certificate. */
function makeCertificates(at: string): void {
  const openssl = (...args: string[]): void => void execFileSync("openssl", args, { cwd: at, stdio: "pipe" });
  const key = (name: string): void =>
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", `${name}.pem`);
  key("ca-key");
  openssl(
    "req",
    "-x509",
    "-new",
    "-key",
    "ca-key.pem",
    "-days",
    "2",
    "-subj",
    "/CN=test-ca",
    "-out",
    "ca.pem",
  );
  for (const [name, extension] of [
    ["server", "subjectAltName=IP:127.0.0.1,DNS:localhost"],
    ["client", "extendedKeyUsage=clientAuth"],
  ] as const) {
    key(`${name}-key`);
    writeFileSync(join(at, "ext"), extension);
    openssl("req", "-new", "-key", `${name}-key.pem`, "-subj", `/CN=${name}`, "-out", `${name}.csr`);
    openssl(
      ..."x509 -req -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile ext".split(" "),
      "-in",
      `${name}.csr`,
      "-out",
      `${name}.pem`,
    );
  }
  for (const [from, to] of [
    ["client.pem", "cert.pem"],
    ["client-key.pem", "key.pem"],
  ] as const) {
    writeFileSync(join(at, to), readFileSync(join(at, from)));
  }
}

function pem(name: string): Buffer {
  return readFileSync(join(folder, `${name}.pem`));
}

/** Answers `/_ping` as an engine of API `version` does, and everything else with `answer`. */
function engine(answer: http.RequestListener = () => {}, version = "1.41"): http.RequestListener {
  return (request, response) => {
    if (request.url !== "/_ping") return answer(request, response);
    response.writeHead(200, { "Api-Version": version });
    response.end("OK");
  };
}

async function unix(listener: http.RequestListener): Promise<Endpoint> {
  const server = http.createServer(listener);
  servers.push(server);
  const path = join(folder, `${servers.length}-${Math.random().toString(36).slice(2)}.sock`);
  server.listen(path);
  await once(server, "listening");
  return parseEndpoint(`unix://${path}`);
}

async function tcp(server: net.Server, certificates?: string): Promise<Endpoint> {
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return parseEndpoint(`tcp://127.0.0.1:${(server.address() as net.AddressInfo).port}`, certificates);
}

async function open(endpoint: Endpoint, timeoutMs = 2000): Promise<EngineClient> {
  const client = await connect(endpoint, timeoutMs);
  clients.push(client);
  return client;
}

function json(value: unknown): http.RequestListener {
  return (_request, response) => response.end(JSON.stringify(value));
}

async function failure(endpoint: Endpoint, timeoutMs = 2000): Promise<string> {
  const error: unknown = await connect(endpoint, timeoutMs).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).exitCode).toBe(3);
  expect((error as UserError).message.startsWith(`${endpoint.url}: `)).toBe(true);
  return (error as UserError).message.slice(endpoint.url.length + 2);
}

describe("connect over a unix socket", () => {
  it("negotiates the version and asks in it", async () => {
    const urls: (string | undefined)[] = [];
    const endpoint = await unix(
      engine((request, response) => {
        urls.push(request.url);
        response.end('{"ID":"x"}');
      }),
    );
    const client = await open(endpoint);
    expect(client.apiVersion).toBe("1.41");
    expect(await client.get("/info")).toEqual({ ok: true, value: { ID: "x" } });
    expect(urls).toEqual(["/v1.41/info"]);
  });

  it("speaks no version newer than it knows", async () => {
    const client = await open(await unix(engine(json({}), "1.99")));
    expect(compareApi(client.apiVersion, "1.99")).toBeLessThan(0);
    expect(compareApi(client.apiVersion, "1.44")).toBeGreaterThanOrEqual(0);
  });

  it("goes on where a plugin denies the ping but the engine says who it is", async () => {
    const client = await open(
      await unix((request, response) => {
        response.writeHead(request.url === "/_ping" ? 403 : 200, { "Api-Version": "1.43" });
        response.end("{}");
      }),
    );
    expect(await client.get("/info")).toEqual({ ok: true, value: {} });
  });

  it("reaches the socket where this process sees it", async () => {
    const endpoint = await unix(engine(json([])));
    const named = { url: "unix:///run/docker.sock", socketPath: "/run/docker.sock" };
    const client = await connect(named, 2000, endpoint.socketPath);
    clients.push(client);
    expect(client.endpoint.url).toBe("unix:///run/docker.sock");
    expect(await client.get("/x")).toEqual({ ok: true, value: [] });
  });

  it("says what to do where there is no socket, no permission, no listener", async () => {
    expect(await failure(parseEndpoint(`unix://${folder}/none.sock`))).toMatch(/^no such socket.*--host/);
    const path = join(folder, "plain-file");
    writeFileSync(path, "");
    expect(await failure(parseEndpoint(`unix://${path}`))).toMatch(/^nothing listens there/);
  });

  it("refuses an engine whose API is too old", async () => {
    expect(await failure(await unix(engine(json({}), "1.40")))).toMatch(
      /speaks API 1\.40; 1\.41 .* is needed/,
    );
  });

  it("refuses what is no engine", async () => {
    expect(await failure(await unix((_request, response) => response.end("hello")))).toMatch(
      /^something answers there, but not as a container engine/,
    );
    expect(
      await failure(
        await unix((_request, response) => {
          response.writeHead(200, { "Api-Version": "latest" });
          response.end();
        }),
      ),
    ).toMatch(/not as a container engine/);
  });
});

describe("get", () => {
  it("turns every failure into a reason", async () => {
    const client = await open(
      await unix(
        engine((request, response) => {
          if (request.url?.endsWith("/garbage")) response.end("<html>");
          else if (request.url?.endsWith("/empty")) response.end();
          else if (request.url?.endsWith("/error")) {
            response.writeHead(404);
            response.end('{"message":"No such container: x"}');
          } else if (request.url?.endsWith("/plain")) {
            response.writeHead(500);
            response.end("oops");
          } else request.socket.destroy();
        }),
      ),
    );
    const reasons = ["/garbage", "/empty", "/error", "/plain", "/dies"].map(async (path) => {
      const answer = await client.get(path);
      return answer.ok ? "answered" : answer.why;
    });
    expect(await Promise.all(reasons)).toEqual([
      "GET /garbage: the engine's answer is not JSON",
      "GET /empty: the engine's answer is not JSON",
      "GET /error: No such container: x",
      "GET /plain: status 500",
      expect.stringMatching(/^GET \/dies: /),
    ]);
  });

  it("gives up on an engine that hangs, and still gets the other answers", async () => {
    const client = await open(
      await unix(engine((request, response) => void (request.url?.endsWith("/hangs") || response.end("1")))),
      300,
    );
    expect(await Promise.all([client.get("/hangs"), client.get("/fine")])).toEqual([
      { ok: false, why: "GET /hangs: no answer within 0.3 s" },
      { ok: true, value: 1 },
    ]);
  });

  it("gives up on an engine that drips bytes for ever", async () => {
    const client = await open(
      await unix(
        engine((_request, response) => {
          const drip = setInterval(() => response.write(" "), 20);
          response.on("close", () => clearInterval(drip));
        }),
      ),
      300,
    );
    expect(await client.get("/drips")).toEqual({ ok: false, why: "GET /drips: no answer within 0.3 s" });
  });

  it("gives up on an answer that breaks off", async () => {
    const client = await open(
      await unix(
        engine((request, response) => {
          response.writeHead(200, { "Content-Length": "1000" });
          response.write('{"half":');
          setTimeout(() => request.socket.destroy(), 20);
        }),
      ),
    );
    expect(await client.get("/breaks")).toMatchObject({
      ok: false,
      why: expect.stringMatching(/^GET \/breaks: /),
    });
  });

  it("gives up on an answer without end", async () => {
    const block = Buffer.alloc(1 << 20, " ");
    const client = await open(
      await unix(
        engine((_request, response) => {
          const fill = (): void => {
            while (!response.destroyed && response.write(block));
          };
          response.on("drain", fill);
          fill();
        }),
      ),
      20_000,
    );
    expect(await client.get("/endless")).toEqual({
      ok: false,
      why: "GET /endless: the engine's answer is larger than 64 MiB",
    });
  });
});

describe("connect over TCP", () => {
  it("asks in plain text", async () => {
    const client = await open(await tcp(http.createServer(engine(json({ a: 1 })))));
    expect(await client.get("/info")).toEqual({ ok: true, value: { a: 1 } });
  });

  it("says that an engine which wants TLS wants TLS", async () => {
    // The answer of Go's net/http, on which dockerd stands.
    const server = net.createServer((socket) => {
      socket.once("data", () => {
        socket.end("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
      });
      socket.on("error", () => {});
    });
    expect(await failure(await tcp(server))).toMatch(
      /^the engine wants TLS.*DOCKER_CERT_PATH.*--tls-cert-path/,
    );
  });

  it("says so where the connection is closed without a word", async () => {
    const server = net.createServer((socket) => socket.destroy());
    expect(await failure(await tcp(server))).toMatch(/^the engine closed the connection/);
  });

  it("gives up on a port that never answers", async () => {
    const server = net.createServer((socket) => void socket.on("error", () => {}));
    expect(await failure(await tcp(server), 300)).toBe("no answer within 0.3 s");
  });

  it("says that nothing listens, and that a host is not known", async () => {
    const endpoint = await tcp(http.createServer());
    for (const server of servers.splice(0)) server.close();
    expect(await failure(endpoint)).toMatch(/^nothing listens there/);
    expect(await failure(parseEndpoint("tcp://no-such-host.invalid:2375"))).toMatch(
      /^the host name is not known/,
    );
  });

  it("takes garbage for no engine", async () => {
    const server = net.createServer((socket) => {
      socket.on("error", () => {});
      socket.end("SSH-2.0-OpenSSH_9.2\r\n");
    });
    expect(await failure(await tcp(server))).not.toBe("");
  });
});

describe("connect over TLS", () => {
  const server = (options: https.ServerOptions = {}): https.Server =>
    https.createServer(
      { key: pem("server-key"), cert: pem("server"), ca: pem("ca"), ...options },
      engine(json({ a: 1 })),
    );

  it("shows its certificate and checks the engine's", async () => {
    const endpoint = await tcp(server({ requestCert: true, rejectUnauthorized: true }), folder);
    const client = await open(endpoint);
    expect(await client.get("/info")).toEqual({ ok: true, value: { a: 1 } });
  });

  it("refuses an engine whose certificate another CA has signed", async () => {
    const other = mkdtempSync(join(tmpdir(), "seaworthy-other-"));
    makeCertificates(other);
    const endpoint = await tcp(
      server({
        key: readFileSync(join(other, "server-key.pem")),
        cert: readFileSync(join(other, "server.pem")),
      }),
      folder,
    );
    expect(await failure(endpoint)).toMatch(/^the TLS handshake failed .*ca\.pem/);
    rmSync(other, { recursive: true });
  });

  it("refuses an engine whose certificate names another host", async () => {
    const endpoint = await tcp(server({ key: pem("client-key"), cert: pem("client") }), folder);
    expect(await failure(endpoint)).toMatch(/^the TLS handshake failed/);
  });

  it("does not check where that was switched off", async () => {
    const endpoint = await tcp(server({ key: pem("client-key"), cert: pem("client") }));
    const { port } = endpoint.tcp as { port: number };
    const client = await open(parseEndpoint(`tcp://127.0.0.1:${port}`, folder, false));
    expect(await client.get("/info")).toEqual({ ok: true, value: { a: 1 } });
  });

  it("says that the handshake failed where the engine speaks plain HTTP", async () => {
    expect(await failure(await tcp(http.createServer(engine()), folder))).toMatch(
      /^the TLS handshake failed/,
    );
  });

  it("says so where the engine refuses us for want of a certificate", async () => {
    const endpoint = await tcp(server({ requestCert: true, rejectUnauthorized: true }));
    const { port } = endpoint.tcp as { port: number };
    const bare = {
      url: endpoint.url,
      tcp: { host: "127.0.0.1", port },
      tls: { ca: pem("ca"), verify: true },
    };
    expect(await failure(bare)).toMatch(/TLS/);
  });
});

describe("compareApi", () => {
  it("compares numbers, not text", () => {
    expect(compareApi("1.9", "1.41")).toBeLessThan(0);
    expect(compareApi("1.47", "1.47")).toBe(0);
    expect(compareApi("2.0", "1.99")).toBeGreaterThan(0);
  });
});
