// The specification of hadolint: for each case whether a rule finds what it has to find, and as often.
import { linter } from "./library.mjs";
import { oneLine, table } from "./table.mjs";

// Off by default there too; the specification judges them all the same.
const OFF_BY_DEFAULT = ["DL1001", "DL3057"];

/**
 * Judges every case in the preset `hadolint`.
 *
 * @returns a result for each case: what was expected, what was found
 */
export function judgeCases(library, cases) {
  const linters = new Map();
  const linterFor = (config) => {
    const key = JSON.stringify(config);
    if (!linters.has(key)) {
      const settings = {
        ...(config?.allowedRegistries === undefined ? {} : { trustedRegistries: config.allowedRegistries }),
        ...(config?.labelSchema === undefined ? {} : { labelSchema: config.labelSchema }),
        ...(config?.strictLabels === undefined ? {} : { strictLabels: config.strictLabels }),
      };
      linters.set(key, linter(library, { preset: "hadolint", on: OFF_BY_DEFAULT, settings }));
    }
    return linters.get(key);
  };
  return cases.map((each) => {
    const ignored = each.needs_config?.ignoreRules ?? [];
    const findings = linterFor(each.needs_config)(each.dockerfile)
      .map(({ aliases }) => codesOf(aliases))
      .filter((codes) => codes.length > 0 && !codes.some((code) => ignored.includes(code)));
    const found = findings.filter((codes) => codes.some((code) => fits(each.rule, code))).length;
    const codes = findings.map((names) => names.join("="));
    const ok = found >= each.min && (each.max === null || found <= each.max);
    return { ...each, found, codes, ok };
  });
}

/** Names of hadolint and ShellCheck among the aliases of a finding. */
export function codesOf(aliases) {
  return aliases.filter((alias) => /^(?:DL|SC)\d{4}$/.test(alias));
}

function fits(rule, code) {
  if (rule === "*") return true;
  return rule === "SC*" ? code.startsWith("SC") : code === rule;
}

/** The results as a table by rule, and every case that went wrong. */
export function casesReport(results, { code = null, all = false } = {}) {
  const counted = results.filter(({ contested, vacuous }) => !contested && !vacuous);
  const rules = [...new Set(counted.map(({ rule }) => rule))].toSorted();
  const rows = rules.map((rule) => {
    const own = counted.filter((each) => each.rule === rule);
    const share = (expect) => {
      const some = own.filter((each) => each.expect === expect);
      return `${some.filter(({ ok }) => ok).length}/${some.length}`;
    };
    return [rule, share("catches"), share("not"), own.every(({ ok }) => ok) ? "" : "WRONG"];
  });
  const wrong = results.filter(({ ok, rule }) => !ok && (code === null || rule === code));
  const shown = all ? rows : rows.filter(([, , , state]) => state !== "");
  return [
    `hadolint's cases: ${counted.filter(({ ok }) => ok).length} of ${counted.length} right (without ${results.length - counted.length} that contradict themselves or test nothing)`,
    "",
    ...(shown.length === 0 ? [] : [...table(["rule", "must find", "must not", ""], shown), ""]),
    ...wrong.map(({ id, rule, min, max, found, codes, dockerfile, contested, vacuous, needs_config }) =>
      [
        `${contested ? "contested " : vacuous ? "vacuous " : ""}${rule}: found ${found}, wanted ${min}${max === null ? " or more" : max === min ? "" : `..${max}`}  (${id})`,
        `    ${oneLine(dockerfile, 400)}`,
        ...(needs_config === null ? [] : [`    with ${JSON.stringify(needs_config)}`]),
        `    ours: ${codes.join(" ") || "nothing"}`,
      ].join("\n"),
    ),
  ];
}
