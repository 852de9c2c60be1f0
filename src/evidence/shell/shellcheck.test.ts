import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shellcheckFindings } from "./shellcheck-output.ts";
import { runShellcheck } from "./shellcheck.ts";
import { bodyOf } from "./testing.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  process.env["TMPDIR"] = folder; // so that what is left over is ours
});
afterAll(() => {
  delete process.env["TMPDIR"];
  return rm(folder, { recursive: true, force: true });
});

/** A program that stands in for shellcheck. */
async function stub(name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

const leftovers = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith("seaworthy-shellcheck-"));

describe("runShellcheck", () => {
  test("hands each body over as a script of its dialect, and maps places back", async () => {
    const program = await stub(
      "echo-back",
      `test "$(stat -c %a .)" = 700 || exit 2
for last; do :; done
head -n 2 0.sh | tr '\\n' '|' >&2
printf '{"comments":[{"file":"0.sh","line":3,"endLine":3,"column":6,"endColumn":8,"level":"info","code":2086,"message":"Quote it."},{"file":"1.sh","line":1,"endLine":1,"column":1,"endColumn":1,"level":"error","code":1,"message":"head"},{"file":"%s","line":3,"endLine":4,"column":1,"endColumn":1,"level":"style","code":9,"message":"last"}]}' "$last"
exit 1`,
    );
    const bodies = [
      bodyOf("echo $x", { variables: new Set(["FOO", "bad name"]) }),
      bodyOf("true", { program: "powershell" }),
      bodyOf("echo hello\necho", { program: "/bin/bash" }),
    ];
    const { findings, problem } = await runShellcheck(bodies, { program });
    expect(problem).toBeNull();
    expect(findings).toEqual([
      [{ code: 2086, level: "info", message: "Quote it", range: { start: 5, end: 7 } }],
      [],
      [{ code: 9, level: "style", message: "last", range: { start: 11, end: 15 } }],
    ]);
    expect(await leftovers()).toEqual([]);
  });

  test("says in one problem that the program is missing", async () => {
    const { findings, problem } = await runShellcheck([bodyOf("echo $x")], {
      program: join(folder, "nothing"),
    });
    expect(findings).toEqual([[]]);
    expect(problem?.what).toContain("not installed");
  });

  test.each([
    ["hangs", "exec sleep 60", "did not end within"],
    ["floods", "exec yes", "more than can be kept"],
    ["breaks", "exit 4", "status 4"],
    ["babbles", "echo hello", "no JSON"],
  ])("bounds a program that %s", async (name, script, what) => {
    const program = await stub(name, script);
    const result = await runShellcheck([bodyOf("echo $x")], {
      program,
      milliseconds: name === "hangs" ? 300 : 5000,
      output: 1 << 16,
    });
    expect(result.problem?.what).toContain(what);
    expect(await leftovers()).toEqual([]);
  });

  test("does not start it for nothing", async () => {
    const result = await runShellcheck([bodyOf("x", { program: "cmd" })], {
      program: join(folder, "nothing"),
    });
    expect(result).toEqual({ findings: [[]], problem: null });
  });
});

test("columns count code points", () => {
  const output = JSON.stringify({
    comments: [
      { file: "a", line: 1, column: 8, endLine: 1, endColumn: 10, level: "info", code: 1, message: "x" },
      7,
      { file: "a" },
    ],
  });
  const text = "echo 🚢 $x";
  const found = shellcheckFindings(output, () => ({ text, skip: "" }))?.get("a") ?? [];
  expect(found.map(({ range }) => text.slice(range.start, range.end))).toEqual(["$x"]);
  expect(shellcheckFindings("[]", () => null)).toBeNull();
  expect(shellcheckFindings("nonsense", () => null)).toBeNull();
});
