import {
  asUser,
  type Control,
  DEFAULT_CAPS,
  memoryLimit,
  onlyCapabilities,
  PLAIN_CONTROLS,
  readOnlyRoot,
} from "./controls.ts";
import { differs, type Observation } from "./workload.ts";

/** What became of a control that was tried. */
export interface Tried {
  control: Control;
  kept: boolean;
  /** Why it was given up: what the workload said. */
  because: string;
}

/** The tightest settings with which a workload still works. */
export interface Tightened {
  body: Record<string, unknown>;
  kept: Control[];
  tried: Tried[];
  runs: number;
}

/** Runs a body once; `role` names the run. */
export type Run = (body: Record<string, unknown>, role: string) => Promise<Observation>;

const USER = "10001:10001";
const MEMORY = 256 << 20;
const WRITABLE = ["/tmp", "/run", "/var/run", "/var/cache", "/var/tmp", "/var/log"];

/**
 * Finds the tightest settings with which a workload works as in `baseline`: each control is tried on top of those
 * that held, and given up with the message that forced it. Capabilities are taken away one half after the other
 * (delta debugging), so that a few runs find the few that are needed.
 */
export async function tighten(
  start: Record<string, unknown>,
  baseline: Observation,
  run: Run,
  tell: (what: string) => void = () => {},
): Promise<Tightened> {
  const result: Tightened = { body: start, kept: [], tried: [], runs: 0 };
  const attempt = async (body: Record<string, unknown>): Promise<string | null> => {
    result.runs += 1;
    return differs(baseline, await run(body, `try-${result.runs}`));
  };
  const keep = (control: Control): void => {
    result.body = control.apply(result.body);
    result.kept.push(control);
    result.tried.push({ control, kept: true, because: "" });
  };
  const tryControl = async (control: Control): Promise<boolean> => {
    if (control.isSet(result.body)) return true;
    tell(control.title);
    const why = await attempt(control.apply(result.body));
    if (why === null) keep(control);
    else result.tried.push({ control, kept: false, because: why });
    return why === null;
  };
  for (const control of PLAIN_CONTROLS) {
    // Whoever listens is talked to: that it still listens without a network would prove nothing.
    if (control.id === "network" && baseline.listens.length > 0) continue;
    await tryControl(control);
  }
  await tryControl(memoryLimit(MEMORY));
  if (!(await tryControl(readOnlyRoot([]))))
    await tryControl(readOnlyRoot(await neededWrites(result, attempt, tell)));
  await tryControl(asUser(USER));
  await keepCapabilities(result, attempt, keep, tell);
  return result;
}

/** Folders among the usual ones that it must write to. */
async function neededWrites(
  { body }: Tightened,
  attempt: (body: Record<string, unknown>) => Promise<string | null>,
  tell: (what: string) => void,
): Promise<string[]> {
  const works = async (paths: readonly string[]): Promise<boolean> =>
    (await attempt(readOnlyRoot(paths).apply(body))) === null;
  let needed = [...WRITABLE];
  if (!(await works(needed))) return needed;
  for (const path of WRITABLE) {
    tell(`Make ${path} read-only`);
    const without = needed.filter((each) => each !== path);
    if (await works(without)) needed = without;
  }
  return needed;
}

async function keepCapabilities(
  result: Tightened,
  attempt: (body: Record<string, unknown>) => Promise<string | null>,
  keep: (control: Control) => void,
  tell: (what: string) => void,
): Promise<void> {
  const none = onlyCapabilities([]);
  if (none.isSet(result.body)) return;
  tell("Drop all capabilities");
  const why = await attempt(none.apply(result.body));
  if (why === null) {
    keep(none);
    return;
  }
  result.tried.push({ control: none, kept: false, because: why });
  // Taken away in halves, then in halves of these: what breaks it stays.
  const drop = async (kept: readonly string[], candidates: readonly string[]): Promise<string[]> => {
    if (candidates.length === 0) return [...kept];
    tell(`Drop ${candidates.join(", ")}`);
    const rest = kept.filter((name) => !candidates.includes(name));
    if ((await attempt(onlyCapabilities(rest).apply(result.body))) === null) return rest;
    if (candidates.length === 1) return [...kept];
    const middle = candidates.length >> 1;
    return drop(await drop(kept, candidates.slice(0, middle)), candidates.slice(middle));
  };
  const half = DEFAULT_CAPS.length >> 1;
  const first = await drop(DEFAULT_CAPS, DEFAULT_CAPS.slice(0, half));
  const kept = await drop(first, DEFAULT_CAPS.slice(half));
  if (kept.length < DEFAULT_CAPS.length) keep(onlyCapabilities(kept));
}
