import { attempt, type HostFiles } from "../filesystem.ts";

/** Where systemd looks for units of the system, the strongest first (systemd.unit(5)). */
const UNIT_FOLDERS: readonly string[] = [
  "/etc/systemd/system",
  "/run/systemd/system",
  "/usr/local/lib/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];
const MAX_DROP_INS = 100;

/**
 * Real paths of the files that define `units`: the unit files themselves and their drop-ins
 * (`docker.service.d/*.conf`). Each once, whatever links lead to it; a masked unit (a link to /dev/null) has none.
 */
export function unitFilesOf(
  files: HostFiles,
  units: readonly string[],
  folders: readonly string[] = UNIT_FOLDERS,
): string[] {
  const found = new Set<string>();
  const add = (path: string): void => {
    const real = attempt(path, () => files.realpath(path));
    const stat = real.ok ? attempt(path, () => files.lstat(real.value)) : real;
    if (real.ok && stat.ok && stat.value.isFile()) found.add(real.value);
  };
  for (const folder of folders) {
    for (const unit of units) {
      add(`${folder}/${unit}`);
      const dropIns = attempt(folder, () => files.list(`${folder}/${unit}.d`));
      const names = dropIns.ok ? dropIns.value.filter((name) => name.endsWith(".conf")).toSorted() : [];
      for (const name of names.slice(0, MAX_DROP_INS)) add(`${folder}/${unit}.d/${name}`);
    }
  }
  return [...found];
}
