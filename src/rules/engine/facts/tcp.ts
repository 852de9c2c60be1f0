import type { DaemonEvidence, EngineEvidence } from "#model/evidence/engine.ts";
import type { Seen } from "#model/finding.ts";
import { actual, declared } from "../../rule.ts";
import { changedSinceStart, settingOf, show, textsOf } from "./settings.ts";

/** A TCP address on which the daemon answers API calls. */
export interface ApiAddress {
  address: string;
  port: number;
  seen: Seen;
}

/** Ports of a swarm: cluster management and gossip over TCP, both under mutual TLS of their own. */
const SWARM_TCP_PORTS = new Set([2377, 7946]);

/**
 * The TCP addresses of the engine's API: the sockets that the daemon really accepts connections on in its own
 * network namespace, without those of the swarm and of the metrics. What `hosts` names and no socket shows
 * counts as well, unless the file changed since: a daemon that could not bind an address would not have started.
 */
export function apiAddresses(engine: EngineEvidence, daemon: DaemonEvidence): ApiAddress[] {
  const hosts = textsOf(daemon.settings.hosts?.value).flatMap((host) => {
    const parsed = parseHost(host, tlsDeclared(engine) !== false);
    return parsed === null ? [] : [{ ...parsed, host }];
  });
  const named = new Set(hosts.map(({ port }) => port));
  const metrics = parseHost(show(daemon.settings["metrics-addr"]?.value ?? ""), false)?.port;
  const swarm = !engine.info.ok || engine.info.value.swarmState !== "inactive";
  const sockets = daemon.listeners.filter(
    ({ protocol, port }) =>
      protocol.startsWith("tcp") &&
      (named.has(port) || !((swarm && SWARM_TCP_PORTS.has(port)) || port === metrics)),
  );
  const bound = new Set(sockets.map(({ port }) => port));
  const inForce = daemon.settings.hosts?.from === "flag" || changedSinceStart(daemon) === null;
  return [
    ...sockets.map(({ address, port, protocol }) => ({
      address,
      port,
      seen: actual(`/proc/${daemon.pid}/net/${protocol}`, `listening on ${joined(address, port)}`),
    })),
    ...hosts
      .filter(({ port }) => inForce && !bound.has(port))
      .map(({ address, port, host }) => ({
        address,
        port,
        seen:
          daemon.settings.hosts?.from === "flag"
            ? declared(`/proc/${daemon.pid}/cmdline`, host, "--host")
            : declared(daemon.configFile.path, host, "hosts"),
      })),
  ];
}

/** How the daemon was told to guard TCP: null = not known. */
export function tlsDeclared(engine: EngineEvidence): "verified" | "unverified" | false | null {
  const verify = settingOf(engine, "tlsverify", false);
  const tls = settingOf(engine, "tls", false);
  if (verify.known && verify.value === true) return "verified";
  if (!verify.known || !tls.known) return null;
  // `--tlsverify=false` still switches TLS on (cmd/dockerd/daemon.go in moby).
  return verify.set || tls.value === true ? "unverified" : false;
}

/** The addresses that the engine itself warns of in `GET /info`; since 19.03 it names each one. */
export function warnedAddresses(warnings: readonly string[]): {
  address: string;
  port: number;
  tls: boolean;
  warning: string;
}[] {
  return warnings.flatMap((warning) => {
    const match = /API is accessible on (https?):\/\/(\S{1,200}) without/.exec(warning);
    const host = match?.[2] === undefined ? null : parseHost(match[2], match[1] === "https");
    return host === null ? [] : [{ ...host, tls: match?.[1] === "https", warning: firstLine(warning) }];
  });
}

/** True if only programs of this machine reach the address. */
export function isLoopback(address: string): boolean {
  return /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1|localhost)$/i.test(address);
}

/** True if the address stands for every interface. */
export function isWildcard(address: string): boolean {
  return address === "0.0.0.0" || address === "::" || address === "::ffff:0.0.0.0";
}

/** `127.0.0.1:2375`, `[::]:2376`. */
export function joined(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/**
 * An entry of `hosts` as address and port; null for `unix://`, `fd://` and what is none. An empty address is
 * localhost, an empty port 2376 with TLS and 2375 without (opts/hosts.go in moby).
 */
export function parseHost(host: string, tls: boolean): { address: string; port: number } | null {
  if (host === "" || host.length > 300) return null;
  const match = /^(?:(?:tcp|https?):\/\/)?(\[[0-9a-f:.]+\]|[^:/[\]]*)(?::(\d{1,5}))?(?:\/.*)?$/i.exec(host);
  if (match === null || (!host.includes("://") && match[2] === undefined)) return null;
  const address = (match[1] ?? "").replace(/^\[|\]$/g, "");
  return { address: address === "" ? "127.0.0.1" : address, port: Number(match[2] ?? (tls ? 2376 : 2375)) };
}

/** The first line of a warning, cut to what a report can show. */
export function firstLine(text: string): string {
  return (text.trim().split("\n")[0] ?? "").trim().slice(0, 300);
}
