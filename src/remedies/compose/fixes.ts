import type { ComposeFile, ComposeService } from "#model/evidence/compose.ts";
import { readYaml } from "#evidence/compose/yaml.ts";
import type { Fix, TextEdit } from "#model/text.ts";
import { applyEdits } from "#model/text-edits.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { BUILDERS } from "./table.ts";

interface Known {
  layout: Layout;
  services: ReadonlyMap<string, ComposeService>;
}

// Several findings of a file ask one after the other.
const known = new WeakMap<ComposeFile, Known>();

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
  let facts = known.get(file);
  if (facts === undefined) {
    facts = {
      layout: layoutOf(file),
      services: new Map(file.declared.map((each) => [each.name, each])),
    };
    known.set(file, facts);
  }
  const { layout, services } = facts;
  const name = service ?? /^\S+/.exec(finding.key)?.[0] ?? "";
  const found = services.get(name) ?? null;
  const fixes = build({ file, layout, service: found, written: found?.written ?? null, key: finding.key });
  return fixes.filter(({ edits }) => changesSomething(file, edits) && keepsAnchors(file, edits));
}

function changesSomething({ text }: ComposeFile, edits: readonly TextEdit[]): boolean {
  return edits.some((edit) => text.slice(edit.start, edit.end) !== edit.text);
}

// What is removed may carry an anchor that something else uses.
function keepsAnchors({ path, text }: ComposeFile, edits: readonly TextEdit[]): boolean {
  if (!edits.some(({ start, end }) => text.slice(start, end).includes("&"))) return true;
  const lookup = (): undefined => undefined;
  const after = readYaml(path, applyEdits(text, edits), lookup).problems.length;
  return after <= readYaml(path, text, lookup).problems.length;
}
