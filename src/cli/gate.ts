import { UserError } from "#model/problem.ts";
import type { Gate } from "#model/settings.ts";
import { SEVERITIES } from "#model/severity.ts";

/**
 * The value of `--fail-on`; undefined where it was not given.
 *
 * @throws UserError if it is no gate
 */
export function readGate(text: string | undefined): Gate | undefined {
  if (text === undefined || text === "never") return text;
  const severity = SEVERITIES.find((name) => name === text);
  if (severity === undefined) {
    throw new UserError(`--fail-on ${text}: use ${SEVERITIES.toReversed().join(", ")} or never`);
  }
  return severity;
}
