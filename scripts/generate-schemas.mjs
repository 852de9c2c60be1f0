// Writes schemas/ from the zod schemas of src/, for editors and for those who read our files.
// With --check it writes nothing, and fails if a file is stale.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { load, root } from "./bundle.mjs";

// Module, the zod schema that it exports, and the file in schemas/.
const SCHEMAS = [
  ["src/policy/schema.ts", "PolicyFile", "policy.schema.json"],
  ["src/report/schema.ts", "ReportSchema", "report.schema.json"],
];

const bundle = await load(
  [
    'export { toJSONSchema } from "zod";',
    ...SCHEMAS.map(([module, name], at) => `export { ${name} as schema${at} } from "./${module}";`),
  ].join("\n"),
);

for (const [at, [, , file]] of SCHEMAS.entries()) {
  // Draft 7 is what editors know best. "input": what may stand in the file, before defaults are filled in.
  const schema = bundle.toJSONSchema(bundle[`schema${at}`], { target: "draft-07", io: "input" });
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  const path = join(root, "schemas", file);
  if (!process.argv.includes("--check")) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } else if (read(path) !== text) {
    console.error(`schemas/${file} is stale: npm run generate`);
    process.exitCode = 1;
  }
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
