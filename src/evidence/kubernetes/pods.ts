import type { ManifestPath, ManifestPod, PodContainer } from "#model/evidence/manifest.ts";
import { type Json, list, object, text } from "../json.ts";

/** Where each kind keeps the template of its Pods (Kubernetes API reference, "Workload Resources"). */
const TEMPLATES: Readonly<Record<string, ManifestPath>> = {
  Pod: [],
  PodTemplate: ["template"],
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  ReplicationController: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

/** API groups of these kinds, the former ones too; an object of another group is somebody's own. */
const GROUPS = new Set(["v1", "apps", "batch", "extensions"]);

/** Kinds without Pods that rules look at. */
const OTHERS: Readonly<Record<string, string>> = {
  Role: "rbac.authorization.k8s.io",
  ClusterRole: "rbac.authorization.k8s.io",
  RoleBinding: "rbac.authorization.k8s.io",
  ClusterRoleBinding: "rbac.authorization.k8s.io",
  ServiceAccount: "v1",
  Service: "v1",
  ConfigMap: "v1",
};

/** Whether rules look at objects of a kind; its name alone, which saves reading what nobody judges. */
export function isJudgedKind(kind: string): boolean {
  return Object.hasOwn(TEMPLATES, kind) || Object.hasOwn(OTHERS, kind) || kind.endsWith("List");
}

/** Whether an object is one of Kubernetes' own that rules look at. */
export function isJudged(apiVersion: string, kind: string): boolean {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : apiVersion;
  if (Object.hasOwn(TEMPLATES, kind)) return GROUPS.has(group);
  return Object.hasOwn(OTHERS, kind) && OTHERS[kind] === group;
}

/** The Pod that an object is or makes; null where it makes none. */
export function podOf(kind: string, root: Json): ManifestPod | null {
  const way = Object.hasOwn(TEMPLATES, kind) ? TEMPLATES[kind] : undefined;
  if (way === undefined) return null;
  let holder: Json = root;
  for (const step of way) holder = object(holder[String(step)]);
  const spec = object(holder.spec);
  const path = [...way, "spec"];
  return {
    path,
    spec,
    metadataPath: [...way, "metadata"],
    metadata: object(holder.metadata),
    windows: text(object(spec.os).name).toLowerCase() === "windows",
    containers: [
      ...containersOf(spec.initContainers, [...path, "initContainers"], "init"),
      ...containersOf(spec.containers, [...path, "containers"], "container"),
      ...containersOf(spec.ephemeralContainers, [...path, "ephemeralContainers"], "ephemeral"),
    ],
  };
}

/** Pods have a handful; a list of thousands is made of aliases. */
const MAX_CONTAINERS = 200;

function containersOf(value: unknown, path: ManifestPath, role: PodContainer["role"]): PodContainer[] {
  return list(value)
    .slice(0, MAX_CONTAINERS)
    .map((entry, at) => {
      const spec = object(entry);
      return { role, name: text(spec.name) || `${role} ${at + 1}`, path: [...path, at], spec };
    });
}
