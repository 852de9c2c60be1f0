import { deviceNumber, type HostFiles } from "../filesystem.ts";

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
  const walk = (folder: string, name: string, depth: number): void => {
    for (const entry of depth === 0 ? files.list(folder) : listOf(files, folder)) {
      if (nodes.length >= MAX_NODES || entries >= MAX_ENTRIES) return;
      entries += 1;
      const path = `${folder}/${entry}`;
      const shown = `${name}/${entry}`;
      if (shown === "/dev/pts" || shown === "/dev/shm" || shown === "/dev/mqueue") continue;
      let stat;
      try {
        stat = files.lstat(path);
      } catch {
        continue;
      }
      if (stat.isDirectory()) {
        if (depth < MAX_DEPTH) walk(path, shown, depth + 1);
      } else if (stat.isBlockDevice() || stat.isCharacterDevice()) {
        const number = deviceNumber(stat.rdev);
        if (DEFAULT_DEVICES.has(number) || PTS_MAJORS.test(number)) continue;
        nodes.push(`${shown} ${stat.isBlockDevice() ? "b" : "c"} ${number}`);
      }
    }
  };
  walk(dev, "/dev", 0);
  return nodes;
}

function listOf(files: HostFiles, folder: string): string[] {
  try {
    return files.list(folder);
  } catch {
    return []; // Gone since, or closed to us: the other folders still tell.
  }
}
