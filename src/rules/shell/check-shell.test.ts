import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodyOf } from "#evidence/shell/testing.ts";
import { checkShell } from "./check-shell.ts";
import type { ShellIssue } from "./issue.ts";
import { LEVELS } from "./levels.ts";
import { issuesOf } from "./testing.ts";

// prettier and hostile alike
const PIECES = [
  "echo ",
  "$x",
  '"$x"',
  "$(ls)",
  "`ls \\$x`",
  "'$x'",
  " && ",
  " || ",
  "; ",
  " | ",
  "\n",
  "\\\n",
  "if a; then ",
  "; fi",
  "for i in *; do ",
  "; done",
  "{ ",
  "; }",
  "( ",
  " )",
  "[ ",
  " ]",
  "[[ ",
  " ]]",
  "case $x in a) ",
  ";; esac",
  "f() { ",
  "x=",
  "x=(",
  "${x:-",
  "}",
  "$((",
  "))",
  " > f",
  " 2>&1",
  "<<E\n",
  "E\n",
  "export ",
  "local ",
  "set -e; ",
  "cd ",
  "rm -rf ",
  "/*",
  "! ",
  "*",
  "{a,b}",
  "\\n",
  "<(a)",
  "find . | xargs ",
  "\u00a0",
  "\u201c",
  "break; ",
  "return; ",
];
const code = fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join(""));
const program = fc.constantFrom("sh", "bash", "dash", "ksh", "ash");

test("any text is judged without throwing, with places within it and sentences", () => {
  fc.assert(
    fc.property(code, program, (text, shell) => {
      for (const { range, message, code: number, severity, fix } of issuesOf(text, shell)) {
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThanOrEqual(text.length + 1);
        expect(LEVELS[number]).toBe(severity);
        expect(message).toMatch(/^\S[^\n]*[^\s]$/);
        for (const edit of fix?.edits ?? []) expect(edit.end).toBeGreaterThanOrEqual(edit.start);
      }
    }),
    { numRuns: 300 },
  );
});

test("the same text is judged the same, and in order", () => {
  fc.assert(
    fc.property(code, (text) => {
      const first = issuesOf(text);
      expect(issuesOf(text)).toEqual(first);
      const starts = first.map(({ range }) => range.start);
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    }),
    { numRuns: 50 },
  );
});

/** The text after one fix. */
function mend(text: string, { fix }: ShellIssue): string {
  let result = text;
  for (const { start, end, text: into } of (fix?.edits ?? []).toSorted((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + into + result.slice(end);
  }
  return result;
}

test("a fix leaves code that can be read, with one finding of its code less", () => {
  fc.assert(
    fc.property(code, program, (text, shell) => {
      const before = issuesOf(text, shell);
      for (const issue of before) {
        if (issue.fix === undefined || issue.code === 1018) continue; // a blank makes words of what was one
        const after = issuesOf(mend(text, issue), shell);
        const count = (list: ShellIssue[]): number =>
          list.filter(({ code: one }) => one === issue.code).length;
        expect(after.filter(({ code: one }) => one === 1072)).toEqual(
          before.filter(({ code: one }) => one === 1072),
        );
        expect(count(after), `${text}\n→ ${mend(text, issue)}`).toBeLessThan(count(before));
      }
    }),
    { numRuns: 200 },
  );
});

describe("hostile code ends in time", () => {
  test.each([
    ["echo $x ", 5_000],
    ["A=$x ", 5_000],
    ["'$x' ", 5_000],
    ["a && ", 5_000],
    ["a | ", 5_000],
    ["echo a\tb; ", 3_000],
    ["a    b ", 3_000],
    ["f() { x=$y; }; f; ", 600],
    ["while a; do x=$x; ", 60],
    ["if x=1; then x=$y; fi; echo $x; ", 600],
    ["{ ", 150],
    ["[ $x ", 5_000],
    ["$x -a ", 5_000],
    ["`# ", 2_000],
    ["a\\\n", 5_000],
    ["x=(a $y) ", 5_000],
    ["! ", 5_000],
  ])("%j × %i", (piece, times) => {
    const started = performance.now();
    issuesOf(`cmd ${piece.repeat(times)}`);
    issuesOf(`[ ${piece.repeat(times)} ]`);
    expect(performance.now() - started).toBeLessThan(4000);
  });
});

test("code in another language has no findings", () => {
  const body = bodyOf("echo $x", { program: "powershell" });
  expect(checkShell(body, { builderVariablesAreWords: false, release: "newest" })).toEqual([]);
});

test("what cannot be read hides what else was found", () => {
  expect(issuesOf('echo $x; echo "a').map((issue) => issue.code)).toEqual([1072]);
});

describe("releases", () => {
  const codes = (text: string, release: "0.9" | "newest"): number[] =>
    checkShell(bodyOf(text), { builderVariablesAreWords: false, release }).map((issue) => issue.code);
  test.each([
    ["a && b || true", [2015], []],
    ["a && [ -f b ] || c", [2015], []],
    ["a && b || c", [2015], [2015]],
    ["cat f | grep x", [2002], []],
    ["set -o pipefail", [3040], []],
    ["[ a -nt b ]", [3013], []],
    ["cp -r a b", [], [2336]],
    ["cp -Rr a b", [], [2336]],
    ["cp -R a b", [], []],
  ])("%s", (text, old, newest) => {
    expect(codes(text, "0.9")).toEqual(old);
    expect(codes(text, "newest")).toEqual(newest);
  });
});

describe("busybox", () => {
  test("has some things that POSIX lacks", () => {
    const codes = (text: string, program: string): number[] =>
      issuesOf(text, program).map((issue) => issue.code);
    expect(codes('[[ -n "$HOME" ]] && echo -e a; source ./x', "dash")).toEqual([3010, 3036, 3046]);
    expect(codes('[[ -n "$HOME" ]] && echo -e a; source ./x', "ash")).toEqual([]);
  });
});
