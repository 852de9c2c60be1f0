import type { ComposeEntry, ComposePlace } from "#model/evidence/compose.ts";
import type { DeclaredIn } from "#model/evidence/container.ts";
import { type LineStarts, placeAt, type Range } from "#model/text.ts";

type DeclaredPlace = DeclaredIn["place"];

/** Collects where the settings of one service stand, under the paths by which rules name them. */
export interface Places {
  readonly all: DeclaredIn["places"];
  /** Notes where a setting stands; the first note on a path holds. */
  note(paths: string | readonly string[], field: string, place: ComposePlace): void;
  /** The same for an entry: from its key to the end of its value. */
  entry(paths: string | readonly string[], field: string, entry: ComposeEntry | undefined): void;
}

/**
 * Places within the file `path`. What another file says (a service that is extended, an override) has no place
 * here: it is shown at `home`, and its name tells the file.
 */
export function collectPlaces(
  path: string,
  home: Range,
  otherLines: ReadonlyMap<string, LineStarts>,
): Places {
  // Without a prototype: names come from files.
  const all: Record<string, DeclaredPlace> = Object.create(null) as Record<string, DeclaredPlace>;
  function note(paths: string | readonly string[], field: string, place: ComposePlace): void {
    const lines = otherLines.get(place.path);
    const noted =
      place.path === path
        ? { field, start: place.start, end: place.end }
        : {
            field: `${field} (${place.path}${lines === undefined ? "" : `:${placeAt(lines, place.start).line}`})`,
            start: home.start,
            end: home.end,
          };
    for (const each of [paths].flat()) all[each] ??= noted;
  }
  return {
    all,
    note,
    entry(paths, field, entry) {
      if (entry === undefined) return;
      const { keyPlace, value, valuePlace } = entry;
      const sameFile = keyPlace.path === valuePlace.path && valuePlace.end >= keyPlace.start;
      // A mapping or a list is marked by its key: its value may go on for many lines.
      const end = sameFile && value.kind === "scalar" ? Math.max(keyPlace.end, valuePlace.end) : keyPlace.end;
      note(paths, field, { ...keyPlace, end });
    },
  };
}
