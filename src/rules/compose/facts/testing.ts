import { composeFile } from "#evidence/compose/testing.ts";
import { DEFAULT_SETTINGS, type RuleSettings } from "#model/settings.ts";
import { placeAt } from "#model/text.ts";
import type { Rule } from "../../rule.ts";
import { contextOf, evidence, ruleById } from "../../testing.ts";

/** What a rule says of a Compose file: one line per judgement, `LINE VERDICT/SEVERITY MESSAGE`. For tests. */
export function lint(
  rules: Rule<"compose"> | readonly Rule<"compose">[],
  id: string,
  text: string,
  options: {
    others?: Readonly<Record<string, string>>;
    settings?: Partial<RuleSettings>;
    path?: string;
  } = {},
): string[] {
  const rule = ruleById(rules, id);
  const file = composeFile(text, options.others, options.path);
  const context = contextOf(evidence({ host: null, engines: [] }), {
    settings: { ...DEFAULT_SETTINGS, ...options.settings },
  });
  const keys = new Set<string>();
  return [rule.judge(file, context)].flat().map(({ verdict, severity, message, range, key }) => {
    if (range === undefined || range.end > text.length) throw new Error(`${id}: no place for "${message}"`);
    if (key === undefined || keys.has(key)) throw new Error(`${id}: the key ${key} does not tell it apart`);
    keys.add(key);
    return `${placeAt(file.lines, range.start).line} ${verdict === "fail" ? (severity ?? rule.severity) : verdict} ${message}`;
  });
}
