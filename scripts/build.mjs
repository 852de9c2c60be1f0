// Builds dist/ from src/: one small entry, and a file for each part that a command loads when it needs it.
import { chmodSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
// Made beside dist/ and put in its place when it is whole: a build that fails leaves the old one.
const fresh = mkdtempSync(`${root}dist-new-`);
await build({
  absWorkingDir: root,
  entryPoints: { main: "src/cli/main.ts", start: "src/cli/start.ts" },
  outdir: fresh,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  chunkNames: "parts/[name]-[hash]",
  legalComments: "linked",
  // commander and others are CommonJS and call require() for built-in modules.
  banner: {
    js: 'import { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);',
  },
  logLevel: "warning",
}).catch((error) => {
  rmSync(fresh, { recursive: true });
  throw error;
});
chmodSync(fresh, 0o755);
const old = `${fresh}-old`;
try {
  renameSync(`${root}dist`, old);
} catch (error) {
  if (error.code !== "ENOENT") throw error;
}
renameSync(fresh, `${root}dist`);
rmSync(old, { recursive: true, force: true });
