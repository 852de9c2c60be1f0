import type { Heredoc, JoinedText } from "#model/evidence/dockerfile.ts";
import type { Range } from "#model/text.ts";
import { joinPieces } from "./joined.ts";
import type { Line } from "./lines.ts";
import { splitWords, unquote } from "./words.ts";

const MARK = /^(\d*)<<(-?)([^<]*)$/;
const MAX_HEREDOCS = 1000;

/** A heredoc that an instruction announces; its body follows in the next lines. */
type Announced = Pick<Heredoc, "name" | "quoted" | "chomp" | "descriptor" | "range">;

/** Heredocs that the words of a RUN, COPY or ADD announce: `<<EOF`, `3<<-"EOF"` (parser.go, heredocsFromLine). */
export function announcedHeredocs(joined: JoinedText, escape: string): Announced[] {
  if (!joined.text.includes("<<")) return [];
  const found: Announced[] = [];
  for (const { raw, range } of splitShellWords(joined, escape)) {
    const match = MARK.exec(raw);
    const [, descriptor = "", chomp = "", rest = ""] = match ?? [];
    if (match === null || rest === "" || found.length >= MAX_HEREDOCS) continue;
    found.push({
      name: unquote(rest, escape),
      quoted: /["'\\`]/.test(rest),
      chomp: chomp === "-",
      descriptor: descriptor === "" ? 0 : Number(descriptor),
      range,
    });
  }
  return found;
}

// In shell code a mark may be glued to what stands around it: `cat <<EOF>file`, `(cat <<EOF)`, `cat <<EOF;`.
// Blanks between << and the name are allowed there as well.
function splitShellWords(joined: JoinedText, escape: string): { raw: string; range: Range }[] {
  const words = splitWords(joined, escape);
  const whole: { raw: string; range: Range }[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const { raw, range } = words[at] as (typeof words)[number];
    const next = words[at + 1];
    if (/^\d*<<-?$/.test(raw) && next !== undefined) {
      whole.push({ raw: raw + next.raw, range: { start: range.start, end: next.range.end } });
      at += 1;
    } else if (/^\d*<<-?[^<]/.test(raw) && /[;&|)>]/.test(raw)) {
      const cut = raw.search(/[;&|)>]/);
      whole.push({ raw: raw.slice(0, cut), range: { start: range.start, end: range.start + cut } });
    } else whole.push({ raw, range });
  }
  return whole;
}

/**
 * Reads the bodies of heredocs from the lines behind an instruction.
 *
 * @param from index of the line behind it
 * @returns the heredocs, and the index of the line behind the last of them
 */
export function readBodies(
  text: string,
  lines: readonly Line[],
  from: number,
  announced: readonly Announced[],
): { heredocs: Heredoc[]; next: number } {
  let at = from;
  const heredocs: Heredoc[] = [];
  for (const heredoc of announced) {
    const first = lines[at]?.start ?? text.length;
    let body = "";
    let end = first;
    let closed = false;
    while (at < lines.length) {
      const line = lines[at] as Line;
      at += 1;
      const content = text.slice(line.start, line.end);
      const chomped = heredoc.chomp ? content.replace(/^\t+/, "") : content;
      if (chomped === heredoc.name) {
        closed = true;
        break;
      }
      body += `${chomped}\n`;
      end = line.next;
    }
    heredocs.push({ ...heredoc, bodyRange: { start: first, end }, body, closed });
  }
  return { heredocs, next: at };
}

/** The body of a heredoc as a text that knows its place: leading tabs of `<<-` are left out. */
export function joinedBody(text: string, { bodyRange, chomp }: Heredoc): JoinedText {
  if (!chomp) return joinPieces(text, [bodyRange]);
  const pieces: Range[] = [];
  for (let at = bodyRange.start; at < bodyRange.end; ) {
    const feed = text.indexOf("\n", at);
    const next = feed === -1 ? bodyRange.end : Math.min(feed + 1, bodyRange.end);
    let start = at;
    while (start < next && text[start] === "\t") start += 1;
    pieces.push({ start, end: next });
    at = next;
  }
  return joinPieces(text, pieces);
}
