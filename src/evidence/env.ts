import type { EnvEvidence } from "#model/evidence/container.ts";

// Published prefixes and forms of credentials. Only these name a format; whether a variable is a secret at
// all is for the rules to say, from name and shape together.
const TOKENS: readonly [format: string, pattern: RegExp][] = [
  ["aws-access-key", /^(?:AKIA|ASIA)[A-Z0-9]{16}$/],
  ["github", /^(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{30,}$|^github_pat_\w{40,}$/],
  ["gitlab", /^glpat-[\w-]{20,}/],
  ["slack", /^xox[abeoprs]-[\w-]{10,}/],
  ["google-api", /^AIza[\w-]{35}$/],
  ["stripe", /^[rs]k_live_[A-Za-z0-9]{16,}/],
  ["npm", /^npm_[A-Za-z0-9]{36}$/],
  ["jwt", /^eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*$/],
  ["private-key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
];

/**
 * The shape of a value, never the value: `empty`, `url-with-password`, `token:<format>`, `path`, `number`,
 * `flag` or `text`.
 */
export function shapeOf(value: string): string {
  if (value === "") return "empty";
  for (const [format, pattern] of TOKENS) if (pattern.test(value)) return `token:${format}`;
  if (/^[a-z][\w+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i.test(value)) return "url-with-password";
  if (/^\.{0,2}\/[^\s]*$/.test(value)) return "path";
  if (/^\d+(?:\.\d+)?$/.test(value)) return "number";
  if (/^(?:true|false|yes|no|on|off)$/i.test(value)) return "flag";
  return "text";
}

/** Turns `NAME=value` entries into evidence that holds no value. */
export function describeEnv(entries: readonly string[]): EnvEvidence[] {
  return entries.map((entry) => {
    const equals = entry.indexOf("=");
    const name = equals < 0 ? entry : entry.slice(0, equals);
    const value = equals < 0 ? "" : entry.slice(equals + 1);
    return { name, shape: shapeOf(value), length: value.length };
  });
}

const MASK = "****";

// What a credential is called. A name that ends in FILE or the like names the place of one, not its value.
const SECRET_WORD =
  "(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|[_-]pass|[_-]pwd)";
const SECRET_NAME = new RegExp(`${SECRET_WORD}(?!\\w{0,40}(?:file|path|dir|url|name)$)`, "i");

// All repetitions have an end, or stop at a sign that starts no new attempt: the text is hostile, and a
// pattern that starts over at every sign takes quadratic time.
const MASKED: readonly [pattern: RegExp, replacement: string][] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g, MASK],
  [/(:\/\/[^/\s:@]*:)[^/\s@]+@/g, `$1${MASK}@`],
  [/(authorization["']?\s{0,9}[:=]\s{0,9}["']?(?:basic|bearer|token)\s{1,9})[^\s"']+/gi, `$1${MASK}`],
  [/(\s-u\s{0,9}|--user[=\s]\s{0,9})([^\s:"']{1,99}:)[^\s"']+/g, `$1$2${MASK}`],
  [
    new RegExp(
      `(${SECRET_WORD}(?!\\w{0,40}(?:file|path|dir|url|name)\\b)\\w{0,40}["']?\\s{0,9}[=:]\\s{0,9})` +
        `(?:(")(?:\\\\.|[^"\\\\])*("?)|(')[^']*('?)|[^\\s"'&|;]+)`,
      "gi",
    ),
    `$1$2$4${MASK}$3$5`,
  ],
  [new RegExp(`(--?${SECRET_WORD}\\s{1,9})[^\\s-][^\\s]*`, "gi"), `$1${MASK}`],
  [
    /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[opsur]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{40,}|\bglpat-[\w-]{20,}|\bxox[abeoprs]-[\w-]{10,}|\bAIza[\w-]{35}|\b[rs]k_live_[A-Za-z0-9]{16,}|\bnpm_[A-Za-z0-9]{36}|(?<![\w-])eyJ[\w-]{8,4096}\.eyJ[\w-]{8,}(?:\.[\w-]*)?/g,
    MASK,
  ],
];

// Every pattern above needs one of these; most texts have none.
const MAY_HOLD_SECRET =
  /[:=]|\s-u|--|pass|secret|token|key|credential|[_-]p|PRIVATE|authorization|AKIA|ASIA|gh[opsur]_|github_pat_|glpat-|xox|AIza|k_live_|npm_|eyJ/i;

/** Replaces what looks like a credential in a command line, build step or configuration file by `****`. */
export function maskSecrets(text: string): string {
  if (!MAY_HOLD_SECRET.test(text)) return text;
  let masked = text;
  for (const [pattern, replacement] of MASKED) masked = masked.replace(pattern, replacement);
  return masked;
}

/** True if `name` is what people call a credential (`DB_PASSWORD`, `splunk-token`), not the path of one. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

const MAX_DEPTH = 16;

/**
 * {@link maskSecrets} for every text within a JSON value; the value of a key that names a credential is masked
 * whole. Keys stay, and what is nested deeper than 16 levels becomes null.
 */
export function maskValue(value: unknown, name = "", depth = 0): unknown {
  if (typeof value === "string") {
    return isSecretName(name) && value !== "" && !value.startsWith("/") ? MASK : maskSecrets(value);
  }
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => maskValue(item, name, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, maskValue(item, key, depth + 1)]),
  );
}

/** {@link maskSecrets} for a list of arguments, where the value of `--password` is an argument of its own. */
export function maskArguments(args: readonly string[]): string[] {
  return args.map((argument, at) => {
    const before = args[at - 1] ?? "";
    const named = before.startsWith("-") && !before.includes("=") && isSecretName(before);
    return named && !/^[-/]/.test(argument) ? MASK : maskSecrets(argument);
  });
}
