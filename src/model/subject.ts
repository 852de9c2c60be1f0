/** What a finding is about. */
export const SUBJECT_KINDS = [
  "host",
  "engine",
  "container",
  "image",
  "network",
  "swarm",
  "dockerfile",
  "compose",
  "manifest",
] as const;

export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/**
 * One thing that is judged.
 *
 * `name` is what its owner calls it (container name, image tag, host name) and is stable over restarts;
 * `id` is what the system calls it (container id, image digest) and may change.
 */
export interface Subject {
  kind: SubjectKind;
  name: string;
  id: string;
  /** Labels of containers and images, by which a policy can choose subjects. */
  labels?: Record<string, string>;
  /** Image reference of a container. */
  image?: string;
}
