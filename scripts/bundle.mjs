// Loads TypeScript of src/ into a plain Node process, for the scripts that generate files from it: Node 20
// runs no TypeScript, so it is bundled in memory.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Bundles the given module text, whose imports are relative to the project's root, and imports the result. */
export async function load(contents) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: { contents, resolveDir: root },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    write: false,
    logLevel: "warning",
  });
  const code = Buffer.from(outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}
