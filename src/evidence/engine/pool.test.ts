import { once } from "node:events";
import * as http from "node:http";
import * as net from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createPool, type Pool } from "./pool.ts";

const servers: net.Server[] = [];
const pools: Pool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.close();
  for (const server of servers.splice(0)) {
    server.close();
    if (server instanceof http.Server) server.closeAllConnections();
  }
});

/** A pool of connections to `server`, and how many were opened. */
async function poolTo(server: net.Server): Promise<{ pool: Pool; opened: () => number }> {
  servers.push(server);
  let opened = 0;
  server.on("connection", () => (opened += 1));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  const pool = createPool((onread) => net.connect({ host: "127.0.0.1", port, onread }), `127.0.0.1:${port}`);
  pools.push(pool);
  return { pool, opened: () => opened };
}

function echo(): http.Server {
  return http.createServer((request, response) => {
    response.end(`${request.url} ${request.headers.host}`);
  });
}

describe("createPool", () => {
  it("asks much over few connections, and gives everybody his own answer", async () => {
    const { pool, opened } = await poolTo(echo());
    const paths = Array.from({ length: 100 }, (_, at) => `/${at}`);
    const answers = await Promise.all(paths.map((path) => pool.get(path, 2000)));
    expect(answers.map(({ body }) => body.split(" ")[0])).toEqual(paths);
    expect(answers[0]?.body).toMatch(/^\/0 127\.0\.0\.1:\d+$/);
    expect(opened()).toBeLessThanOrEqual(8);
  });

  it("asks over a new connection where the server closes each", async () => {
    const server = http.createServer((request, response) => {
      response.writeHead(200, { Connection: "close" }).end(request.url);
    });
    const { pool, opened } = await poolTo(server);
    const paths = Array.from({ length: 20 }, (_, at) => `/${at}`);
    const answers = await Promise.all(paths.map((path) => pool.get(path, 2000)));
    expect(answers.map(({ body }) => body)).toEqual(paths);
    expect(opened()).toBe(20);
  });

  it("is not held up by many that hang: they cost themselves", async () => {
    const server = http.createServer((request, response) => {
      if (!request.url?.startsWith("/hangs")) response.end("fine");
    });
    const { pool } = await poolTo(server);
    const started = performance.now();
    const hanging = Array.from({ length: 12 }, (_, at) =>
      pool.get(`/hangs${at}`, 1500).then(
        () => "answered",
        (error: Error) => error.message,
      ),
    );
    expect((await pool.get("/fine", 1500)).body).toBe("fine");
    expect(performance.now() - started).toBeLessThan(1400);
    expect(new Set(await Promise.all(hanging))).toEqual(new Set(["no answer within 1.5 s"]));
  });

  it("rejects what was asked of a connection that breaks, and asks the rest over others", async () => {
    const server = http.createServer((request, response) => {
      if (request.url === "/dies") request.socket.destroy();
      else response.end("fine");
    });
    const { pool } = await poolTo(server);
    const answers = ["/1", "/dies", "/2", "/3", "/4", "/5"].map((path) =>
      pool.get(path, 2000).then(
        ({ body }) => body,
        (error: NodeJS.ErrnoException) => error.code,
      ),
    );
    expect(await Promise.all(answers)).toEqual(["fine", "ECONNRESET", "fine", "fine", "fine", "fine"]);
  });

  it("does not trust a connection on which something comes that nobody asked for", async () => {
    const server = net.createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", (bytes) => {
        const path = /^GET (\S+)/.exec(bytes.toString())?.[1] ?? "";
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${path}`);
        setTimeout(
          () => socket.writable && socket.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"),
          20,
        );
      });
    });
    const { pool, opened } = await poolTo(server);
    expect((await pool.get("/first", 2000)).body).toBe("/first");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await pool.get("/second", 2000)).body).toBe("/second");
    expect(opened()).toBe(2);
  });

  it("sends no path that would be more than a path", async () => {
    const { pool, opened } = await poolTo(echo());
    for (const path of ["/a\r\nHost: b", "/a b", "/ä", "a", ""]) {
      await expect(pool.get(path, 2000)).rejects.toThrow("signs that none may have");
    }
    expect(opened()).toBe(0);
  });

  it("rejects what still waits when it is closed, and what comes later", async () => {
    const { pool } = await poolTo(http.createServer(() => {}));
    const waiting = Array.from({ length: 10 }, () => pool.get("/hangs", 5000));
    pool.close();
    for (const answer of waiting) await expect(answer).rejects.toMatchObject({ code: "ECONNRESET" });
    await expect(pool.get("/late", 5000)).rejects.toMatchObject({ code: "ECONNRESET" });
  });
});
