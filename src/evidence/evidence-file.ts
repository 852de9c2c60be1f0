import * as fs from "node:fs";
import { EVIDENCE_VERSION } from "#model/evidence/version.ts";
import type { Evidence } from "#model/evidence/evidence.ts";
import { UserError } from "#model/problem.ts";
import { writeWhole } from "./write-whole.ts";
import { reasonOf } from "./filesystem.ts";

const MAX_SIZE = 512 << 20;

/**
 * Writes evidence to a file that only its owner may read: it holds no secret, but it tells an attacker where
 * to look. The file appears whole or not at all.
 *
 * @throws UserError if it cannot be written
 */
export function saveEvidence(path: string, evidence: Evidence): void {
  writeWhole(path, `${JSON.stringify(evidence)}\n`, 0o600);
}

/**
 * Reads evidence that {@link saveEvidence} wrote, and proves its shape before any rule sees it.
 *
 * @throws UserError that says whether the file is missing, cut short, of another kind, or of another version
 */
export async function readEvidence(path: string): Promise<Evidence> {
  const text = readPlainFile(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const cut = text.trimEnd().endsWith("}") ? "is not JSON" : "is cut short";
    throw new UserError(`${path}: ${cut}, so it cannot be judged. Collect it again with --save-evidence`);
  }
  const version = (value as { evidenceVersion?: unknown } | null)?.evidenceVersion;
  if (typeof version !== "number") {
    throw new UserError(`${path}: is JSON, but not evidence. Name a file that --save-evidence wrote`);
  }
  if (version !== EVIDENCE_VERSION) {
    throw new UserError(
      `${path}: evidence of format ${version}; this version reads format ${EVIDENCE_VERSION}. Collect it again`,
    );
  }
  // Loaded only here: the schemas are needed for files alone.
  const { Evidence: schema } = await import("#model/evidence/evidence.ts");
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    `${path}: not whole: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unexpected value"}. Collect it again with --save-evidence`,
  );
}

// O_NONBLOCK and the look at what it is: a pipe or a device would keep us for good.
function readPlainFile(path: string): string {
  let fd: number | null = null;
  try {
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const stat = fs.fstatSync(fd);
    if (!stat.isFile())
      throw new UserError(`${path}: is no plain file. Name a file that --save-evidence wrote`);
    if (stat.size > MAX_SIZE)
      throw new UserError(`${path}: larger than ${MAX_SIZE >> 20} MiB, which no evidence is`);
    return fs.readFileSync(fd, "utf8");
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path}: ${reasonOf(error)}. Name a file that --save-evidence wrote`);
  } finally {
    if (fd !== null) fs.closeSync(fd);
  }
}
