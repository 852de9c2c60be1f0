import { DEFAULT_SETTINGS, type Gate, type RuleSettings } from "#model/settings.ts";
import type { Severity } from "#model/severity.ts";

/** Why a finding is accepted, by whom and until when. */
export interface Exception {
  /** Id of a rule, or a glob over ids (`SW-CTR-PORT-*`). */
  rule: string;
  /** Glob over subject names; `container:web-*` limits it to one kind. */
  subject: string;
  reason: string;
  owner: string;
  /** ISO date, last day included; null = no end. */
  expires: string | null;
  /** `seaworthy.yaml:12`. */
  source: string;
}

/** Which subjects are judged, by globs over name, `label:key=value` or `image:reference`. */
export interface SubjectSelection {
  include: string[];
  exclude: string[];
}

/** What counts: read from seaworthy.yaml, changed by options of the command line. */
export interface Policy {
  /** null = defaults, no file. */
  path: string | null;
  failOn: Gate;
  /** Severity or `off` by rule id or glob. */
  rules: Record<string, Severity | "off">;
  /** Only these rules (ids, globs or aliases) are judged; empty = all. */
  only: string[];
  subjects: SubjectSelection;
  exceptions: Exception[];
  /** Whether labels `seaworthy.exception.<rule>=reason` on containers count. */
  labelExceptions: boolean;
  settings: RuleSettings;
}

export const DEFAULT_POLICY: Policy = {
  path: null,
  failOn: "high",
  rules: {},
  only: [],
  subjects: { include: [], exclude: [] },
  exceptions: [],
  labelExceptions: false,
  settings: DEFAULT_SETTINGS,
};
