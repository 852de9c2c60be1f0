// Linux on x86 and ARM (signal(7)); the engine takes names with and without SIG, and numbers (moby/sys/signal).
const NUMBERS = [
  "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU",
  "URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS",
]
  .join(" ")
  .split(" ");
const OTHER_NAMES: Readonly<Record<string, string>> = { IOT: "ABRT", CLD: "CHLD", POLL: "IO", UNUSED: "SYS" };
const REALTIME_FIRST = 34;
const REALTIME_LAST = 64;

/** Usual name of a signal that is given by name or number: `9`, `kill`, `SIGKILL` → `SIGKILL`; null if it is none. */
export function signalOf(written: string): string | null {
  const text = written.trim();
  if (/^\d{1,3}$/.test(text)) return byNumber(Number(text));
  const name = text.toUpperCase().replace(/^SIG/, "");
  const usual = OTHER_NAMES[name] ?? name;
  if (NUMBERS.includes(usual)) return `SIG${usual}`;
  const realtime = /^RT(MIN|MAX)(?:([+-])(\d{1,2}))?$/.exec(name);
  if (realtime === null) return null;
  const [, end, sign, offset = "0"] = realtime;
  const number =
    end === "MIN"
      ? REALTIME_FIRST + Number(offset) * (sign === "-" ? -1 : 1)
      : REALTIME_LAST - Number(offset);
  if (number < REALTIME_FIRST || number > REALTIME_LAST || (end === "MAX" && sign === "+")) return null;
  return `SIG${name}`;
}

function byNumber(number: number): string | null {
  const name = NUMBERS[number - 1];
  if (name !== undefined) return `SIG${name}`;
  if (number < REALTIME_FIRST || number > REALTIME_LAST) return null;
  return number === REALTIME_FIRST ? "SIGRTMIN" : `SIGRTMIN+${number - REALTIME_FIRST}`;
}
