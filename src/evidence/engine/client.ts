import * as net from "node:net";
import { UserError } from "#model/problem.ts";
import { got, missing, type Reading } from "#model/reading.ts";
import { reasonOf } from "../filesystem.ts";
import type { HttpAnswer } from "./answer.ts";
import type { Endpoint } from "./endpoint.ts";
import { createPool, type Open } from "./pool.ts";

/** Oldest and newest API that we speak; the engine's own version is used where it lies between them. */
const NEWEST_API = "1.47";
const OLDEST_API = "1.41";

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
  const { open, host } = await transport(endpoint, socketPath);
  const pool = createPool(open, host);
  let ping: HttpAnswer;
  try {
    ping = await pool.get("/_ping", timeoutMs);
  } catch (error) {
    pool.close();
    throw new UserError(connectHelp(endpoint, error as NodeJS.ErrnoException), 3);
  }
  const offered = ping.headers.get("api-version");
  if (ping.status === 400 && endpoint.tls === undefined && /HTTPS/i.test(ping.body)) {
    pool.close();
    throw new UserError(
      `${endpoint.url}: the engine wants TLS. Set DOCKER_CERT_PATH and DOCKER_TLS_VERIFY=1, or pass --tls-cert-path FOLDER`,
      3,
    );
  }
  // An authorization plugin may deny the ping; the engine says its version all the same.
  const isPing = ping.status === 200 || ping.status === 403;
  if (!isPing || offered === undefined || !/^\d+\.\d+$/.test(offered)) {
    pool.close();
    throw new UserError(
      `${endpoint.url}: something answers there, but not as a container engine (status ${ping.status}). Check the address`,
      3,
    );
  }
  if (compareApi(offered, OLDEST_API) < 0) {
    pool.close();
    throw new UserError(
      `${endpoint.url}: the engine speaks API ${offered}; ${OLDEST_API} (Docker 20.10) or newer is needed`,
      3,
    );
  }
  const apiVersion = compareApi(offered, NEWEST_API) < 0 ? offered : NEWEST_API;
  return {
    endpoint,
    apiVersion,
    close: () => pool.close(),
    get: async (path) => {
      try {
        const { status, body } = await pool.get(`/v${apiVersion}${path}`, timeoutMs);
        if (status !== 200) return missing(`GET ${path}: ${errorText(status, body)}`);
        return got(JSON.parse(body));
      } catch (error) {
        if (error instanceof SyntaxError) return missing(`GET ${path}: the engine's answer is not JSON`);
        return missing(`GET ${path}: ${reasonOf(error)}`);
      }
    },
  };
}

/** How a connection is begun, and what the engine is called in the header Host. */
async function transport(
  endpoint: Endpoint,
  socketPath: string | undefined,
): Promise<{ open: Open; host: string }> {
  if (socketPath !== undefined) {
    return { open: (onread) => net.connect({ path: socketPath, onread }), host: "localhost" };
  }
  const { host = "localhost", port = 2375 } = endpoint.tcp ?? {};
  const name = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  if (endpoint.tls === undefined) {
    return { open: (onread) => net.connect({ host, port, onread }), host: name };
  }
  // Loaded only here: TLS costs 10 ms of start-up that a local socket does not need.
  const tls = await import("node:tls");
  const { ca, cert, key, verify } = endpoint.tls;
  const options = {
    host,
    port,
    ca,
    cert,
    key,
    rejectUnauthorized: verify,
    ALPNProtocols: ["http/1.1"],
    // An address is no name that a server could choose its certificate by (RFC 6066 section 3).
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
  };
  return {
    open: (onread) => {
      // The types of Node 20 lack it, the documentation of tls.connect does not.
      const all: typeof options & { onread: net.OnReadOpts } = { ...options, onread };
      return tls.connect(all);
    },
    host: name,
  };
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
