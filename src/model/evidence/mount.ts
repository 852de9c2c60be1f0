import * as z from "zod";

/** One line of mountinfo, see proc_pid_mountinfo(5), with the real source worked out. */
export const MountEvidence = z.object({
  id: z.number(),
  parent: z.number(),
  /** `major:minor` of the file system. */
  device: z.string(),
  /** Path inside the source file system: the real one, whatever link or volume the mount was asked for by. */
  root: z.string(),
  target: z.string(),
  /** Per-mount options (field 6): these decide `ro`, not those of the super block. */
  options: z.array(z.string()),
  /** Optional fields: `shared:2`, `master:1`. */
  propagation: z.array(z.string()),
  type: z.string(),
  source: z.string(),
  superOptions: z.array(z.string()),
  /** Path on the host that shows the same files, null where there is none. Only for mounts of containers. */
  hostPath: z.string().nullable(),
});
export type MountEvidence = z.infer<typeof MountEvidence>;
