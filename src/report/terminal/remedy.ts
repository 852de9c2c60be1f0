/** One step of a remediation: where it is written, and its text. */
export interface Step {
  /** `docker run`, `Compose`, …; null where the text stands for itself. */
  place: string | null;
  lines: string[];
}

const PLACE = /^(docker run|Compose|Dockerfile|daemon\.json|host|swarm): (.*)$/;

/** Cuts the text of a remediation into its places; lines without a place go on from the one before. */
export function stepsOf(remediation: string): Step[] {
  const steps: Step[] = [];
  for (const line of remediation.split(/\r?\n/)) {
    const [, place, text] = PLACE.exec(line) ?? [];
    const last = steps.at(-1);
    if (place !== undefined && text !== undefined) steps.push({ place, lines: [text] });
    else if (last !== undefined) last.lines.push(line);
    else if (line.trim() !== "") steps.push({ place: null, lines: [line] });
  }
  return steps;
}
