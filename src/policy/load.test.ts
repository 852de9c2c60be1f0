import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "#model/problem.ts";
import { loadPolicy } from "./load.ts";
import { DEFAULT_POLICY } from "./policy.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "seaworthy-policy-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

describe("loadPolicy", () => {
  it("gives the defaults where there is no file", async () => {
    await expect(loadPolicy(undefined, folder)).resolves.toEqual(DEFAULT_POLICY);
  });

  it.each(["seaworthy.yaml", ".seaworthy.yaml"])("finds %s", async (name) => {
    write(name, "failOn: low\nexceptions: [{ rule: a, subject: b, reason: c }]\n");
    const policy = await loadPolicy(undefined, folder);
    expect(policy).toMatchObject({ path: name, failOn: "low", exceptions: [{ source: `${name}:2` }] });
  });

  it("does not choose between the two", async () => {
    write("seaworthy.yaml", "");
    write(".seaworthy.yaml", "");
    await expect(loadPolicy(undefined, folder)).rejects.toThrow(
      new UserError("seaworthy.yaml and .seaworthy.yaml both exist; keep one of them"),
    );
  });

  it("reads the file that is named, and no other", async () => {
    write("seaworthy.yaml", "failOn: low");
    mkdirSync(join(folder, "conf"));
    write("conf/strict.yaml", "failOn: info");
    await expect(loadPolicy("conf/strict.yaml", folder)).resolves.toMatchObject({
      path: "conf/strict.yaml",
      failOn: "info",
    });
    const path = join(folder, "conf/strict.yaml");
    await expect(loadPolicy(path, "/")).resolves.toMatchObject({ path, failOn: "info" });
  });

  it("insists on a file that is named", async () => {
    await expect(loadPolicy("none.yaml", folder)).rejects.toThrow(new UserError("none.yaml: does not exist"));
  });

  it("does not take a broken link for no policy", async () => {
    symlinkSync("gone.yaml", join(folder, "seaworthy.yaml"));
    await expect(loadPolicy(undefined, folder)).rejects.toThrow(
      new UserError("seaworthy.yaml: does not exist"),
    );
  });

  it("refuses more than 1 MiB", async () => {
    write("seaworthy.yaml", "#".repeat((1 << 20) + 1));
    await expect(loadPolicy(undefined, folder)).rejects.toThrow(
      new UserError("seaworthy.yaml: is larger than 1 MiB"),
    );
  });

  it("checks rules against those that are known", async () => {
    write("seaworthy.yaml", "rules:\n  SW-CTR-PIDHOST: off\n");
    await expect(loadPolicy(undefined, folder, async () => ["SW-CTR-PID-HOST"])).rejects.toThrow(
      new UserError(
        "1 mistake in the policy seaworthy.yaml\nseaworthy.yaml:2:3: rule SW-CTR-PIDHOST is not known; did you mean SW-CTR-PID-HOST?",
      ),
    );
  });

  it("loads zod and yaml only for a file", async () => {
    const { metafile } = await build({
      entryPoints: [new URL("load.ts", import.meta.url).pathname],
      bundle: true,
      splitting: true,
      outdir: "out",
      platform: "node",
      format: "esm",
      metafile: true,
      write: false,
    });
    const chunks = Object.entries(metafile.outputs);
    const entry = chunks.find(([, { entryPoint }]) => entryPoint?.endsWith("policy/load.ts"));
    const statics = new Set<string>();
    const visit = (name: string): void => {
      if (statics.has(name)) return;
      statics.add(name);
      for (const { path, kind } of metafile.outputs[name]?.imports ?? []) {
        if (kind === "import-statement") visit(path);
      }
    };
    visit(entry?.[0] ?? "");
    const inputsOf = (name: string) => Object.keys(metafile.outputs[name]?.inputs ?? {});
    expect([...statics].flatMap(inputsOf).filter((path) => path.includes("node_modules"))).toEqual([]);
    expect(chunks.flatMap(([name]) => inputsOf(name)).some((path) => path.includes("zod"))).toBe(true);
  });
});
