// Writes docs/rules/ from the rules, one page each and the list. With --check it writes nothing, and fails if
// a page is stale or left over.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { load, root } from "./bundle.mjs";

const { RULES, rulePage, rulesIndex } = await load(`
  export { RULES } from "./src/rules/index.ts";
  export { rulePage, rulesIndex } from "./src/report/rule-page.ts";
`);
const folder = join(root, "docs/rules");
const pages = new Map(RULES.map((rule) => [`${rule.id}.md`, rulePage(rule)]));
pages.set("README.md", rulesIndex(RULES));
mkdirSync(folder, { recursive: true });

const stale = readdirSync(folder).filter((file) => !pages.has(file));
if (process.argv.includes("--check")) {
  for (const [file, text] of pages) {
    let old = null;
    try {
      old = readFileSync(join(folder, file), "utf8");
    } catch {
      // Not there: stale as well.
    }
    if (old !== text) stale.push(file);
  }
  if (stale.length > 0) {
    console.error(`docs/rules is stale (${stale.slice(0, 5).join(", ")}): npm run generate`);
    process.exit(1);
  }
} else {
  for (const file of stale) rmSync(join(folder, file));
  for (const [file, text] of pages) writeFileSync(join(folder, file), text);
}
