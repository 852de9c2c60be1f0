import type { Report } from "#model/report.ts";
import type { RenderOptions } from "../render.ts";
import { arrange, type Arrangement, type SubjectSection } from "../terminal/arrange.ts";
import { type Canvas, canvas, heading } from "../terminal/canvas.ts";
import { complianceLines } from "../terminal/compliance.ts";
import { FILE_DETAILS, fileBlocks, fineLine, isAboutFiles, unknownLines } from "../terminal/files.ts";
import { listThatFits } from "../terminal/flow.ts";
import { cleanLines, type Details, sharedSectionLines, subjectLines } from "../terminal/section.ts";
import { style } from "../terminal/style.ts";
import { nextLines, problemLines, totalLines, unjudgedLines } from "../terminal/summary.ts";
import { visible } from "../terminal/visible.ts";

// Longer lines are hard to follow from a message to its id.
const MAX_WIDTH = 120;
const MIN_WIDTH = 40;

// What people still read to the end, at 80 columns; beyond it the less severe findings are told shorter.
const MOST_LINES = 120;

const full = { evidence: 3, fix: true, merge: false };
const short = { evidence: 1, fix: true, merge: true };
const fixOnly = { evidence: 0, fix: true, merge: true };
const lineOnly = { evidence: 0, fix: false, merge: true };
const DETAILS: readonly Details[] = [
  { critical: full, high: full, medium: full, low: null, info: null },
  { critical: full, high: { ...full, merge: true }, medium: fixOnly, low: null, info: null },
  { critical: short, high: short, medium: lineOnly, low: null, info: null },
  { critical: short, high: fixOnly, medium: lineOnly, low: null, info: null },
  { critical: short, high: fixOnly, medium: null, low: null, info: null },
];

const all = { evidence: Infinity, fix: true, merge: false };
const VERBOSE: Details = { critical: all, high: all, medium: all, low: all, info: all };

// So few that folding them would hide more than it helps; only where there is nothing worse.
const FEW = 5;
const FEW_LOW: Details = { ...VERBOSE, low: short, info: short };

/** What a person reads in a terminal: the worst first, what is fine in one line. */
export default function table(report: Report, options: RenderOptions): string {
  const width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, options.width));
  const target = canvas(style(options.colour), width, options.verbose);
  if (isAboutFiles(report)) return printed(fileTable(target, report));
  const arrangement = arrange(report, !options.verbose);
  const candidates = options.verbose ? [VERBOSE] : DETAILS;
  let lines: string[] = [];
  for (const details of candidates) {
    lines = picture(target, report, arrangement, details);
    if (lines.length <= MOST_LINES * Math.max(1, 80 / width)) break;
  }
  return printed(lines);
}

function printed(lines: readonly string[]): string {
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

/** What lint shows: file by file, in the order of the lines. */
function fileTable(target: Canvas, report: Report): string[] {
  let lines: string[] = [];
  for (const show of FILE_DETAILS) {
    lines = joined([
      problemLines(target, report),
      ...fileBlocks(target, report, show),
      fineLine(target, report),
      target.verbose ? unknownLines(target, report) : [],
      [target.style.quiet("─".repeat(target.width)), ...totalLines(target, report)],
      nextLines(target, report),
    ]);
    if (target.verbose || lines.length <= MOST_LINES) break;
  }
  return lines;
}

function joined(blocks: readonly string[][]): string[] {
  return blocks
    .filter(({ length }) => length > 0)
    .flatMap((block, at) => (at === 0 ? block : ["", ...block]));
}

function picture(target: Canvas, report: Report, arrangement: Arrangement, details: Details): string[] {
  const { sections, clean, unjudged } = arrangement;
  const low = clean.flatMap(({ open }) => open).length;
  const showLow = target.verbose || (sections.length === 0 && low > 0 && low <= FEW);
  const opened = showLow ? clean.filter(({ open }) => target.verbose || open.length > 0) : [];
  const blocks: string[][] = [
    replayed(target, report),
    problemLines(target, report),
    ...sections.map((section) =>
      section.type === "shared"
        ? sharedSectionLines(target, section, details)
        : subjectLines(target, section, details),
    ),
    ...opened.map((section) => subjectLines(target, section, target.verbose ? details : FEW_LOW)),
    cleanLines(
      target,
      clean.filter((section) => !opened.includes(section)),
    ),
    ...(target.verbose
      ? unjudged.map((section) => subjectLines(target, section, details))
      : [unjudgedSubjects(target, unjudged)]),
    unjudgedLines(target, report, details.medium?.fix === true ? 8 : 4),
    report.subjects.length > 0
      ? []
      : heading(target, "nothing to judge", "no host, engine, container or image was read", []),
    report.compliance === null ? [] : complianceLines(target, report.compliance),
    [target.style.quiet("─".repeat(target.width)), ...totalLines(target, report)],
    nextLines(target, report),
  ];
  return joined(blocks);
}

function replayed(target: Canvas, { source, collectedAt }: Report): string[] {
  if (source === "live") return [];
  return heading(target, "replayed", `evidence of ${visible(collectedAt)} from ${visible(source)}`, []);
}

function unjudgedSubjects(target: Canvas, sections: readonly SubjectSection[]): string[] {
  // A subject to which no rule applies (a bridge network) is not worth a word.
  const open = sections.filter(({ byVerdict }) => byVerdict.unknown.length > 0);
  if (open.length === 0) return [];
  const names = open.map(({ subject }) => `${subject.kind} ${visible(subject.name)}`);
  const list = listThatFits(names, target.width - 22);
  return heading(target, "nothing judged on", list, []);
}
