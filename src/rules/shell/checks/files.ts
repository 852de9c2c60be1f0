import type { Argument, CallCheck } from "../calls.ts";
import { flagsOf, flatOf, hasFlag } from "../calls.ts";
import { brief, expansion, isStaticPart } from "../tree.ts";
import { report } from "../visit.ts";
import type { Word, WordPart } from "unbash";

const NOT_NAMES = new Set(["echo", "printf"]);

/** SC2035: a pattern at the start of a word may match a file that looks like a flag. */
export const globAsFlag: CallCheck = ({ name, args, node }, visit) => {
  if (name !== null && (NOT_NAMES.has(name) || name === "[")) return;
  for (const { node: word, text } of args) {
    if (text === "--") return;
    if (word.type !== "Word") continue;
    const first = word.parts?.[0];
    if (first?.type !== "Glob" || first.kind === "bracket" || first.pos < node.pos) continue;
    report(
      visit,
      2035,
      first,
      `${brief(word.text)} also matches files whose name begins with a dash: write ./${brief(word.text)} or put -- before it`,
      {
        title: `Write ./${brief(word.text)}`,
        safety: "safe",
        edits: [{ start: first.pos, end: first.pos, text: "./" }],
      },
    );
  }
};

/** Folders without which a system does not start; rm of them is never meant. */
const SYSTEM = new Set([
  "",
  "/bin",
  "/boot",
  "/dev",
  "/etc",
  "/home",
  "/lib",
  "/lib64",
  "/media",
  "/mnt",
  "/usr",
  "/usr/bin",
  "/usr/local",
  "/usr/share",
  "/var",
]);

/** SC2114, SC2115: `rm -r` of a system folder, or of one if a variable is empty. */
export const rm: CallCheck = (call, visit) => {
  if (!hasFlag(call, "r", "R", "recursive")) return;
  let flags = true;
  for (const arg of call.args) {
    if (flags && arg.text === "--") flags = false;
    else if (!(flags && flatOf(arg).startsWith("-"))) judgePath(arg, visit);
  }
};

function judgePath({ node, pos, end }: Argument, visit: Parameters<typeof report>[0]): void {
  if (node.type !== "Word") return;
  const path = whenEmpty(node);
  if (path === null) return;
  const fixed =
    node.parts === undefined || node.parts.every((part) => isStaticPart(part) || isGlobStar(part));
  if (node.parts?.some(({ type }) => type === "BraceExpansion") === true) {
    if (braced(path).some((one) => isSystem(one, false))) {
      report(visit, 2114, { pos, end }, `rm -r of ${brief(node.text)} deletes a folder of the system`);
    }
    return;
  }
  if (!isSystem(path, true)) return;
  if (fixed && !path.endsWith("*")) {
    report(visit, 2114, { pos, end }, `rm -r of ${brief(node.text)} deletes a folder of the system`);
  } else {
    const why = fixed
      ? "deletes all of a folder of the system"
      : "deletes from the root if its variable is empty; ${var:?} stops then";
    report(visit, 2115, { pos, end }, `rm -r of ${brief(node.text)} ${why}`);
  }
}

function isGlobStar(part: WordPart): boolean {
  return part.type === "Glob" && part.kind === "star";
}

function isSystem(path: string, withStar: boolean): boolean {
  if (!path.startsWith("/")) return false;
  const plain = (withStar ? path.replace(/\/?\*+\/?$/, "") : path)
    .replaceAll(/\/{2,}/g, "/")
    .replace(/\/$/, "");
  return SYSTEM.has(plain);
}

/** The path if all variables in it are empty; null where one cannot be, or something else stands there. */
function whenEmpty(word: Word): string | null {
  if (word.parts === undefined) return word.value.startsWith("~") ? null : word.value;
  let path = "";
  for (const part of word.parts) {
    const text = partWhenEmpty(part);
    if (text === null) return null;
    path += text;
  }
  return path;
}

function partWhenEmpty(part: WordPart): string | null {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return part.value;
    case "Glob":
      return part.kind === "star" ? "*" : null;
    case "BraceExpansion":
      return part.text;
    case "DoubleQuoted": {
      let text = "";
      for (const child of part.parts) {
        const inner = partWhenEmpty(child);
        if (inner === null) return null;
        text += inner;
      }
      return text;
    }
    case "SimpleExpansion":
      return "";
    case "ParameterExpansion": {
      const { operator } = expansion(part);
      return operator === ":-" || operator === ":?" || operator === ":=" ? null : "";
    }
    case "CommandExpansion":
      return "";
    default:
      return null;
  }
}

const BRACES = /^(.*?)\{([^{}]*)\}(.*)$/s;

/** `/{usr,etc}` → `/usr`, `/etc`; one pair of braces. */
function braced(path: string): string[] {
  const found = BRACES.exec(path);
  if (found === null) return [path];
  const [, before = "", inner = "", after = ""] = found;
  return inner.split(",").map((one) => before + one + after);
}

/** SC2174: `mkdir -p -m` gives the mode to the last folder only. */
export const mkdir: CallCheck = (call, visit) => {
  if (!hasFlag(call, "p", "parents")) return;
  const flags = flagsOf(call);
  const mode = flags.find(({ name }) => name === "m" || name === "mode");
  if (mode === undefined) return;
  // the value of -m: not a folder
  const values = new Set(
    flags
      .filter(({ name, at }) => (name === "m" && flatOf(at).endsWith("m")) || flatOf(at) === "--mode")
      .map(({ at }) => at),
  );
  const deep = call.args.some((arg, at) => {
    if (flatOf(arg).startsWith("-") || values.has(call.args[at - 1] as Argument)) return false;
    return (
      /^(?:\.\/)?(?!\.\.?\/)[^/]*\/./.test(flatOf(arg).replace(/^(?:\.\.?\/)+/, "")) || arg.text === null
    );
  });
  if (deep) {
    report(
      visit,
      2174,
      mode.at,
      "mkdir -p gives the mode to the last folder only, the ones above it get the default",
    );
  }
};

/** SC2336: `cp -r` may copy special files or links as it likes; -R is what POSIX says. */
export const cp: CallCheck = (call, visit) => {
  const found = flagsOf(call).find(({ name, at }) => name === "r" && !flatOf(at).startsWith("--"));
  if (found !== undefined && visit.options.release === "newest") {
    report(visit, 2336, found.at, "POSIX leaves open what cp -r does with special files; -R is defined", {
      title: "Write -R",
      safety: "safe",
      edits: replaceLetter(found.at),
    });
  }
};

function replaceLetter({ node, pos }: Argument): { start: number; end: number; text: string }[] {
  const at = node.text.indexOf("r");
  return at === -1 ? [] : [{ start: pos + at, end: pos + at + 1, text: "R" }];
}

const READS = new Set(["-exec", "-execdir", "-ok", "-okdir"]);

/** SC2185: find without a folder. SC2227: a redirection in the middle. SC2061, SC2146, SC2150, SC2156, SC2014. */
export const find: CallCheck = ({ node, args, nameWord }, visit) => {
  const texts = args.map(({ text }) => text);
  if (nameWord !== undefined && !hasFolder(args)) {
    report(
      visit,
      2185,
      nameWord,
      "find without a folder searches the current one only in GNU find; write `find .`",
    );
  }
  const last = node.suffix.findLastIndex((item) => item.type === "Word");
  for (const item of node.suffix.slice(0, Math.max(0, last))) {
    if (item.type === "Redirect" || item.type === "HereString") {
      const before = args.some(({ end }) => end <= item.pos);
      if (before)
        report(visit, 2227, item, "the redirection is find's own, not that of the command behind -exec");
    }
  }
  for (const [at, text] of texts.entries()) {
    if (text === null || !/^-(?:i?name|i?path|i?regex|i?lname|i?wholename)$/.test(text)) continue;
    const pattern = args[at + 1];
    if (pattern?.node.type === "Word" && pattern.node.parts?.some(({ type }) => type === "Glob") === true) {
      report(visit, 2061, pattern, `the shell matches ${brief(pattern.node.text)} before find sees it`);
    }
  }
  const run = texts.findIndex((text) => text !== null && READS.has(text));
  const program = args[run + 1];
  if (run !== -1 && program?.text != null && program.text.includes(" ")) {
    report(
      visit,
      2150,
      args[run] as Argument,
      "-exec takes the program and its arguments as words, not as one string",
    );
  }
};

function hasFolder(args: readonly Argument[]): boolean {
  for (const arg of args) {
    const flat = flatOf(arg);
    if (/^-(?:[HLP]+|O\d*|D)$/.test(flat) || flat === "--") continue;
    return !flat.startsWith("-");
  }
  return false;
}
