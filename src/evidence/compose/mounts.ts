import type { ComposeMap, ComposeNode, ComposeService } from "#model/evidence/compose.ts";
import type { DeclaredContainer } from "#model/evidence/container.ts";
import type { Places } from "./places.ts";
import { at, entryOf, flagOf, itemsOf, textOf } from "./tree.ts";
import { parseVolume } from "./volumes.ts";

type Mount = DeclaredContainer["mounts"][number];

/** Where the engine's socket lies, which `use_api_socket` mounts. */
const API_SOCKET = "/var/run/docker.sock";

/** The mounts of a service: volumes in both syntaxes, tmpfs, and the engine's socket that one key asks for. */
export function readMounts(
  { settings, name }: ComposeService,
  { project }: { project: ComposeMap },
  places: Places,
): Pick<DeclaredContainer, "mounts" | "tmpfs"> {
  const mounts: Mount[] = [];
  const tmpfs: [string, string][] = [];
  for (const item of itemsOf(at(settings, "volumes"))) {
    const mount = mountOf(item, project);
    if (mount === null) continue;
    places.note([`Mounts ${mount.target}`, "Mounts"], `services.${name}.volumes`, item.place);
    mounts.push(mount);
  }
  if (flagOf(at(settings, "use_api_socket"))) {
    places.entry(
      `Mounts ${API_SOCKET}`,
      `services.${name}.use_api_socket`,
      entryOf(settings, "use_api_socket"),
    );
    mounts.push({ ...bind(API_SOCKET, API_SOCKET), writable: true });
  }
  for (const item of itemsOf(at(settings, "tmpfs"))) {
    const text = textOf(item);
    const colon = text.indexOf(":");
    const target = colon < 0 ? text : text.slice(0, colon);
    places.note([`HostConfig.Tmpfs ${target}`, "HostConfig.Tmpfs"], `services.${name}.tmpfs`, item.place);
    tmpfs.push([target, colon < 0 ? "" : text.slice(colon + 1)]);
  }
  return { mounts, tmpfs: Object.fromEntries(tmpfs) };
}

function mountOf(item: ComposeNode, project: ComposeMap): Mount | null {
  const volume = parseVolume(item);
  if (volume.target === "") return null;
  const { target, propagation, options, readOnly } = volume;
  // What a variable without a value stands for may be any folder, or a volume.
  const type = volume.open && volume.type === "bind" ? "volume" : volume.type;
  const shared = { writable: !readOnly, mode: options.join(","), propagation };
  if (type === "bind") return { ...bind(hostPath(volume.source), target), ...shared };
  const named = { type, source: volume.source, target, ...shared };
  if (type !== "volume" || volume.source === "" || volume.open) return named;
  // A volume that the local driver binds to a folder of the host shows that folder (docker volume create --opt).
  const driver = at(project, "volumes", volume.source, "driver_opts");
  const device = textOf(at(driver, "device"));
  const isBind = /(?:^|,)r?bind(?:,|$)/.test(textOf(at(driver, "o")));
  if (isBind && device !== "") return { ...bind(hostPath(device), target), ...shared, volume: volume.source };
  return { ...named, volume: volume.source };
}

function bind(source: string, target: string): Mount {
  return { type: "bind", source, target, writable: true, mode: "", propagation: "" };
}

/**
 * The path on the host; `~` is the home of whoever starts it. Relative ones stay relative: the file is judged,
 * wherever it lies today.
 */
function hostPath(source: string): string {
  if (source.startsWith("~")) return `/home/$USER${source.slice(1)}`;
  return source.length > 1 && source.endsWith("/") ? source.slice(0, -1) : source;
}
