import type { ShellWord } from "#model/evidence/shell.ts";
import { describeEnv, shapeOf } from "#evidence/env.ts";
import type { Range } from "#model/text.ts";
import { secretReason } from "../../secrets.ts";
import type { Call } from "./command-calls.ts";
import { curlLetters } from "./command-downloads.ts";
import { shellVariable } from "./command-environment.ts";

/** A secret in a command, and what it is; never the secret. */
export interface ShownSecret {
  range: Range;
  name: string;
}

/** Long flags whose value is a secret whatever the program. */
const FLAG =
  /^--?(?:[a-z]+-)*(?:password|passwd|passphrase|pass|token|secret|apikey|api-key|access-key|secret-key|client-secret|auth-token)$/i;
/** Short ones, by program. */
const SHORT: Readonly<Record<string, RegExp>> = {
  sshpass: /^-p(.*)$/s,
  mysql: /^-p(.+)$/s,
  mysqldump: /^-p(.+)$/s,
  mysqladmin: /^-p(.+)$/s,
};
const LOGINS = new Set(["docker", "podman", "helm", "az", "oc", "skopeo", "buildah", "nerdctl", "crane"]);
/** What stands for a secret, and is none. */
const PLACEHOLDER = /^(?:[<{[(].*|x{3,}|\*+|\.{2,}|-|true|false|yes|no|null|none|stdin|\d{1,3}|%s)$/i;
const URL_PASSWORD = /[a-z][\w+.-]{1,20}:\/\/([^/\s:@"'$]{0,100}):([^/\s@"'$]{1,200})@/i;
const BEARER =
  /^(?:proxy-)?(?:authorization|private-token|x-api-key|x-auth-token|x-vault-token|job-token|api-key)\s*:\s*(?:(?:basic|bearer|token)\s+)?([^\s$]{8,})$/i;
const LONGEST = 4000;

/** Secrets that stand in a command as they are; what a variable holds is not looked at. */
export function secretsIn(call: Call): ShownSecret[] {
  const { command, written } = call;
  const found = written.assigns.length > 0 || command.name === "export" ? assigned(call) : [];
  if (command.args.length === 0) return found;
  found.push(...flagged(call));
  for (const word of command.args) {
    const secret = word.value.length < SHORTEST ? null : shaped(call, word);
    if (secret !== null) found.push(secret);
  }
  return found;
}

/** Nothing shorter is an address with a password or a token. */
const SHORTEST = 12;

function assigned(call: Call): ShownSecret[] {
  const { written, command } = call;
  const found: ShownSecret[] = [];
  for (const name of written.assigns) {
    const value = shellVariable(call, name) ?? "";
    if (isNamedSecret(name, value)) found.push({ range: written.range, name: `the value of ${name}` });
  }
  if (command.name !== "export") return found;
  for (const { value, range } of command.args) {
    const equals = value.indexOf("=");
    const name = value.slice(0, Math.max(equals, 0));
    if (isNamedSecret(name, value.slice(equals + 1))) found.push({ range, name: `the value of ${name}` });
  }
  return found;
}

function isNamedSecret(name: string, value: string): boolean {
  if (name === "" || !isLiteral(value)) return false;
  return describeEnv([`${name}=${value}`]).some((env) => secretReason(env) !== null);
}

function isLiteral(value: string): boolean {
  return value.length > 2 && !/[$`]/.test(value) && !PLACEHOLDER.test(value);
}

function flagged(call: Call): ShownSecret[] {
  const { name, args } = call.command;
  const found: ShownSecret[] = [];
  for (const [at, word] of args.entries()) {
    if (word.value.length > LONGEST) continue;
    if (word.value.startsWith("-")) found.push(...behindFlag(call, at));
    else if (name !== null && REGISTRY_CLIENTS.has(name)) found.push(...registryToken(word, args[at + 1]));
  }
  return name === "curl" ? [...found, ...ofCurl(call)] : found;
}

/** A verb stands near the begin of its command. */
const NEAR = 10;
const REGISTRY_CLIENTS = new Set(["npm", "yarn", "pnpm"]);

/** `npm config set //registry/:_authToken TOKEN`, with a blank or `=` between. */
function registryToken({ value: word, range }: ShellWord, next: ShellWord | undefined): ShownSecret[] {
  const equals = word.indexOf("=");
  const key = equals === -1 ? word : word.slice(0, equals);
  if (!/(?:_authToken|_password|_auth|npmAuthToken)$/.test(key)) return [];
  return isLiteral(equals === -1 ? (next?.value ?? "") : word.slice(equals + 1))
    ? [
        {
          range: { start: range.start, end: (equals === -1 ? next : undefined)?.range.end ?? range.end },
          name: `the value of ${key.replace(/^.*:/s, "")}`,
        },
      ]
    : [];
}

function behindFlag({ command: { name, args } }: Call, at: number): ShownSecret[] {
  const { value: word, range } = args[at] as ShellWord;
  const next = args[at + 1];
  if (!word.startsWith("--")) {
    const isLogin =
      word === "-p" &&
      name !== null &&
      LOGINS.has(name) &&
      args.slice(0, NEAR).some(({ value }) => value === "login");
    const glued = isLogin ? "" : SHORT[name ?? ""]?.exec(word)?.[1];
    if (glued === undefined || !isLiteral(glued === "" ? (next?.value ?? "") : glued)) return [];
    return [{ range, name: `the password of ${name}${isLogin ? " login" : ""}` }];
  }
  const equals = word.indexOf("=");
  const flag = equals === -1 ? word : word.slice(0, equals);
  const value = equals === -1 ? (next?.value ?? "") : word.slice(equals + 1);
  // a path or another flag is no secret
  if (!FLAG.test(flag) || !isLiteral(value) || /^[-/~]|^\.{1,2}\//.test(value)) return [];
  return [
    {
      range: equals === -1 ? (next?.range ?? range) : range,
      name: `the value of ${flag} of ${name ?? "a command"}`,
    },
  ];
}

function ofCurl({ command }: Call): ShownSecret[] {
  const { args } = command;
  const letters = new Map(
    curlLetters(command).flatMap(({ letter, word }) =>
      letter === "u" || letter === "U" ? [[word, letter] as const] : [],
    ),
  );
  return args.flatMap((word, at) => {
    const long = /^--(?:proxy-)?user(?:=(.*))?$/s.exec(word.value);
    const short = letters.get(word);
    if (long === null && short === undefined) return [];
    const glued = long === null ? word.value.slice(word.value.indexOf(short ?? "u") + 1) : (long[1] ?? "");
    const [user = "", password = ""] = splitOnce(glued === "" ? (args[at + 1]?.value ?? "") : glued);
    return password !== "" && isLiteral(password)
      ? [{ range: word.range, name: `the password of ${user === "" ? "curl" : user} for curl` }]
      : [];
  });
}

function splitOnce(text: string): [string, string] {
  const colon = text.indexOf(":");
  return colon === -1 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** Addresses with a password, headers that log in, and tokens whose form is published. */
function shaped({ command }: Call, { value: whole, range }: ShellWord): ShownSecret | null {
  const value = whole.slice(0, LONGEST);
  const [, user, password = ""] = (value.includes("://") ? URL_PASSWORD.exec(value) : null) ?? [];
  if (isLiteral(password) && !/^(?:user|username|u):(?:pass|password|p)$/i.test(`${user}:${password}`)) {
    return { range, name: "the password in an address" };
  }
  const [, token = ""] = (value.includes(":") ? BEARER.exec(value) : null) ?? [];
  if (isLiteral(token)) return { range, name: `a header that logs in, for ${command.name ?? "a command"}` };
  if (!MARKS.test(value)) return null;
  for (const piece of value.split(/[\s=:"'`@/,;?&]+/)) {
    const format = piece.length < 16 ? null : /^token:(.+)$/.exec(shapeOf(piece))?.[1];
    if (format !== null && format !== undefined) return { range, name: `a credential (${format})` };
  }
  return shapeOf(value) === "token:private-key" ? { range, name: "a private key" } : null;
}

/** How credentials of a published form begin; tells quickly that a word holds none. */
const MARKS =
  /AKIA|ASIA|gh[opsur]_|github_pat_|glpat-|xox[abeoprs]-|AIza|[rs]k_live_|npm_|eyJ|PRIVATE KEY-----/;
