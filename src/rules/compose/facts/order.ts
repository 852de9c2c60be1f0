import { parsePort } from "#evidence/compose/ports.ts";
import { textOf } from "#evidence/compose/tree.ts";
import type { ComposeNode } from "#model/evidence/compose.ts";

/** Sections of a file in the order of the specification's chapters; extensions before them, for they are used below. */
const SECTIONS = [
  "version",
  "name",
  "include",
  "services",
  "models",
  "networks",
  "volumes",
  "secrets",
  "configs",
];

/**
 * Keys of a service in the order that dclint has as well: what it is, what it needs, its data, its environment, its
 * network, how it runs, how it is watched, what it may. Others come last, as they stand.
 */
const SERVICE_KEYS = [
  "image",
  "build",
  "container_name",
  "depends_on",
  "volumes",
  "volumes_from",
  "configs",
  "secrets",
  "environment",
  "env_file",
  "ports",
  "networks",
  "network_mode",
  "extra_hosts",
  "command",
  "entrypoint",
  "working_dir",
  "restart",
  "healthcheck",
  "logging",
  "labels",
  "user",
  "isolation",
];

const COLLATE = new Intl.Collator("en", { numeric: true }).compare;

/** The keys of a file in order: `x-…` by name, then the sections, then the rest as it stands. */
export function sectionOrder(keys: readonly string[]): string[] {
  const extensions = keys.filter((key) => key.startsWith("x-")).toSorted(COLLATE);
  return [
    ...extensions,
    ...byTable(
      keys.filter((key) => !key.startsWith("x-")),
      SECTIONS,
    ),
  ];
}

/** The keys of a service in order. `<<` stays at the top, where people look for it. */
export function serviceKeyOrder(keys: readonly string[]): string[] {
  return byTable(keys, ["<<", "extends", ...SERVICE_KEYS]);
}

/** Names by the alphabet, numbers in them by their value. */
export function alphabetical(names: readonly string[]): string[] {
  return names.toSorted(COLLATE);
}

/** Positions of `ports` in order: by the port on the host, or that of the container; what is no port stays first. */
export function portOrder(items: readonly ComposeNode[]): number[] {
  const rank = (node: ComposeNode): number => {
    const port = parsePort(node);
    return port === null ? -1 : port.host[0] || port.container[0];
  };
  const ranks = items.map(rank);
  return items
    .map((_, index) => index)
    .toSorted(
      (a, b) =>
        (ranks[a] ?? 0) - (ranks[b] ?? 0) ||
        (ranks[a] === -1 ? a - b : COLLATE(textOf(items[a]), textOf(items[b])) || a - b),
    );
}

/** The first place where two orders of the same things differ, -1 where they are the same. */
export function firstDifference<T>(actual: readonly T[], wanted: readonly T[]): number {
  return actual.findIndex((each, index) => each !== wanted[index]);
}

function byTable(keys: readonly string[], table: readonly string[]): string[] {
  const rank = new Map(table.map((key, index) => [key, index]));
  return keys.toSorted((a, b) => (rank.get(a) ?? table.length) - (rank.get(b) ?? table.length));
}
