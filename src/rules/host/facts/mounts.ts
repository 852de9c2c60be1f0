import type { MountEvidence } from "#model/evidence/mount.ts";
import { canonicalPath, isWithin } from "./files.ts";

/** The mount that shows `path`: the deepest one on the way to it, the last one where several lie on top. */
export function mountOf(mounts: readonly MountEvidence[], path: string): MountEvidence | null {
  const target = canonicalPath(path);
  let best: MountEvidence | null = null;
  for (const mount of mounts) {
    if (!isWithin(target, canonicalPath(mount.target))) continue;
    if (best === null || mount.target.length >= best.target.length) best = mount;
  }
  return best;
}

/** A mount as a line of evidence: `/dev/vda1 on /tmp (ext4 rw,nosuid)`. */
export function mountText({ source, target, type, options }: MountEvidence): string {
  return `${source} on ${target} (${type} ${options.join(",")})`;
}
