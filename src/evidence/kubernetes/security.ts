import type { ManifestPath, ManifestPod, PodContainer } from "#model/evidence/manifest.ts";
import { type Json, object } from "../json.ts";

/** A setting in force for a container, and where it stands; `path` is null for one that nobody made. */
export interface Setting {
  value: unknown;
  path: ManifestPath | null;
}

const UNSET: Setting = { value: undefined, path: null };

/**
 * A field of the security context in force: the container's own, else that of its Pod (Kubernetes API,
 * SecurityContext and PodSecurityContext: "the value specified in SecurityContext takes precedence"). A field that is
 * null counts as not set.
 */
export function securitySetting(pod: ManifestPod, container: PodContainer, field: string): Setting {
  const own = containerSetting(container, field);
  return own.path === null ? podSetting(pod, field) : own;
}

/** A field of the container's own security context. */
export function containerSetting({ spec, path }: PodContainer, field: string): Setting {
  return setting(object(spec.securityContext), [...path, "securityContext"], field);
}

/** A field of the Pod's security context. */
export function podSetting({ spec, path }: ManifestPod, field: string): Setting {
  return setting(object(spec.securityContext), [...path, "securityContext"], field);
}

function setting(context: Json, path: ManifestPath, field: string): Setting {
  const value = context[field];
  return value === undefined || value === null ? UNSET : { value, path: [...path, field] };
}

/**
 * The AppArmor profile of a container in the words of its annotation: `unconfined`, `localhost/NAME`,
 * `runtime/default`. The field is older nodes' annotation since 1.30 and goes before it (Kubernetes docs, "AppArmor").
 */
export function apparmorSetting(pod: ManifestPod, container: PodContainer): Setting {
  const { value, path } = securitySetting(pod, container, "appArmorProfile");
  if (path !== null) {
    const { type, localhostProfile } = object(value);
    const profile =
      type === "Unconfined"
        ? "unconfined"
        : type === "Localhost"
          ? `localhost/${String(localhostProfile)}`
          : "runtime/default";
    return { value: profile, path };
  }
  const name = `container.apparmor.security.beta.kubernetes.io/${container.name}`;
  const annotation = object(pod.metadata.annotations)[name];
  return typeof annotation === "string"
    ? { value: annotation, path: [...pod.metadataPath, "annotations", name] }
    : UNSET;
}
