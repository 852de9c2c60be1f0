import type { ComposeBuild, ComposeService } from "#model/evidence/compose.ts";
import type { Lookup } from "./interpolate.ts";
import { below, folderOf, isRemote } from "./paths.ts";
import { sourceText } from "./source-text.ts";
import { at, entryOf, pairsOf, textOf } from "./tree.ts";

/**
 * The image that a service builds (compose-spec, build.md), null if none. Paths are relative to the file that
 * says `build`; the Dockerfile is relative to the context.
 */
export function buildOf(
  { name, settings, place }: ComposeService,
  file: { path: string; text: string; lookup: Lookup },
): ComposeBuild | null {
  const entry = entryOf(settings, "build");
  if (entry === undefined) return null;
  const { value, keyPlace } = entry;
  if (value.kind === "list") return null;
  const folder = folderOf(value.place.path);
  const contextNode = value.kind === "scalar" ? value : at(value, "context");
  const written = textOf(contextNode) || ".";
  const remote = isRemote(written);
  const context = remote ? written : below(folderOf(contextNode?.place.path ?? file.path) || folder, written);
  const inline = at(value, "dockerfile_inline");
  const dockerfile = textOf(at(value, "dockerfile")) || "Dockerfile";
  const isInline = inline?.kind === "scalar" && inline.place.path === file.path;
  return {
    service: name,
    context,
    remote,
    dockerfile: isInline || inline !== undefined || remote ? null : below(context, dockerfile),
    inline: isInline ? sourceText(inline, file.text, file.lookup) : null,
    target: textOf(at(value, "target")) || null,
    additionalContexts: pairsOf(at(value, "additional_contexts")).map((pair) => pair.name),
    args: pairsOf(at(value, "args")).map((pair) => pair.name),
    range: keyPlace.path === file.path ? { start: keyPlace.start, end: keyPlace.end } : place,
  };
}
