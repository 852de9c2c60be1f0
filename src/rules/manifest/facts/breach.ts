import type { Manifest, ManifestPath, ManifestPod, PodContainer } from "#model/evidence/manifest.ts";
import type { Range } from "#model/text.ts";
import { pairRange } from "#evidence/kubernetes/container.ts";
import { fail, type Judgement, type Rule } from "../../rule.ts";

/** A fault in an object, and the setting that shows it, or that is missing. */
export interface Breach {
  /** One sentence without full stop. */
  message: string;
  path: ManifestPath;
  /** Tells the breaches of one rule in one object apart. */
  key?: string;
}

/** What to write in a manifest. */
export function inManifest(text: string): Rule["remediation"] {
  return Object.fromEntries([["kubernetes", text]]);
}

/** A judgement per breach, each at its place; none where all is well. */
export function judged(manifest: Manifest, breaches: readonly Breach[]): Judgement[] {
  const told = new Set<string>();
  return breaches.flatMap(({ message, path, key = "" }) => {
    if (told.has(key)) return [];
    told.add(key);
    const more = { range: rangeAt(manifest, path), ...(key === "" ? {} : { key }) };
    return [fail(message, [], more)];
  });
}

/**
 * Where a setting stands, or the nearest thing that should hold it: for a container its name, which a reader finds
 * sooner than the whole of it.
 */
export function rangeAt(manifest: Manifest, path: ManifestPath): Range {
  const place = manifest.place(path);
  if (place.found) {
    const titled = typeof path.at(-1) === "number" ? manifest.place([...path, "name"]) : place;
    return pairRange(titled.found ? titled : place);
  }
  for (let length = path.length - 1; length > 0; length -= 1) {
    const holder = path.slice(0, length);
    if (manifest.place(holder).found) return rangeAt(manifest, holder);
  }
  return pairRange(manifest.place(["kind"]));
}

/** `web: ` for one of several containers, nothing for the only one. */
export function naming(pod: ManifestPod, { name }: PodContainer): string {
  return pod.containers.length > 1 ? `${name}: ` : "";
}

/** Breaches of each container of an object's Pod; none for an object without one. */
export function ofContainers(
  manifest: Manifest,
  find: (
    container: PodContainer,
    pod: ManifestPod,
  ) => (Omit<Breach, "path"> & { path?: ManifestPath }) | null,
): Breach[] {
  const { pod } = manifest;
  if (pod === null) return [];
  return pod.containers.flatMap((container) => {
    const found = find(container, pod);
    if (found === null) return [];
    const { message, path = container.path, key } = found;
    const whole = key === undefined ? container.name : `${container.name} ${key}`;
    return [{ message: naming(pod, container) + message, path, key: whole }];
  });
}
