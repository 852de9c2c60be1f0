// Builds dist/ from src/: one small entry, and a file for each part that a command loads when it needs it.
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = "node20.19";
// Made beside dist/ and put in its place when it is whole: a build that fails leaves the old one.
const fresh = mkdtempSync(`${root}dist-new-`);
try {
  await write(fresh);
} catch (error) {
  rmSync(fresh, { recursive: true });
  throw error;
}
chmodSync(fresh, 0o755);
const old = `${fresh}-old`;
try {
  renameSync(`${root}dist`, old);
} catch (error) {
  if (error.code !== "ENOENT") throw error;
}
renameSync(fresh, `${root}dist`);
rmSync(old, { recursive: true, force: true });

async function write(folder) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { main: "src/cli/main.ts", start: "src/cli/start.ts" },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target,
    chunkNames: "parts/[name]-[hash]",
    legalComments: "linked",
    logLevel: "warning",
    write: false,
  });
  const id = createHash("sha256");
  for (const { path, text } of outputFiles.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const code = path.endsWith(".js") ? await asScript(text, path === `${folder}/start.js`) : text;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
    id.update(`${relative(folder, path)}\0${code}\0`);
  }
  writeFileSync(`${folder}/package.json`, '{ "type": "commonjs" }\n');
  // Tells this build from all others; see openProgram in src/cli/start.ts.
  writeFileSync(`${folder}/id`, id.digest("hex"));
}

/**
 * esbuild splits ES modules only, and V8's compiled code can be kept for scripts only: each part becomes a function
 * that is given what CommonJS modules are (openProgram in src/cli/start.ts). The one that opens them is plain CommonJS.
 */
async function asScript(text, isOpener) {
  const { code } = await transform(text, {
    format: "cjs",
    platform: "node",
    target,
    supported: { "dynamic-import": false },
    logLevel: "warning",
  });
  return isOpener ? code : `(function (exports, require, module) {\n${code}\n})\n`;
}
