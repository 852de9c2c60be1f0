import type { AuditWatch, HostEvidence } from "#model/evidence/host.ts";
import { got, mapReading, missing, type Reading } from "#model/reading.ts";
import { attempt, attemptOptional, type HostFiles } from "../filesystem.ts";

const MAX_SIZE = 1 << 20;
const MAX_FILES = 200;

// Filters that only say whose or which machine words' calls are recorded. Any other narrows the rule to cases
// (one program, one result) that say nothing about the rest.
const NEUTRAL_FIELD = /^(?:auid|arch|key|loginuid)\b/;

/**
 * Reads the rules of auditctl(8), as `auditctl -l` prints them and as audit.rules(7) files hold them, and
 * keeps those that watch a path: `-w PATH -p wa`, `-a always,exit -F path=PATH -F perm=wa`, `-F dir=PATH`.
 *
 * @param source what the evidence names as its origin
 * @param isFolder whether a path is a folder, which a watch covers with everything below
 */
export function parseAuditRules(
  text: string,
  source: string,
  isFolder: (path: string) => boolean,
): AuditWatch[] {
  return text.split("\n").flatMap((line) => {
    const words = line.trim().split(/\s+/);
    if (words[0] === undefined || words[0] === "" || words[0].startsWith("#")) return [];
    const rule = readRule(words);
    if (rule === null) return [];
    const path = rule.path.length > 1 ? rule.path.replace(/\/+$/, "") : rule.path;
    const recursive = rule.kind === "dir" || (rule.kind === "watch" && isFolder(path));
    return { path, recursive, permissions: rule.permissions, source };
  });
}

interface Rule {
  kind: "watch" | "path" | "dir";
  path: string;
  permissions: string;
}

function readRule(words: readonly string[]): Rule | null {
  let found: Omit<Rule, "permissions"> | null = null;
  let permissions: string | null = null;
  let always = false;
  let exit = false;
  let everySyscall = true;
  for (let at = 0; at + 1 < words.length; at += 2) {
    const flag = words[at] as string;
    const value = words[at + 1] as string;
    if (flag === "-w") found = { kind: "watch", path: value };
    else if (flag === "-p") permissions = letters(value);
    else if (flag === "-a" || flag === "-A") {
      const parts = value.split(",");
      always = parts.includes("always");
      exit = parts.includes("exit");
    } else if (flag === "-S") everySyscall &&= value === "all";
    else if (flag === "-F") {
      const [, name, operator, operand] = /^(\w+)(!=|>=|<=|&=|=|>|<|&)(.*)$/.exec(value) ?? [];
      if (name === "path" || name === "dir") {
        if (operator !== "=" || operand === undefined) return null;
        found = { kind: name, path: operand };
      } else if (name === "perm") permissions = letters(operand ?? "");
      else if (name === undefined || !NEUTRAL_FIELD.test(name)) return null;
    } else if (flag !== "-k") return null; // `-D`, `-W`, `-e 2`: no rule, or one that takes a watch away.
  }
  if (found === null || !found.path.startsWith("/")) return null;
  if (found.kind !== "watch" && !(always && exit && everySyscall)) return null;
  // Without a filter on permissions every access is recorded (auditctl(8), -p).
  return { ...found, permissions: permissions ?? "rwxa" };
}

function letters(text: string): string {
  return [..."rwxa"].filter((letter) => text.includes(letter)).join("");
}

/** The rules that are loaded at boot, from /etc/audit. */
export function collectAuditFiles(files: HostFiles): Reading<AuditWatch[]> {
  const folder = "/etc/audit/rules.d";
  const names = attemptOptional(folder, () => files.list(folder));
  if (!names.ok) return names;
  const rules = (names.value ?? []).filter((name) => name.endsWith(".rules")).toSorted();
  const watches: AuditWatch[] = [];
  const paths = ["/etc/audit/audit.rules", ...rules.slice(0, MAX_FILES).map((name) => `${folder}/${name}`)];
  for (const path of paths) {
    const text = attemptOptional(path, () => files.read(path, MAX_SIZE));
    if (!text.ok) return text;
    watches.push(...parseAuditRules(text.value ?? "", path, folderTest(files)));
  }
  return got(watches);
}

/** The audit system: who reads the records, what is loaded in the kernel, what is loaded at boot. */
export function collectAudit(
  files: HostFiles,
  auditctl: Reading<string>,
  running: Reading<boolean>,
): HostEvidence["audit"] {
  return {
    running,
    loaded: mapReading(auditctl, (text) => parseAuditRules(text, "kernel", folderTest(files))),
    files: collectAuditFiles(files),
  };
}

function folderTest(files: HostFiles): (path: string) => boolean {
  return (path) => {
    const stat = attempt(path, () => files.stat(path));
    return stat.ok && stat.value.isDirectory();
  };
}

/** Whether auditd runs, by the programs of the host; not known where they cannot be seen. */
export function auditdRuns(services: readonly string[], visible: boolean): Reading<boolean> {
  if (services.includes("auditd")) return got(true);
  return visible ? got(false) : missing("the processes of the host cannot be seen from here");
}
