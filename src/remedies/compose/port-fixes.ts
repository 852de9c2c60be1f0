import { parsePort } from "#evidence/compose/ports.ts";
import { at, textOf } from "#evidence/compose/tree.ts";
import type { ComposeNode } from "#model/evidence/compose.ts";
import type { TextEdit } from "#model/text.ts";
import { type Builder, fixOf } from "./change.ts";
import { type Edits, replace, setScalar } from "./edits.ts";
import type { Layout } from "./layout.ts";
import { scalarLike } from "./render.ts";

const LOOPBACK = "127.0.0.1";
const EVERY = new Set(["", "0.0.0.0", "::", "*"]);

/** Binds the ports of a finding (`80/tcp`, `10000-10100/udp`) to 127.0.0.1. */
export const bindToLoopback: Builder = ({ written, layout, key }) => {
  const ports = at(written, "ports");
  const wanted = /^(\d+)(?:-(\d+))?\/(\w+)$/.exec(key);
  if (ports?.kind !== "list" || wanted === null) return [];
  const first = Number(wanted[1]);
  const last = Number(wanted[2] ?? wanted[1]);
  const edits: TextEdit[] = [];
  for (const item of ports.items) {
    const port = parsePort(item);
    if (port === null || port.protocol !== wanted[3] || !EVERY.has(port.hostIp)) continue;
    if (port.container[1] < first || port.container[0] > last) continue;
    const bound = bind(item, layout);
    if (bound === null) return [];
    edits.push(...bound);
  }
  return fixOf(`Publish ${key} on ${LOOPBACK} only`, "unsafe", edits, ports);
};

function bind(item: ComposeNode, layout: Layout): Edits {
  if (item.place.path !== layout.path) return null;
  if (item.kind === "map") return setScalar(item, "host_ip", LOOPBACK, layout);
  if (item.kind !== "scalar" || item.style === "literal" || item.style === "folded") return null;
  const text = String(item.written);
  const old = layout.text.slice(item.place.start, item.place.end);
  const address = /^(?:0\.0\.0\.0|\*|\[::\]|::):/.exec(text)?.[0];
  // A variable before the port may bring an address of its own.
  if (address === undefined && text.startsWith("$") && textOf(item).includes(":") && !text.includes(":"))
    return null;
  const rest = address === undefined ? text : text.slice(address.length);
  const bound = rest.includes(":") || address !== undefined ? `${LOOPBACK}:${rest}` : `${LOOPBACK}::${rest}`;
  return [replace(item.place, scalarLike(old, bound))];
}
