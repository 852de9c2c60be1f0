import * as http from "node:http";
import { UserError } from "#model/problem.ts";
import { got, missing, type Reading } from "#model/reading.ts";
import { reasonOf } from "../filesystem.ts";
import type { Endpoint } from "./endpoint.ts";

/** Oldest and newest API that we speak; the engine's own version is used where it lies between them. */
const NEWEST_API = "1.47";
const OLDEST_API = "1.41";
const MAX_ANSWER = 64 << 20;

/** A connection to one engine. */
export interface EngineClient {
  endpoint: Endpoint;
  apiVersion: string;
  /** `GET path` as JSON; every failure (time, status, garbage) is a reason, never an exception. */
  get(path: string): Promise<Reading<unknown>>;
  close(): void;
}

/**
 * Connects and negotiates the API version by `GET /_ping`.
 *
 * @param timeoutMs how long one call may take
 * @param socketPath where this process finds the socket, if not at the endpoint's own path
 * @throws UserError (exit code 3) that says what failed and what to do
 */
export async function connect(
  endpoint: Endpoint,
  timeoutMs: number,
  socketPath: string | undefined = endpoint.socketPath,
): Promise<EngineClient> {
  const { agent, base } = await transport(endpoint, socketPath);
  const call = (path: string): Promise<RawAnswer> => request({ ...base, agent, path }, timeoutMs);
  let ping: RawAnswer;
  try {
    ping = await call("/_ping");
  } catch (error) {
    agent.destroy();
    throw new UserError(connectHelp(endpoint, error as NodeJS.ErrnoException), 3);
  }
  const offered = ping.headers["api-version"];
  if (ping.status === 400 && endpoint.tls === undefined && /HTTPS/i.test(ping.body)) {
    agent.destroy();
    throw new UserError(
      `${endpoint.url}: the engine wants TLS. Set DOCKER_CERT_PATH and DOCKER_TLS_VERIFY=1, or pass --tls-cert-path FOLDER`,
      3,
    );
  }
  // An authorization plugin may deny the ping; the engine says its version all the same.
  const isPing = ping.status === 200 || ping.status === 403;
  if (!isPing || typeof offered !== "string" || !/^\d+\.\d+$/.test(offered)) {
    agent.destroy();
    throw new UserError(
      `${endpoint.url}: something answers there, but not as a container engine (status ${ping.status}). Check the address`,
      3,
    );
  }
  if (compareApi(offered, OLDEST_API) < 0) {
    agent.destroy();
    throw new UserError(
      `${endpoint.url}: the engine speaks API ${offered}; ${OLDEST_API} (Docker 20.10) or newer is needed`,
      3,
    );
  }
  const apiVersion = compareApi(offered, NEWEST_API) < 0 ? offered : NEWEST_API;
  return {
    endpoint,
    apiVersion,
    close: () => agent.destroy(),
    get: async (path) => {
      try {
        const { status, body } = await call(`/v${apiVersion}${path}`);
        if (status !== 200) return missing(`GET ${path}: ${errorText(status, body)}`);
        return got(JSON.parse(body));
      } catch (error) {
        if (error instanceof SyntaxError) return missing(`GET ${path}: the engine's answer is not JSON`);
        return missing(`GET ${path}: ${reasonOf(error)}`);
      }
    },
  };
}

interface RawAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

async function transport(
  endpoint: Endpoint,
  socketPath: string | undefined,
): Promise<{ agent: http.Agent; base: http.RequestOptions }> {
  const pool = { keepAlive: true, maxSockets: 12 };
  const headers = { "User-Agent": "seaworthy" };
  if (socketPath !== undefined) return { agent: new http.Agent(pool), base: { socketPath, headers } };
  const { host = "localhost", port = 2375 } = endpoint.tcp ?? {};
  if (endpoint.tls === undefined) return { agent: new http.Agent(pool), base: { host, port, headers } };
  // Loaded only here: TLS costs 10 ms of start-up that a local socket does not need.
  const https = await import("node:https");
  const { ca, cert, key, verify } = endpoint.tls;
  const agent = new https.Agent({ ...pool, ca, cert, key, rejectUnauthorized: verify });
  return { agent, base: { host, port, headers, protocol: "https:" } };
}

async function request(options: http.RequestOptions, timeoutMs: number): Promise<RawAnswer> {
  const start = options.protocol === "https:" ? (await import("node:https")).request : http.request;
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    const outgoing = start({ ...options, method: "GET" }, (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_ANSWER) {
          outgoing.destroy(new Error(`the engine's answer is larger than ${MAX_ANSWER >> 20} MiB`));
        } else chunks.push(chunk);
      });
      incoming.on("error", fail);
      incoming.on("end", () => {
        clearTimeout(timer);
        const body = Buffer.concat(chunks).toString("utf8");
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body });
      });
    });
    // Not `timeout`, which restarts with every byte: an engine that drips must not hold us either.
    const timer = setTimeout(() => {
      outgoing.destroy(new Error(`no answer within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    outgoing.on("error", fail);
    outgoing.end();
  });
}

/** Negative, zero or positive as API version `a` is older than, equal to or newer than `b`. */
export function compareApi(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split(".").map(Number);
  const [majorB = 0, minorB = 0] = b.split(".").map(Number);
  return majorA - majorB || minorA - minorB;
}

function errorText(status: number, body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    if (typeof message === "string" && message !== "") return message.slice(0, 300);
  } catch {
    // Not an error of the engine itself; the status has to do.
  }
  return `status ${status}`;
}

function connectHelp(endpoint: Endpoint, error: NodeJS.ErrnoException): string {
  const { url } = endpoint;
  switch (error.code) {
    case "ENOENT":
      return `${url}: no such socket. Is the engine running? Start it (systemctl start docker), or name another with --host`;
    case "EACCES":
    case "EPERM":
      return `${url}: permission denied. Run with sudo, or as a member of the group that owns the socket`;
    case "ECONNREFUSED":
      return `${url}: nothing listens there. Start the engine (systemctl start docker), or name another with --host`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `${url}: the host name is not known. Check the address`;
    default:
      if (
        error.code?.startsWith("ERR_TLS") ||
        error.code?.includes("CERT") ||
        /certificate|SSL|TLS/i.test(error.message)
      ) {
        return `${url}: the TLS handshake failed (${error.message.split("\n")[0]?.trim()}). Check ca.pem, cert.pem and key.pem, and the name in the server's certificate`;
      }
      if (error.code === "ECONNRESET" || error.code === "EPIPE" || error.message === "socket hang up") {
        return `${url}: the engine closed the connection. A TLS port needs --tls-cert-path FOLDER; else see the engine's log`;
      }
      return `${url}: ${reasonOf(error).split("\n")[0]?.trim()}`;
  }
}
