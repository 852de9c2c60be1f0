import { hasFlag, type Flagged } from "#evidence/shell/flags.ts";

/** Settings given by `-o NAME=VALUE` in all its spellings (apt-get(8)), names in lower case. */
export function aptSettings({ args }: Flagged): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [at, { value }] of args.entries()) {
    const given =
      value === "-o" || value === "--option"
        ? args[at + 1]?.value
        : /^(?:-o|--option=)(.+)$/s.exec(value)?.[1];
    const equals = given?.indexOf("=") ?? -1;
    if (given !== undefined && equals > 0) {
      settings.set(given.slice(0, equals).toLowerCase(), given.slice(equals + 1).replaceAll('"', ""));
    }
  }
  return settings;
}

/** How quiet it is told to be: 2 and more mean that it does not ask (apt-get(8), `-q`). */
export function aptQuietness({ args }: Flagged): number {
  let level = 0;
  for (const { value } of args) {
    const number = /^(?:-q+|--quiet)=(\d+)$/.exec(value)?.[1];
    if (number !== undefined) level = Math.max(level, Number(number));
    else if (value === "--quiet") level += 1;
    else if (/^-[A-Za-z]+(?:=.*)?$/.test(value)) level += value.split("q").length - 1;
  }
  return level;
}

/** What apt's configuration takes for "no" (apt.conf(5)). */
export function isAptOff(value: string | undefined): boolean {
  return value !== undefined && /^(?:0|no|false|off|without|disable)$/i.test(value);
}

/** What apt's configuration takes for "yes". */
export function isAptOn(value: string | undefined): boolean {
  return value !== undefined && /^(?:1|yes|true|on|with|enable)$/i.test(value);
}

/** True if it only says what it would do. */
export function isAptSimulated(command: Flagged): boolean {
  return hasFlag(command, "s", "simulate", "just-print", "dry-run", "recon", "no-act", "print-uris");
}
