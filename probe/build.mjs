// Builds probe/bin/ from probe.c for both processors, the same bytes each time: node probe/build.mjs [--check]
// Needs `zig` 0.17.1 on PATH, or the Python package `ziglang` of that version (ZIG="python3 -m ziglang").
// Nobody who installs or tests Seaworthy needs it: what it makes is part of the repository.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const VERSION = "0.17.1";
const PROCESSORS = ["x86_64", "aarch64"];
const FLAGS = [
  "-std=gnu11",
  "-Os",
  "-static",
  "-s",
  "-Wall",
  "-Wextra",
  "-fno-stack-protector",
  "-ffunction-sections",
  "-fdata-sections",
  "-Wl,--gc-sections",
];

const here = fileURLToPath(new URL(".", import.meta.url));
const [zig = "zig", ...first] = (process.env.ZIG ?? "zig").split(" ");
const version = execFileSync(zig, [...first, "version"], { encoding: "utf8" }).trim();
if (version !== VERSION) {
  console.error(`zig ${version} is here; ${VERSION} makes the bytes that are checked in`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "seaworthy-probe-"));
let differs = false;
let sums = "";
try {
  for (const processor of PROCESSORS) {
    const out = join(folder, processor);
    // The name of the source is part of nothing: it is given without its folder.
    execFileSync(
      zig,
      [...first, "cc", "-target", `${processor}-linux-musl`, ...FLAGS, "probe.c", "-o", out],
      {
        cwd: here,
        stdio: "inherit",
      },
    );
    const bytes = readFileSync(out);
    const target = join(here, "bin", `probe-${processor}`);
    sums += `${createHash("sha256").update(bytes).digest("hex")}  probe-${processor}\n`;
    if (process.argv.includes("--check")) differs ||= !bytes.equals(readFileSync(target));
    else writeFileSync(target, bytes, { mode: 0o755 });
  }
} finally {
  rmSync(folder, { recursive: true });
}
if (!process.argv.includes("--check")) writeFileSync(join(here, "bin/SHA256SUMS"), sums);
if (differs) console.error("probe/bin is not what probe.c makes: node probe/build.mjs");
process.exitCode = differs ? 1 : 0;
