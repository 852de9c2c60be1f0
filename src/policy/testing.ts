import type { Finding } from "#model/finding.ts";
import type { Subject } from "#model/subject.ts";
import { DEFAULT_POLICY, type Exception, type Policy } from "./policy.ts";

/** Builders for the tests of this folder: one failure on one container, and what a test changes of it. */

/** A container; its id follows from its name. */
export function container(name: string, changes: Partial<Subject> = {}): Subject {
  return { kind: "container", name, id: `id-${name}`, image: "nginx:1.25", labels: {}, ...changes };
}

/** The rule SW-CTR-PID-HOST failed on the container `web`. */
export function finding(changes: Partial<Finding> = {}): Finding {
  const { ruleId = "SW-CTR-PID-HOST", subject = container("web") } = changes;
  const fingerprint = `${ruleId}/${subject.name}`;
  return {
    id: `F-${fingerprint}`,
    ruleId,
    aliases: ["cis-docker-1.8:5.16", "cis-docker-1.6:5.15"],
    verdict: "fail",
    severity: "high",
    title: "Shares the host's process ids",
    subject,
    location: null,
    evidence: [],
    message: "it sees every process of the host",
    remediation: "drop --pid=host",
    fingerprint,
    exception: null,
    known: false,
    fixes: [],
    ...changes,
  };
}

/** An exception for {@link finding} without end. */
export function exception(changes: Partial<Exception> = {}): Exception {
  return {
    rule: "SW-CTR-PID-HOST",
    subject: "web",
    reason: "it monitors the host",
    owner: "",
    expires: null,
    source: "seaworthy.yaml:3",
    ...changes,
  };
}

/** The defaults, changed. */
export function policy(changes: Partial<Policy> = {}): Policy {
  return { ...DEFAULT_POLICY, path: "seaworthy.yaml", ...changes };
}
