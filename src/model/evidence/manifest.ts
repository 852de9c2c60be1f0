import type { LineStarts } from "../text.ts";
import type { ContainerEvidence } from "./container.ts";

/** One Kubernetes object that brings Pods, out of a file that may hold several. */
export interface Manifest {
  /** As the user names it; `-` for standard input. */
  path: string;
  text: string;
  lines: LineStarts;
  /** `Deployment`, `Pod`, …. */
  kind: string;
  name: string;
  namespace: string;
  containers: ContainerEvidence[];
}
