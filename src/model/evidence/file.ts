import * as z from "zod";

/** What `lstat` says of a path. `mode` holds the permission bits (octal 07777), never the type. */
export const FileStat = z.object({
  path: z.string(),
  type: z.enum(["file", "directory", "socket", "link", "char", "block", "fifo"]),
  uid: z.number(),
  gid: z.number(),
  mode: z.number(),
  /** Milliseconds since the epoch. */
  mtimeMs: z.number(),
  /** Device number as the kernel prints it in mountinfo, `254:0`. */
  device: z.string(),
  /** POSIX access ACL present (`system.posix_acl_access`), where it could be asked. */
  acl: z.boolean().optional(),
});
export type FileStat = z.infer<typeof FileStat>;
