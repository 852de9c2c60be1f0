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

/** Replaces what looks like a credential in a command line or build step by `****`. */
export function maskSecrets(text: string): string {
  return text
    .replace(/([a-z][\w+.-]*:\/\/[^/\s:@]*:)[^/\s@]+@/gi, "$1****@")
    .replace(
      /((?:passw(?:or)?d|passwd|secret|token|api[_-]?key|access[_-]?key|credential)s?["']?\s*[=:]\s*["']?)[^\s"'&|;]+/gi,
      "$1****",
    )
    .replace(/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[opsur]_[A-Za-z0-9]{30,}\b|\bglpat-[\w-]{20,}/g, "****");
}
