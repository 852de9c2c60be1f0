import type {
  ComposeEntry,
  ComposeList,
  ComposeMap,
  ComposeNode,
  ComposeScalar,
} from "#model/evidence/compose.ts";
import { at, emptyMap, pairsOf, textOf, withEntries, withItems } from "./tree.ts";
import { parseVolume } from "./volumes.ts";

/** How two values of one setting become one. */
type Way =
  /** The later one stands alone. */
  | "replace"
  /** Both forms of `NAME: value` become one mapping. */
  | "pairs"
  /** A list of names and a mapping by names become one mapping. */
  | "names"
  /** A path alone stands for a mapping with a `context`. */
  | "build"
  /** Options are merged only where both use the same driver. */
  | "logging"
  /** One value or a list of them: appended, each once. */
  | "texts"
  /** Appended; what has the same key takes the place of the earlier one. */
  | ((item: ComposeNode) => string);

/**
 * The exceptions to "mappings are merged, lists appended, values replaced", by the path below a service
 * (compose-spec, 13-merge.md and 05-services.md, "Merging service definitions"). `*` is any key.
 */
const SERVICE_WAYS: Readonly<Record<string, Way>> = {
  command: "replace",
  entrypoint: "replace",
  "healthcheck.test": "replace",
  "ulimits.*": "replace",
  environment: "pairs",
  labels: "pairs",
  annotations: "pairs",
  sysctls: "pairs",
  extra_hosts: "pairs",
  "build.args": "pairs",
  "build.labels": "pairs",
  "build.ssh": "pairs",
  "build.extra_hosts": "pairs",
  "build.additional_contexts": "pairs",
  "deploy.labels": "pairs",
  depends_on: "names",
  networks: "names",
  models: "names",
  build: "build",
  logging: "logging",
  dns: "texts",
  dns_search: "texts",
  dns_opt: "texts",
  tmpfs: "texts",
  env_file: "texts",
  label_file: "texts",
  cap_add: textOf,
  cap_drop: textOf,
  device_cgroup_rules: textOf,
  expose: textOf,
  external_links: textOf,
  links: textOf,
  profiles: textOf,
  security_opt: textOf,
  volumes_from: textOf,
  group_add: textOf,
  "build.tags": textOf,
  "build.platforms": textOf,
  "build.entitlements": textOf,
  volumes: (item) => parseVolume(item).target,
  ports: (item) => (item.kind === "map" ? portKey(item) : textOf(item)),
  secrets: (item) => mountKey(item, "/run/secrets"),
  configs: (item) => mountKey(item, ""),
  devices: (item) =>
    item.kind === "map" ? textOf(at(item, "target")) : (textOf(item).split(":")[1] ?? textOf(item)),
};

/** Merges a whole project over another: what a later Compose file changes in an earlier one. */
export function mergeProjects(base: ComposeMap, over: ComposeMap): ComposeMap {
  return mergeMaps(base, over, []);
}

/** Merges a service over the one that it extends, or over its earlier self. */
export function mergeServices(base: ComposeMap, over: ComposeMap): ComposeMap {
  return mergeMaps(base, over, ["services", "*"]);
}

/** Leaves out what `!reset` clears, at any depth. */
export function withoutResets(map: ComposeMap): ComposeMap {
  const kept: [string, ComposeEntry][] = [];
  for (const [key, entry] of map.entries) {
    if (entry.value.tag === "reset") continue;
    kept.push([key, entry.value.kind === "map" ? { ...entry, value: withoutResets(entry.value) } : entry]);
  }
  return withEntries(map, kept);
}

function mergeMaps(base: ComposeMap, over: ComposeMap, path: readonly string[]): ComposeMap {
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const before = entries.get(key);
    if (entry.value.tag === "reset") entries.delete(key);
    else if (before === undefined || entry.value.tag === "override" || key.startsWith("x-")) {
      entries.set(key, entry);
    } else entries.set(key, { ...entry, value: mergeNodes(before.value, entry.value, [...path, key]) });
  }
  // The later place is the one where the mapping is written last; the entries know theirs.
  return withEntries({ ...over, tag: base.tag }, entries);
}

function mergeNodes(base: ComposeNode, over: ComposeNode, path: readonly string[]): ComposeNode {
  // A key without a value changes nothing.
  if (over.kind === "scalar" && over.value === null) return base;
  const way = path[0] === "services" ? wayOf(path.slice(2)) : undefined;
  switch (way) {
    case "replace":
      return over;
    case "pairs":
      return mergePairs(pairMap(base), pairMap(over));
    case "names":
      return mergeMaps(nameMap(base), nameMap(over), path);
    case "build":
      return mergeMaps(buildMap(base), buildMap(over), path);
    case "logging":
      return mergeLogging(base, over, path);
    case "texts":
      return append(listOf(base), listOf(over), textOf);
    case undefined:
      break;
    default:
      return append(listOf(base), listOf(over), way);
  }
  if (base.kind === "map" && over.kind === "map") return mergeMaps(base, over, path);
  if (base.kind === "list" && over.kind === "list") return withItems(over, [...base.items, ...over.items]);
  return over;
}

function wayOf(path: readonly string[]): Way | undefined {
  if (path.length === 0 || path.length > 2) return undefined;
  return SERVICE_WAYS[path.join(".")] ?? (path.length === 2 ? SERVICE_WAYS[`${path[0]}.*`] : undefined);
}

function append(base: ComposeList, over: ComposeList, keyOf: (item: ComposeNode) => string): ComposeList {
  const items = new Map<string, ComposeNode>();
  for (const [index, item] of [...base.items, ...over.items].entries()) {
    // What has no key of its own is kept as it is.
    const key = keyOf(item);
    items.set(key === "" ? `\0${index}` : key, item);
  }
  return withItems(over, [...items.values()]);
}

function listOf(node: ComposeNode): ComposeList {
  if (node.kind === "list") return node;
  return { kind: "list", items: [node], places: [node.place], flow: false, tag: null, place: node.place };
}

function pairMap(node: ComposeNode): ComposeMap {
  if (node.kind === "map") return node;
  return withEntries(
    emptyMap(node.place),
    pairsOf(node).map(({ name, value, place }) => [
      name,
      { key: name, keyPlace: place, value: value ?? empty(node, place), valuePlace: place },
    ]),
  );
}

// A name without a value is a value here: it is taken from the environment.
function mergePairs(base: ComposeMap, over: ComposeMap): ComposeMap {
  const entries = new Map(base.entries);
  for (const [name, entry] of over.entries) {
    if (entry.value.tag === "reset") entries.delete(name);
    else entries.set(name, entry);
  }
  return withEntries(over, entries);
}

function nameMap(node: ComposeNode): ComposeMap {
  if (node.kind === "map") return node;
  return withEntries(
    emptyMap(node.place),
    listOf(node).items.map((item) => [
      textOf(item),
      { key: textOf(item), keyPlace: item.place, value: empty(node, item.place), valuePlace: item.place },
    ]),
  );
}

function buildMap(node: ComposeNode): ComposeMap {
  if (node.kind === "map") return node;
  return withEntries(emptyMap(node.place), [
    ["context", { key: "context", keyPlace: node.place, value: node, valuePlace: node.place }],
  ]);
}

function mergeLogging(base: ComposeNode, over: ComposeNode, path: readonly string[]): ComposeNode {
  if (base.kind !== "map" || over.kind !== "map") return over;
  const drivers = [at(base, "driver"), at(over, "driver")];
  const same = drivers.includes(undefined) || textOf(drivers[0]) === textOf(drivers[1]);
  return same ? mergeMaps(base, over, path) : over;
}

function empty(node: ComposeNode, place: ComposeScalar["place"]): ComposeScalar {
  return {
    kind: "scalar",
    value: null,
    written: null,
    variables: [],
    style: "plain",
    tag: null,
    place: { ...place, shared: node.place.shared },
  };
}

function portKey(port: ComposeMap): string {
  const part = (key: string, usual: string): string => textOf(at(port, key)) || usual;
  return `${part("host_ip", "0.0.0.0")}:${part("published", "")}:${part("target", "")}/${part("protocol", "tcp")}`;
}

function mountKey(item: ComposeNode, folder: string): string {
  if (item.kind !== "map") return `${folder}/${textOf(item)}`;
  return textOf(at(item, "target")) || `${folder}/${textOf(at(item, "source"))}`;
}
