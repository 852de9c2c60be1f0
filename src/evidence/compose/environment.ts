import type { ComposeService } from "#model/evidence/compose.ts";
import type { EnvEvidence } from "#model/evidence/container.ts";
import { describeEnv } from "../env.ts";
import type { Places } from "./places.ts";
import { at, entryOf, pairsOf, textAlone } from "./tree.ts";

/**
 * The environment of a service without its values. A value counts as this file alone gives it: what a variable
 * brings from outside (`${PASSWORD}`, or a name alone) is not in the file, and so is no secret of the file.
 */
export function readEnvironment({ settings, name }: ComposeService, places: Places): EnvEvidence[] {
  const field = `services.${name}.environment`;
  places.entry("Config.Env", field, entryOf(settings, "environment"));
  return pairsOf(at(settings, "environment")).flatMap((pair) => {
    places.note(`Config.Env ${pair.name}`, `${field}.${pair.name}`, pair.place);
    return describeEnv([`${pair.name}=${textAlone(pair.value)}`]);
  });
}
