import { deviceNumber, type HostFiles, type LocalFolder } from "../filesystem.ts";

/** Nodes that every container gets: runtime-spec, config-linux.md#default-devices, by `major:minor`. */
const DEFAULT_DEVICES = new Set(["1:3", "1:5", "1:7", "1:8", "1:9", "5:0", "5:1", "5:2"]);
const PTS_MAJORS = /^(?:88|13[6-9]|14[0-3]):/; // slave and console terminals, Documentation/admin-guide/devices.txt
const MAX_NODES = 2000;
const MAX_ENTRIES = 20_000; // Of all kinds: a container may fill its /dev with files.
const MAX_DEPTH = 4;

/** Device nodes below a /dev that are not the default ones, as `/dev/sda b 8:0`. Links are not followed. */
export function collectDeviceNodes(files: HostFiles, dev: string): string[] {
  const nodes: string[] = [];
  let entries = 0;
  const walk = (folder: LocalFolder, name: string, depth: number): void => {
    for (const entry of depth === 0 ? folder.list() : listOf(folder)) {
      if (nodes.length >= MAX_NODES || entries >= MAX_ENTRIES) return;
      entries += 1;
      const shown = `${name}/${entry.name}`;
      if (shown === "/dev/pts" || shown === "/dev/shm" || shown === "/dev/mqueue") continue;
      if (entry.isDirectory()) {
        if (depth < MAX_DEPTH) walk(folder.below(entry.name), shown, depth + 1);
      } else if (entry.isBlockDevice() || entry.isCharacterDevice()) {
        const node = nodeAt(folder, entry.name);
        if (node === null || DEFAULT_DEVICES.has(node.number) || PTS_MAJORS.test(node.number)) continue;
        nodes.push(`${shown} ${node.type} ${node.number}`);
      }
    }
  };
  walk(files.folder(dev), "/dev", 0);
  return nodes;
}

function nodeAt(folder: LocalFolder, name: string): { type: "b" | "c"; number: string } | null {
  try {
    const stat = folder.lstat(name);
    if (!stat.isBlockDevice() && !stat.isCharacterDevice()) return null; // Exchanged since the listing.
    return { type: stat.isBlockDevice() ? "b" : "c", number: deviceNumber(stat.rdev) };
  } catch {
    return null; // Gone since.
  }
}

function listOf(folder: LocalFolder): ReturnType<LocalFolder["list"]> {
  try {
    return folder.list();
  } catch {
    return []; // Gone since, or closed to us: the other folders still tell.
  }
}
