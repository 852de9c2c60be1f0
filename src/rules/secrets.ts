import type { EnvEvidence } from "#model/evidence/container.ts";

// One word of a name, or two in a row, that say that the value is a credential.
const SECRET_WORDS = new Set([
  "password",
  "passwd",
  "passphrase",
  "pwd",
  "secret",
  "secrets",
  "token",
  "credential",
  "credentials",
  "apikey",
  "accesskey",
  "privatekey",
  "secretkey",
  "authkey",
  "encryptionkey",
  "signingkey",
]);
const BEFORE_KEY = new Set(["api", "access", "private", "secret", "auth", "encryption", "signing", "master"]);

// Last words that say that the value only tells something about a credential: where it lies, how long it
// may be, who issued it. Images of databases read the credential itself from NAME_FILE.
const ABOUT_A_SECRET = new Set([
  "file",
  "files",
  "path",
  "dir",
  "directory",
  "name",
  "id",
  "type",
  "url",
  "uri",
  "endpoint",
  "host",
  "header",
  "length",
  "len",
  "ttl",
  "expiry",
  "expiration",
  "expires",
  "timeout",
  "algorithm",
  "issuer",
  "audience",
  "policy",
  "enabled",
  "required",
  "hasher",
  "manager",
  "pattern",
  "regex",
  "provider",
  "backend",
  "prefix",
]);

// Shapes that no credential worth the name has: switches such as ALLOW_EMPTY_PASSWORD=yes, sizes, file names.
const HARMLESS_SHAPES = new Set(["empty", "path", "number", "flag"]);

/**
 * Why an environment variable is taken for a secret, as the end of the sentence "NAME …"; null = it is not.
 * Judged by the name and the shape of the value, since evidence never holds the value.
 */
export function secretReason(env: EnvEvidence): string | null {
  if (env.shape.startsWith("token:")) {
    return `has the form of a credential (${env.shape.slice("token:".length)})`;
  }
  if (env.shape === "url-with-password") return "is a URL with a password in it";
  if (HARMLESS_SHAPES.has(env.shape) || env.length === 0) return null;
  const word = secretWord(env.name);
  return word === null ? null : `is named like a secret ("${word}")`;
}

function secretWord(name: string): string | null {
  const words = name
    // Long names are an attack on the reader, not a convention.
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  const last = words.at(-1) ?? "";
  if (ABOUT_A_SECRET.has(last)) return null;
  // DB_PASS is a password; PROXY_PASS of web servers, and words that begin with "pass", are not.
  if (last === "pass" && words.at(-2) !== "proxy") return last;
  for (const [at, word] of words.entries()) {
    // "PWD" and "OLDPWD" alone are the working directory.
    if (SECRET_WORDS.has(word) && !(word === "pwd" && words.length === 1)) return word;
    if (word === "key" && BEFORE_KEY.has(words[at - 1] ?? "")) return `${words[at - 1]} key`;
    const compound = [...SECRET_WORDS].find((secret) => secret.length > 5 && word.endsWith(secret));
    if (compound !== undefined) return compound;
  }
  return null;
}
