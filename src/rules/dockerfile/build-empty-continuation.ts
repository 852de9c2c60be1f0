import type { Instruction } from "#model/evidence/dockerfile.ts";
import type { Fix, Range, TextEdit } from "#model/text.ts";
import { isKeyword } from "#evidence/dockerfile/keywords.ts";
import { page, rule } from "../rule.ts";
import { type EditedFile, fixOf, lineStart } from "./facts/instruction-edits.ts";
import { type Fault, failures } from "./facts/instruction-findings.ts";

export default rule({
  id: "SW-DF-EMPTY-CONTINUATION",
  subject: "dockerfile",
  title: "An empty line stands within an instruction",
  severity: "low",
  risk: "It looks as if the instruction ended there, but what follows still belongs to it; future builders will refuse the file.",
  countermeasure: "Remove the empty line, or the continuation mark before it if the instruction should end.",
  remediation: { dockerfile: "no empty line behind a line that ends with \\" },
  aliases: ["NoEmptyContinuation"],
  references: [
    page(
      "Docker build checks: NoEmptyContinuation",
      "https://docs.docker.com/reference/build-checks/no-empty-continuation/",
    ),
  ],
  examples: {
    bad: "FROM debian:12\nRUN make \\\n\n  install",
    good: "FROM debian:12\nRUN make \\\n  install",
  },
  judge: ({ path, dockerfile }) =>
    failures(
      dockerfile.instructions.flatMap((instruction): Fault[] => {
        const [first] = instruction.gaps;
        if (first === undefined) return [];
        return [faultOf({ path, dockerfile }, instruction, first)];
      }),
    ),
});

function faultOf(
  file: EditedFile,
  { keyword, keywordRaw, gaps, headRange }: Instruction,
  first: Range,
): Fault {
  const { text } = file.dockerfile;
  const behind = lineBehind(text, first, headRange);
  const key = keyword;
  if (behind === null) {
    return {
      message: `${keywordRaw} goes on over empty lines, and nothing follows`,
      range: first,
      key,
      fixes: [ended(file, first)],
    };
  }
  const word = /^[A-Za-z]+(?=[ \t])/.exec(
    text.slice(behind.start, Math.min(behind.end, behind.start + 20)),
  )?.[0];
  if (word !== undefined && word === word.toUpperCase() && isKeyword(word)) {
    return {
      message: `an empty line stands within ${keywordRaw}: this ${word} still belongs to it`,
      range: behind,
      key,
      fixes: [ended(file, first)],
    };
  }
  return {
    message: `an empty continuation line stands before this one, which still belongs to ${keywordRaw}`,
    range: behind,
    key,
    fixes: [
      fixOf(
        "Remove the empty lines",
        "safe",
        gaps.map((gap) => withoutLine(file, gap)),
      ),
    ],
  };
}

/** The first line behind an empty one that the instruction goes on with; null without. */
function lineBehind(text: string, gap: Range, { end }: Range): Range | null {
  for (let at = gap.end; at < end;) {
    const feed = text.indexOf("\n", at);
    if (feed === -1 || feed >= end) return null;
    const next = text.indexOf("\n", feed + 1);
    const lineEnd = next === -1 || next > end ? end : next;
    const line = text.slice(feed + 1, lineEnd);
    const indent = line.length - line.trimStart().length;
    if (indent < line.length && line[indent] !== "#") {
      return { start: feed + 1 + indent, end: feed + 1 + line.trimEnd().length };
    }
    at = feed + 1;
  }
  return null;
}

function withoutLine({ path, dockerfile: { text } }: EditedFile, { start, end }: Range): TextEdit {
  const feed = text.indexOf("\n", end);
  return { path, start, end: feed === -1 ? text.length : feed + 1, text: "" };
}

/** Takes the continuation mark off the line before an empty one. */
function ended({ path, dockerfile }: EditedFile, gap: Range): Fix {
  const { text, escape } = dockerfile;
  const from = lineStart(text, gap.start - 1);
  const mark = text.lastIndexOf(escape, gap.start);
  let start = Math.max(mark, from);
  while (start > from && (text[start - 1] === " " || text[start - 1] === "\t")) start -= 1;
  const edit: TextEdit = { path, start, end: Math.max(mark, from) + 1, text: "" };
  return fixOf("End the instruction before the empty line", "unsafe", [edit]);
}
