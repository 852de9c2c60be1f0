import type { Severity } from "./severity.ts";
import type { Subject } from "./subject.ts";
import type { Fix, Region } from "./text.ts";

/**
 * The outcome of one rule on one subject. What could not be read is `unknown`, never `pass`;
 * a rule that has nothing to judge (swarm rules with swarm off) is `not-applicable`, never `pass`.
 */
export const VERDICTS = ["fail", "unknown", "pass", "not-applicable"] as const;

export type Verdict = (typeof VERDICTS)[number];

/**
 * Who says so: `declared` = what somebody asked for (Dockerfile, Compose, `docker inspect`, daemon.json),
 * `specified` = what the runtime was given (the OCI `config.json`), `actual` = what the kernel enforces.
 */
export type Witness = "declared" | "specified" | "actual";

/** One thing that was seen, and where. */
export interface Seen {
  witness: Witness;
  /** Where it was read: `docker inspect`, `/proc/812/status`, `GET /info`. */
  source: string;
  /** The field within the source, where it has fields: `HostConfig.PidMode`, `CapEff`. */
  path?: string;
  value: string;
}

/** A place in a text file. */
export interface Location extends Region {
  path: string;
}

/** The exception of the policy that covers a finding. */
export interface AppliedException {
  reason: string;
  owner?: string;
  expires?: string;
  /** Where the exception is written: the policy file and line, or the label. */
  source: string;
}

/** One verdict on one subject: the unit of every report, gate, baseline and exception. */
export interface Finding {
  /** Unique within a report; derived from the fingerprint. */
  id: string;
  ruleId: string;
  /** The field's other names for the same thing: `cis-docker-1.8:5.16`, `DL3008`. */
  aliases: string[];
  verdict: Verdict;
  severity: Severity;
  title: string;
  subject: Subject;
  location: Location | null;
  evidence: Seen[];
  /** What is wrong here, in one sentence, or why it could not be judged. */
  message: string;
  /** What to do about it here; empty unless the verdict is `fail`. */
  remediation: string;
  /** Stable over restarts and re-creation of the subject: hash of rule, subject name and detail. */
  fingerprint: string;
  exception: AppliedException | null;
  /** Stands in the baseline: shown, but does not count at the gate. */
  known: boolean;
  /** Ways to mend it in the file, the best first; empty where none is known. */
  fixes: Fix[];
}
