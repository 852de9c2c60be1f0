import { manifestOf, podText, type PodLines } from "#evidence/kubernetes/testing.ts";
import { DEFAULT_SETTINGS, type Preset } from "#model/settings.ts";
import { type Rule } from "../../rule.ts";
import { contextOf } from "../../testing.ts";

/** What rules find in an object, as `ID key: message @ the text that they point at`. */
export function findings(rules: readonly Rule<"manifest">[], text: string, preset: Preset = "recommended"): string[] {
  const manifest = manifestOf(text);
  const context = { ...contextOf({}), settings: { ...DEFAULT_SETTINGS, preset } };
  return rules.flatMap((rule) =>
    [rule.judge(manifest, context)].flat().map(({ message, key = "", range = { start: 0, end: 0 }, severity }) => {
      const level = severity === undefined ? "" : ` (${severity})`;
      return `${rule.id.replace(/^SW-K8S-/, "")} ${key}: ${message}${level} @ ${text.slice(range.start, range.end)}`;
    }),
  );
}

/** {@link findings} in a Pod with one container. */
export function inPod(rules: readonly Rule<"manifest">[], lines: PodLines, preset?: Preset): string[] {
  return findings(rules, podText(lines), preset);
}
