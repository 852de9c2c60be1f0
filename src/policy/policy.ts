import { DEFAULT_SETTINGS, type Gate, type RuleSettings } from "#model/settings.ts";
import type { Severity } from "#model/severity.ts";

/** The policy file that is looked for, and the other name that it may have. */
export const DEFAULT_FILE = "seaworthy.yaml";
export const HIDDEN_FILE = ".seaworthy.yaml";

/** Why a finding is accepted, by whom and until when. */
export interface Exception {
  /** Id or alias of a rule, or a glob over both (`SW-CTR-PORT-*`). */
  rule: string;
  /** Which subjects, as in {@link SubjectSelection}. */
  subject: string;
  reason: string;
  owner: string;
  /** ISO date, last day (UTC) included; null = no end. */
  expires: string | null;
  /** `seaworthy.yaml:12`. */
  source: string;
}

/**
 * Which subjects are judged, by globs: `web-*` over names, `container:web-*` over names of one kind,
 * `image:nginx:*` over images and the containers that run them, `label:key=value` over labels.
 */
export interface SubjectSelection {
  include: string[];
  exclude: string[];
}

/** What counts: read from seaworthy.yaml, changed by options of the command line. */
export interface Policy {
  /** The file as the user names it; null = defaults, no file. */
  path: string | null;
  failOn: Gate;
  /** Severity or `off` by rule id, alias or glob; the most exact name wins, of equally exact ones the last. */
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
