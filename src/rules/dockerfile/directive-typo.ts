import type { Comment, Dockerfile } from "#model/evidence/dockerfile.ts";
import { nearest } from "#evidence/dockerfile/nearest.ts";
import { page, rule } from "../rule.ts";
import { fixOf, replaced } from "./facts/instruction-edits.ts";
import { type Fault, failures } from "./facts/instruction-findings.ts";

const NAMES = ["syntax", "escape", "check"];
const ASSIGNMENT = /^#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(\S.*?)\s*$/;
const MAX_LINE = 1000;
const SOUND: Readonly<Record<string, RegExp>> = {
  syntax: /^[\w.-]+(?::\d+)?(?:\/[\w.-]+)+(?:[:@][\w.:-]+)?$/,
  escape: /^[\\`]$/,
  check: /^(?:skip|error|experimental)=/,
};

export default rule({
  id: "SW-DF-DIRECTIVE-TYPO",
  subject: "dockerfile",
  title: "A directive is read as a comment",
  severity: "medium",
  risk: "The builder passes over what it does not know: another syntax, another escape character or skipped checks do not apply, and nothing says so.",
  countermeasure: "Directives stand in the first lines, before comments, empty lines and instructions.",
  remediation: { dockerfile: "# syntax=docker/dockerfile:1 in the first line" },
  aliases: ["tally:syntax-directive-typo"],
  references: [
    page(
      "Dockerfile reference: parser directives",
      "https://docs.docker.com/reference/dockerfile/#parser-directives",
    ),
  ],
  examples: {
    bad: "# sytnax=docker/dockerfile:1\nFROM debian:12",
    good: "# syntax=docker/dockerfile:1\nFROM debian:12",
  },
  judge: ({ path, dockerfile }) => {
    const faults: Fault[] = [];
    const given = new Set(dockerfile.directives.map(({ range }) => range.start));
    const end = dockerfile.stages[0]?.from.range.start ?? Infinity;
    const top = topLines(dockerfile);
    for (const comment of dockerfile.comments) {
      if (comment.range.start > end) break;
      if (comment.inside || given.has(comment.range.start)) continue;
      const fault = faultOf({ path, dockerfile }, comment, top);
      if (fault !== null) faults.push(fault);
    }
    return failures(faults);
  },
});

/** Lines in which directives are read, as nothing but `# name=value` stands before them: offset → name. */
function topLines({ text }: Dockerfile): Map<number, string> {
  const found = new Map<number, string>();
  for (let at = text.startsWith("\uFEFF") ? 1 : 0; at < text.length && text[at] === "#"; ) {
    const feed = text.indexOf("\n", at);
    const end = feed === -1 ? text.length : feed;
    if (end - at > MAX_LINE) break;
    const line = text.slice(at, end);
    const name = ASSIGNMENT.exec(line)?.[1]?.toLowerCase();
    if (name === undefined && !(found.size === 0 && line.startsWith("#!"))) break;
    found.set(at, name ?? "");
    at = end + 1;
  }
  return found;
}

function faultOf(
  file: { path: string; dockerfile: Dockerfile },
  { range }: Comment,
  top: ReadonlyMap<number, string>,
): Fault | null {
  if (range.end - range.start > MAX_LINE) return null;
  const content = file.dockerfile.text.slice(range.start, range.end);
  const [, name = "", value = ""] = ASSIGNMENT.exec(content) ?? [];
  if (name === "" || name.length > 12) return null;
  const lower = name.toLowerCase();
  const isTop = top.has(range.start);
  const meant = NAMES.includes(lower) ? lower : nearest(lower, NAMES, 2);
  // A comment may hold any assignment: only a value that the directive could have makes it one.
  if (meant === null || SOUND[meant]?.test(value) !== true) return null;
  if (meant === lower) {
    // Given twice is a problem of the syntax already.
    if (isTop || file.dockerfile.directives.some((directive) => directive.name === lower)) return null;
    return {
      message: `# ${lower}=${value} is only a comment: it stands behind other lines`,
      range,
      key: content,
    };
  }
  if (!isTop) return null;
  const start = range.start + content.indexOf(name);
  const place = { start, end: start + name.length };
  return {
    message: `# ${name}=${value} is only a comment: the directive is ${meant}`,
    range: place,
    key: content,
    fixes: isOnly(meant, top) ? [fixOf(`Write ${meant}`, "safe", [replaced(file, place, meant)])] : [],
  };
}

// A directive may be given once only.
function isOnly(meant: string, top: ReadonlyMap<number, string>): boolean {
  return [...top.values()].filter((name) => name === meant || nearest(name, NAMES, 2) === meant).length === 1;
}
