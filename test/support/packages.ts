import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";

/** Programs that show that a package's work can be done, whoever installed them. */
const PROGRAMS: Record<string, string> = {
  "busybox-static": "busybox",
  containerd: "containerd",
  "docker.io": "dockerd",
  iproute2: "ip",
  jq: "jq",
  mmdebstrap: "mmdebstrap",
  openssl: "openssl",
  podman: "podman",
  python3: "python3",
  "qemu-system-x86": "qemu-system-x86_64",
  "qemu-utils": "qemu-img",
  rootlesskit: "rootlesskit",
  runc: "runc",
  slirp4netns: "slirp4netns",
  uidmap: "newuidmap",
  "util-linux": "unshare",
  zstd: "zstd",
};

// System administration programs are not in the path of every user.
const FOLDERS = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin", "/usr/bin", "/bin"];

/** Where a program is installed; null = nowhere in the path. */
export function findProgram(name: string): string | null {
  for (const folder of FOLDERS) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

const answers = new Map<string, string | null>();

/**
 * Makes sure that Debian packages are installed, and installs what lacks (as root, on Debian only).
 *
 * @returns null if all are there, else why not, as the end of "skipped: …". Asked once per package.
 */
export function need(...packages: string[]): string | null {
  for (const name of packages) {
    let answer = answers.get(name);
    if (answer === undefined) {
      answer = provide(name);
      answers.set(name, answer);
    }
    if (answer !== null) return answer;
  }
  return null;
}

function provide(name: string): string | null {
  if (isThere(name)) return null;
  if (!existsSync("/etc/debian_version") || findProgram("apt-get") === null) {
    return `${name} is not installed, and this is no Debian to install it from`;
  }
  if (process.geteuid?.() !== 0) return `${name} is not installed: apt-get install ${name}`;
  try {
    if (!isKnown(name)) apt("update");
    apt("install", "--yes", "--no-install-recommends", name);
  } catch (error) {
    const text = String((error as { stderr?: Buffer }).stderr ?? error);
    return `${name} could not be installed: ${text.trim().split("\n").at(-1)}`;
  }
  return isThere(name) ? null : `${name} was installed, but does not work`;
}

function isThere(name: string): boolean {
  const program = PROGRAMS[name];
  if (program !== undefined) return findProgram(program) !== null;
  return quiet("dpkg-query", ["--show", "--showformat=${db:Status-Status}", name]) === "installed";
}

function isKnown(name: string): boolean {
  return quiet("apt-cache", ["show", "--no-all-versions", name]) !== "";
}

function quiet(command: string, args: string[]): string {
  try {
    return execFileSync(command, args, { stdio: ["ignore", "pipe", "ignore"] }).toString();
  } catch {
    return "";
  }
}

function apt(...args: string[]): void {
  execFileSync("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "ignore", "pipe"],
    timeout: 600_000,
  });
}

/** What a suite cannot do without. */
export interface Needs {
  packages?: readonly string[];
  /** Checked last; gives null, or why the suite cannot run here. */
  also?: () => string | null;
}

/**
 * Declares a suite that needs real things. Where they are not to be had it is skipped with the reason in its
 * name, and on the log; under CI it fails, so that nothing is skipped unnoticed.
 */
export function suite(name: string, { packages = [], also }: Needs, tests: () => void): void {
  const root = process.geteuid?.() === 0 ? null : "root is needed (namespaces, mounts, control groups)";
  const lacking = root ?? need(...packages) ?? also?.() ?? null;
  const declare: (title: string, body: () => void) => void =
    lacking === null || process.env.CI ? describe : describe.skip;
  if (lacking === null) {
    declare(name, tests);
  } else if (process.env.CI) {
    declare(name, () => {
      it("has what it needs", () => {
        expect(lacking).toBeNull();
      });
    });
  } else {
    console.warn(`skipped: ${name}: ${lacking}`);
    declare(`${name} (${lacking})`, tests);
  }
}
