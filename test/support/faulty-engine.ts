import * as fs from "node:fs";
import * as http from "node:http";
import * as net from "node:net";
import { join } from "node:path";

/** A server of this process that stands in an engine's place. */
export interface Faulty {
  /** As `--host` takes it. */
  url: string;
  close(): Promise<void>;
}

let count = 0;

/** Listens on a new unix socket in `folder`, and treats each connection as told. */
export function faultySocket(folder: string, connection: (socket: net.Socket) => void): Promise<Faulty> {
  count += 1;
  return listen(net.createServer(connection), join(folder, `faulty-${count}.sock`));
}

/** The same over HTTP. */
export function faultyApi(folder: string, listener: http.RequestListener): Promise<Faulty> {
  count += 1;
  return listen(http.createServer(listener), join(folder, `faulty-${count}.sock`));
}

/** Listens on a free TCP port of the loopback. */
export function faultyPort(connection: (socket: net.Socket) => void): Promise<Faulty> {
  return listen(net.createServer(connection), 0);
}

/**
 * Hands every request on to the engine at `target`, but those that `intercept` takes: it gives true if it
 * answers itself, or never does.
 */
export function faultyProxy(
  folder: string,
  target: string,
  intercept: (path: string, response: http.ServerResponse) => boolean,
): Promise<Faulty> {
  return faultyApi(folder, (request, response) => {
    const { url: path = "", method, headers } = request;
    if (intercept(path, response)) return;
    const onward = http.request({ socketPath: target, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
}

function listen(server: net.Server, place: string | number): Promise<Faulty> {
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket: net.Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined); // The client may be gone first.
    socket.on("close", () => sockets.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    const ready = (): void => {
      const address = server.address();
      const url =
        typeof address === "object" && address !== null
          ? `tcp://127.0.0.1:${address.port}`
          : `unix://${String(address)}`;
      if (typeof place === "string") fs.chmodSync(place, 0o666);
      resolve({
        url,
        close: () =>
          new Promise((done) => {
            for (const socket of sockets) socket.destroy();
            server.close(() => done());
          }),
      });
    };
    if (typeof place === "string") server.listen(place, ready);
    else server.listen(place, "127.0.0.1", ready);
  });
}
