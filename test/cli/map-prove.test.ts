import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const CLI = join(import.meta.dirname, "../../bin/seaworthy.js");

describe("an engine that is not there", () => {
  it.each([[["map", "web"]], [["map"]], [["prove", "web"]]])(
    "ends %j with 3 and one line that says what to do",
    (args) => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [CLI, ...args, "-H", "unix:///nowhere.sock"],
        {
          encoding: "utf8",
        },
      );
      expect([status, stdout]).toEqual([3, ""]);
      expect(stderr).toMatch(
        /^seaworthy: unix:\/\/\/nowhere\.sock: no such socket\. Is the engine running\?[^\n]*\n$/,
      );
    },
  );
});
