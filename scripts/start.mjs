// npm start: installs and builds what is missing, then runs `seaworthy check` with the arguments after --.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";

prepare();
const { status } = spawnSync(
  process.execPath,
  [join(root, "bin/seaworthy.js"), "check", ...process.argv.slice(2)],
  // npm runs this in the project's folder; paths and seaworthy.yaml are meant where the user stands.
  { stdio: "inherit", cwd: process.env.INIT_CWD ?? process.cwd() },
);
process.exitCode = status ?? 3;
