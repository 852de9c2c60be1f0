import type { Severity } from "./severity.ts";

/**
 * Which rules are on, and how bad their findings are: `recommended` = every finding is worth an action, `strict` =
 * everything, `hadolint` = what hadolint and the builder's own checks say by default.
 */
export const PRESETS = ["recommended", "strict", "hadolint"] as const;

export type Preset = (typeof PRESETS)[number];

/** What the value of a label must look like. */
export const LABEL_KINDS = ["text", "url", "semver", "hash", "rfc3339", "spdx", "email"] as const;

export type LabelKind = (typeof LABEL_KINDS)[number];

/** What rules may be told by the policy file: allow-lists and thresholds, all with a default. */
export interface RuleSettings {
  /** Users who may control the engine besides root. */
  engineUsers: string[];
  /** Host ports that may be published although they are below 1024. */
  privilegedPorts: number[];
  /** Registries whose images are trusted (`docker.io/library`, `registry.example.com/*`); empty = not judged. */
  trustedRegistries: string[];
  /** Days after which an image should have been rebuilt. */
  maxImageAgeDays: number;
  /** Days after which a stopped container is left over. */
  maxStoppedDays: number;
  /** How many unused images are too many. */
  maxUnusedImages: number;
  /** Restarts after which `on-failure` should give up. */
  maxRestarts: number;
  preset: Preset;
  /** Labels that an image must have, and what their values look like. */
  labelSchema: Readonly<Record<string, LabelKind>>;
  /** Whether labels that the schema does not name are findings. */
  strictLabels: boolean;
}

export const DEFAULT_SETTINGS: RuleSettings = {
  engineUsers: [],
  privilegedPorts: [80, 443],
  trustedRegistries: [],
  maxImageAgeDays: 90,
  maxStoppedDays: 30,
  maxUnusedImages: 10,
  maxRestarts: 5,
  preset: "recommended",
  labelSchema: {},
  strictLabels: false,
};

/** The gate: findings at or above it make the command exit with 1; `never` reports only. */
export type Gate = Severity | "never";
