import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { packTar } from "./tar.ts";

it("is unpacked by tar(1) as it was packed", () => {
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-tar-"));
  try {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 3000 }),
        fc.constantFrom(0o644, 0o755, 0o4755),
        (bytes, mode) => {
          const content = Buffer.from(bytes);
          writeFileSync(
            join(folder, "a.tar"),
            packTar([
              { name: "first", mode, content },
              { name: "second", mode: 0o600, content: Buffer.from("x") },
            ]),
          );
          execFileSync("tar", ["-xpf", "a.tar", "--no-same-owner"], { cwd: folder });
          expect(readFileSync(join(folder, "first")).equals(content)).toBe(true);
          expect(statSync(join(folder, "first")).mode & 0o7777).toBe(mode);
          expect(readFileSync(join(folder, "second"), "utf8")).toBe("x");
        },
      ),
      { numRuns: 20 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("refuses names that ustar has no room for", () => {
  expect(() => packTar([{ name: "x".repeat(100), mode: 0o644, content: Buffer.alloc(0) }])).toThrow(
    RangeError,
  );
});
