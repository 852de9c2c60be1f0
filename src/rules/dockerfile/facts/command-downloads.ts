import type { ShellCommand, ShellWord } from "#model/evidence/shell.ts";
import { operands } from "#evidence/shell/flags.ts";

// curl(1), wget(1): flags that take a value. A long flag with a value that is not listed costs a false operand.
const CURL_VALUES = new Set([
  ..."AbcCdDeEFhHKmoPQrtTuUwxXyYz",
  ..."user-agent cookie cookie-jar continue-at data data-raw data-binary data-urlencode dump-header referer".split(
    " ",
  ),
  ..."cert cacert capath key form header config max-time output ftp-port quote range upload-file user".split(
    " ",
  ),
  ..."proxy-user write-out proxy request speed-limit speed-time time-cond retry retry-delay retry-max-time".split(
    " ",
  ),
  ..."connect-timeout output-dir resolve url proto proto-default proto-redir max-redirs limit-rate interface".split(
    " ",
  ),
  ..."json tls-max ciphers noproxy netrc-file unix-socket cert-type key-type pass oauth2-bearer".split(" "),
]);
const WGET_VALUES = new Set([
  ..."oaeiBtOTwQPUDIXAR",
  ..."output-document output-file append-output directory-prefix tries timeout wait user-agent header".split(
    " ",
  ),
  ..."post-data post-file method body-data user password http-user http-password proxy-user proxy-password".split(
    " ",
  ),
  ..."input-file base quota limit-rate ca-certificate ca-directory certificate private-key load-cookies".split(
    " ",
  ),
  ..."save-cookies referer progress secure-protocol retry-connrefused waitretry dns-timeout read-timeout".split(
    " ",
  ),
]);

/** Programs that fetch what an address names. */
export const DOWNLOADERS = ["curl", "wget"] as const;

/** What a downloader is asked for, as it is written; variables stand in it. */
export function addressesOf(command: ShellCommand): ShellWord[] {
  return operands(command, command.name === "wget" ? WGET_VALUES : CURL_VALUES);
}

/** Short flags of curl in their order, without values that are glued to them: `-fsSLo x` → `f s S L o`. */
export function curlLetters({ args }: Pick<ShellCommand, "args">): { letter: string; word: ShellWord }[] {
  return args.flatMap((word) => {
    if (!/^-[A-Za-z0-9#:]/.test(word.value)) return [];
    const found: { letter: string; word: ShellWord }[] = [];
    for (const letter of word.value.slice(1)) {
      found.push({ letter, word });
      if (CURL_VALUES.has(letter)) break;
    }
    return found;
  });
}

/** True if what it fetches becomes a file. */
export function savesFile(command: ShellCommand): boolean {
  if (command.redirects.some(({ operator, target }) => operator.includes(">") && isFile(target?.value)))
    return true;
  const { args } = command;
  if (command.name === "wget") {
    const toStdout = args.some(
      ({ value }, at) =>
        /^-[A-Za-z]*O-$|^--output-document=-$/.test(value) ||
        (/^-[A-Za-z]*O$|^--output-document$/.test(value) && args[at + 1]?.value === "-"),
    );
    return !toStdout && !args.some(({ value }) => value === "--spider");
  }
  const letters = curlLetters(command);
  if (args.some(({ value }) => /^--remote-name(?:-all)?$/.test(value))) return true;
  if (letters.some(({ letter }) => letter === "O")) return true;
  const short = letters.find(({ letter }) => letter === "o")?.word;
  const at = args.findIndex((word) => word === short || /^--output(?:=|$)/.test(word.value));
  if (at === -1) return false;
  const given = args[at]?.value ?? "";
  const glued = /^--output=(.*)$/s.exec(given)?.[1] ?? /^-[A-Za-z]*?o(.+)$/s.exec(given)?.[1];
  return isFile(glued ?? args[at + 1]?.value);
}

function isFile(target: string | undefined): boolean {
  return (
    target !== undefined && target !== "-" && !/^\/dev\/(?:null|stdout|stderr|fd\/\d+)$|^\d+$/.test(target)
  );
}

const LOCAL = /^(?:https?:\/\/)?(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)(?:[:/]|$)/i;

/** True if all that it asks for is on the machine itself. */
export function isLocal(command: ShellCommand): boolean {
  const addresses = addressesOf(command);
  return addresses.length > 0 && addresses.every(({ value }) => LOCAL.test(value));
}
