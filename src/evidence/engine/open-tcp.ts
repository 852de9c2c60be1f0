import type { ListenerEvidence } from "#model/evidence/container.ts";
import type { DaemonEvidence, EngineEvidence } from "#model/evidence/engine.ts";
import { got, missing } from "#model/reading.ts";
import type { HostFiles } from "../filesystem.ts";
import { collectNamespaces } from "../kernel/process.ts";

const TIMEOUT_MS = 1000;
const MAX_ANSWER = 64 << 10;
const MAX_ADDRESSES = 32;

/** Management and gossip of a swarm, which keep their own certificates (dockerd(8), docker-swarm-init(1)). */
const SWARM_PORTS = new Set([2377, 7946, 4789]);

/**
 * Asks every TCP socket of the daemon for `GET /_ping` without a client certificate, as anybody could: plain
 * first, over TLS where the socket wants that. Only in the daemon's own network namespace can it be asked.
 */
export async function probeOpenTcp(
  daemon: DaemonEvidence,
  files: HostFiles,
): Promise<EngineEvidence["openTcp"]> {
  const addresses = apiListeners(daemon);
  if (addresses.length === 0) return got([]);
  const own = collectNamespaces(files, "self").net;
  if (own === undefined || own !== daemon.namespaces.net) {
    return missing(
      "the daemon lives in another network namespace; run seaworthy in that one to try its TCP ports",
    );
  }
  return got(await Promise.all(addresses.map((listener) => probe(listener))));
}

/** The sockets on which the daemon may answer API calls, each address once. */
export function apiListeners({ settings, listeners }: DaemonEvidence): ListenerEvidence[] {
  const named = new Set(texts(settings.hosts?.value).flatMap((host) => portOf(host) ?? []));
  const metrics = portOf(`tcp://${texts(settings["metrics-addr"]?.value)[0] ?? ""}`);
  // Without the userland proxy the daemon itself holds the ports that containers publish, and what answers
  // there is the container.
  const namedOnly = settings["userland-proxy"]?.value === false && named.size > 0;
  const seen = new Set<string>();
  return listeners
    .filter(({ protocol, address, port }) => {
      const key = `${address} ${port}`;
      if (!protocol.startsWith("tcp") || seen.has(key)) return false;
      seen.add(key);
      return named.has(port) || !(namedOnly || SWARM_PORTS.has(port) || port === metrics);
    })
    .slice(0, MAX_ADDRESSES);
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function portOf(host: string): number | null {
  const match = /^(?:tcp|https?):\/\/.*:(\d{1,5})\/?$/.exec(host);
  return match === null ? null : Number(match[1]);
}

/** One address that was tried without a client certificate. */
interface TriedAddress {
  endpoint: string;
  tls: boolean;
  /** An engine answered. */
  answered: boolean;
}

/** Asks the address at which an engine was reached, as somebody without a client certificate would. */
export function probeAddress({ host, port }: { host: string; port: number }): Promise<TriedAddress> {
  return tryHosts(host, port, [host]);
}

function probe({ address, port }: ListenerEvidence): Promise<TriedAddress> {
  return tryHosts(address, port, reachable(address));
}

async function tryHosts(address: string, port: number, hosts: readonly string[]): Promise<TriedAddress> {
  const endpoint = `tcp://${address.includes(":") ? `[${address}]` : address}:${port}`;
  for (const host of hosts) {
    const plain = await ping(host, port, false);
    if (plain.status === 200) return { endpoint, tls: false, answered: true };
    // A TLS server of Go says so in plain text (net/http); others only hang up.
    const wantsTls = plain.status === 400 && /HTTPS/i.test(plain.body);
    if (plain.status !== 0 && !wantsTls) return { endpoint, tls: false, answered: false };
    const secure = await ping(host, port, true);
    if (wantsTls || secure.tls) return { endpoint, tls: true, answered: secure.status === 200 };
  }
  return { endpoint, tls: false, answered: false };
}

/** Where a socket bound to `address` is reached from this machine; `::` may take IPv4 only (ipv6(7)). */
function reachable(address: string): string[] {
  if (address === "::") return ["::1", "127.0.0.1"];
  if (address === "0.0.0.0" || address === "::ffff:0.0.0.0") return ["127.0.0.1"];
  return [address.replace(/^::ffff:(?=\d+\.)/, "")];
}

interface Answer {
  /** 0 = none. */
  status: number;
  body: string;
  /** The TLS handshake was finished, whatever came then. */
  tls: boolean;
}

async function ping(host: string, port: number, secure: boolean): Promise<Answer> {
  // Loaded only here: they cost start-up time that most runs do not need.
  const { request: start } = secure ? await import("node:https") : await import("node:http");
  return new Promise((resolve) => {
    const answer: Answer = { status: 0, body: "", tls: false };
    const outgoing = start(
      { host, port, path: "/_ping", method: "GET", agent: false, rejectUnauthorized: false },
      (incoming) => {
        // Only an engine says which API it speaks; another program on the port is none of ours.
        const isEngine = typeof incoming.headers["api-version"] === "string";
        answer.status = incoming.statusCode === 200 && !isEngine ? 404 : (incoming.statusCode ?? 0);
        let size = 0;
        incoming.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_ANSWER) outgoing.destroy();
          else answer.body += chunk.toString("latin1");
        });
        incoming.on("error", finish);
        incoming.on("end", finish);
      },
    );
    const timer = setTimeout(() => outgoing.destroy(), TIMEOUT_MS);
    function finish(): void {
      clearTimeout(timer);
      resolve(answer);
    }
    outgoing.on("socket", (socket) => {
      socket.once("secureConnect", () => {
        answer.tls = true;
      });
    });
    outgoing.on("error", finish);
    outgoing.on("close", finish);
    outgoing.end();
  });
}
