import type { Node } from "yaml";
import type { LineStarts, Range } from "../text.ts";
import type { ContainerEvidence } from "./container.ts";

/** The way to a value of an object: keys of maps, positions in lists. */
export type ManifestPath = readonly (string | number)[];

/** Where a value of an object stands in the file. */
export interface ManifestPlace {
  /** False where the file does not name it; then `key` and `value` are those of what would hold it. */
  found: boolean;
  /** Of its key; of an item of a list, the item itself. */
  key: Range;
  value: Range;
  /** The value in the YAML tree, aliases followed; of what would hold it where it is not found. */
  node: Node | null;
}

/** One Kubernetes object that rules look at, out of a file that may hold several. */
export interface Manifest {
  /** As the user names it; `-` for standard input. */
  path: string;
  text: string;
  lines: LineStarts;
  /** `apps/v1`. */
  apiVersion: string;
  /** `Deployment`, `Pod`, …. */
  kind: string;
  name: string;
  /** Empty where the object does not say. */
  namespace: string;
  /** Template of the Helm chart that it was rendered from (`# Source:` of helm template); empty for others. */
  template: string;
  /** The object as plain data; YAML that is no JSON (`yes`, `012`) as Kubernetes reads it. */
  object: Readonly<Record<string, unknown>>;
  /** Where a value stands, by its way from the object. */
  place(path: ManifestPath): ManifestPlace;
  /** null for an object without Pods: a role, a service, …. */
  pod: ManifestPod | null;
  containers: ContainerEvidence[];
}

/** The Pod that an object is, or that it makes. */
export interface ManifestPod {
  /** Way to the Pod's `spec`: `["spec", "template", "spec"]`. */
  path: ManifestPath;
  spec: Readonly<Record<string, unknown>>;
  /** Way to the Pod's `metadata`. */
  metadataPath: ManifestPath;
  metadata: Readonly<Record<string, unknown>>;
  /** True for Pods of Windows, which have none of the settings of Linux. */
  windows: boolean;
  containers: PodContainer[];
}

/** One entry of `containers`, `initContainers` or `ephemeralContainers`. */
export interface PodContainer {
  role: "container" | "init" | "ephemeral";
  name: string;
  path: ManifestPath;
  spec: Readonly<Record<string, unknown>>;
}
