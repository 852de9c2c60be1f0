import * as fs from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { buildProgram } from "./main.ts";
import { openProgram } from "./start.ts";

let home: string;
let folder: string;

beforeEach(() => {
  // A folder below the shared temporary one is not safe for a cache.
  home = fs.mkdtempSync(join(process.cwd(), "node_modules/.start-test-"));
  fs.chmodSync(home, 0o700);
  vi.stubEnv("XDG_CACHE_HOME", join(home, "cache"));
  vi.stubEnv("NODE_DISABLE_COMPILE_CACHE", undefined);
  folder = join(home, "dist");
  fs.mkdirSync(join(folder, "parts"), { recursive: true });
  write({
    id: "build 1",
    "main.js": script(`
      const { twice } = require("./parts/twice.js");
      exports.main = (number) => twice(number) + require("node:path").posix.sep;
      exports.later = () => require("./parts/later.js").text;`),
    "parts/twice.js": script("exports.twice = (number) => 2 * number; exports.main = require('../main.js');"),
    "parts/later.js": script("exports.text = '\u00e4\u2026';"),
  });
});
afterEach(() => {
  vi.unstubAllEnvs();
  fs.rmSync(home, { recursive: true });
});

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(join(folder, name), text);
}

function script(code: string): string {
  return `(function (exports, require, module) {\n${code}\n})\n`;
}

interface Main {
  main(number: number): string;
  later(): string;
}

function cacheFiles(): string[] {
  const caches = join(home, "cache/seaworthy/v8-1.0.0");
  return fs.existsSync(caches) ? fs.readdirSync(caches).toSorted() : [];
}

describe("openProgram", () => {
  it("loads parts once, also where they need each other, and those of Node", () => {
    const program = openProgram(folder, "1.0.0", []);
    const main = program.load("main.js") as Main;
    expect(main.main(4)).toBe("8/");
    expect(main.later()).toBe("\u00e4\u2026");
    expect(program.load("main.js")).toBe(main);
    expect((program.load("parts/twice.js") as { main: unknown }).main).toBe(main);
  });

  it("keeps compiled code for each command, and runs it", () => {
    for (const argv of [["web"], [], ["lint", "."], ["lint", "--help"]]) {
      const program = openProgram(folder, "1.0.0", argv);
      expect((program.load("main.js") as Main).main(4)).toBe("8/");
      program.keep();
    }
    expect(cacheFiles()).toEqual(["check.bin", "help.bin", "lint.bin"]);
  });

  it("knows every command, so that each has a cache of its own", () => {
    const names = buildProgram({ version: "1.0.0", exit: () => {} }).commands.map((command) =>
      command.name(),
    );
    for (const name of names) {
      const program = openProgram(folder, "1.0.0", [name]);
      program.load("main.js");
      program.keep();
    }
    expect(names.length).toBeGreaterThan(4);
    expect(cacheFiles()).toEqual(names.map((name) => `${name}.bin`).toSorted());
  });

  it("writes only what is new", () => {
    const path = join(home, "cache/seaworthy/v8-1.0.0/check.bin");
    const run = (later: boolean): number => {
      const program = openProgram(folder, "1.0.0", []);
      const main = program.load("main.js") as Main;
      if (later) main.later();
      program.keep();
      return fs.statSync(path).ino;
    };
    const first = run(false);
    expect(run(false)).toBe(first);
    const second = run(true);
    expect(second).not.toBe(first);
    expect(run(true)).toBe(second);
    expect(run(false)).toBe(second);
  });

  it("never runs the code of another build, though its source is as long", () => {
    const program = openProgram(folder, "1.0.0", []);
    expect((program.load("main.js") as Main).main(4)).toBe("8/");
    program.keep();
    write({ id: "build 2", "parts/twice.js": script("exports.twice = (number) => 3 * number; /* */") });
    const source = fs.readFileSync(join(folder, "parts/twice.js"), "utf8");
    write({ "parts/twice.js": source.replace("3 *", "9 *") });
    expect((openProgram(folder, "1.0.0", []).load("main.js") as Main).main(4)).toBe("36/");
  });

  it("does without a cache where there is no safe place for it, or none is wanted", () => {
    fs.mkdirSync(join(home, "cache"), { mode: 0o777 });
    fs.chmodSync(join(home, "cache"), 0o777);
    const run = (): void => {
      const program = openProgram(folder, "1.0.0", []);
      expect((program.load("main.js") as Main).main(4)).toBe("8/");
      program.keep();
    };
    run();
    expect(fs.readdirSync(join(home, "cache"))).toEqual([]);
    fs.chmodSync(join(home, "cache"), 0o700);
    vi.stubEnv("NODE_DISABLE_COMPILE_CACHE", "1");
    run();
    expect(cacheFiles()).toEqual([]);
  });

  it("says what is missing", () => {
    const program = openProgram(folder, "1.0.0", []);
    expect(() => program.load("none.js")).toThrow(expect.objectContaining({ code: "ENOENT" }));
  });
});
