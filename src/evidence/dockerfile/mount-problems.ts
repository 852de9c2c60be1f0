import { csvFields } from "./mounts.ts";
import { nearest } from "./nearest.ts";
import { shownWord } from "./shown.ts";

const TYPES = ["bind", "cache", "tmpfs", "secret", "ssh"];
const SHARING = ["shared", "private", "locked"];
const SWITCHES = new Set(["readonly", "ro", "readwrite", "rw", "required"]);
const KEYS = [
  "type",
  "from",
  "source",
  "src",
  "target",
  "dst",
  "destination",
  "readonly",
  "ro",
  "readwrite",
  "rw",
  "id",
  "sharing",
  "required",
  "size",
  "mode",
  "uid",
  "gid",
  "env",
];
const ONLY_FOR: Readonly<Record<string, readonly string[]>> = {
  sharing: ["cache"],
  size: ["tmpfs"],
  mode: ["cache", "secret", "ssh"],
  uid: ["cache", "secret", "ssh"],
  gid: ["cache", "secret", "ssh"],
  required: ["secret", "ssh"],
};
const BOOLEAN = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;

/** What the builder refuses of `RUN --mount` (moby/buildkit, instructions/commands_runmount.go); null if nothing. */
export function mountProblem(value: string): string | null {
  let type = "bind";
  const given = new Map<string, string>();
  for (const field of csvFields(value)) {
    const equals = field.indexOf("=");
    const key = (equals === -1 ? field : field.slice(0, equals)).toLowerCase();
    const text = equals === -1 ? null : field.slice(equals + 1);
    const fault = fieldFault(key, text);
    if (fault !== null) return `--mount: ${fault}`;
    given.set(key, text ?? "");
    if (key === "type" && text !== null) type = text.toLowerCase();
  }
  return combinationFault(given, type);
}

function fieldFault(key: string, text: string | null): string | null {
  if (!KEYS.includes(key)) {
    const meant = nearest(key, KEYS);
    return `there is no ${shownWord(key)}${meant === null ? "" : `; did you mean ${meant}?`}`;
  }
  if (text === null) return SWITCHES.has(key) ? null : `${key} needs a value`;
  // A value with a variable is only known to the build; `from` may hold none.
  if (key === "from") return /\$./.test(text) ? `from takes no variables: ${shownWord(text)}` : null;
  if (text.includes("$")) return null;
  if (key === "type" && !TYPES.includes(text.toLowerCase())) return oneOf(key, TYPES, text);
  if (key === "sharing" && !SHARING.includes(text.toLowerCase())) return oneOf(key, SHARING, text);
  if (key === "mode" && !/^[0-7]{1,11}$/.test(text)) return `mode is octal, not ${shownWord(text)}`;
  if ((key === "uid" || key === "gid") && !/^\d{1,10}$/.test(text)) {
    return `${key} is a number, not ${shownWord(text)}`;
  }
  if (SWITCHES.has(key) && !BOOLEAN.test(text)) return `${key} is true or false, not ${shownWord(text)}`;
  return null;
}

function oneOf(key: string, choices: readonly string[], text: string): string {
  const meant = nearest(text, choices);
  return `${key} is ${choices.join(", ")}, not ${shownWord(text)}${meant === null ? "" : `; did you mean ${meant}?`}`;
}

function combinationFault(given: ReadonlyMap<string, string>, type: string): string | null {
  if (type.includes("$")) return null;
  for (const key of given.keys()) {
    const types = Object.hasOwn(ONLY_FOR, key) ? ONLY_FOR[key] : undefined;
    if (types !== undefined && !types.includes(type)) return `--mount: ${key} does not go with type=${type}`;
  }
  if (type !== "secret") return null;
  const has = (...keys: string[]): boolean => keys.some((key) => (given.get(key) ?? "") !== "");
  if (has("from")) return "--mount: a secret is taken from no stage";
  if (!has("source", "src", "target", "dst", "destination", "id")) {
    return "--mount: a secret needs an id, a source or a target";
  }
  return has("source", "src") && has("id") ? "--mount: a secret has either an id or a source" : null;
}
