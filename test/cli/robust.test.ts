import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { container, evidence } from "#rules/testing.ts";

const CLI = join(import.meta.dirname, "../../bin/seaworthy.js");
const STACK = /\n\s+at .*:\d+:\d+/;
let folder: string;

beforeAll(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "seaworthy-robust-"));
  fs.writeFileSync(join(folder, "host.json"), JSON.stringify(evidence({ containers: [container()] })));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function run(args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, DOCKER_HOST: "", DOCKER_CONTEXT: "", ...env },
    maxBuffer: 64 << 20,
  });
  return { status, stdout, stderr };
}

/** Runs a line of bash, where "$@" is node and the program. */
function bash(line: string) {
  const { status, stdout, stderr } = spawnSync("bash", ["-c", line, "bash", process.execPath, CLI], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout: stdout.trim(), stderr };
}

const COMMANDS = [
  "--version",
  "--help",
  "check --help",
  "explain SW-CTR-PID-HOST",
  "completion zsh",
  "check --evidence host.json --fail-on never",
];

describe("standard output", () => {
  it.each(COMMANDS)("%s: a reader that goes away is no error", (command) => {
    const { stdout, stderr } = bash(`"$@" ${command} | true; echo \${PIPESTATUS[0]}`);
    expect({ stdout, stderr }).toEqual({ stdout: "0", stderr: "" });
  });

  it.runIf(fs.existsSync("/dev/full")).each(COMMANDS)(
    "%s: what could not be written is told, and never exit code 0",
    (command) => {
      const { status, stderr } = bash(`"$@" ${command} > /dev/full`);
      expect(status).toBe(3);
      expect(stderr).toMatch(/^seaworthy: standard output cannot be written: .*ENOSPC/);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    },
  );

  it("may be closed, as stdin and stderr may", () => {
    expect(bash(`"$@" check --evidence host.json --fail-on never >&- 2>&- <&-`).status).toBe(0);
    expect(bash(`"$@" check --evidence none.json 2>&-`).status).toBe(2);
  });

  it.runIf(fs.existsSync("/usr/bin/script")).each([
    ["TERM=xterm NO_COLOR=", true],
    ["TERM=dumb NO_COLOR=", false],
    ["TERM=xterm NO_COLOR=1", false],
  ])("on a terminal with %s: colour is %s", (env, colour) => {
    for (const command of ["check --evidence host.json", "explain SW-CTR-PID-HOST"]) {
      const line = `env ${env} ${process.execPath} ${CLI} ${command}`;
      const { stdout } = bash(`script -qec '${line}' /dev/null </dev/null`);
      expect(stdout.includes("\u001B[")).toBe(colour);
    }
  });
});

describe("wrong commands", () => {
  it.each([
    ["--nothing", /^seaworthy: unknown option '--nothing'\n$/],
    ["check --fromat json", /^seaworthy: unknown option '--fromat' \(Did you mean --format\?\)\n$/],
    ["explain", /^seaworthy: missing required argument 'rule'\n$/],
    ["chekc --evidence host.json", /no container or image of this name.*; did you mean check\?\n$/],
    ["check --evidence host.json --timeout abc", /^seaworthy: --timeout: give seconds/],
    ["check --root none", /^seaworthy: --root none: is not a folder\n$/],
    ["check --host tcp://127.0.0.1:1 --context x", /^seaworthy: --host and --context both name an engine/],
    ["check --tls-cert-path .", /^seaworthy: --tls-cert-path: only a TCP engine speaks TLS/],
  ])("%s: one line, exit code 2", (command, said) => {
    const { status, stdout, stderr } = run(command.split(" "));
    expect(stderr).toMatch(said);
    expect({ status, stdout, lines: stderr.trimEnd().split("\n").length }).toEqual({
      status: 2,
      stdout: "",
      lines: 1,
    });
    expect(stderr).not.toMatch(STACK);
  });
});

describe("what others wrote never steers the terminal", () => {
  it.each([[["check", "--evidence", "no\u001B[2Jne"]], [["explain", "\u001B]0;x\u0007"]], [["--\u001B[2J"]]])(
    "%j",
    (args) => {
      const { status, stderr } = run(args);
      expect(status).toBe(2);
      expect(stderr).toContain("\\e");
      expect(stderr).not.toContain("\u001B");
    },
  );

  it.each(["--quiet", "--format=json"])("problems in evidence, with %s, which say what to do", (option) => {
    const problem = { what: "a\u001B[2J\nb", where: "\u001B]0;x\u0007", todo: "start it" };
    fs.writeFileSync(join(folder, "hostile.json"), JSON.stringify(evidence({ problems: [problem] })));
    const { status, stderr } = run(["check", "--evidence", "hostile.json", option]);
    expect(status).toBe(3);
    expect(stderr).toBe("seaworthy: \\e]0;x\\u{7}: a\\e[2J\\nb; start it\n");
  });
});

describe("bash completion", () => {
  const complete = (...words: string[]) =>
    bash(
      `source <("$@" completion bash); COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); ` +
        `COMP_CWORD=${words.length - 1}; _seaworthy; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ).stdout.split("\n");

  it.each([
    [["seaworthy", "check", "--format", "js"], ["json"]],
    [["seaworthy", "check", "--fail-on", "cr"], ["critical"]],
    [
      ["seaworthy", "audit", "--benchmark", ""],
      ["cis-docker-1.8", "cis-docker-1.7", "cis-docker-1.6"],
    ],
    [["seaworthy", "check", "--output", "sa"], ["sarif="]],
    [["seaworthy", "check", "--output", "sarif", "=", "host."], ["host.json"]],
    [["seaworthy", "check", "--policy", "host."], ["host.json"]],
    [["seaworthy", "help", "ex"], ["explain"]],
    [["seaworthy", "explain", "SW-CTR-PID-H"], ["SW-CTR-PID-HOST"]],
  ])("%j", (words, wanted) => {
    expect(complete(...words)).toEqual(wanted);
  });
});

describe("the program", () => {
  it("can be started through a link", () => {
    const link = join(folder, "seaworthy");
    fs.symlinkSync(CLI, link);
    const { status, stdout } = spawnSync(link, ["--version"], { encoding: "utf8" });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
