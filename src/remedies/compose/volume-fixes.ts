import { at, itemsOf, textOf } from "#evidence/compose/tree.ts";
import { parseVolume } from "#evidence/compose/volumes.ts";
import type { ComposeNode } from "#model/evidence/compose.ts";
import type { Fix } from "#model/text.ts";
import { sensitivityOf } from "#rules/container/facts/sensitive-paths.ts";
import { type Change, drop, dropItems, fixOf, replaceItem } from "./change.ts";
import { addKey, ownEntry, replace } from "./edits.ts";

/** Where `use_api_socket` mounts the engine's socket. */
const API_SOCKET = "/var/run/docker.sock";

/** Takes the engine's socket away, however it came in. */
export function socket(change: Change): Fix[] {
  const { written, layout, key } = change;
  if (written !== null && key === API_SOCKET && ownEntry(written, "use_api_socket", layout) !== undefined) {
    return drop("unsafe", "use_api_socket")(change);
  }
  return dropItems(
    "volumes",
    (item) => parseVolume(item).target === key,
    (item) => `Remove the volume at ${parseVolume(item).target}`,
  )(change);
}

/** Makes a mount of the host read-only, where that is a remedy. */
export function readOnlyMount(change: Change): Fix[] {
  return overVolume(change, (item, volume) => {
    // Where reading alone gives something away, read-only is no remedy.
    if (volume.readOnly || sensitivityOf(volume.source, false, [])?.readable !== null) return null;
    if (item.kind === "map")
      return { title: `Mount ${volume.source} read-only`, key: "read_only", value: "true" };
    const options = [...volume.options.filter((option) => option !== "rw"), "ro"].join(",");
    return { title: `Mount ${volume.source} read-only`, options };
  });
}

/** Keeps mounts made inside from the host. */
export function privateMount(change: Change): Fix[] {
  return overVolume(change, (item, volume) => {
    const title = `Mount ${volume.target} with private propagation`;
    if (item.kind === "map") return { title, parent: "bind", key: "propagation", value: "rprivate" };
    return { title, options: volume.options.filter((option) => !/^r?shared$/.test(option)).join(",") };
  });
}

/** Leaves the SELinux labels of a folder alone. */
export function withoutLabel(change: Change): Fix[] {
  return overVolume(
    { ...change, key: change.key.slice((change.service?.name.length ?? 0) + 1) },
    (item, volume) => {
      const title = `Leave the labels of ${volume.source} alone`;
      if (item.kind === "map") return null;
      return { title, options: volume.options.filter((option) => !/^z$/i.test(option)).join(",") };
    },
  );
}

type VolumeChange = { title: string } & (
  | { options: string }
  | { key: string; value: string; parent?: string }
);

/** Changes the volume that is mounted at the finding's key. */
function overVolume(
  change: Change,
  decide: (item: ComposeNode, volume: ReturnType<typeof parseVolume>) => VolumeChange | null,
): Fix[] {
  const { written, layout, key } = change;
  const list = at(written, "volumes");
  if (list?.kind !== "list") return [];
  const item = list.items.find((each) => parseVolume(each).target === key);
  const wanted = item === undefined ? null : decide(item, parseVolume(item));
  if (item === undefined || wanted === null) return [];
  if (item.kind === "scalar" && "options" in wanted) {
    const parts = String(item.written).split(":");
    // With variables in it, colons are not where they seem to be.
    if (item.variables.length > 0 || parts.length < 2 || parts.length > 3) return [];
    const text = [...parts.slice(0, 2), ...(wanted.options === "" ? [] : [wanted.options])].join(":");
    return replaceItem(change, item, text, wanted.title, list);
  }
  if (item.kind !== "map" || !("key" in wanted)) return [];
  const map = wanted.parent === undefined ? item : at(item, wanted.parent);
  if (map?.kind !== "map") return [];
  const entry = ownEntry(map, wanted.key, layout);
  const edits =
    entry === undefined
      ? addKey(map, wanted.key, wanted.value, layout)
      : [replace({ ...entry.valuePlace, path: layout.path }, wanted.value)];
  return fixOf(wanted.title, "unsafe", edits, map);
}

/** Leaves the engine's own flags on a tmpfs. */
export function tightTmpfs(change: Change): Fix[] {
  return overTmpfs(change, change.key, (options) =>
    options.filter((option) => !["exec", "suid", "dev"].includes(option)),
  );
}

/** Bounds a tmpfs. */
export function sizedTmpfs(change: Change): Fix[] {
  const target = change.key.slice((change.service?.name.length ?? 0) + 1);
  return overTmpfs(change, target, (options) =>
    options.some((option) => option.startsWith("size=")) ? options : [...options, "size=64m"],
  );
}

function overTmpfs(change: Change, target: string, edit: (options: string[]) => string[]): Fix[] {
  const node = at(change.written, "tmpfs");
  for (const item of itemsOf(node)) {
    const [path = "", options = ""] = textOf(item).split(":");
    if (path !== target || item.kind !== "scalar" || item.variables.length > 0) continue;
    const changed = edit(options.split(",").filter((option) => option !== "")).join(",");
    const text = changed === "" ? path : `${path}:${changed}`;
    return replaceItem(change, item, text, `Mount the tmpfs as ${text}`, node ?? item);
  }
  return [];
}
