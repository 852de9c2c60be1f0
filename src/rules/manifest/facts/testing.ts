import { manifestOf, podText, type PodLines } from "#evidence/kubernetes/testing.ts";
import { DEFAULT_SETTINGS, type Preset } from "#model/settings.ts";
import { presetSeverity, type Rule } from "../../rule.ts";
import { contextOf } from "../../testing.ts";

/** What rules find in an object under a preset, as `ID key: message (severity) @ the text that they point at`. */
export function findings(
  rules: readonly Rule<"manifest">[],
  text: string,
  preset: Preset = "recommended",
): string[] {
  const manifest = manifestOf(text);
  const context = contextOf(undefined, { settings: { ...DEFAULT_SETTINGS, preset } });
  const on = rules.filter((rule) => presetSeverity(rule, preset) !== "off");
  return on.flatMap((rule) =>
    [rule.judge(manifest, context)].flat().map(({ message, key, range, severity }) => {
      const level = severity === undefined ? "" : ` (${severity})`;
      const name = key === undefined ? "" : ` ${key}`;
      return `${rule.id.replace("SW-K8S-", "")}${name}: ${message}${level} @ ${text.slice(range?.start, range?.end)}`;
    }),
  );
}

/** {@link findings} in a Pod with one container. */
export function inPod(rules: readonly Rule<"manifest">[], lines: PodLines, preset?: Preset): string[] {
  return findings(rules, podText(lines), preset);
}
