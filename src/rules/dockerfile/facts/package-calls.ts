import type { Dockerfile } from "#model/evidence/dockerfile.ts";
import type { ShellWord } from "#model/evidence/shell.ts";
import type { RuleSettings } from "#model/settings.ts";
import { operands } from "#evidence/shell/flags.ts";
import { buildCalls, type Call, type Step } from "./command-calls.ts";

/** A program that installs packages of a distribution, as its manual page describes it. */
export interface PackageManager {
  programs: readonly string[];
  /** Those of them that hadolint judges. */
  known: readonly string[];
  /** Flags that take the next argument as value, without dashes. */
  valueFlags: ReadonlySet<string>;
  /** Verbs that install packages by name. */
  install: ReadonlySet<string>;
  /** Verbs that install newer versions of what is there. */
  upgrade: ReadonlySet<string>;
  /** Verbs that only fetch the lists of what there is. */
  refresh: ReadonlySet<string>;
  /** Verbs that take packages away. */
  remove: ReadonlySet<string>;
  /** Verbs with a second verb behind them: `dnf group install`. */
  nested: ReadonlySet<string>;
}

/** What a package manager is told to do. */
export interface PackageCall {
  step: Step;
  call: Call;
  manager: PackageManager;
  /** `install`; of a nested one the second word too: `group install`. */
  verb: string;
  /** The last word of the verb. */
  verbWord: ShellWord;
  /** What stands behind the verb and is no flag. */
  packages: readonly ShellWord[];
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(" ").filter((word) => word !== ""));

// dnf(8), yum(8); --setopt and the like take their value behind a blank as well.
const RPM_VALUES = set(
  "c config d debuglevel e errorlevel x exclude excludepkgs R randomwait releasever enablerepo disablerepo repo " +
    "repoid setopt installroot disableexcludes disableplugin enableplugin color comment destdir downloaddir " +
    "forcearch advisory advisories bz bzs cve cves sec-severity secseverity repofrompath rpmverbosity from-repo",
);

/** apt-get(8); apt(8) has the same verbs. */
export const APT: PackageManager = {
  programs: ["apt-get", "apt"],
  known: ["apt-get"],
  valueFlags: set(
    "o option c config-file t target-release default-release a host-architecture P build-profiles",
  ),
  install: set("install"),
  upgrade: set("upgrade dist-upgrade full-upgrade dselect-upgrade"),
  refresh: set("update"),
  remove: set("remove purge autoremove autopurge"),
  nested: set(""),
};

/** apk(8), apk-add(8). */
export const APK: PackageManager = {
  programs: ["apk"],
  known: ["apk"],
  valueFlags: set(
    "t virtual X repository p root repositories-file keys-dir arch wait cache-dir cache-max-age progress-fd timeout",
  ),
  install: set("add"),
  upgrade: set("upgrade"),
  refresh: set("update"),
  remove: set("del"),
  nested: set(""),
};

/** yum(8): `update` installs, `makecache` and `check-update` only look. */
export const YUM: PackageManager = {
  programs: ["yum"],
  known: ["yum"],
  valueFlags: RPM_VALUES,
  install: set(
    "install localinstall reinstall downgrade module:install module:update group:install groups:install groupinstall",
  ),
  upgrade: set("update upgrade upgrade-minimal update-minimal distro-sync distribution-synchronization"),
  refresh: set("makecache check-update"),
  remove: set("remove erase autoremove"),
  nested: set("group groups module history mark repository-packages"),
};

/** dnf(8) with its short verbs, microdnf(8), and tdnf(8), which takes the same ones. */
export const DNF: PackageManager = {
  programs: ["dnf", "microdnf", "dnf5", "tdnf"],
  known: ["dnf", "microdnf"],
  valueFlags: RPM_VALUES,
  install: set(
    "install in localinstall reinstall rei downgrade dg builddep swap module:install module:update group:install " +
      "groups:install grp:install groupinstall",
  ),
  upgrade: set(
    "update upgrade up upgrade-minimal update-minimal up-min distro-sync dsync upgrade-to update-to offline-upgrade",
  ),
  refresh: set("makecache mc check-update check-upgrade"),
  remove: set("remove rm erase autoremove"),
  nested: set("group groups grp module history mark repository-packages"),
};

/** zypper(8). */
export const ZYPPER: PackageManager = {
  programs: ["zypper"],
  known: ["zypper"],
  valueFlags: set(
    "c config D reposd-dir C cache-dir raw-cache-dir solv-cache-dir pkg-cache-dir R root installroot p plus-repo " +
      "plus-content releasever r repo from t type download",
  ),
  install: set("install in source-install si"),
  upgrade: set("update up dist-upgrade dup patch"),
  refresh: set("refresh ref refresh-services refs"),
  remove: set("remove rm"),
  nested: set(""),
};

const read = new WeakMap<Call, PackageCall | null>();

/**
 * What RUN instructions tell a package manager to do, in order of the file; calls without a verb are left out. Under
 * the preset `hadolint` these are the calls of programs that it judges.
 */
export function packageCalls(
  dockerfile: Dockerfile,
  manager: PackageManager,
  { preset }: Pick<RuleSettings, "preset">,
): PackageCall[] {
  const found: PackageCall[] = [];
  for (const call of buildCalls(dockerfile, ...(preset === "hadolint" ? manager.known : manager.programs))) {
    const packageCall = packageCallOf(call, manager);
    if (packageCall !== null) found.push(packageCall);
  }
  return found;
}

function packageCallOf(call: Call, manager: PackageManager): PackageCall | null {
  const known = read.get(call);
  if (known !== undefined) return known;
  const words = operands(call.command, manager.valueFlags);
  // `apt-get $OPTIONS install x`: what a variable holds before the verb are flags
  let at = words.findIndex((word) => word.static);
  let verbWord = words[at];
  let result: PackageCall | null = null;
  if (verbWord !== undefined) {
    let verb = verbWord.value;
    const second = words[at + 1];
    if (manager.nested.has(verb) && second !== undefined) {
      verb = `${verb}:${second.value}`;
      verbWord = second;
      at += 1;
    }
    result = { step: call.step, call, manager, verb, verbWord, packages: words.slice(at + 1) };
  }
  read.set(call, result);
  return result;
}

/** True if it puts packages into the layer, new ones or newer ones. */
export function installs({ manager, verb }: PackageCall): boolean {
  return manager.install.has(verb) || manager.upgrade.has(verb);
}
