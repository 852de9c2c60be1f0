import type { Preset } from "#model/settings.ts";
import { PRESETS } from "#model/settings.ts";
import { UserError } from "#model/problem.ts";
import { findHadolintConfig, readHadolintConfig } from "#policy/hadolint-config.ts";
import { loadPolicy } from "#policy/load.ts";
import type { Policy } from "#policy/policy.ts";
import { aliasesOf } from "#rules/benchmarks/cis-docker.ts";
import { RULES } from "#rules/index.ts";
import { readGate } from "../gate.ts";
import type { LintOptions } from "./options.ts";

/** The policy of a lint run, and whether comments in files count. */
export interface LintPolicy {
  policy: Policy;
  pragmas: boolean;
}

/**
 * Puts together what counts: hadolint's configuration, over it seaworthy.yaml, over both the command line. Without
 * any word on it the gate is medium: lint is run before anything is built, where mending is cheap.
 *
 * @throws UserError for a mistake in a file or an option
 */
export async function lintPolicy(options: LintOptions, folder: string): Promise<LintPolicy> {
  const known = async () => RULES.flatMap((rule) => [rule.id, ...aliasesOf(rule)]);
  const own = await loadPolicy(options.policy, folder, known);
  const path = options.hadolintConfig ?? findHadolintConfig(folder, process.env);
  const theirs = path === null ? null : await readHadolintConfig(path);
  const preset = presetOf(options.preset) ?? own.settings.preset;
  const gate = preset === "hadolint" ? "info" : "medium";
  return {
    policy: {
      ...own,
      rules: { ...theirs?.rules, ...own.rules },
      settings: { ...own.settings, ...theirs?.settings, ...(own.path === null ? {} : changed(own)), preset },
      failOn: readGate(options.failOn) ?? theirs?.failOn ?? (own.path === null ? gate : own.failOn),
    },
    pragmas: options.pragmas && theirs?.disableIgnorePragma !== true,
  };
}

/** Settings on which seaworthy.yaml has a word of its own. */
function changed({ settings }: Policy): Partial<Policy["settings"]> {
  return {
    ...(settings.trustedRegistries.length === 0 ? {} : { trustedRegistries: settings.trustedRegistries }),
    ...(Object.keys(settings.labelSchema).length === 0 ? {} : { labelSchema: settings.labelSchema }),
    ...(settings.strictLabels ? { strictLabels: true } : {}),
  };
}

function presetOf(name: string | undefined): Preset | undefined {
  if (name === undefined) return undefined;
  const preset = PRESETS.find((each) => each === name);
  if (preset === undefined) throw new UserError(`--preset ${name}: use ${PRESETS.join(", ")}`);
  return preset;
}
