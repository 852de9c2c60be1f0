import type { Flag, Instruction } from "#model/evidence/dockerfile.ts";
import { shownWord } from "./shown.ts";

// Go, time.ParseDuration
const DURATION = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;
const MILLISECONDS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1 };

/** What the builder refuses of HEALTHCHECK, flags unknown to it aside (moby/buildkit, instructions/parse.go). */
export function healthcheckProblem({
  healthcheck,
  words,
  flags,
  arguments: { text },
}: Instruction): { message: string; flag: Flag | null } | null {
  if (healthcheck === null) {
    return { message: `HEALTHCHECK takes NONE or CMD, not ${shownWord(words[0]?.raw ?? text)}`, flag: null };
  }
  if (healthcheck === "NONE") {
    return words.length > 1 ? { message: "HEALTHCHECK NONE takes no command", flag: null } : null;
  }
  if (words.length === 0) return { message: "HEALTHCHECK CMD needs a command", flag: null };
  for (const flag of flags) {
    const message = flagFault(flag);
    if (message !== null) return { message, flag };
  }
  return null;
}

function flagFault({ name, value }: Flag): string | null {
  if (value === null || value === "") return null;
  if (name === "retries") {
    return /^\+?\d{1,9}$/.test(value) ? null : `--retries is a number, not ${shownWord(value)}`;
  }
  if (!/^(?:interval|timeout|start-period|start-interval)$/.test(name)) return null;
  if (value.length > 100 || !DURATION.test(value))
    return `--${name} is a time such as 30s, not ${shownWord(value)}`;
  const time = milliseconds(value);
  return time !== 0 && time < 1 ? `--${name} is at least 1ms, not ${shownWord(value)}` : null;
}

function milliseconds(value: string): number {
  let sum = 0;
  for (const [, number = "0", unit = ""] of value.matchAll(PART)) {
    sum += Number(number) * (MILLISECONDS[unit] ?? 1000);
  }
  return value.startsWith("-") ? -sum : sum;
}
