import * as z from "zod";
import { VERDICTS } from "#model/finding.ts";
import { REPORT_VERSION } from "#model/report.ts";
import { SEVERITIES } from "#model/severity.ts";
import { SUBJECT_KINDS } from "#model/subject.ts";

const count = z.int().nonnegative();

const verdict = z
  .enum(VERDICTS)
  .describe("What could not be read is unknown, never pass; a rule with nothing to judge is not-applicable.");
const severity = z.enum(SEVERITIES).describe("How bad the fault is.");

const subject = {
  kind: z.enum(SUBJECT_KINDS).describe("What is judged."),
  name: z.string().describe("What its owner calls it; stable over restarts."),
  id: z.string().describe("What the system calls it: container id, image digest; may change."),
  labels: z.record(z.string(), z.string()).exactOptional().describe("Labels of containers and images."),
  image: z.string().exactOptional().describe("Image reference of a container."),
};

const seen = z.object({
  witness: z
    .enum(["declared", "specified", "actual"])
    .describe(
      "declared = what somebody asked for, specified = what the runtime was given, actual = what the kernel enforces.",
    ),
  source: z.string().describe("Where it was read: docker inspect web, /proc/812/status."),
  path: z.string().exactOptional().describe("The field within the source, where it has fields."),
  value: z.string().describe("What stood there."),
});

const region = {
  startLine: z.int().positive().describe("Counts from 1."),
  startColumn: z.int().positive().describe("Counts from 1."),
  endLine: z.int().positive().describe("Line of the end."),
  endColumn: z.int().positive().describe("Column after the last character."),
};

const location = z.object({ path: z.string().describe("The file."), ...region });

const exception = z.object({
  reason: z.string().describe("Why the finding is accepted."),
  owner: z.string().exactOptional().describe("Who answers for it."),
  expires: z.string().exactOptional().describe("Until when it holds."),
  source: z.string().describe("Where it is written: the policy file and line, or the label."),
});

const finding = z.object({
  id: z.string().describe("Unique within a report; derived from the fingerprint."),
  ruleId: z.string().describe("The rule; an id never changes its meaning."),
  aliases: z.array(z.string()).describe("Other names for the same thing: cis-docker-1.8:5.16."),
  verdict,
  severity,
  title: z.string().describe("The fault of the rule as a fact."),
  subject: z.object(subject).describe("What the finding is about."),
  location: location.nullable().describe("A place in a text file, where there is one."),
  evidence: z.array(seen).describe("What was seen, and where."),
  message: z.string().describe("What is wrong here, or why it could not be judged."),
  remediation: z.string().describe("What to do about it here; empty unless the verdict is fail."),
  fingerprint: z.string().describe("Stable over restarts and re-creation of the subject."),
  exception: exception.nullable().describe("The exception that covers the finding."),
  known: z.boolean().describe("Stands in the baseline: shown, but does not count at the gate."),
  fixes: z
    .array(
      z.object({
        title: z.string().describe("What it does, as an order."),
        safety: z
          .enum(["safe", "unsafe"])
          .describe(
            "safe = the file builds and runs the same but for the fault; unsafe = may change behaviour.",
          ),
        edits: z
          .array(
            z.object({
              path: z.string().describe("The file."),
              start: z.int().nonnegative().describe("Offset in UTF-16 units."),
              end: z.int().nonnegative().describe("Offset, exclusive."),
              text: z.string().describe("What stands there afterwards."),
              region: z.object(region).exactOptional().describe("The same place in lines and columns."),
            }),
          )
          .describe("Splices, none of which overlap."),
      }),
    )
    .describe("Ways to mend it in the file, the best first."),
});

const recommendation = z.object({
  id: z.string().describe("In the numbering of the benchmark."),
  title: z.string().describe("In words of Seaworthy."),
  level: z.union([z.literal(1), z.literal(2)]).describe("Level of the benchmark."),
  state: z.enum([...VERDICTS, "manual"]).describe("What the rules say; manual = a person has to look."),
  ruleIds: z.array(z.string()).describe("The rules that judge it."),
  failures: count.describe("How many subjects failed."),
  lookAt: z.string().describe("For manual: what a person should look at."),
});

const compliance = z.object({
  benchmark: z.string().describe("Name and version of the benchmark."),
  title: z.string().describe("The same for people."),
  sections: z
    .array(
      z.object({
        id: z.string().describe("In the numbering of the benchmark."),
        title: z.string().describe("In words of Seaworthy."),
        recommendations: z.array(recommendation).describe("In the order of the benchmark."),
      }),
    )
    .describe("In the order of the benchmark."),
});

/**
 * The JSON report, exactly as `Report` of src/model/report.ts has it; schemas/report.schema.json is made from
 * it. Fields that it does not name are allowed there, as new ones may come.
 */
export const ReportSchema = z
  .object({
    schemaVersion: z
      .literal(REPORT_VERSION)
      .describe("Raised when a field changes its meaning or goes away; new fields do not raise it."),
    tool: z
      .object({
        name: z.literal("seaworthy").describe("Always seaworthy."),
        version: z.string().describe("Version that collected the evidence."),
        informationUri: z.string().describe("Where to read about the tool."),
      })
      .describe("Who made the report."),
    collectedAt: z.string().describe("ISO 8601 time of the evidence."),
    source: z.string().describe("live, or the evidence file that was replayed."),
    subjects: z
      .array(
        z.object({
          ...subject,
          facts: z.array(z.string()).describe("The few facts that people recognise it by."),
        }),
      )
      .describe("Everything that was judged."),
    findings: z.array(finding).describe("Every verdict on every subject, the worst first."),
    problems: z
      .array(
        z.object({
          what: z.string().describe("What could not be done."),
          where: z.string().describe("Where."),
          todo: z.string().describe("What to do about it."),
        }),
      )
      .describe("What could not be done at all."),
    compliance: compliance.nullable().describe("The view of a benchmark, if one was asked for."),
    summary: z
      .object({
        verdicts: z.record(z.enum(VERDICTS), count).describe("How many findings have each verdict."),
        failed: z
          .record(z.enum(SEVERITIES), count)
          .describe("Failed findings that count, by severity: without the excepted and the known ones."),
        excepted: count.describe("Findings that an exception covers."),
        known: count.describe("Findings that stand in the baseline."),
        gate: z
          .enum([...SEVERITIES, "never"])
          .describe("Findings at or above it make the exit code 1; never = report only."),
        gated: count.describe("Findings at or above the gate."),
        durationMs: count.describe("Milliseconds that the run took."),
        complete: z.boolean().describe("False if something could not be looked at: the exit code is 3 then."),
      })
      .describe("Counts."),
  })
  .meta({ title: "Seaworthy report" });
