import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "#model/problem.ts";

const PROCESSORS: Readonly<Record<string, string>> = {
  x86_64: "x86_64",
  amd64: "x86_64",
  aarch64: "aarch64",
  arm64: "aarch64",
};

/**
 * The static program that tries techniques, for the processor that the engine names (`GET /info`, Architecture).
 * Its bytes are checked against the sums that stand beside it.
 *
 * @throws UserError if there is none for it, or it was tampered with
 */
export function probeProgram(architecture: string): Buffer {
  const processor = PROCESSORS[architecture];
  if (processor === undefined) {
    throw new UserError(`no probe for ${architecture}: it is built for x86_64 and aarch64`, 3);
  }
  const folder = findFolder();
  const name = `probe-${processor}`;
  const bytes = readFileSync(join(folder, name));
  const sum = createHash("sha256").update(bytes).digest("hex");
  const expected = readFileSync(join(folder, "SHA256SUMS"), "utf8")
    .split("\n")
    .find((line) => line.endsWith(`  ${name}`))
    ?.split("  ")[0];
  if (sum !== expected)
    throw new UserError(`${join(folder, name)}: is not what SHA256SUMS says; reinstall Seaworthy`, 3);
  return bytes;
}

// It lies in the package: the program that was started is in it too, whether it is the bundle or a test.
function findFolder(): string {
  let folder = dirname(realpathSync(process.argv[1] ?? "."));
  for (let up = 0; up < 8; up += 1) {
    const candidate = join(folder, "probe/bin");
    if (existsSync(join(candidate, "SHA256SUMS"))) return candidate;
    folder = dirname(folder);
  }
  throw new UserError("the probe is missing: reinstall Seaworthy", 3);
}
