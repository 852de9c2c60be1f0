import { describe, expect, test } from "vitest";
import type { ShellBody } from "#model/evidence/shell.ts";
import { parseDockerfile } from "./parse.ts";
import { at, instructionOf } from "./testing.ts";

const bodiesOf = (text: string, index = 0): ShellBody[] => instructionOf(text, index).shell;
const lastBody = (text: string): ShellBody | undefined =>
  parseDockerfile(text).instructions.findLast(({ shell }) => shell.length > 0)?.shell[0];

describe("bodies", () => {
  test.each([
    ["RUN a b", "shell", "a b"],
    ["RUN --network=none a \\\n b", "shell", "a  b"],
    ["CMD a", "shell", "a"],
    ["ENTRYPOINT a", "shell", "a"],
    ["HEALTHCHECK --retries=1 CMD a | b", "shell", "a | b"],
    ['RUN ["a", "b c"]', "exec", "a b c"],
    ['HEALTHCHECK CMD ["a"]', "exec", "a"],
    ["RUN <<EOF\na\nb\nEOF", "heredoc", "a\nb\n"],
    ["RUN <<-EOF\n\ta\r\n\tEOF", "heredoc", "a\n"],
    ["RUN cat <<EOF >x\na\nEOF", "shell", "cat <<EOF >x\na\nEOF"],
    ["RUN cat <<-A <<B\r\n\ta\r\n\tA\r\nb\r\nB\r\nRUN c", "shell", "cat <<-A <<B\na\nA\nb\nB"],
  ])("%j", (text, form, code) => {
    const [body] = bodiesOf(text);
    expect([body?.form, body?.text]).toEqual([form, code]);
  });

  test.each([
    "RUN",
    "CMD []",
    "HEALTHCHECK NONE",
    "HEALTHCHECK CMD",
    "COPY <<EOF /x\na\nEOF",
    "USER a",
    "SHELL a",
  ])("%j has none", (text) => {
    expect(bodiesOf(text)).toEqual([]);
  });

  test("ONBUILD's belong to its instruction", () => {
    const { shell, trigger } = instructionOf("ONBUILD RUN <<EOF\na\nEOF");
    expect(shell).toEqual([]);
    expect(trigger?.shell.map(({ text }) => text)).toEqual(["a\n"]);
  });

  test("every character knows its place, bodies of heredocs too", () => {
    const text = "FROM a\r\nRUN cat <<-EOF \\\r\n  | b\r\n\t\tc d\r\n\tEOF\r\n";
    for (const { text: code, origin, commands } of bodiesOf(text, 1)) {
      expect([...code].map((_, offset) => text[origin(offset)]).join("")).toBe(code);
      expect(commands.map(({ range }) => at({ text }, range))).toEqual(["cat <<-EOF", "b"]);
    }
  });
});

describe("the shell in force", () => {
  test.each([
    ["FROM a\nRUN x", "/bin/sh", "sh"],
    ['FROM a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN x', "/bin/bash", "bash"],
    ['FROM a\nSHELL ["/bin/bash", "-c"]\nENV A=1\nRUN x', "/bin/bash", "bash"],
    ['FROM a\nSHELL ["/bin/bash", "-c"]\nFROM a\nRUN x', "/bin/sh", "sh"],
    ['FROM a AS b\nSHELL ["/bin/bash", "-c"]\nFROM b\nRUN x', "/bin/bash", "bash"],
    ["FROM a\n# hadolint shell=bash\nRUN x", "bash", "bash"],
    ["# hadolint shell = ksh\nFROM a\nFROM b\nRUN x", "ksh", "ksh"],
    ["FROM a\n# hadolint shell=bash\nRUN x\nFROM b\nRUN x", "/bin/sh", "sh"],
    ["FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN x", "cmd", "cmd"],
    ["FROM mcr.microsoft.com/powershell:lts-nanoserver-1809\nRUN x", "cmd", "cmd"],
    ["FROM --platform=windows/amd64 a\nRUN x", "cmd", "cmd"],
    ["# escape=`\nFROM a\nRUN x", "cmd", "cmd"],
    [
      'FROM mcr.microsoft.com/windows/servercore:1\nSHELL ["powershell", "-Command"]\nRUN x',
      "powershell",
      "powershell",
    ],
    ["FROM a\nRUN <<EOF\n#!/usr/bin/env bash\nx\nEOF", "bash", "bash"],
    ["FROM a\nRUN <<EOF\n#!/usr/bin/python3\nx\nEOF", "/usr/bin/python3", "other"],
  ])("%j", (text, program, dialect) => {
    expect(lastBody(text)).toMatchObject({ program, dialect });
  });

  test("its arguments are kept", () => {
    expect(lastBody('FROM a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN x')?.options).toEqual([
      "-o",
      "pipefail",
      "-c",
    ]);
  });
});

describe("variables of the builder", () => {
  const has = (text: string, ...names: string[]): boolean[] =>
    names.map((name) => lastBody(text)?.variables.has(name) ?? false);

  test("are those set before, in this stage and in those that it builds on", () => {
    const text = "ARG G=1\nFROM a AS b\nARG A\nENV B=1 C=2\nFROM b\nENV D=1\nRUN x\nENV E=1";
    expect(has(text, "A", "B", "C", "D")).toEqual([true, true, true, true]);
    expect(has(text, "G", "E", "PATH")).toEqual([false, false, false]);
    expect(has("FROM a\nENV A=1\nFROM b\nRUN x", "A", "HTTP_PROXY", "no_proxy")).toEqual([false, true, true]);
  });

  test("a body keeps those that it saw", () => {
    const { instructions } = parseDockerfile("FROM a\nENV A=1\nRUN x\nENV B=1\nRUN y");
    const names = instructions.flatMap(({ shell }) =>
      shell.map(({ variables }) => [...variables].filter((name) => name.length === 1)),
    );
    expect(names).toEqual([["A"], ["A", "B"]]);
  });
});

describe("heredocs that feed a shell", () => {
  const fed = (text: string): string[] =>
    bodiesOf(text)
      .slice(1)
      .map(({ text: code, program, form }) => `${form} ${program}: ${code}`);

  test.each([
    ["RUN bash <<'EOF'\na\nEOF", ["heredoc bash: a\n"]],
    [
      "RUN x && /bin/sh -eux -o pipefail <<\"A\" && bash - <<'B'\na\nA\nb\nB",
      ["heredoc sh: a\n", "heredoc bash: b\n"],
    ],
    // The outer shell expands the text first.
    ["RUN bash <<EOF\na\nEOF", []],
    ["RUN bash script.sh <<'EOF'\na\nEOF", []],
    ["RUN bash -c x <<'EOF'\na\nEOF", []],
    ["RUN python3 <<'EOF'\na\nEOF", []],
  ])("%j", (text, expected) => {
    expect(fed(text)).toEqual(expected);
  });
});

test("more code than anybody writes is left alone, and said so", () => {
  const { problems, instructions } = parseDockerfile(
    `FROM a\nRUN ${"a ".repeat(20_000)}\\\n`.concat(`${"b ".repeat(30_000)}\\\n`.repeat(50), "c\nRUN d\n"),
  );
  expect(problems.map(({ message }) => message)).toContain(
    "this is too much shell code: from here on it is not read",
  );
  expect(instructions.map(({ shell }) => shell.length)).toEqual([0, 0, 0]);
});
