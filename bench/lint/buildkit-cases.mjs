// The builder's own checks: for each case rule, line, and whether our message names what theirs names.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linter } from "./library.mjs";
import { oneLine, table } from "./table.mjs";

/** Judges every case as the builder does: with its `.dockerignore` beside it, and the files that it copies. */
export function judgeChecks(library, cases) {
  const names = new Set(
    library.RULES.flatMap((rule) => library.aliasesOf(rule)).filter((alias) =>
      /^[A-Z][a-z]+[A-Za-z]+$/.test(alias),
    ),
  );
  // What they never expect is what their tests tell otherwise than as plain text.
  const expected = new Set(cases.flatMap(({ warnings }) => warnings.map(({ rule }) => rule)));
  const lint = linter(library, { preset: "hadolint" });
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-checks-"));
  try {
    return cases.map((each, at) => {
      const context = join(folder, String(at));
      mkdirSync(context);
      if (each.dockerignore !== null) writeFileSync(join(context, ".dockerignore"), each.dockerignore);
      const path = join(context, "Dockerfile");
      const option = optionOf(each.frontend_attrs);
      // The option of the command line takes the place of the directive in the file.
      const text = option === null ? each.dockerfile : each.dockerfile.replace(/^#\s*check=/m, "# not ");
      writeFileSync(path, text);
      const skipped = new Set(/skip=([^;]*)/.exec(option ?? "")?.[1].split(",") ?? []);
      const ours = lint(text, path)
        .flatMap(({ aliases, line, instructionLine, message }) =>
          aliases
            .filter((alias) => names.has(alias))
            .slice(0, 1)
            .map((rule) => ({ rule, line, instructionLine, message })),
        )
        .filter(({ rule }) => expected.has(rule) && !skipped.has("all") && !skipped.has(rule));
      const paired = pair(each.warnings, ours);
      return { ...each, ...paired, ok: isRight(paired), contested: contradiction(each, cases) };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Sets their warnings beside our findings of the same rule and line, each once, those that name the same first. */
function pair(warnings, ours) {
  const left = [...ours];
  const take = (theirs, fits) => {
    const at = left.findIndex(
      (each) =>
        each.rule === theirs.rule && [each.line, each.instructionLine].includes(theirs.line) && fits(each),
    );
    return at === -1 ? null : left.splice(at, 1)[0];
  };
  const missing = (theirs, { message }) =>
    namesIn(theirs.detail ?? "").filter((name) => !message.includes(name));
  const same = warnings.map((theirs) => take(theirs, (each) => missing(theirs, each).length === 0));
  const pairs = warnings.map((theirs, at) => {
    const own = same[at] ?? take(theirs, () => true);
    return { theirs, ours: own, missing: own === null ? [] : missing(theirs, own) };
  });
  return { pairs, extra: left };
}

function isRight({ pairs, extra }) {
  return extra.length === 0 && pairs.every(({ ours, missing }) => ours !== null && missing.length === 0);
}

/** What a message names: what stands in quotes, variables, and what it suggests. */
export function namesIn(message) {
  return [...message.matchAll(/'([^']+)'|"([^"]+)"|(\$\{?\w+\}?)|did you mean ([^?]+)\?/g)].map((match) =>
    match.slice(1).find((group) => group !== undefined),
  );
}

function optionOf(attributes) {
  return attributes.find(([name]) => name === "build-arg:BUILDKIT_DOCKERFILE_CHECK")?.[1] ?? null;
}

/**
 * Some cases have the text of another case of the same test beside their own warnings.
 *
 * @returns how that shows, or null
 */
function contradiction(each, cases) {
  const lines = each.dockerfile.split("\n");
  const empty = each.warnings.find(({ line }) => (lines[line - 1] ?? "").trim() === "");
  if (empty !== undefined) return `nothing stands in its line ${empty.line}`;
  const place = (one) => JSON.stringify(one.warnings.map(({ rule, line }) => [rule, line]));
  const first = cases.find(
    (other) =>
      other.dockerfile === each.dockerfile &&
      other.dockerignore === each.dockerignore &&
      optionOf(other.frontend_attrs) === optionOf(each.frontend_attrs),
  );
  return place(first) === place(each) ? null : `its text is that of ${first.func}:${first.src_line}`;
}

/** The results as a table by rule, and every case that went wrong. */
export function checksReport(results) {
  const counted = results.filter(({ contested }) => contested === null);
  const pairs = counted.flatMap((result) => result.pairs);
  const extra = counted.flatMap((result) => result.extra);
  const rules = [
    ...new Set([...pairs.map(({ theirs }) => theirs.rule), ...extra.map(({ rule }) => rule)]),
  ].toSorted();
  const rows = rules.map((rule) => {
    const own = pairs.filter(({ theirs }) => theirs.rule === rule);
    return [
      rule,
      own.length,
      own.filter(({ ours }) => ours !== null).length,
      own.filter(({ ours, missing }) => ours !== null && missing.length === 0).length,
      extra.filter((each) => each.rule === rule).length,
    ];
  });
  return [
    `the builder's cases: ${counted.filter(({ ok }) => ok).length} of ${counted.length} right (without ${results.length - counted.length} that contradict their own text)`,
    "",
    ...table(["rule", "theirs", "found", "same sense", "only ours"], rows),
    "",
    ...results.filter(({ ok }) => !ok).map(wrongCase),
  ];
}

function wrongCase({ func, src_line, dockerfile, frontend_attrs, pairs, extra, contested }) {
  return [
    `${contested === null ? "" : `contested (${contested}) `}${func}:${src_line}  ${oneLine(dockerfile, 300)}`,
    ...(frontend_attrs.length === 0 ? [] : [`    with ${JSON.stringify(frontend_attrs)}`]),
    ...pairs
      .filter(({ ours }) => ours === null)
      .map(({ theirs }) => `    only theirs: ${theirs.rule} line ${theirs.line}: ${theirs.detail}`),
    ...pairs
      .filter(({ missing }) => missing.length > 0)
      .map(
        ({ theirs, ours, missing }) =>
          `    ${theirs.rule} line ${theirs.line}: ours does not name ${missing.join(", ")}: ${ours.message}`,
      ),
    ...extra.map(({ rule, line, message }) => `    only ours: ${rule} line ${line}: ${message}`),
  ].join("\n");
}
