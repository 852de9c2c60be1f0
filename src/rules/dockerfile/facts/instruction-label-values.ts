import type { LabelKind } from "#model/settings.ts";
import { isSpdxLicense } from "./instruction-spdx-ids.ts";

const MAX_LENGTH = 2000;

/** What a value of each kind is, to complete "is not …". */
export const KIND_NAMES: Readonly<Record<LabelKind, string>> = {
  text: "a text",
  url: "an address with a scheme",
  semver: "a version of semantic versioning",
  hash: "a commit of Git (7 or 40 hexadecimal digits)",
  rfc3339: "a time as RFC 3339 has it",
  spdx: "a licence of the SPDX list",
  email: "an e-mail address",
};

/** True if the value of a label looks like its kind; every text is one. */
export function isOfKind(value: string, kind: LabelKind): boolean {
  return value.length <= MAX_LENGTH && CHECKS[kind](value);
}

const CHECKS: Readonly<Record<LabelKind, (value: string) => boolean>> = {
  text: () => true,
  url: isUri,
  // Semantic Versioning 2.0.0, grammar: no leading zeros in numbers.
  semver: (value) =>
    /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/.test(
      value,
    ),
  hash: (value) => /^(?:[0-9a-f]{7}|[0-9a-f]{40})$/.test(value),
  rfc3339: isTime,
  spdx: isLicence,
  email: isEmail,
};

// RFC 3986: a scheme, and no sign that an address cannot hold.
function isUri(value: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/.test(value);
}

// RFC 3339, section 5.6.
function isTime(value: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](\d\d):(\d\d))$/.exec(
    value,
  );
  if (match === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offset = 0, rest = 0] = match
    .slice(1)
    .map((part) => (part === undefined ? 0 : Number(part)));
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= days &&
    hour < 24 &&
    minute < 60 &&
    second <= 60 &&
    offset < 24 &&
    rest < 60
  );
}

/** An expression of SPDX: identifiers, `+`, AND, OR, WITH and brackets (SPDX 2.3, annex D). */
function isLicence(value: string): boolean {
  const words = value.match(/[()]|[^\s()]+/g) ?? [];
  if (words.length === 0 || words.length > 200) return false;
  let depth = 0;
  let wantsTerm = true;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    if (word === "(") {
      if (!wantsTerm) return false;
      depth += 1;
    } else if (word === ")") {
      if (wantsTerm || depth === 0) return false;
      depth -= 1;
    } else if (wantsTerm) {
      if (!isTerm(word)) return false;
      wantsTerm = false;
    } else if (/^(?:AND|OR)$/i.test(word)) wantsTerm = true;
    else if (/^WITH$/i.test(word) && /^[\w.-]+$/.test(words[at + 1] ?? "")) at += 1;
    else return false;
  }
  return !wantsTerm && depth === 0;
}

function isTerm(word: string): boolean {
  return isSpdxLicense(word.replace(/\+$/, "")) || /^(?:DocumentRef-[\w.-]+:)?LicenseRef-[\w.-]+$/.test(word);
}

// RFC 5322, addr-spec without comments; one label is enough for a host.
function isEmail(value: string): boolean {
  const at = value.lastIndexOf("@");
  const local = value.slice(0, at);
  const host = value.slice(at + 1);
  if (at < 1 || at > 64 || host.length > 253) return false;
  const isLocal =
    /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/.test(local) ||
    /^"(?:[^"\\\r\n]|\\.)*"$/.test(local);
  return (
    isLocal &&
    /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[\w.:]+\])$/.test(
      host,
    )
  );
}
