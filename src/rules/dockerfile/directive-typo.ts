import type { Dockerfile } from "#model/evidence/dockerfile.ts";
import type { Range } from "#model/text.ts";
import { nearest } from "#evidence/dockerfile/nearest.ts";
import { page, rule } from "../rule.ts";
import { type EditedFile, fixOf, replaced } from "./facts/instruction-edits.ts";
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
    const top = topOf(dockerfile);
    for (const { inside, range } of dockerfile.comments) {
      if (range.start > end) break;
      if (inside || given.has(range.start)) continue;
      const fault = faultOf({ path, dockerfile }, range, top);
      if (fault !== null) faults.push(fault);
    }
    return failures(faults);
  },
});

/** The lines at the top that have the form of a directive. */
interface Top {
  /** How often each directive is given or nearly given in them. */
  times: Map<string, number>;
  /** Where the first line with an unknown name begins: it ends what the builder reads. */
  slip: number | null;
}

function topOf({ text }: Dockerfile): Top {
  const top: Top = { times: new Map(), slip: null };
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  for (let isFirst = true; at < text.length && text[at] === "#"; isFirst = false) {
    const feed = text.indexOf("\n", at);
    const end = feed === -1 ? text.length : feed;
    const name = assignment(text.slice(at, Math.min(end, at + MAX_LINE)))?.name;
    if (name === undefined && !(isFirst && text[at + 1] === "!")) break;
    const meant = name === undefined ? null : meantBy(name);
    if (name !== undefined && !NAMES.includes(name.toLowerCase())) top.slip ??= at;
    if (meant !== null) top.times.set(meant, (top.times.get(meant) ?? 0) + 1);
    at = end + 1;
  }
  return top;
}

function assignment(line: string): { name: string; value: string } | null {
  if (!line.includes("=")) return null;
  const [, name, value = ""] = ASSIGNMENT.exec(line) ?? [];
  return name === undefined ? null : { name, value };
}

function meantBy(name: string): string | null {
  const lower = name.toLowerCase();
  return NAMES.includes(lower) ? lower : name.length > 12 ? null : nearest(lower, NAMES, 2);
}

function faultOf(file: EditedFile, range: Range, top: Top): Fault | null {
  if (range.end - range.start > MAX_LINE) return null;
  const content = file.dockerfile.text.slice(range.start, range.end);
  const found = assignment(content);
  const meant = found === null ? null : meantBy(found.name);
  // A comment may hold any assignment: only a value that the directive could have makes it one.
  if (found === null || meant === null || SOUND[meant]?.test(found.value) !== true) return null;
  const { name, value } = found;
  if (meant === name.toLowerCase()) {
    // Given twice is a problem of the syntax already.
    if (file.dockerfile.directives.some((directive) => directive.name === meant)) return null;
    return {
      message: `# ${meant}=${value} is only a comment: it stands behind other lines`,
      range,
      key: content,
    };
  }
  if (top.slip !== range.start) return null;
  const start = range.start + content.indexOf(name);
  const place = { start, end: start + name.length };
  // A directive may be given once only.
  const isOnly = top.times.get(meant) === 1;
  return {
    message: `# ${name}=${value} is only a comment: the directive is ${meant}`,
    range: place,
    key: content,
    fixes: isOnly ? [fixOf(`Write ${meant}`, "safe", [replaced(file, place, meant)])] : [],
  };
}
