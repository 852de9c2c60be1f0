import { statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "#model/problem.ts";
import { DEFAULT_POLICY, type Policy } from "#policy/policy.ts";
import { lintSetup, type LintSetup } from "../lint/lint-file.ts";
import type { LintOptions } from "../lint/options.ts";
import { lintPolicy } from "../lint/policy.ts";

/** How documents of a folder are judged. */
export interface FolderSettings {
  policy: Policy;
  setup: LintSetup;
}

/** What the command line or the editor chose for all folders. */
export interface ServerOptions {
  version: string;
  preset?: string;
  policy?: string;
  hadolintConfig?: string;
}

/** Reads the settings of folders when they are first needed, and again when their files change. */
export interface SettingsStore {
  /** Never fails: a mistake in a file is told once, and what held before goes on. */
  of(folder: string): Promise<FolderSettings>;
  /** Another preset from the editor. */
  setPreset(preset: string | undefined): void;
}

/** Files that may hold settings of a folder; what lies in the user's home changes too rarely to be looked at. */
const FILES = ["seaworthy.yaml", ".seaworthy.yaml", ".hadolint.yaml", ".hadolint.yml"];

/**
 * Opens the store.
 *
 * @param complain shows the user a mistake in a file
 */
export function settingsStore(options: ServerOptions, complain: (sentence: string) => void): SettingsStore {
  const known = new Map<string, { signature: string; settings: Promise<FolderSettings> }>();
  let { preset } = options;
  let complained = "";

  const read = async (
    folder: string,
    before: Promise<FolderSettings> | undefined,
  ): Promise<FolderSettings> => {
    try {
      const { policy, pragmas } = await lintPolicy(lintOptions(options, preset), folder);
      complained = "";
      return { policy, setup: lintSetup(policy, options.version, Date.now(), pragmas) };
    } catch (error) {
      const sentence =
        error instanceof UserError ? error.message : `a fault of this program: ${String(error)}`;
      if (sentence !== complained) complain(sentence);
      complained = sentence;
      return (
        before ?? { policy: DEFAULT_POLICY, setup: lintSetup(DEFAULT_POLICY, options.version, Date.now()) }
      );
    }
  };

  return {
    of(folder) {
      const paths = [
        ...FILES.map((name) => join(folder, name)),
        ...[options.policy, options.hadolintConfig].filter((path) => path !== undefined),
      ];
      const signature = [preset, ...paths.map(stamp)].join("\n");
      const found = known.get(folder);
      if (found?.signature === signature) return found.settings.then(today);
      const settings = read(folder, found?.settings);
      known.set(folder, { signature, settings });
      return settings;
    },
    setPreset(name) {
      preset = name ?? options.preset;
    },
  };
}

// Exceptions and comments end by the clock, and an editor stays open for weeks.
function today({ policy, setup }: FolderSettings): FolderSettings {
  const now = Date.now();
  return { policy, setup: { ...setup, now, context: { ...setup.context, now } } };
}

function stamp(path: string): string {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? "" : `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
  } catch {
    return "";
  }
}

function lintOptions({ policy, hadolintConfig }: ServerOptions, preset: string | undefined): LintOptions {
  return {
    pragmas: true,
    format: "table",
    ...(preset === undefined ? {} : { preset }),
    ...(policy === undefined ? {} : { policy }),
    ...(hadolintConfig === undefined ? {} : { hadolintConfig }),
  };
}
