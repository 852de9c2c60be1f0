/** What a word becomes where nobody sets its variables: `${PORT:-80}:80` is `80:80`. Without a default it stays. */
export function withDefaults(value: string): string {
  return value.includes("${") ? value.replace(/\$\{\w+:?-([^${}]*)\}/g, "$1") : value;
}

/** True for a text in which something is still to be filled in when it runs. */
export function isOpen(value: string): boolean {
  return /[$`]/.test(value);
}

const UNITS = "bkmgtp";

/** Bytes of an amount as engines take it (docker/go-units, RAMInBytes): `512m`, `1.5g`, `64MiB`; null for another. */
export function bytesOf(value: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s?([bkmgtp])?(?:i?b)?$/i.exec(value.trim());
  if (match === null) return value.trim() === "-1" ? -1 : null;
  const power = Math.max(0, UNITS.indexOf((match[2] ?? "b").toLowerCase()));
  return Math.floor(Number(match[1]) * 1024 ** power);
}

/** A whole number, with sign; null for what is none. */
export function integerOf(value: string): number | null {
  return /^[+-]?\d{1,18}$/.test(value) ? Number(value) : null;
}

/** A switch as strconv.ParseBool of Go takes it; an option without value is on. null for another word. */
export function switchOf(value: string | null): boolean | null {
  if (value === null || /^(?:1|t|true)$/i.test(value)) return true;
  return /^(?:0|f|false)$/i.test(value) ? false : null;
}

/**
 * Fields of one line of comma-separated values (RFC 4180), in which a quoted field may hold commas: the form of
 * `--mount`.
 */
export function csvFields(line: string): string[] {
  const fields: string[] = [];
  let at = 0;
  while (at <= line.length) {
    if (line.charAt(at) !== '"') {
      const comma = line.indexOf(",", at);
      const end = comma < 0 ? line.length : comma;
      fields.push(line.slice(at, end));
      at = end + 1;
      continue;
    }
    let text = "";
    let from = at + 1;
    for (;;) {
      const quote = line.indexOf('"', from);
      text += line.slice(from, quote < 0 ? line.length : quote);
      from = quote < 0 ? line.length : quote + 1;
      if (quote < 0 || line.charAt(from) !== '"') break;
      text += '"';
      from += 1;
    }
    fields.push(text);
    const comma = line.indexOf(",", from);
    at = comma < 0 ? line.length + 1 : comma + 1;
  }
  return fields;
}

/** A path without `//`, `/./`, `/../` and a slash at its end, as engines clean it before they use it. */
export function cleanPath(path: string): string {
  if (!path.startsWith("/")) return path;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** `name` and `value` of `name=value`; the value is empty where there is no sign of equality. */
export function assignment(text: string): { name: string; value: string } {
  const equals = text.indexOf("=");
  return equals < 0
    ? { name: text, value: "" }
    : { name: text.slice(0, equals), value: text.slice(equals + 1) };
}
