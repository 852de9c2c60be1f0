import type { ComposeFile } from "#model/evidence/compose.ts";
import type { Fix } from "#model/text.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { BUILDERS } from "./table.ts";

// Several findings of a file ask one after the other.
const layouts = new WeakMap<ComposeFile, Layout>();

/**
 * Ways to mend a finding in a Compose file, the best first; none where a person must choose, or where the place
 * cannot be changed without touching what is not meant.
 *
 * @param finding the rule, and the key by which it tells its findings apart
 * @param service name of the service that the finding is about: the container's name, or the first word of the key
 *   of a finding about the file; null = worked out from the key
 */
export function composeFixes(
  file: ComposeFile,
  finding: { ruleId: string; key: string },
  service: string | null = null,
): Fix[] {
  const build = BUILDERS[finding.ruleId];
  if (build === undefined || !Object.hasOwn(BUILDERS, finding.ruleId)) return [];
  let layout = layouts.get(file);
  if (layout === undefined) {
    layout = layoutOf(file);
    layouts.set(file, layout);
  }
  const name = service ?? /^\S+/.exec(finding.key)?.[0] ?? "";
  const found = file.declared.find((each) => each.name === name) ?? null;
  const fixes = build({ file, layout, service: found, written: found?.written ?? null, key: finding.key });
  return fixes.filter(({ edits }) =>
    edits.some(({ start, end, text }) => file.text.slice(start, end) !== text),
  );
}
