import { isOverlay } from "#evidence/compose/paths.ts";
import type {
  ComposeEntry,
  ComposeFile,
  ComposeNode,
  ComposePlace,
  ComposeService,
} from "#model/evidence/compose.ts";
import type { Range } from "#model/text.ts";
import type { Judgement } from "../../rule.ts";

/** Something wrong in a Compose file. */
export interface Fault {
  /** One sentence without full stop; names the service. */
  message: string;
  range: Range;
  /** Tells findings of one rule apart, stable when lines move: `web`, `web 8080/tcp`. */
  key: string;
  severity?: Judgement["severity"];
  remediation?: string;
  aliases?: string[];
}

/** Failures of a file; a finding of a file needs no evidence besides its place. */
export function failures(faults: readonly Fault[]): Judgement[] {
  return faults.map(({ severity, remediation, aliases, ...fault }) => ({
    verdict: "fail",
    evidence: [],
    ...fault,
    ...(severity === undefined ? {} : { severity }),
    ...(remediation === undefined ? {} : { remediation }),
    ...(aliases === undefined ? {} : { aliases }),
  }));
}

/** Where a node stands in this file; what another file says is shown at the service, or at the top. */
export function rangeOf(
  file: Pick<ComposeFile, "path">,
  where: ComposePlace | ComposeNode | ComposeEntry | undefined,
  service?: Pick<ComposeService, "place">,
): Range {
  const place = placeOf(where);
  if (place?.path === file.path) return { start: place.start, end: place.end };
  return service?.place ?? { start: 0, end: 0 };
}

function placeOf(where: ComposePlace | ComposeNode | ComposeEntry | undefined): ComposePlace | undefined {
  if (where === undefined) return undefined;
  if ("path" in where) return where;
  return "keyPlace" in where ? where.keyPlace : where.place;
}

/** A file that is laid over another one, and so need not be whole: what it lacks may stand there. */
export function isPart(file: Pick<ComposeFile, "path">): boolean {
  return isOverlay(file.path);
}

/** Names in a sentence: `a, b and c`. */
export function named(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** The specification's page on the settings of services, at one of them. */
export function servicePage(key: string): { title: string; url: string } {
  return {
    title: `Compose: ${key}`,
    url: `https://docs.docker.com/reference/compose-file/services/#${key}`,
  };
}
