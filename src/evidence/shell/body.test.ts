import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodyOf } from "./testing.ts";

const names = (text: string): (string | null)[] => bodyOf(text).commands.map(({ name }) => name);

describe("commands", () => {
  test("are found at any depth, in order of their place", () => {
    expect(
      names(
        'a $(b "$(c)") && if d; then (e | f); fi; x=`g \\`h\\``; for i in $(j); do k <(l); done; m > "$(n)"',
      ),
    ).toEqual(["a", "b", "c", "d", "e", "f", null, "g", "h", "j", "k", "l", "m", "n"]);
    expect(names("cat <<A && two\n$(one)\nA\nthree")).toEqual(["cat", "two", "one", "three"]);
    expect(names("f() { a; }; case $x in b) c;; esac; [[ -n $(d) ]]; (( $(e) )); ${x:-$(g)}")).toEqual([
      "a",
      "c",
      "d",
      "e",
      null,
      "g",
    ]);
  });

  test("have their name without folder, and none if it is computed", () => {
    expect(names("/usr/bin/apt-get update; \"$x\" y; 'quoted' z; A=1 B=2; $(x) y")).toEqual([
      "apt-get",
      null,
      "quoted",
      null,
      null,
      "x",
    ]);
    expect(bodyOf("A=1 B=2 make").commands[0]).toMatchObject({ name: "make", assigns: ["A", "B"] });
  });

  test("know their place in the pipeline", () => {
    const { commands } = bodyOf("a | b $(c | d) && e");
    expect(commands.map(({ name, pipe, pipes }) => [name, pipe, pipes])).toEqual([
      ["a", 0, 2],
      ["b", 1, 2],
      ["c", 0, 2],
      ["d", 1, 2],
      ["e", 0, 1],
    ]);
    const [a, b, c, d, e] = commands.map(({ pipeline }) => pipeline);
    expect([a === b, c === d, a === c, a === e]).toEqual([true, true, false, false]);
  });

  test("have words with their values", () => {
    const [command] = bodyOf('pip install "a b"c \'d\'\\ e $X "${Y}z" *.txt {f,g} ~/h A=1').commands;
    expect(command?.args.map(({ value, static: still }) => [value, still])).toEqual([
      ["install", true],
      ["a bc", true],
      ["d e", true],
      ["$X", false],
      ["${Y}z", false],
      ["*.txt", false],
      ["{f,g}", false],
      ["~/h", false],
      ["A=1", true],
    ]);
  });

  test("of export keep assignments as arguments", () => {
    const [command] = bodyOf('export A="x y" B=$C D').commands;
    expect(command?.args.map(({ value, static: still }) => [value, still])).toEqual([
      ["A=x y", true],
      ["B=$C", false],
      ["D", true],
    ]);
  });

  test("have redirections", () => {
    const [command] = bodyOf("cat 2>&1 > /etc/x <<EOF\nhi\nEOF").commands;
    expect(command?.redirects.map(({ operator, target }) => [operator, target?.value])).toEqual([
      [">&", "1"],
      [">", "/etc/x"],
      ["<<", undefined],
    ]);
  });

  test("have ranges in the file, also within decoded backquotes", () => {
    const text = 'x "`a \\\n  b \\"c\\" \\`echo \\$d\\` \\x`"';
    const file = `RUN   ${text}`;
    const { commands } = bodyOf(text, { origin: (offset) => offset + 6 });
    const at = ({ start, end }: { start: number; end: number }): string => file.slice(start, end);
    expect(commands.map(({ nameRange }) => at(nameRange))).toEqual(["x", "a", "echo"]);
    expect(commands[1]?.args.map(({ range }) => at(range))).toEqual([
      "b",
      '\\"c\\"',
      "\\`echo \\$d\\`",
      "\\x",
    ]);
    expect(commands[2]?.args.map(({ range }) => at(range))).toEqual(["\\$d"]);
  });
});

describe("dialect", () => {
  test.each([
    ["/bin/sh", [], "sh"],
    ["dash", [], "dash"],
    ["/usr/bin/bash", ["-o", "pipefail", "-c"], "bash"],
    ["/bin/ksh93", [], "ksh"],
    ["/bin/busybox", ["sh", "-c"], "busybox"],
    ["ash", [], "busybox"],
    ["C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe", ["-Command"], "powershell"],
    ["pwsh", ["-c"], "powershell"],
    ["cmd", ["/S", "/C"], "cmd"],
    ["conda", ["run", "-n", "x", "/bin/bash", "-c"], "bash"],
    ["python3", ["-c"], "other"],
  ] as const)("of SHELL %s %j is %s", (program, options, dialect) => {
    const body = bodyOf("echo $x", { program, options });
    expect(body.dialect).toBe(dialect);
    expect(body.script === null).toBe(["powershell", "cmd", "other"].includes(dialect));
  });

  test.each([
    ["#!/bin/bash\necho", "bash"],
    ["#!/usr/bin/env -S bash -e\necho", "bash"],
    ["#! /usr/bin/env python3\nprint(1)", "other"],
    ["#!/bin/busybox ash\necho", "busybox"],
    ["echo", "dash"],
  ])("of a heredoc is that of its first line: %j", (text, dialect) => {
    expect(bodyOf(text, { form: "heredoc", program: "/bin/dash" }).dialect).toBe(dialect);
  });

  test("of an instruction is not changed by what looks like a first line", () => {
    expect(bodyOf("#!/usr/bin/python\nx").dialect).toBe("sh");
  });
});

const PIECES = [
  "$(",
  ")",
  "`",
  "\\`",
  '"',
  "'",
  "a",
  " ",
  "\n",
  "\\\n",
  "|",
  "&&",
  ";",
  "${x",
  "}",
  "((",
  "<<E\n",
  "E\n",
  "$x",
  "if ",
  "then ",
  "fi",
  "\\",
  "*",
  "[",
];

test("any text is read without throwing, ranges lie within it and in order", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }), (pieces) => {
      const text = pieces.join("");
      const { commands } = bodyOf(text);
      let last = 0;
      for (const { range, nameRange, args, local } of commands) {
        for (const one of [range, nameRange, ...args.map((arg) => arg.range)]) {
          expect(one.start).toBeGreaterThanOrEqual(0);
          expect(one.end).toBeLessThanOrEqual(text.length);
          expect(one.start).toBeLessThanOrEqual(one.end);
        }
        expect(local.start).toBeGreaterThanOrEqual(last);
        last = local.start;
      }
    }),
    { numRuns: 500 },
  );
});

test("deep nesting ends", () => {
  for (const piece of ["$(", "`", "(", "{ ", "if ", "a | ", "${x:-", "$((", '"$(', "<<A "]) {
    expect(bodyOf(piece.repeat(5000)).text).toHaveLength(piece.length * 5000);
  }
});
