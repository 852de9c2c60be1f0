// npm start: installs and builds what is missing, then runs `seaworthy check` with the arguments after --.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";

prepare();
const { status } = spawnSync(
  process.execPath,
  [join(root, "bin/seaworthy.js"), "check", ...process.argv.slice(2)],
  { stdio: "inherit" },
);
process.exitCode = status ?? 3;
