import * as http from "node:http";
import { UserError } from "#model/problem.ts";
import type { Endpoint } from "#evidence/engine/endpoint.ts";

/** The engine's answer. */
interface Answer {
  status: number;
  body: Buffer;
}

/** An engine that is asked to do something; the collectors' client only looks. */
export interface EngineApi {
  /** JSON of a call that must succeed; null where the answer is empty. */
  call(method: string, path: string, body?: unknown, timeoutMs?: number): Promise<unknown>;
  /** Sends bytes (a tar). */
  put(path: string, bytes: Buffer): Promise<void>;
  /** The bytes of an answer that is no JSON: the streams of an exec, logs. */
  stream(method: string, path: string, body: unknown, timeoutMs: number): Promise<Buffer>;
  close(): void;
}

const MAX_ANSWER = 16 << 20;
const DEFAULT_TIMEOUT_MS = 20_000;
const API = "/v1.41";

/** Opens the engine for calls that change something. Nothing is asked before the first call. */
export async function engineApi(endpoint: Endpoint): Promise<EngineApi> {
  const { agent, base, request } = await transport(endpoint);
  const send = (
    method: string,
    path: string,
    body: Buffer | undefined,
    type: string,
    timeoutMs: number,
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        {
          ...base,
          agent,
          method,
          path: `${API}${path}`,
          headers: {
            "User-Agent": "seaworthy",
            ...(body === undefined ? {} : { "Content-Type": type, "Content-Length": body.length }),
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          let size = 0;
          incoming.on("data", (chunk: Buffer) => {
            size += chunk.length;
            if (size > MAX_ANSWER) outgoing.destroy(new Error("the engine's answer is too large"));
            else chunks.push(chunk);
          });
          incoming.on("error", reject);
          incoming.on("end", () => {
            clearTimeout(timer);
            resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks) });
          });
        },
      );
      const timer = setTimeout(
        () => outgoing.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)),
        timeoutMs,
      );
      outgoing.on("error", (error) => {
        clearTimeout(timer);
        reject(error);
      });
      outgoing.end(body);
    });
  const must = async (
    method: string,
    path: string,
    body: Buffer | undefined,
    type: string,
    timeoutMs: number,
  ): Promise<Buffer> => {
    let answer: Answer;
    try {
      answer = await send(method, path, body, type, timeoutMs);
    } catch (error) {
      throw new UserError(`${endpoint.url}: ${method} ${path}: ${(error as Error).message}`, 3);
    }
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    // 304: it is started or stopped already.
    if (answer.status === 304) return Buffer.alloc(0);
    throw new EngineRefusal(method, path, answer.status, messageOf(answer.body));
  };
  return {
    call: async (method, path, body, timeoutMs = DEFAULT_TIMEOUT_MS) => {
      const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const answer = await must(method, path, bytes, "application/json", timeoutMs);
      return answer.length === 0 ? null : JSON.parse(answer.toString("utf8"));
    },
    put: async (path, bytes) => {
      await must("PUT", path, bytes, "application/x-tar", DEFAULT_TIMEOUT_MS);
    },
    stream: (method, path, body, timeoutMs) =>
      must(
        method,
        path,
        body === undefined ? undefined : Buffer.from(JSON.stringify(body)),
        "application/json",
        timeoutMs,
      ),
    close: () => agent.destroy(),
  };
}

/** The engine answered, and said no. */
export class EngineRefusal extends UserError {
  readonly status: number;
  constructor(method: string, path: string, status: number, message: string) {
    super(`the engine refused ${method} ${path.split("?")[0]}: ${message}`, 3);
    this.status = status;
  }
}

async function transport(endpoint: Endpoint): Promise<{
  agent: http.Agent;
  base: http.RequestOptions;
  request: typeof http.request;
}> {
  const pool = { keepAlive: true, maxSockets: 8 };
  const { socketPath, tcp, tls } = endpoint;
  if (socketPath !== undefined)
    return { agent: new http.Agent(pool), base: { socketPath }, request: http.request };
  const { host = "localhost", port = 2375 } = tcp ?? {};
  if (tls === undefined) return { agent: new http.Agent(pool), base: { host, port }, request: http.request };
  const https = await import("node:https");
  const { ca, cert, key, verify } = tls;
  const agent = new https.Agent({ ...pool, ca, cert, key, rejectUnauthorized: verify });
  return { agent, base: { host, port, protocol: "https:" }, request: https.request };
}

function messageOf(body: Buffer): string {
  const text = body.toString("utf8");
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === "string") return message.slice(0, 500);
  } catch {
    // An answer of something else than the engine.
  }
  return text.slice(0, 200);
}

/** Cuts the engine's multiplexed stream into standard output and error (Engine API, "Attach to a container"). */
export function demultiplex(stream: Buffer): { stdout: string; stderr: string } {
  const parts: Record<1 | 2, Buffer[]> = { 1: [], 2: [] };
  for (let at = 0; at + 8 <= stream.length;) {
    const kind = stream[at] === 2 ? 2 : 1;
    const length = stream.readUInt32BE(at + 4);
    parts[kind].push(stream.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return {
    stdout: Buffer.concat(parts[1]).toString("utf8"),
    stderr: Buffer.concat(parts[2]).toString("utf8"),
  };
}
