import { afterEach, describe, expect, it } from "vitest";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostFiles } from "../filesystem.ts";
import { testHost, type TestHost } from "../testing.ts";
import { findProgram, runTool } from "./tools.ts";

let host: TestHost | undefined;
afterEach(() => {
  host?.remove();
  host = undefined;
});

/** A host whose root is this machine's, but whose program `tool` is the given script. */
function withTool(script: string) {
  host = testHost();
  const path = join(host.root, "tool");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

async function run(script: string, accept?: (code: number) => boolean) {
  const path = withTool(script);
  const real = hostFiles();
  // The folders of programs are the system's own, so the script is reached by its path from there.
  return runTool(real, `../..${path}`, ["-l"], accept);
}

describe("findProgram", () => {
  it("finds programs that may be run, and no others", () => {
    host = testHost({ "/usr/sbin/tool": "x", "/usr/bin/other": "x", "/sbin": { link: "/usr/sbin" } });
    chmodSync(join(host.root, "usr/sbin/tool"), 0o755);
    expect(findProgram(host.files, "tool")).toBe("/usr/sbin/tool");
    expect(findProgram(host.files, "other")).toBeNull();
    expect(findProgram(hostFiles(), "sh")).toMatch(/\/bin\/sh$/);
  });
});

describe("runTool", () => {
  it("gives the output", async () => {
    expect(await run('echo "got $1 in $LC_ALL"')).toEqual({ ok: true, value: "got -l in C\n" });
  });

  it("passes nothing of our environment on", async () => {
    process.env.SEAWORTHY_TEST = "leak";
    const answer = await run("env");
    delete process.env.SEAWORTHY_TEST;
    expect(answer.ok && answer.value).not.toContain("leak");
  });

  it("says that there is no permission", async () => {
    expect(await run("echo 'x: Permission denied (you must be root)' >&2; exit 4")).toMatchObject({
      ok: false,
      why: expect.stringMatching(/: permission denied: run as root$/),
    });
  });

  it("says what went wrong else, in one line", async () => {
    expect(await run("printf 'bad table\\nmore\\n' >&2; exit 1")).toMatchObject({
      ok: false,
      why: expect.stringMatching(/: bad table$/),
    });
  });

  it("takes an answer that comes with an accepted exit code", async () => {
    expect(await run("echo some; exit 3", (code) => code === 3)).toEqual({ ok: true, value: "some\n" });
  });

  it("ends a program that hangs", async () => {
    expect(await run("exec sleep 30")).toMatchObject({
      ok: false,
      why: expect.stringMatching(/gave no answer within 1 s$/),
    });
  });

  it("reads the whole answer although this thread was busy for longer than the program may take", async () => {
    const answer = run("echo whole answer");
    // Files are read in this thread while the program works.
    await new Promise((resolve) => setImmediate(resolve));
    const until = Date.now() + 1500;
    while (Date.now() < until);
    expect(await answer).toEqual({ ok: true, value: "whole answer\n" });
  });

  it("says that it is not installed", async () => {
    expect(await runTool(hostFiles(), "no-such-tool-here", [])).toEqual({
      ok: false,
      why: "no-such-tool-here is not installed",
    });
  });

  it("does not run programs of another root", async () => {
    host = testHost({ "/usr/bin/sh": "#!/bin/sh\n" });
    expect(await runTool(host.files, "sh", [])).toMatchObject({
      ok: false,
      why: expect.stringMatching(/on the host/),
    });
  });
});
