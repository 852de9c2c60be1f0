import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findHadolintConfig, readHadolintConfig } from "./hadolint-config.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "seaworthy-hadolint-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(text: string, name = ".hadolint.yaml"): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("findHadolintConfig", () => {
  it("takes the folder's, then the user's", () => {
    const env = { HOME: folder };
    expect(findHadolintConfig("/nowhere", env)).toBeNull();
    const user = write("", ".hadolint.yaml");
    expect(findHadolintConfig("/nowhere", env)).toBe(user);
  });
});

describe("readHadolintConfig", () => {
  it("reads it as hadolint does", async () => {
    const path = write(`
ignored: [DL3008]
override: {error: [DL3015], style: [DL3007, SC2086]}
trustedRegistries: docker.io
label-schema: {author: text, url: url}
strict-labels: true
failure-threshold: warning
disable-ignore-pragma: true
`);
    expect(await readHadolintConfig(path)).toEqual({
      path,
      rules: { DL3008: "off", DL3015: "high", DL3007: "info", SC2086: "info" },
      settings: {
        trustedRegistries: ["docker.io"],
        labelSchema: { author: "text", url: "url" },
        strictLabels: true,
      },
      failOn: "medium",
      disableIgnorePragma: true,
    });
  });

  it("may be empty", async () => {
    expect(await readHadolintConfig(write("# nothing\n"))).toMatchObject({ rules: {}, failOn: null });
  });

  it("gates nothing where it says so", async () => {
    expect((await readHadolintConfig(write("no-fail: true\n"))).failOn).toBe("never");
    expect((await readHadolintConfig(write("failure-threshold: none\n"))).failOn).toBe("never");
  });

  it.each([
    ["ignore: [DL3008]", /ignore: no such setting; known: failure-threshold/],
    ["override: {fatal: [DL3008]}", /override\.fatal: use error/],
    ["label-schema: {a: number}", /label-schema\.a: use text/],
    ["failure-threshold: bad", /failure-threshold: use error/],
    ["- a", /is no mapping/],
    ["a: [", /\.hadolint\.yaml: /],
    ["a: &a [x]\nb: [*a]", /\.hadolint\.yaml: /],
  ])("says what is wrong with %j", async (text, message) => {
    await expect(readHadolintConfig(write(text))).rejects.toThrow(message);
  });
});
