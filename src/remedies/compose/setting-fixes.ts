import { at, entriesOf, itemsOf, pairsOf, textOf, textsOf } from "#evidence/compose/tree.ts";
import { parseVolume } from "#evidence/compose/volumes.ts";
import { capabilityName } from "#evidence/engine/inspect.ts";
import type { Fix } from "#model/text.ts";
import { addKeys, addTo, type Builder, type Change, fixOf, replaceItem, set } from "./change.ts";
import { addKey, ownEntry, removeItems, removeKey, replace } from "./edits.ts";

export function noNewPrivileges(change: Change): Fix[] {
  const list = at(change.written, "security_opt");
  if (list?.kind !== "list") return addTo("security_opt", "no-new-privileges:true", "safe")(change);
  const off = list.items.find((item) => /^no-new-privileges[:=]false$/.test(textOf(item)));
  if (off === undefined) return addTo("security_opt", "no-new-privileges:true", "safe")(change);
  return replaceItem(change, off, "no-new-privileges:true", "Set no-new-privileges:true", list);
}

export function dropCapabilities(change: Change): Fix[] {
  const { written, layout, key } = change;
  const list = at(written, "cap_add");
  if (written === null || list?.kind !== "list") return [];
  const bad = new Set(key.split(","));
  const indexes = list.items.flatMap((item, index) => (bad.has(capabilityName(textOf(item))) ? [index] : []));
  const names = indexes.map((index) => textOf(list.items[index])).join(", ");
  const edits =
    indexes.length === list.items.length && ownEntry(written, "cap_add", layout) !== undefined
      ? removeKey(written, "cap_add", layout)
      : removeItems(list, indexes, layout);
  return fixOf(`Remove ${names} from cap_add`, "unsafe", edits, list);
}

export function readOnlyRoot(change: Change): Fix[] {
  const { written } = change;
  if (at(written, "read_only") !== undefined) return set("read_only", "true", "unsafe")(change);
  const writable = new Set([
    ...textsOf(at(written, "tmpfs")).map((text) => text.split(":")[0]),
    ...itemsOf(at(written, "volumes")).map((item) => parseVolume(item).target),
  ]);
  const hasTmp = writable.has("/tmp") || at(written, "tmpfs") !== undefined;
  return hasTmp
    ? set("read_only", "true", "unsafe")(change)
    : addKeys("Set read_only: true, with a tmpfs at /tmp", "unsafe", {
        read_only: "true",
        tmpfs: ["/tmp:size=64m"],
      })(change);
}

export function restart(change: Change): Fix[] {
  return ownRestart(change) ? set("restart", "on-failure:5", "unsafe")(change) : [];
}

function ownRestart({ written, layout }: Change): boolean {
  return written !== null && ownEntry(written, "restart", layout) !== undefined;
}

/** Keeps a log, and bounds it. */
export function logging({ written, layout }: Change): Fix[] {
  if (written === null) return [];
  const entry = ownEntry(written, "logging", layout);
  const options = { "max-size": '"10m"', "max-file": '"3"' };
  if (entry === undefined) {
    // The engine may have another driver for its default, which these options do not fit.
    return at(written, "logging") === undefined
      ? fixOf(
          "Limit the log",
          "unsafe",
          addKey(written, "logging", { driver: "json-file", options }, layout),
          written,
        )
      : [];
  }
  const { value } = entry;
  if (value.kind !== "map") return [];
  const driver = ownEntry(value, "driver", layout);
  const none = textOf(driver?.value) === "none";
  const changed =
    none && driver !== undefined ? [replace({ ...driver.valuePlace, path: layout.path }, "json-file")] : [];
  const present = at(value, "options");
  const bound =
    present === undefined
      ? addKey(value, "options", options, layout)
      : present.kind === "map" && at(present, "max-size") === undefined
        ? addKey(present, "max-size", '"10m"', layout)
        : [];
  if (bound === null) return [];
  return fixOf(
    none ? "Keep a log of bounded size" : "Limit the log",
    none ? "unsafe" : "safe",
    [...changed, ...bound],
    value,
  );
}

export function healthcheck(change: Change): Fix[] {
  const { written, layout, key } = change;
  const node = at(written, "healthcheck");
  // Only one that is switched off; nobody but its author knows what to ask a service.
  if (written === null || key !== "off" || node?.kind !== "map") return [];
  const off = at(node, "disable") === undefined ? "test" : "disable";
  const edits =
    entriesOf(node).length === 1 ? removeKey(written, "healthcheck", layout) : removeKey(node, off, layout);
  return fixOf("Leave the health check of the image on", "unsafe", edits, node);
}

export function sysctl(change: Change): Fix[] {
  const { written, layout, key } = change;
  const node = at(written, "sysctls");
  if (written === null || node === undefined) return [];
  const names = pairsOf(node).map(({ name }) => name);
  const title = `Remove the sysctl ${key}`;
  if (!names.includes(key)) return [];
  if (names.length === 1) return fixOf(title, "unsafe", removeKey(written, "sysctls", layout), node);
  if (node.kind === "map") return fixOf(title, "unsafe", removeKey(node, key, layout), node);
  return node.kind === "list"
    ? fixOf(title, "unsafe", removeItems(node, [names.indexOf(key)], layout), node)
    : [];
}

export function hook(name: string): Builder {
  return ({ written, layout, key }) => {
    const [, field = "", index = ""] = /(pre_start|post_start|pre_stop) (\d+)$/.exec(key) ?? [];
    const item = itemsOf(at(written, field))[Number(index)];
    return item?.kind === "map"
      ? fixOf(`Remove ${name} from the hook`, "unsafe", removeKey(item, name, layout), item)
      : [];
  };
}

export function build(name: string): Builder {
  return ({ written, layout }) => {
    const node = at(written, "build");
    return node?.kind === "map"
      ? fixOf(`Remove build.${name}`, "unsafe", removeKey(node, name, layout), node)
      : [];
  };
}

export function entitlement({ written, layout, key, service }: Change): Fix[] {
  const node = at(written, "build");
  const list = at(node, "entitlements");
  if (node?.kind !== "map" || list?.kind !== "list") return [];
  const name = key.slice((service?.name.length ?? 0) + 1);
  const index = list.items.findIndex((item) => textOf(item) === name);
  if (index < 0) return [];
  const edits =
    list.items.length === 1 ? removeKey(node, "entitlements", layout) : removeItems(list, [index], layout);
  return fixOf(`Build without ${name}`, "unsafe", edits, list);
}
