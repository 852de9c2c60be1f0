import type { DeclaredContainer, DeclaredIn } from "#model/evidence/container.ts";
import type { Range } from "#model/text.ts";
import { nothingDeclared } from "./blank.ts";
import type { RunOption } from "./arguments.ts";
import type { PortBudget } from "./ports.ts";
import { isOpen, withDefaults } from "./values.ts";

/** A declaration while its options are read one by one. */
export interface Draft {
  declared: DeclaredContainer;
  places: DeclaredIn["places"];
  /** Settings whose value is a variable, and why they are not known. */
  unread: Record<string, string>;
  /** `docker`, `podman`, `nerdctl`: their defaults differ. */
  engine: Engine;
  budget: PortBudget;
}

export type Engine = "docker" | "podman" | "nerdctl";

export function newDraft(source: string, engine: Engine, budget: PortBudget): Draft {
  return { declared: nothingDeclared(source), places: {}, unread: {}, engine, budget };
}

/** Notes where a setting stands; of several options the last one counts, as it does for the engine. */
export function placed(draft: Draft, path: string, option: RunOption): void {
  draft.places[path] = placeOf(option.written, option.range);
}

/** Notes where one of several values stands, and the first one as the place of them all. */
export function placedItem(draft: Draft, path: string, key: string, option: RunOption): void {
  draft.places[path] ??= placeOf(option.written, option.range);
  draft.places[`${path} ${key}`] ??= placeOf(option.written, option.range);
}

export function placeOf(field: string, { start, end }: Range): DeclaredIn["place"] {
  return { field, start, end };
}

/**
 * The value of an option, with the defaults of its variables filled in; null where only the run tells it, which is
 * noted for `path`.
 */
export function valueOf(draft: Draft, path: string, option: RunOption): string | null {
  const value = option.value ?? "";
  if (option.static) return value;
  const told = withDefaults(value);
  if (!isOpen(told)) return told;
  unknown(draft, path, option);
  return null;
}

/** Notes that a setting is a variable. */
export function unknown(draft: Draft, path: string, option: RunOption): void {
  draft.unread[path] = `${option.written} is ${shortened(option.value ?? "")}, which only the run tells`;
}

/** Something from a file within a sentence. */
export function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
