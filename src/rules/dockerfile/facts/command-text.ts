import type { Call } from "./command-calls.ts";

/** Neighbours of a pipe stand beside each other but for what is nested between them. */
const WINDOW = 200;

/** The command before it in its pipeline: `yes` of `yes | apt-get install`; null for the first or only one. */
export function fedBy({ step, body, written, at }: Call): Call | null {
  if (written.pipe === 0) return null;
  for (let before = at - 1; before >= 0 && before > at - WINDOW; before -= 1) {
    const call = step.calls[before] as Call;
    if (call.body !== body) return null;
    const { pipeline, pipe } = call.written;
    if (pipeline === written.pipeline && pipe === written.pipe - 1) return call;
  }
  return null;
}

/** The next command in its pipeline; null for the last or only one. */
export function feeds({ step, body, written, at }: Call): Call | null {
  if (written.pipe + 1 >= written.pipes) return null;
  for (let next = at + 1; next < step.calls.length && next < at + WINDOW; next += 1) {
    const call = step.calls[next] as Call;
    if (call.body !== body) return null;
    const { pipeline, pipe } = call.written;
    if (pipeline === written.pipeline && pipe === written.pipe + 1) return call;
  }
  return null;
}

/** `sudo ` if the command runs by it: a command that is added beside it needs the same rights. */
export function rightsOf({ written }: Pick<Call, "written">): "" | "sudo " {
  return written.name === "sudo" ? "sudo " : "";
}
