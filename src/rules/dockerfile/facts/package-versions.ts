import type { ShellWord } from "#model/evidence/shell.ts";
import { APK, APT, DNF, type PackageCall, YUM, ZYPPER } from "./package-calls.ts";

/** Packages of a call that are installed in whatever version the repository has that day. */
export function unpinned(packageCall: PackageCall): readonly ShellWord[] {
  const { manager, verb, packages, call } = packageCall;
  if (verb === "module:install") return packages.filter(({ value }) => !value.includes(":"));
  if (!INSTALL.has(verb)) return [];
  const { variables } = call.body;
  switch (manager) {
    case APT:
      return packages.filter(({ value }) => !isAptPinned(value));
    case APK:
      return packages.filter(({ value }) => !isApkPinned(value));
    case YUM:
    case DNF:
      return packages.filter(({ value }) => !isRpmPinned(value, variables));
    case ZYPPER:
      return packages.filter(({ value }) => !isZypperPinned(value));
    default:
      return [];
  }
}

const INSTALL = new Set(["install", "in", "add"]);

/** apt-get(8): `name=version`, `name/release`; what has a slash or ends in `.deb` may be a file. */
function isAptPinned(name: string): boolean {
  return name.indexOf("=") > 0 || name.includes("/") || name.endsWith(".deb");
}

/** apk-world(5): a constraint holds one of `= < > ~`; `!name` keeps a package out. */
function isApkPinned(name: string): boolean {
  return /[=<>~]/.test(name) || name.endsWith(".apk") || name.startsWith("!");
}

/**
 * dnf(8), "Specifying packages": a version begins with a digit behind a dash. Files, groups and what is asked for by
 * something it provides have none. A variable of the build behind the dash counts as a version.
 */
function isRpmPinned(name: string, variables: ReadonlySet<string>): boolean {
  if (/-\d/.test(name) || name.endsWith(".rpm")) return true;
  if (name.startsWith("@") || name.includes("/") || name.includes("(")) return true;
  const variable = /-\$\{?(\w+)/.exec(name)?.[1];
  return variable !== undefined && variables.has(variable);
}

/** zypper(8): `name=version`, `name>version`; files end in `.rpm`. */
function isZypperPinned(name: string): boolean {
  return /[=<>]/.test(name) || name.endsWith(".rpm");
}
