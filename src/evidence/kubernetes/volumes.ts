import type { DeclaredContainer } from "#model/evidence/container.ts";
import type { ManifestPod, PodContainer } from "#model/evidence/manifest.ts";
import { list, object, text } from "../json.ts";
import { cleanPath } from "../runline/values.ts";
import type { PodDraft } from "./container.ts";

type Mount = DeclaredContainer["mounts"][number];

/** What the runtime calls each kind of propagation (Kubernetes docs, "Mount propagation"). */
const PROPAGATION: Readonly<Record<string, string>> = {
  Bidirectional: "rshared",
  HostToContainer: "rslave",
  None: "rprivate",
};

/**
 * Mounts of a container, with what its Pod's volumes show: a folder of the node (`hostPath`) is a bind mount, memory a
 * tmpfs, and all else a volume of its own. A path within the volume belongs to the source.
 */
export function addMounts({ declared, note }: PodDraft, pod: ManifestPod, container: PodContainer): void {
  const volumes = new Map(list(pod.spec.volumes).map((entry) => [object(entry).name, object(entry)]));
  for (const [at, entry] of list(container.spec.volumeMounts).slice(0, 1000).entries()) {
    const { name, mountPath, subPath, readOnly, mountPropagation } = object(entry);
    if (typeof mountPath !== "string") continue;
    const target = cleanPath(mountPath);
    const volume = object(volumes.get(name));
    const source = sourceOf(text(name), volume, text(subPath));
    declared.mounts.push({
      ...source,
      target,
      writable: readOnly !== true,
      mode: readOnly === true ? "ro" : "",
      propagation: PROPAGATION[text(mountPropagation)] ?? (source.type === "bind" ? "rprivate" : ""),
    });
    note(`Mounts ${target}`, [...container.path, "volumeMounts", at, "mountPath"]);
  }
  note("Mounts", [...container.path, "volumeMounts"]);
}

function sourceOf(
  name: string,
  volume: Record<string, unknown>,
  subPath: string,
): Pick<Mount, "type" | "source" | "volume"> {
  const { hostPath, emptyDir } = volume;
  if (hostPath !== undefined && hostPath !== null) {
    const path = text(object(hostPath).path);
    return { type: "bind", source: cleanPath(subPath === "" ? path : `${path}/${subPath}`) };
  }
  if (object(emptyDir).medium === "Memory") return { type: "tmpfs", source: "" };
  return { type: "volume", source: name, volume: name };
}
