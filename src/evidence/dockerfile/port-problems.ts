import { shownWord } from "./shown.ts";

/** A port of EXPOSE in its parts: `[ip:][host:]port[-end][/protocol]`. */
export interface PortSpec {
  ip: string;
  host: string;
  port: string;
  /** As written; empty where none is given. */
  protocol: string;
}

const PROTOCOLS = new Set(["", "tcp", "udp", "sctp"]);
const HIGHEST = 65535;

/** Takes a port apart (moby/buildkit, dockerfile2llb/convert_expose.go): the last colons part, so IPv6 may hold more. */
export function portSpec(text: string): PortSpec {
  const parts = text.split(":");
  const [last = "", protocol = ""] = cutAt(parts.at(-1) ?? "", "/");
  return {
    ip: parts.slice(0, -2).join(":"),
    host: parts.length > 1 ? (parts.at(-2) ?? "") : "",
    port: last,
    protocol,
  };
}

/** What the builder refuses of a port without variables; null if nothing. */
export function portProblem(text: string): string | null {
  const { ip, host, port, protocol } = portSpec(text);
  const shown = shownWord(text);
  if (port === "") return `${shown} names no port`;
  if (!PROTOCOLS.has(protocol.toLowerCase())) return `${shown}: the protocol is tcp, udp or sctp`;
  if (ip !== "" && !isAddress(ip)) return `${shown}: ${shownWord(ip)} is no address`;
  const own = rangeOf(port);
  if (own === null) return `${shown} is no port from 0 to ${HIGHEST}`;
  if (host === "") return null;
  const outer = rangeOf(host);
  if (outer === null) return `${shown}: ${shownWord(host)} is no port from 0 to ${HIGHEST}`;
  return own > 1 && own !== outer ? `${shown}: both ranges must have one length` : null;
}

/** How many ports a range holds; null if it is none. */
function rangeOf(text: string): number | null {
  const [start = "", end] = cutAt(text, "-");
  const first = portOf(start);
  const last = end === undefined ? first : portOf(end);
  return first === null || last === null || last < first ? null : last - first + 1;
}

function portOf(text: string): number | null {
  return /^\+?\d{1,9}$/.test(text) && Number(text) <= HIGHEST ? Number(text) : null;
}

function cutAt(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function isAddress(ip: string): boolean {
  if (ip.startsWith("[")) return /^\[[\da-fA-F:.%\w]+\]$/.test(ip);
  if (ip.includes(":")) return /^[\da-fA-F:.]+$/.test(ip);
  const parts = ip.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}
