import type { ImageReference } from "#model/evidence/dockerfile.ts";

/**
 * Splits an image reference (distribution/reference, normalize.go): the first part is a registry if it holds a dot,
 * a colon or a capital letter, or is `localhost`.
 *
 * @param text after expansion of variables
 */
export function parseReference(text: string): ImageReference {
  const at = text.indexOf("@");
  const digest = at === -1 ? null : text.slice(at + 1);
  const named = at === -1 ? text : text.slice(0, at);
  const slash = named.indexOf("/");
  const first = slash === -1 ? "" : named.slice(0, slash);
  const hasRegistry = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
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

const PORT = /:\d+$/;
const DOMAIN_PART = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;
const IPV6 = /^\[[a-fA-F0-9:]+\]$/;
const PATH_PART = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const MOST_LENGTH = 255;

/** Whether the builder could pull from a reference: the grammar of distribution/reference, regexp.go. */
export function isReference(text: string): boolean {
  if (text.length > 1024) return false;
  const { registry, repository, tag, digest } = parseReference(text);
  // 64 hexadecimal digits are an id, which names no repository.
  if (/^[0-9a-f]{64}$/.test(text)) return false;
  if (registry !== "" && !isRegistry(registry)) return false;
  if (registry.length + repository.length + 1 > MOST_LENGTH) return false;
  return (
    repository.split("/").every((part) => PATH_PART.test(part)) &&
    (tag === null || TAG.test(tag)) &&
    (digest === null || DIGEST.test(digest))
  );
}

function isRegistry(registry: string): boolean {
  const host = registry.replace(PORT, "");
  return IPV6.test(host) || host.split(".").every((part) => DOMAIN_PART.test(part));
}
