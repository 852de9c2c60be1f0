import type { Dockerfile, Instruction, Pair } from "#model/evidence/dockerfile.ts";
import type { ShellWord } from "#model/evidence/shell.ts";
import { aptSettings, isAptOff } from "./apt-flags.ts";
import { type Call, perStep, steps } from "./command-calls.ts";
import { curlLetters, isLocal } from "./command-downloads.ts";
import { removeWord, replaceWord } from "./command-edits.ts";
import { shellVariable } from "./command-environment.ts";
import type { Offence, StepOffences } from "./command-report.ts";

/** Values by which a variable switches the check off; the names are those of the programs' manuals. */
const VARIABLES: ReadonlyMap<string, RegExp> = new Map([
  ["GIT_SSL_NO_VERIFY", /^(?!(?:0|false|no|off)?$)/i],
  ["NODE_TLS_REJECT_UNAUTHORIZED", /^0$/],
  ["PYTHONHTTPSVERIFY", /^0$/],
  ["NPM_CONFIG_STRICT_SSL", /^false$/i],
  ["YARN_STRICT_SSL", /^false$/i],
  ["YARN_ENABLE_STRICT_SSL", /^(?:false|0)$/i],
  ["PIP_TRUSTED_HOST", /./],
  ["GOINSECURE", /./],
  ["CONDA_SSL_VERIFY", /^(?:false|0|no)$/i],
  ["BUNDLE_SSL_VERIFY_MODE", /^0$/],
  ["COMPOSER_DISABLE_TLS", /^(?:1|true)$/i],
]);

/** Switches of programs that stand as a word of their own. */
const WORDS: Readonly<Record<string, RegExp>> = {
  curl: /^--(?:insecure|proxy-insecure|doh-insecure)$/,
  wget: /^--no-check-certificate$/,
  pip: /^--trusted-host(?:=|$)/,
  npm: /^--(?:no-strict-ssl|strict-ssl=false)$/,
  pnpm: /^--(?:no-strict-ssl|strict-ssl=false)$/,
  yarn: /^--(?:no-strict-ssl|strict-ssl=false)$/,
  yum: /^--setopt=(?:[\w*.-]+\.)?sslverify=(?:0|false|no)$/i,
  helm: /^--(?:insecure-skip-tls-verify|kube-insecure-skip-tls-verify)$/,
  kubectl: /^--insecure-skip-tls-verify(?:=true)?$/,
  oras: /^--insecure$/,
  skopeo: /^--(?:src-|dest-)?tls-verify=false$/,
};
const SAME: Readonly<Record<string, string>> = {
  dnf: "yum",
  microdnf: "yum",
  pip3: "pip",
  pip2: "pip",
  python: "pip",
  python3: "pip",
};

/** Settings of a program, given as two words or as one with `=`. */
const SETTINGS: Readonly<Record<string, readonly [name: RegExp, value: RegExp][]>> = {
  git: [[/^http\.(?:.*\.)?sslverify$/i, /^(?:false|0|no|off)$/i]],
  npm: [[/^strict-ssl$/, /^false$/i]],
  pnpm: [[/^strict-ssl$/, /^false$/i]],
  yarn: [
    [/^strict-ssl$/, /^false$/i],
    [/^enableStrictSsl$/, /^false$/i],
  ],
  pip: [[/^(?:global|install|site|user)\.trusted-host$/, /./]],
  conda: [[/^ssl_verify$/, /^(?:false|no|0)$/i]],
  composer: [
    [/^disable-tls$/, /^(?:true|1)$/i],
    [/^secure-http$/, /^(?:false|0)$/i],
  ],
  bundle: [[/^ssl_verify_mode$/, /^0$/]],
};

const PROGRAMS = new Set([
  ...Object.keys(WORDS),
  ...Object.keys(SAME),
  ...Object.keys(SETTINGS),
  "apt-get",
  "apt",
]);
/** Written into configuration files: yum.conf(5), dnf.conf(5), .npmrc, .condarc, .gemrc, .wgetrc, .curlrc. */
const WRITTEN =
  /(?:^|[\s"'])(?:sslverify\s*=\s*(?:0|false)|strict-ssl\s*=\s*false|ssl_verify:\s*(?:false|no)|:ssl_verify_mode:\s*0|check_certificate\s*=\s*off)(?=$|[\s"'])/im;

/** Commands that switch the check of certificates off, whenever they run. */
export function tlsOffCalls(dockerfile: Dockerfile): StepOffences[] {
  const found: { step: Call["step"]; call: Call; offences: Offence[] }[] = [];
  for (const { calls } of steps(dockerfile)) {
    for (const call of calls) {
      const offences = offencesOf(dockerfile, call);
      if (offences.length > 0) found.push({ step: call.step, call, offences });
    }
  }
  return [...perStep(found)].map(([step, list]) => [step, list.flatMap(({ offences }) => offences)]);
}

/** ENV and ARG that do so for all that follows. */
export function tlsOffVariables({ instructions }: Dockerfile): { instruction: Instruction; pair: Pair }[] {
  return instructions.flatMap((instruction) => {
    const { keyword, pairs } = instruction.trigger ?? instruction;
    if (keyword !== "ENV" && keyword !== "ARG") return [];
    return pairs
      .filter(({ name, value }) => value !== null && isOff(name.value, value.value))
      .map((pair) => ({ instruction, pair }));
  });
}

function isOff(name: string, value: string): boolean {
  return VARIABLES.get(name.toUpperCase())?.test(value) === true;
}

function offencesOf(dockerfile: Dockerfile, call: Call): Offence[] {
  const { name, args } = call.command;
  const { written } = call;
  for (const variable of written.assigns) {
    const value = VARIABLES.has(variable.toUpperCase()) ? shellVariable(call, variable) : null;
    if (value !== null && isOff(variable, value))
      return [{ range: written.range, name: variable, edits: null }];
  }
  if (name === null) return [];
  if (name === "export") {
    return args.flatMap(({ value, range }) => {
      const equals = value.indexOf("=");
      const variable = value.slice(0, Math.max(equals, 0));
      return isOff(variable, value.slice(equals + 1)) ? [{ range, name: variable, edits: null }] : [];
    });
  }
  if (name === "echo" || name === "printf") {
    return args.flatMap(({ value, range }) =>
      WRITTEN.test(value) ? [{ range, name: WRITTEN.exec(value)?.[0].trim() ?? name, edits: null }] : [],
    );
  }
  return PROGRAMS.has(name) && !isAboutItself(call) ? switches(dockerfile, call, name) : [];
}

/** A check of the container's own service needs no certificate. */
function isAboutItself({ command }: Call): boolean {
  return (command.name === "curl" || command.name === "wget") && isLocal(command);
}

function switches(dockerfile: Dockerfile, call: Call, name: string): Offence[] {
  const { args } = call.command;
  const same = SAME[name] ?? name;
  const pattern = WORDS[same];
  const found: Offence[] = [];
  for (const [at, word] of args.entries()) {
    if (pattern?.test(word.value) === true) {
      const value = word.value === "--trusted-host" ? args[at + 1] : undefined;
      const range = { start: word.range.start, end: (value ?? word).range.end };
      found.push({
        range,
        name: `${name} ${word.value.replace(/=.*$/s, "")}`,
        edits: removeWord(dockerfile, call, range),
      });
    }
    found.push(...setting(same, name, word, args[at + 1]));
  }
  if (name === "curl") {
    const letters = curlLetters(call.command);
    for (const { word } of letters.filter(({ letter }) => letter === "k")) {
      const rest = word.value.replace("k", "");
      const edits =
        rest === "-" ? removeWord(dockerfile, call, word.range) : replaceWord(call, word.range, rest);
      found.push({ range: word.range, name: "curl -k", edits });
    }
  }
  if (same === "apt-get" || same === "apt") {
    const off = [...aptSettings(call.command)].find(
      ([key, value]) => /^acquire::https(?:::.*)?::verify-(?:peer|host)$/.test(key) && isAptOff(value),
    );
    if (off !== undefined) found.push({ range: call.command.range, name: `${name} ${off[0]}`, edits: null });
  }
  return found;
}

function setting(same: string, name: string, word: ShellWord, next: ShellWord | undefined): Offence[] {
  const equals = word.value.indexOf("=");
  const key = equals === -1 ? word.value : word.value.slice(0, equals);
  const value = equals === -1 ? next : { value: word.value.slice(equals + 1), range: word.range };
  if (value === undefined) return [];
  const hit = SETTINGS[same]?.some(([names, values]) => names.test(key) && values.test(value.value));
  return hit === true
    ? [{ range: { start: word.range.start, end: value.range.end }, name: `${name} ${key}`, edits: null }]
    : [];
}
