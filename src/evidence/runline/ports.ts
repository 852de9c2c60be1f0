import type { DeclaredContainer } from "#model/evidence/container.ts";
import { assignment, isOpen } from "./values.ts";

type Binding = DeclaredContainer["ports"][number];

/** How many bindings are still written down: a range of all ports is one word on a line, and lines are many. */
export interface PortBudget {
  left: number;
}

/** A range of ports: `80`, `8000-8010`; null for what is none. */
function rangeOf(text: string): { first: number; last: number } | null {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match === null) return null;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return first > last || last > 65_535 ? null : { first, last };
}

/**
 * Reads `-p [[ADDRESS:]HOSTPORTS:]PORTS[/PROTOCOL]` (docker run reference, "Publish or expose port") and the long
 * form `target=80,published=8080,protocol=tcp`. null where the ports inside are not numbers, as with a variable. A
 * host port that is a variable is 0, as one that the engine chooses.
 */
export function portBindings(text: string, budget: PortBudget): Binding[] | null {
  const short = text.includes("=") ? standardForm(text) : text;
  const slash = short.lastIndexOf("/");
  const protocol = slash < 0 ? "tcp" : short.slice(slash + 1).toLowerCase();
  if (!/^[a-z]+$/.test(protocol)) return null;
  const { address, outside, inside } = portParts(slash < 0 ? short : short.slice(0, slash));
  const target = rangeOf(inside);
  if (target === null || isOpen(address)) return null;
  const host = rangeOf(outside);
  const bindings: Binding[] = [];
  for (let port = target.first; port <= target.last; port += 1) {
    if (budget.left <= 0 && bindings.length > 0) break;
    budget.left -= 1;
    const hostPort = host === null ? 0 : Math.min(host.first + port - target.first, host.last);
    bindings.push({ container: port, protocol, hostIp: address, hostPort });
  }
  return bindings;
}

// From the right: an IPv6 address has colons of its own and stands in brackets.
function portParts(text: string): { address: string; outside: string; inside: string } {
  const last = text.lastIndexOf(":");
  if (last < 0) return { address: "", outside: "", inside: text };
  const inside = text.slice(last + 1);
  const rest = text.slice(0, last);
  const before = rest.lastIndexOf(":");
  // `[::1]:80` would name no host port; `$ADDRESS:80:80` and `127.0.0.1::80` name an address
  if (before < 0 || rest.endsWith("]")) {
    return rest.endsWith("]")
      ? { address: unbracket(rest), outside: "", inside }
      : { address: "", outside: rest, inside };
  }
  return { address: unbracket(rest.slice(0, before)), outside: rest.slice(before + 1), inside };
}

function unbracket(address: string): string {
  return address.replace(/^\[(.*)\]$/s, "$1");
}

function standardForm(text: string): string {
  const fields = new Map(
    text.split(",").map((field) => [assignment(field).name.trim(), assignment(field).value]),
  );
  const published = fields.get("published");
  const target = `${fields.get("target") ?? ""}/${fields.get("protocol") ?? "tcp"}`;
  return published === undefined ? target : `${published}:${target}`;
}
