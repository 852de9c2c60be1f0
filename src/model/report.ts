import type { Finding, Verdict } from "./finding.ts";
import type { Problem } from "./problem.ts";
import type { Gate } from "./settings.ts";
import type { Severity } from "./severity.ts";
import type { Subject } from "./subject.ts";

/** Version of the JSON report; raised when a field changes its meaning or goes away. */
export const REPORT_VERSION = 1;

/** A subject with the few facts that people recognise it by: `nginx:1.25, running 3 h`. */
export interface ReportSubject extends Subject {
  facts: string[];
}

/** State of one recommendation of a benchmark on this host. */
export type RecommendationState = Verdict | "manual";

/** One recommendation of a benchmark, with what our rules say of it. */
export interface Recommendation {
  /** In the numbering of the benchmark. */
  id: string;
  /** Our own words. */
  title: string;
  level: 1 | 2;
  state: RecommendationState;
  ruleIds: string[];
  /** How many subjects failed. */
  failures: number;
  /** For `manual`: what a person should look at. */
  lookAt: string;
}

/** The view of a benchmark: never one opaque number. */
export interface Compliance {
  benchmark: string;
  title: string;
  sections: { id: string; title: string; recommendations: Recommendation[] }[];
}

/** Everything that a report shows; each format is a function of this. */
export interface Report {
  schemaVersion: typeof REPORT_VERSION;
  tool: { name: "seaworthy"; version: string; informationUri: string };
  /** ISO time of the evidence. */
  collectedAt: string;
  /** `file` if the evidence was replayed. */
  source: string;
  subjects: ReportSubject[];
  /** Worst first. */
  findings: Finding[];
  problems: Problem[];
  compliance: Compliance | null;
  summary: {
    verdicts: Record<Verdict, number>;
    /** Failed findings that no exception covers, by severity. */
    failed: Record<Severity, number>;
    excepted: number;
    /** Findings of the baseline, which are shown but do not count. */
    known: number;
    gate: Gate;
    /** Findings at or above the gate. */
    gated: number;
    durationMs: number;
    /** False if something could not be looked at: the exit code is 3 then. */
    complete: boolean;
  };
}
