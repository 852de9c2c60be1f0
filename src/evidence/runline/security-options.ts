import type { RunOption } from "./arguments.ts";
import { type Draft, placed, placeOf, unknown } from "./draft.ts";
import { isOpen, withDefaults } from "./values.ts";

/** Options that take a barrier away; among several it is these that a finding should point at. */
const WEAKENS = /[=:](?:unconfined|disable|false|off)$|^label[=:]type:(?:spc_t|unconfined_t)$/i;

/**
 * Reads `--security-opt` as the command line of Docker and podman-run(1) do: `systempaths=unconfined` and
 * `unmask=ALL` become empty lists of masked paths, the rest is handed to the engine.
 */
export function securityOption(draft: Draft, option: RunOption): void {
  const path = "HostConfig.SecurityOpt";
  const value = withDefaults(option.value ?? "").trim();
  const { declared } = draft;
  if (/^(?:systempaths[=:]unconfined|unmask[=:]all)$/i.test(value)) {
    declared.maskedPaths = [];
    declared.readonlyPaths = [];
    placed(draft, "HostConfig.MaskedPaths", option);
    return;
  }
  if (!option.static && isOpen(value)) {
    unknown(draft, path, option);
    return;
  }
  declared.securityOpt.push(value);
  draft.places[`${path} ${value}`] ??= placeOf(option.written, option.range);
  // What strengthens is no place for a finding: what it does not say is missing in the whole line.
  if (WEAKENS.test(value)) draft.places[path] ??= placeOf(option.written, option.range);
}
