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
      writeFileSync(path, each.dockerfile);
      const skipped = skippedBy(each.frontend_attrs);
      const ours = lint(each.dockerfile, path)
        .flatMap(({ aliases, line, instructionLine, message }) =>
          aliases
            .filter((alias) => names.has(alias))
            .slice(0, 1)
            .map((rule) => ({ rule, line, instructionLine, message })),
        )
        .filter(({ rule }) => expected.has(rule) && !skipped.has("all") && !skipped.has(rule));
      const paired = pair(each.warnings, ours);
      return { ...each, ...paired, ok: isRight(paired) };
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

function skippedBy(attributes) {
  const value = attributes.find(([name]) => name === "build-arg:BUILDKIT_DOCKERFILE_CHECK")?.[1] ?? "";
  return new Set(/skip=([^;]*)/.exec(value)?.[1].split(",") ?? []);
}

/** The results as a table by rule, and every case that went wrong. */
export function checksReport(results) {
  const pairs = results.flatMap((result) => result.pairs);
  const extra = results.flatMap((result) => result.extra);
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
    `the builder's cases: ${results.filter(({ ok }) => ok).length} of ${results.length} right`,
    "",
    ...table(["rule", "theirs", "found", "same sense", "only ours"], rows),
    "",
    ...results.filter(({ ok }) => !ok).map(wrongCase),
  ];
}

function wrongCase({ func, src_line, dockerfile, frontend_attrs, pairs, extra }) {
  return [
    `${func}:${src_line}  ${oneLine(dockerfile, 300)}`,
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
