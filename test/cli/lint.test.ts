import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Report } from "#model/report.ts";

const CLI = join(import.meta.dirname, "../../bin/seaworthy.js");
let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "seaworthy-lint-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): string {
  fs.mkdirSync(join(folder, name, ".."), { recursive: true });
  fs.writeFileSync(join(folder, name), content);
  return name;
}

function read(name: string): string {
  return fs.readFileSync(join(folder, name), "utf8");
}

function lint(args: string[], { input = "", uid }: { input?: string; uid?: number } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, "lint", ...args], {
    cwd: folder,
    input,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", HOME: folder, XDG_CONFIG_HOME: folder },
    maxBuffer: 64 << 20,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  return { status, stdout, stderr };
}

/** Aliases and ids of the failures that count. */
function failures(args: string[], input = ""): string[] {
  const { stdout } = lint(["--format", "json", ...args], { input });
  return (JSON.parse(stdout) as Report).findings
    .filter(({ verdict, exception }) => verdict === "fail" && exception === null)
    .flatMap(({ ruleId, aliases }) => [ruleId, ...aliases]);
}

const BAD = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nUSER 1000\n";
const GOOD = 'FROM debian:12-slim\nUSER 1000\nCMD ["sleep", "1"]\n';

describe("exit codes", () => {
  it("0 for nothing at the gate, 1 for something, 2 for a wrong command, 3 for what could not be read", () => {
    write("Dockerfile", GOOD);
    expect(lint(["Dockerfile"]).status).toBe(0);
    write("bad/Dockerfile", "FROM debian:latest\n");
    expect(lint(["bad"]).status).toBe(1);
    expect(lint(["--fail-on", "never", "bad"]).status).toBe(0);
    expect(lint(["--preset", "none", "bad"]).status).toBe(2);
    expect(lint(["nowhere"]).status).toBe(2);
    write("binary", new Uint8Array([1, 0, 2]));
    const { status, stdout } = lint(["binary", "Dockerfile"]);
    expect(status).toBe(3);
    expect(stdout).toContain("is a binary file");
  });
});

describe("what is linted", () => {
  it("is everything below the folder, each as what it is", () => {
    write("a/Dockerfile", BAD);
    write("compose.yaml", "services:\n  web:\n    image: nginx:1.27\n    privileged: true\n");
    write(
      "pod.yaml",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  hostPID: true\n  containers:\n    - {name: c, image: 'a:1'}\n",
    );
    write("run.sh", "#!/bin/sh\ndocker run --network host nginx:1.27\n");
    const found = failures([]);
    expect(found).toEqual(
      expect.arrayContaining(["DL3015", "SW-CTR-PRIVILEGED", "SW-CTR-PID-HOST", "SW-CTR-NET-HOST"]),
    );
  });

  it("is a run line behind --, standard input, and what a Compose file builds", () => {
    expect(failures(["--", "docker", "run", "--privileged", "nginx:1.27"])).toContain("SW-CTR-PRIVILEGED");
    expect(failures(["-"], BAD)).toContain("DL3015");
    write("app/Dockerfile", BAD);
    write("compose.yaml", "services:\n  app:\n    build: ./app\n");
    expect(failures(["compose.yaml"])).toContain("DL3015");
    write(
      "inline.yaml",
      "services:\n  app:\n    build:\n      dockerfile_inline: |\n        FROM debian:latest\n",
    );
    const { stdout } = lint(["--format", "json", "inline.yaml"]);
    const latest = (JSON.parse(stdout) as Report).findings.find(({ aliases }) => aliases.includes("DL3007"));
    expect(latest?.location).toMatchObject({ path: "inline.yaml", startLine: 5, startColumn: 14 });
  });
});

describe("what counts", () => {
  it("is told by pragmas, .hadolint.yaml and seaworthy.yaml", () => {
    write("Dockerfile", BAD.replace("RUN", '# seaworthy ignore=DL3015 reason="small enough"\nRUN'));
    expect(failures(["Dockerfile"])).not.toContain("DL3015");
    expect(failures(["--no-pragmas", "Dockerfile"])).toContain("DL3015");
    write("Dockerfile", BAD);
    write(".hadolint.yaml", "ignored: [DL3015]\n");
    expect(failures(["Dockerfile"])).not.toContain("DL3015");
    write("seaworthy.yaml", "rules: {DL3015: high}\n");
    expect(failures(["Dockerfile"])).toContain("DL3015");
    write(".hadolint.yaml", "ignore: [DL3015]\n");
    const { status, stderr } = lint(["Dockerfile"]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/\.hadolint\.yaml: ignore: no such setting/);
  });

  it("is also what the policy switches on that the preset has off", () => {
    write("Dockerfile", BAD);
    expect(failures(["Dockerfile"])).not.toContain("DL3008");
    write("seaworthy.yaml", "rules: {DL3008: medium}\n");
    expect(failures(["Dockerfile"])).toContain("DL3008");
    fs.rmSync(join(folder, "seaworthy.yaml"));
    write(".hadolint.yaml", "override: {warning: [DL3057]}\n");
    expect(failures(["--preset", "hadolint", "Dockerfile"])).toContain("DL3057");
  });

  it("is more in stricter presets", () => {
    write("Dockerfile", BAD);
    expect(failures(["Dockerfile"])).not.toContain("DL3008");
    expect(failures(["--preset", "hadolint", "Dockerfile"])).toContain("DL3008");
    expect(failures(["--preset", "strict", "Dockerfile"])).toContain("DL3008");
  });
});

describe("--fix", () => {
  it("mends what is safe, and leaves all else as it is", () => {
    write("Dockerfile", BAD.replaceAll("\n", "\r\n"));
    fs.chmodSync(join(folder, "Dockerfile"), 0o640);
    expect(lint(["--fix", "Dockerfile"]).stderr).toMatch(/^mended Dockerfile: \d+ finding/);
    expect(read("Dockerfile")).toMatch(
      /^FROM debian:12\r\nRUN .* curl && rm -rf \/var\/lib\/apt\/lists\/\*\r\nUSER 1000\r\n$/,
    );
    expect(fs.statSync(join(folder, "Dockerfile")).mode & 0o777).toBe(0o640);
    expect(failures(["Dockerfile"])).not.toContain("DL3009");
    const once = read("Dockerfile");
    lint(["--fix", "Dockerfile"]);
    expect(read("Dockerfile")).toBe(once);
  });

  it("changes nothing in a dry run, whose diff does what it would do", () => {
    write("Dockerfile", BAD);
    const { status, stdout } = lint(["--fix-dry-run", "Dockerfile"]);
    expect(status).toBe(1);
    expect(read("Dockerfile")).toBe(BAD);
    write("it.patch", stdout);
    const patched = spawnSync("patch", ["-p1", "-i", "it.patch"], { cwd: folder, encoding: "utf8" });
    expect(patched.status).toBe(0);
    const byPatch = read("Dockerfile");
    write("Dockerfile", BAD);
    lint(["--fix", "Dockerfile"]);
    expect(read("Dockerfile")).toBe(byPatch);
  });

  it("mends standard input onto standard output", () => {
    const { stdout } = lint(["--fix", "--stdin-name", "Dockerfile", "-"], { input: BAD });
    expect(stdout).toBe(BAD.replace("curl", "curl && rm -rf /var/lib/apt/lists/*"));
  });

  it("rewrites no file that is not UTF-8", () => {
    const bytes = Buffer.concat([Buffer.from(`${BAD}# `), Buffer.from([0xff, 0x0a])]);
    write("Dockerfile", bytes);
    lint(["--fix", "Dockerfile"]);
    expect(fs.readFileSync(join(folder, "Dockerfile"))).toEqual(bytes);
  });
});

describe("bad input", () => {
  it("is one clear line each", () => {
    fs.mkdirSync(join(folder, "Dockerfile"));
    fs.symlinkSync("loop", join(folder, "loop"));
    fs.truncateSync(join(folder, write("big.dockerfile", "")), 11 << 20);
    for (const [name, text] of [
      ["loop", /its links lead in a circle|too many symbolic links/],
      ["big.dockerfile", /is larger than 10 MiB/],
    ] as const) {
      const { status, stdout, stderr } = lint([name]);
      expect([2, 3]).toContain(status);
      expect(stdout + stderr).toMatch(text);
      expect(stderr).not.toContain("    at ");
    }
    // A folder of that name is walked like any other.
    expect(lint(["Dockerfile"]).status).toBe(0);
  });

  it("ends in time, whatever is in it", () => {
    write("a.dockerfile", `FROM a\n${"RUN true \\\n".repeat(50_000)}`);
    write("b.dockerfile", `FROM a\n${"RUN <<A <<B\n".repeat(10_000)}`);
    write("c.dockerfile", `FROM a\nRUN ${"$(".repeat(20_000)}`);
    write("d.yaml", `services: &a [${"*a,".repeat(1000)}]\n`);
    write(
      "compose.yaml",
      "a: &a [1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nservices: {x: {command: [*c,*c,*c,*c,*c,*c,*c,*c,*c]}}\n",
    );
    const started = performance.now();
    expect([0, 1, 3]).toContain(lint(["."]).status);
    expect(performance.now() - started).toBeLessThan(100_000);
  });
});
