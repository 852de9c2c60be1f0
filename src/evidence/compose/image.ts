import type { ContainerEvidence } from "#model/evidence/container.ts";
import { mapReading } from "#model/reading.ts";

/** What is known of the image that a declared container will run, from its Dockerfile or its configuration. */
export interface ImageFacts {
  /** The last `USER`; undefined = nothing sets one here, so that the base image decides. */
  user?: string;
  /** `HEALTHCHECK`, `["NONE"]` where it is switched off. */
  healthcheck?: readonly string[];
  entrypoint?: readonly string[];
  command?: readonly string[];
  workingDir?: string;
  exposedPorts?: readonly string[];
}

/** A declared container with what its image adds: the declaration wins wherever it says something itself. */
export function withImage(container: ContainerEvidence, image: ImageFacts): ContainerEvidence {
  return {
    ...container,
    declared: mapReading(container.declared, (declared) => ({
      ...declared,
      user: declared.user || (image.user ?? ""),
      healthcheck: declared.healthcheck ?? (image.healthcheck === undefined ? null : [...image.healthcheck]),
      entrypoint: declared.entrypoint.length > 0 ? declared.entrypoint : [...(image.entrypoint ?? [])],
      command:
        declared.command.length > 0 || declared.entrypoint.length > 0
          ? declared.command
          : [...(image.command ?? [])],
      workingDir: declared.workingDir || (image.workingDir ?? ""),
      exposedPorts: [...new Set([...declared.exposedPorts, ...(image.exposedPorts ?? [])])],
    })),
  };
}
