import type { Verdict } from "#model/finding.ts";
import type { Severity } from "#model/severity.ts";
import type { SubjectKind } from "#model/subject.ts";
import type { Engine } from "./dockerd.ts";

/** What a report must say. */
export interface Expectation {
  ruleId: string;
  verdict: Verdict;
  severity?: Severity;
  /** Stands in the message, in what was seen, or in the remediation, of the same finding. */
  mention?: RegExp;
  /** Which subject; the situation's container by default. A kind alone means any of that kind. */
  subject?: { kind: SubjectKind; name?: string };
}

/** Where situations take place. */
export interface Site {
  engine: Engine;
  /** Major version of the engine. */
  major: number;
  /** Folder with what situations mount: `link`, `disk`, `shared`, `run`, and profiles. */
  folder: string;
  /** Pid of a container's first process. */
  pidOf(container: string): Promise<number>;
}

/** One container with one thing that is special about it. */
export interface Situation {
  /** Name of the container. */
  name: string;
  /** What is special, and where it is known from. */
  why: string;
  /** Flags of `docker run`; none by default. */
  flags?: readonly string[] | ((site: Site) => readonly string[]);
  /** `sleep` by default. */
  command?: readonly string[];
  image?: string;
  /** `create` makes it without starting it. */
  verb?: "run" | "create";
  /** Works on it after its start. */
  after?(site: Site, pid: number): Promise<void>;
  /** True when it has become what it is to be. */
  settled?(pid: number): boolean;
  expect: readonly Expectation[];
}

/** The rule must find the fault. */
export function fails(ruleId: string, more: Omit<Expectation, "ruleId" | "verdict"> = {}): Expectation {
  return { ruleId, verdict: "fail", ...more };
}

/** The rule must have looked, and found nothing. */
export function passes(ruleId: string, more: Omit<Expectation, "ruleId" | "verdict"> = {}): Expectation {
  return { ruleId, verdict: "pass", ...more };
}

/** The rule must say that there is nothing to judge. */
export function isNotApplicable(
  ruleId: string,
  more: Omit<Expectation, "ruleId" | "verdict"> = {},
): Expectation {
  return { ruleId, verdict: "not-applicable", ...more };
}
