import type { ContainerEvidence, DeclaredContainer, ListenerEvidence } from "#model/evidence/container.ts";
import type { Seen } from "#model/finding.ts";
import { declared } from "../../rule.ts";
import { declaredSource } from "./witness.ts";

type Binding = DeclaredContainer["ports"][number];

/** Container ports that are judged together: one port, or a run of them that is published alike. */
export interface PortRange {
  /** `80/tcp`, `10000-10100/udp`; survives restarts, which a random host port does not. */
  name: string;
  first: number;
  last: number;
  protocol: string;
  /** Where they are published on the host: `127.0.0.1:8080`, `[::]:10000-10100`. */
  bindings: string[];
  /** Host port of the first one, the others follow in order; 0 = none, or chosen by the engine. */
  hostPort: number;
}

/** Runs of at least this many consecutive ports are one range: what is written `-p 10000-10100:…`. */
const RANGE = 4;

/** Puts bindings of the same container port together, and long runs of ports that are bound alike. */
export function portRanges(ports: readonly Binding[]): PortRange[] {
  const byPort = new Map<string, Binding[]>();
  for (const port of ports) {
    const key = `${port.container}/${port.protocol}`;
    const group = byPort.get(key);
    if (group === undefined) byPort.set(key, [port]);
    else group.push(port);
  }
  const groups = [...byPort.values()].toSorted(
    ([a], [b]) =>
      (a?.protocol ?? "").localeCompare(b?.protocol ?? "") || (a?.container ?? 0) - (b?.container ?? 0),
  );
  const runs: Binding[][][] = [];
  for (const group of groups) {
    const run = runs.at(-1);
    if (run !== undefined && continues(run.at(-1) ?? [], group)) run.push(group);
    else runs.push([group]);
  }
  return runs.flatMap((run) => (run.length >= RANGE ? [rangeOf(run)] : run.map((group) => rangeOf([group]))));
}

/** Ports without bindings in the same form, for what is only listened on. */
export function bareRanges(ports: readonly { port: number; protocol: string }[]): PortRange[] {
  return portRanges(
    ports.map(({ port, protocol }) => ({ container: port, protocol, hostIp: "", hostPort: 0 })),
  );
}

function continues(before: readonly Binding[], next: readonly Binding[]): boolean {
  const addresses = (group: readonly Binding[]): string =>
    group
      .map(({ hostIp }) => hostIp)
      .toSorted()
      .join(" ");
  return (
    before[0]?.protocol === next[0]?.protocol &&
    (before[0]?.container ?? 0) + 1 === next[0]?.container &&
    addresses(before) === addresses(next)
  );
}

function rangeOf(run: readonly Binding[][]): PortRange {
  const groups = run[0] ?? [];
  const first = groups[0]?.container ?? 0;
  const last = run.at(-1)?.[0]?.container ?? first;
  const protocol = groups[0]?.protocol ?? "";
  let inOrder = true;
  const bindings = groups.map(({ hostIp, hostPort }) => {
    const bound = run.map((group) => group.find((binding) => binding.hostIp === hostIp)?.hostPort ?? 0);
    inOrder &&= bound.every((port, at) => port === hostPort + at);
    const [low, high] = [Math.min(...bound), Math.max(...bound)];
    const port = high === 0 ? "(any free port)" : low === high ? low : `${low}-${high}`;
    return `${addressName(hostIp)}:${port}`;
  });
  const name = first === last ? `${first}/${protocol}` : `${first}-${last}/${protocol}`;
  return { name, first, last, protocol, bindings, hostPort: inOrder ? (groups[0]?.hostPort ?? 0) : 0 };
}

/** An address as it stands before a port: IPv6 in brackets, an empty one as what it means. */
export function addressName(address: string): string {
  if (address === "") return "every address";
  return address.includes(":") ? `[${address}]` : address;
}

/** True for an address that no other machine or container reaches. */
export function isLoopback(address: string): boolean {
  return address === "::1" || /^(?:::ffff:)?127\./.test(address);
}

/** `tcp` for both `tcp` and `tcp6`. */
export function plainProtocol({ protocol }: Pick<ListenerEvidence, "protocol">): "tcp" | "udp" {
  return protocol.startsWith("tcp") ? "tcp" : "udp";
}

/** What the engine says of how a range of ports is published. */
export function rangeSeen(container: ContainerEvidence, { name, bindings }: PortRange): Seen[] {
  return bindings.map((binding) =>
    declared(declaredSource(container), `${binding} -> ${name}`, "NetworkSettings.Ports"),
  );
}
