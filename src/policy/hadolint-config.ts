import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "#model/problem.ts";
import { LABEL_KINDS, type LabelKind } from "#model/settings.ts";
import type { Severity } from "#model/severity.ts";
import type { Policy } from "./policy.ts";
import { readText } from "./read-text.ts";

const MAX_BYTES = 1 << 20;
const SEVERITY: Readonly<Record<string, Severity>> = {
  error: "high",
  warning: "medium",
  info: "low",
  style: "info",
};
const GATE: Readonly<Record<string, Policy["failOn"]>> = { ...SEVERITY, ignore: "never", none: "never" };
const KEYS = [
  "failure-threshold",
  "format",
  "ignored",
  "override",
  "trustedRegistries",
  "label-schema",
  "strict-labels",
  "no-color",
  "no-fail",
  "disable-ignore-pragma",
];
const KINDS: Readonly<Record<string, LabelKind>> = Object.fromEntries(
  LABEL_KINDS.map((kind) => [kind, kind]),
);

/** What a `.hadolint.yaml` says, in our words. */
export interface HadolintConfig {
  /** The file as found. */
  path: string;
  rules: Policy["rules"];
  settings: Partial<Policy["settings"]>;
  failOn: Policy["failOn"] | null;
  /** Pragmas in files do not count. */
  disableIgnorePragma: boolean;
}

/**
 * Finds the configuration that hadolint would read in this folder: `.hadolint.yaml` or `.yml` there, else that of
 * the user (README of hadolint, "Configure").
 */
export function findHadolintConfig(folder: string, env: Record<string, string | undefined>): string | null {
  const home = env["HOME"] ?? homedir();
  const xdg = env["XDG_CONFIG_HOME"];
  const places = [
    join(folder, ".hadolint.yaml"),
    join(folder, ".hadolint.yml"),
    ...(xdg === undefined ? [] : [join(xdg, "hadolint.yaml")]),
    join(home, ".config/hadolint.yaml"),
    join(home, ".hadolint/hadolint.yaml"),
    join(home, "hadolint/config.yaml"),
    join(home, ".hadolint.yaml"),
  ];
  return places.find((path) => existsSync(path)) ?? null;
}

/**
 * Reads hadolint's configuration as it is.
 *
 * @throws UserError that names what it does not understand
 */
export async function readHadolintConfig(path: string): Promise<HadolintConfig> {
  const text = readText(path, path, MAX_BYTES);
  // Not "yaml" itself: bundled, a CommonJS module has no named exports when it is imported late.
  const { readYaml } = await import("./yaml.ts");
  const { data, mistakes, position } = readYaml(text);
  const [mistake] = mistakes;
  if (mistake !== undefined) {
    throw new UserError(`${path}: line ${position(mistake.offset).line}: ${mistake.what}`);
  }
  const value = data ?? {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UserError(`${path}: is no mapping of settings`);
  }
  const config = value as Record<string, unknown>;
  const strange = Object.keys(config).filter((key) => !KEYS.includes(key));
  if (strange.length > 0) {
    throw new UserError(`${path}: ${strange.join(", ")}: no such setting; known: ${KEYS.join(", ")}`);
  }
  const rules: Policy["rules"] = {};
  for (const [level, codes] of Object.entries(record(config["override"]))) {
    const severity = SEVERITY[level];
    if (severity === undefined)
      throw new UserError(`${path}: override.${level}: use error, warning, info or style`);
    for (const code of texts(codes)) rules[code] = severity;
  }
  for (const code of texts(config["ignored"])) rules[code] = "off";
  const labelSchema = Object.fromEntries(
    Object.entries(record(config["label-schema"])).map(([label, kind]) => {
      const known = KINDS[String(kind)];
      if (known === undefined) {
        throw new UserError(`${path}: label-schema.${label}: use ${LABEL_KINDS.join(", ")}`);
      }
      return [label, known];
    }),
  );
  return {
    path,
    rules,
    settings: {
      ...(config["trustedRegistries"] === undefined
        ? {}
        : { trustedRegistries: texts(config["trustedRegistries"]) }),
      ...(Object.keys(labelSchema).length === 0 ? {} : { labelSchema }),
      ...(config["strict-labels"] === true ? { strictLabels: true } : {}),
    },
    failOn: config["no-fail"] === true ? "never" : threshold(config["failure-threshold"], path),
    disableIgnorePragma: config["disable-ignore-pragma"] === true,
  };
}

function threshold(value: unknown, path: string): Policy["failOn"] | null {
  if (value === undefined) return null;
  const gate = typeof value === "string" ? GATE[value] : undefined;
  if (gate === undefined)
    throw new UserError(`${path}: failure-threshold: use ${Object.keys(GATE).join(", ")}`);
  return gate;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).map(String);
}
