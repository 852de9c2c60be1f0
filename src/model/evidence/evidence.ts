import * as z from "zod";
import { ContainerEvidence, SeccompProfile } from "./container.ts";
import { EngineEvidence } from "./engine.ts";
import { HostEvidence } from "./host.ts";
import { EVIDENCE_VERSION } from "./version.ts";

/**
 * Everything that was collected from one host, with no judgement in it. It can be written to a file, sent
 * away, and judged again later. Holds no secret: see `EnvEvidence`, `AccountEvidence`.
 */
export const Evidence = z.object({
  evidenceVersion: z.literal(EVIDENCE_VERSION),
  tool: z.object({ name: z.string(), version: z.string() }),
  collectedAt: z.string(),
  collector: z.object({
    uid: z.number(),
    /** Effective capabilities of the collector, 16 hex digits, empty where unknown. */
    capabilities: z.string(),
    /** Container that the collector ran in. */
    containerId: z.string().nullable(),
  }),
  /** null = only an engine was asked, over the network. */
  host: HostEvidence.nullable(),
  engines: z.array(EngineEvidence),
  containers: z.array(ContainerEvidence),
  seccompProfiles: z.record(z.string(), SeccompProfile),
  problems: z.array(z.object({ what: z.string(), where: z.string(), todo: z.string() })),
});
export type Evidence = z.infer<typeof Evidence>;
