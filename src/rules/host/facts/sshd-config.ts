/** A setting of sshd with the place where it is written. */
export interface SshdSetting {
  value: string;
  path: string;
  /** From 1. */
  line: number;
  /** Text after `Match` if it holds only for some connections. */
  match: string | null;
}

/** What sshd reads from its files: settings by lower-case keyword. */
export interface SshdConfig {
  /** The value that counts for everybody: the first one that is given (sshd_config(5)). */
  global: Map<string, SshdSetting>;
  /** Values in `Match` blocks. */
  conditional: Map<string, SshdSetting[]>;
  /** Include lines whose files are not among those given. */
  unresolved: string[];
}

const MAX_DEPTH = 16; // as servconf.c, SERVCONF_MAX_DEPTH
const MAX_STARS = 4; // patterns beyond what anybody writes are not tried

/**
 * Reads sshd_config(5) with the files that it includes. `files` holds texts by path; what an Include names and
 * is not there is listed as unresolved unless it is a pattern, which may match nothing.
 */
export function parseSshdConfig(path: string, files: ReadonlyMap<string, string>): SshdConfig {
  const config: SshdConfig = { global: new Map(), conditional: new Map(), unresolved: [] };
  read(path, null, 0, { files, config, done: new Set() });
  return config;
}

interface Reader {
  files: ReadonlyMap<string, string>;
  config: SshdConfig;
  /** What was read under which Match: again it would change nothing, the first value counts. */
  done: Set<string>;
}

function read(path: string, outer: string | null, depth: number, reader: Reader): void {
  const { files, config, done } = reader;
  const visit = `${path}\0${outer ?? ""}`;
  if (depth > MAX_DEPTH || done.has(visit)) return;
  done.add(visit);
  let match = outer;
  for (const [at, text] of (files.get(path) ?? "").split("\n").entries()) {
    const [keyword, value] = splitLine(text);
    if (keyword === "match") {
      match = value.toLowerCase() === "all" ? outer : value;
    } else if (keyword === "include") {
      for (const pattern of value.split(/\s+/)) {
        const names = matching(pattern, files);
        if (names.length === 0 && !/[*?[]/.test(pattern)) config.unresolved.push(pattern);
        for (const name of names) read(name, match, depth + 1, reader);
      }
    } else if (keyword !== "") {
      add(config, keyword, { value, path, line: at + 1, match });
    }
  }
}

function add(config: SshdConfig, keyword: string, setting: SshdSetting): void {
  if (setting.match === null) {
    if (!config.global.has(keyword)) config.global.set(keyword, setting);
    return;
  }
  const known = config.conditional.get(keyword) ?? [];
  // Enough to judge by; a file with thousands of blocks is not read to its last one.
  if (known.length < 100) config.conditional.set(keyword, [...known, setting]);
}

// `Keyword value`, `Keyword=value`, `Keyword "value"`; a comment is a line of its own, or follows a blank.
function splitLine(text: string): [string, string] {
  const line = text.trim();
  const [, keyword = "", rest = ""] = /^([A-Za-z0-9]+)(?:[ \t]*=[ \t]*|[ \t]+)(.*)$/.exec(line) ?? [];
  const value = rest.replace(/(?:^|[ \t])#.*$/, "").trim();
  return [keyword.toLowerCase(), /^"[^"]*"$/.test(value) ? value.slice(1, -1) : value];
}

function matching(pattern: string, files: ReadonlyMap<string, string>): string[] {
  const full = pattern.replaceAll('"', "");
  if (full.split("*").length - 1 > MAX_STARS) return [];
  const absolute = full.startsWith("/") ? full : `/etc/ssh/${full}`;
  // Of glob(7) the forms that are used in Include lines; a name never spans folders.
  const source = absolute
    .replaceAll(/[.+^${}()|\\[\]]/g, String.raw`\$&`)
    .replaceAll(/\*+/g, "[^/]*")
    .replaceAll("?", "[^/]");
  const test = new RegExp(`^${source}$`);
  return [...files.keys()].filter((name) => test.test(name)).toSorted();
}
