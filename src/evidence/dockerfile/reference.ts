import type { ImageReference } from "#model/evidence/dockerfile.ts";

/**
 * Splits an image reference (distribution/reference, reference.go): the first part is a registry if it holds a dot
 * or a colon, or is `localhost`.
 *
 * @param text after expansion of variables
 */
export function parseReference(text: string): ImageReference {
  const at = text.indexOf("@");
  const digest = at === -1 ? null : text.slice(at + 1);
  const named = at === -1 ? text : text.slice(0, at);
  const slash = named.indexOf("/");
  const first = slash === -1 ? "" : named.slice(0, slash);
  const hasRegistry = /[.:]/.test(first) || first === "localhost";
  const path = hasRegistry ? named.slice(slash + 1) : named;
  const colon = path.lastIndexOf(":");
  const tagged = colon > path.lastIndexOf("/");
  return {
    text,
    registry: hasRegistry ? first : "",
    repository: tagged ? path.slice(0, colon) : path,
    tag: tagged ? path.slice(colon + 1) : null,
    digest,
    unresolved: text.includes("$"),
  };
}
