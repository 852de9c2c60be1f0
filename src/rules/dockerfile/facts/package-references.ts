import type { ShellWord } from "#model/evidence/shell.ts";
import { hasFlag, operands } from "#evidence/shell/flags.ts";
import type { Dockerfile } from "#model/evidence/dockerfile.ts";
import type { RuleSettings } from "#model/settings.ts";
import { buildCalls, type Call, type Step } from "./command-calls.ts";
import { type PipCall, pipCalls, readPip } from "./pip-calls.ts";

/** Packages of a language that a command installs in whatever version there is. */
export interface Unpinned {
  step: Step;
  /** The command as people name it: `pip3 install`. */
  command: string;
  packages: readonly ShellWord[];
}

/** Finds unpinned packages of one package manager in a file. */
export type UnpinnedIn = (dockerfile: Dockerfile, settings: Pick<RuleSettings, "preset">) => Unpinned[];

/** Archives and wheels name one version; pip, npm and gem install them from a file or an address. */
const ARCHIVE = /\.(?:whl|tar|tar\.gz|tgz|tar\.bz2|gem)$/i;

// pip, PEP 440 and 508: `name==1`, `name~=1`, `name<2`; VCS addresses: `git+https://host/repo@ref#egg=name`.
const PIP_VERSION = /[=<>~!]=|[<>]/;
const VCS = /^(?:git|hg|svn|bzr)\+?[a-z]*:/i;

export const unpinnedPip: UnpinnedIn = (dockerfile, { preset }) => {
  const found: PipCall[] = [...pipCalls(dockerfile)];
  for (const call of buildCalls(dockerfile, "pipx", "uv")) {
    const { name, args } = call.command;
    const behind = name === "uv" ? args.findIndex(({ value }) => value === "pip") + 1 : 0;
    const read =
      name === "uv" && behind === 0
        ? null
        : readPip(call, name === "uv" ? "uv pip" : "pipx", args.slice(behind));
    if (read !== null && (preset !== "hadolint" || name === "pipx")) found.push(read);
  }
  return found.flatMap(({ step, name, args, verb, packages }) => {
    if (verb !== "install") return [];
    // a file of constraints fixes versions of what is named beside it; one of requirements only its own
    if (hasFlag({ args }, "c", "constraint")) return [];
    if (hasFlag({ args }, "r", "requirement") && preset === "hadolint") return [];
    return unpinnedOf(step, `${name} install`, packages, isPipPinned);
  });
};

function isPipPinned(name: string): boolean {
  if (VCS.test(name)) return /^[^@]*:\/\/(?:[^@/]*@)?[^@]*@[^@]+$/.test(name);
  if (name.includes("://")) return true;
  const plain = name.replace(/\[[^\]]*\]$/, "");
  return PIP_VERSION.test(name) || plain === "." || plain.includes("/") || ARCHIVE.test(name);
}

// npm-install(1), package specs: `name@version`; git addresses pin behind `#`.
const NPM_INSTALL = new Set(["install", "i", "in", "ins", "inst", "add", "isntall"]);
const NPM_VALUES = new Set(
  (
    "registry prefix C cache loglevel tag save-prefix omit include workspace w userconfig globalconfig otp before " +
    "install-strategy script-shell fetch-timeout fetch-retries location depth maxsockets proxy https-proxy noproxy " +
    "cafile ca cert key access only also unsafe-perm-user node-options"
  ).split(" "),
);

export const unpinnedNpm: UnpinnedIn = (dockerfile, { preset }) =>
  buildCalls(dockerfile, "npm").flatMap(({ command, step }) => {
    const [verb, ...packages] = operands(command, NPM_VALUES);
    if (verb === undefined || !NPM_INSTALL.has(verb.value)) return [];
    return unpinnedOf(step, `npm ${verb.value}`, packages, (name) =>
      isNpmPinned(name, preset === "hadolint"),
    );
  });

function isNpmPinned(name: string, strictly: boolean): boolean {
  if (/^(?:\.{1,2}(?:\/|$)|\/|~\/|file:)/.test(name) || ARCHIVE.test(name)) return true;
  if (/^(?:git\b|git\+|github:|gitlab:|bitbucket:|gist:)/.test(name) && name.includes(":"))
    return /#./.test(name);
  const at = name.lastIndexOf("@");
  if (at > 0) return strictly || !/@(?:latest|next)?$/.test(name);
  // `user/repository#commit` of GitHub; a scoped name begins with @
  return !name.startsWith("@") && name.includes("/") && name.includes("#");
}

// gem(1) install: `name:version`, or --version for all that are named; behind `--` stand flags of the build.
const GEM_VALUES = new Set(
  "v version s source i install-dir n bindir P trust-policy platform build-root p http-proxy B bulk-threshold g file".split(
    " ",
  ),
);

export const unpinnedGem: UnpinnedIn = (dockerfile) =>
  buildCalls(dockerfile, "gem").flatMap(({ command, step }) => {
    const end = command.args.findIndex(({ value }) => value === "--");
    const args = end === -1 ? command.args : command.args.slice(0, end);
    const [verb, ...packages] = operands({ args }, GEM_VALUES);
    if (verb?.value !== "install" && verb?.value !== "i") return [];
    if (hasFlag({ args }, "version") || args.some(({ value }) => value.startsWith("-v"))) return [];
    return unpinnedOf(step, "gem install", packages, (name) => /.:./.test(name) || ARCHIVE.test(name));
  });

// `go help get`, `go help packages`, `go help build`: a version stands behind @; local paths begin with `.` or `/`.
const GO_VALUES = new Set(
  (
    "C p asmflags buildmode buildvcs compiler covermode coverpkg exec gccgoflags gcflags installsuffix ldflags mod " +
    "modfile o overlay pgo pkgdir tags toolexec"
  ).split(" "),
);

export const unpinnedGo: UnpinnedIn = (dockerfile, { preset }) =>
  buildCalls(dockerfile, "go").flatMap(({ command, step }) => {
    const [verb, ...all] = goOperands(command);
    // behind the program that `go run` starts stand its own arguments
    const packages = verb?.value === "run" ? all.slice(0, 1) : all;
    if (verb === undefined || !(verb.value === "install" || verb.value === "get" || verb.value === "run"))
      return [];
    return unpinnedOf(step, `go ${verb.value}`, packages, (name) => isGoPinned(name, preset === "hadolint"));
  });

function goOperands({ args }: Pick<Call["command"], "args">): ShellWord[] {
  const found: ShellWord[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] as ShellWord;
    if (!arg.value.startsWith("-")) found.push(arg);
    else if (GO_VALUES.has(arg.value.replace(/^--?/, ""))) at += 1;
  }
  return found;
}

function isGoPinned(name: string, strictly: boolean): boolean {
  if (/^(?:\.|\/)/.test(name)) return true;
  // files of this module, and what comes with Go
  if (
    !strictly &&
    (name.endsWith(".go") || name === "std" || name === "cmd" || name === "all" || name.startsWith("cmd/"))
  )
    return true;
  const at = name.indexOf("@");
  return at > 0 && !/@(?:latest|none)?$/.test(name);
}

function unpinnedOf(
  step: Step,
  command: string,
  words: readonly ShellWord[],
  isPinned: (name: string) => boolean,
): Unpinned[] {
  const packages = words.filter(({ value }) => !isPinned(value));
  return packages.length === 0 ? [] : [{ step, command, packages }];
}
