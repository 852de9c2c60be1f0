import type { DeclaredContainer } from "#model/evidence/container.ts";
import type { ComposeNode } from "#model/evidence/compose.ts";
import { at, isOpen, textOf } from "./tree.ts";

/** An entry of a service's `ports`, in either syntax; ranges stand for as many bindings. */
export interface PublishedPort {
  hostIp: string;
  /** First and last port on the host; 0 = the engine chooses. */
  host: [first: number, last: number];
  container: [first: number, last: number];
  protocol: string;
  /** A variable in it has no value. */
  open: boolean;
}

type Binding = DeclaredContainer["ports"][number];

/** Bindings that one entry may stand for: all ports there are. */
const MOST = 65_536;

/**
 * Reads `[HOST:]CONTAINER[/PROTOCOL]`, with HOST as `[IP:]PORT` and ranges for ports, or the mapping that says
 * the same (compose-spec, 05-services.md, "ports"). null = it is none of these.
 */
export function parsePort(node: ComposeNode): PublishedPort | null {
  if (node.kind === "list") return null;
  const open = node.kind === "scalar" && isOpen(node);
  if (node.kind === "scalar") return parseShort(textOf(node), open);
  const container = range(textOf(at(node, "target")));
  if (container === null) return null;
  return {
    hostIp: bare(textOf(at(node, "host_ip"))),
    host: range(textOf(at(node, "published"))) ?? [0, 0],
    container,
    protocol: textOf(at(node, "protocol")) || "tcp",
    open: ["target", "published", "host_ip"].some((key) => isOpen(at(node, key))),
  };
}

function parseShort(text: string, open: boolean): PublishedPort | null {
  const slash = text.lastIndexOf("/");
  const protocol = slash < 0 ? "tcp" : text.slice(slash + 1).toLowerCase();
  const spec = slash < 0 ? text : text.slice(0, slash);
  // The address may hold colons of its own, so ports are split off from the right.
  const last = spec.lastIndexOf(":");
  const container = range(last < 0 ? spec : spec.slice(last + 1));
  if (container === null) return null;
  const host = last < 0 ? "" : spec.slice(0, last);
  const colon = host.lastIndexOf(":");
  const hasAddress = colon >= 0;
  const hostPort = hasAddress ? host.slice(colon + 1) : host;
  const ports = range(hostPort);
  if (hostPort !== "" && ports === null) return null;
  return {
    hostIp: hasAddress ? bare(host.slice(0, colon)) : "",
    host: ports ?? [0, 0],
    container,
    protocol: protocol || "tcp",
    open,
  };
}

/** One binding per container port, as the engine lists them. A range on the host that one port may choose from is its first. */
export function bindingsOf({ hostIp, host, container, protocol }: PublishedPort): Binding[] {
  const count = Math.min(container[1] - container[0] + 1, MOST);
  const inStep = host[1] - host[0] === container[1] - container[0];
  return Array.from({ length: count }, (_, index) => ({
    container: container[0] + index,
    protocol,
    hostIp,
    hostPort: host[0] === 0 ? 0 : inStep ? host[0] + index : host[0],
  }));
}

function range(text: string): [number, number] | null {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim());
  if (match === null) return null;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return first <= last && last < MOST ? [first, last] : null;
}

function bare(address: string): string {
  return address.replace(/^\[(.*)\]$/, "$1");
}
