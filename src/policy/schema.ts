import * as z from "zod";
import { DEFAULT_SETTINGS, LABEL_KINDS, PRESETS, type RuleSettings } from "#model/settings.ts";
import { SEVERITIES } from "#model/severity.ts";
import { DEFAULT_POLICY } from "./policy.ts";

const Severity = z.enum(SEVERITIES);
const Text = z.string().regex(/\S/);
const Days = z.int().min(0).max(36_500);
const Count = z.int().min(0).max(1_000_000);

const RulePattern = Text.describe(
  "Rule: its id (SW-CTR-PID-HOST), an alias (cis-docker-1.8:5.16, DL3008), or a glob over both (SW-CTR-*).",
);
const SubjectPattern = Text.describe(
  "Subjects: a glob over names (web-*), over names of one kind (container:web-*), over images and the containers that run them (image:nginx:*), or over the value of a label (label:team=pay*).",
);

const Exception = z
  .strictObject({
    rule: RulePattern,
    subject: SubjectPattern,
    reason: Text.describe("Why the risk is accepted. Stands in every report."),
    owner: Text.optional().describe("Who accepted it."),
    expires: z.iso
      .date()
      .optional()
      .describe("Last day (UTC) on which the exception counts, as 2026-12-31; without it there is no end."),
  })
  .describe("A finding that is accepted: it stays in the report, but does not count at the gate.");

const Settings = z.strictObject({
  engineUsers: z
    .array(Text)
    .default(DEFAULT_SETTINGS.engineUsers)
    .describe("Users who may control the engine besides root."),
  privilegedPorts: z
    .array(z.int().min(1).max(1023))
    .default(DEFAULT_SETTINGS.privilegedPorts)
    .describe("Host ports below 1024 that containers may publish."),
  trustedRegistries: z
    .array(Text)
    .default(DEFAULT_SETTINGS.trustedRegistries)
    .describe(
      "Registries whose images are trusted (docker.io/library, registry.example.com/*); empty: not judged.",
    ),
  maxImageAgeDays: Days.default(DEFAULT_SETTINGS.maxImageAgeDays).describe(
    "Days after which an image should have been rebuilt.",
  ),
  maxStoppedDays: Days.default(DEFAULT_SETTINGS.maxStoppedDays).describe(
    "Days after which a stopped container is left over.",
  ),
  maxUnusedImages: Count.default(DEFAULT_SETTINGS.maxUnusedImages).describe(
    "How many unused images are too many.",
  ),
  maxRestarts: Count.default(DEFAULT_SETTINGS.maxRestarts).describe(
    "Restarts after which the restart policy on-failure should give up.",
  ),
  preset: z
    .enum(PRESETS)
    .default(DEFAULT_SETTINGS.preset)
    .describe(
      "Which rules for files are on: recommended (every finding is worth an action), strict (all), hadolint (what hadolint and the builder say by default).",
    ),
  labelSchema: z
    .record(Text, z.enum(LABEL_KINDS))
    .default(DEFAULT_SETTINGS.labelSchema)
    .describe("Labels that an image must have, and what their values look like."),
  strictLabels: z
    .boolean()
    .default(DEFAULT_SETTINGS.strictLabels)
    .describe("Whether labels that labelSchema does not name are findings."),
} satisfies Record<keyof RuleSettings, z.ZodType>);

const Subjects = z.strictObject({
  include: z.array(SubjectPattern).default([]).describe("Judge only these; empty: all."),
  exclude: z.array(SubjectPattern).default([]).describe("Do not judge these."),
});

const RuleSetting = z.strictObject({ severity: Severity });

/** The file seaworthy.yaml. Unknown keys are errors: a misspelt key must not pass for a setting. */
export const PolicyFile = z
  .strictObject({
    failOn: z
      .enum([...SEVERITIES, "never"])
      .default(DEFAULT_POLICY.failOn)
      .describe("Lowest severity that makes the exit code 1; never: only report."),
    rules: z
      .record(RulePattern, z.union([z.enum([...SEVERITIES, "off"]), RuleSetting]))
      .default({})
      .describe(
        "Severity of rules, or off. The most exact name wins: id, then alias, then glob; of equally exact ones the last.",
      ),
    only: z.array(RulePattern).default([]).describe("Judge only these rules; empty: all."),
    subjects: Subjects.prefault({}).describe("Which subjects are judged."),
    exceptions: z
      .array(Exception)
      .default([])
      .describe("Findings that are accepted, each with its reason. The first that matches wins."),
    labelExceptions: z
      .boolean()
      .default(DEFAULT_POLICY.labelExceptions)
      .describe(
        "Whether a label seaworthy.exception.<rule id> = reason on a container is an exception. Labels also come with images: switch it on only if you trust who builds them.",
      ),
    settings: Settings.prefault({}).describe("Allow-lists and thresholds of rules."),
  })
  .meta({
    title: "Seaworthy policy",
    description: "What counts: rules, subjects, exceptions, thresholds. See docs/policy.md.",
  });

/** The keys that may stand at a place of the file, for suggestions; none where every key is a rule. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  const [section] = path;
  if (section === undefined) return Object.keys(PolicyFile.shape);
  if (section === "rules") return path.length > 1 ? Object.keys(RuleSetting.shape) : [];
  if (section === "subjects") return Object.keys(Subjects.shape);
  if (section === "exceptions") return Object.keys(Exception.shape);
  return section === "settings" ? Object.keys(Settings.shape) : [];
}
