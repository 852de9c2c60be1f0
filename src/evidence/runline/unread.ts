import type { DeclaredIn } from "#model/evidence/container.ts";

/**
 * Why a judgement that rests on a declaration cannot be made, because the file does not tell the setting: it is a
 * variable, or options come from one. null = the file tells.
 *
 * @param paths what the judgement names as seen (`HostConfig.Memory`)
 * @param key the judgement's key
 */
export function whyUnread(
  { places, unread }: Pick<DeclaredIn, "places" | "unread">,
  paths: readonly string[],
  key = "",
): string | null {
  if (unread === undefined) return null;
  for (const path of paths) {
    const why = unread[`${path} ${key}`] ?? unread[path];
    if (why !== undefined) return why;
  }
  const rest = unread["*"];
  if (rest === undefined) return null;
  const told = paths.some((path) => places[`${path} ${key}`] !== undefined || places[path] !== undefined);
  return told ? null : rest;
}
