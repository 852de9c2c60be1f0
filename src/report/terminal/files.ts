import type { Finding } from "#model/finding.ts";
import type { Report } from "#model/report.ts";
import { SEVERITIES, severityRank } from "#model/severity.ts";
import { isOpen } from "../finding-text.ts";
import { groupBy } from "./arrange.ts";
import { type Canvas, detail, heading, marked, type Part, severityMark } from "./canvas.ts";
import { clip } from "./flow.ts";
import { stepsOf } from "./remedy.ts";
import { visible } from "./visible.ts";
import { displayWidth } from "./width.ts";

/** How much is told of findings in files. */
export interface FileDetail {
  /** The line that it is about, for findings of this rank and above. */
  excerptFrom: number;
  fixFrom: number;
}

/** From much to little: the first that fits is taken. */
export const FILE_DETAILS: readonly FileDetail[] = [
  { excerptFrom: 0, fixFrom: 0 },
  { excerptFrom: 2, fixFrom: 2 },
  { excerptFrom: 3, fixFrom: 3 },
  { excerptFrom: 9, fixFrom: 9 },
];

/** True if a report is about files only. */
export function isAboutFiles({ findings, subjects }: Report): boolean {
  const files = subjects.filter(({ kind }) => kind !== "container");
  if (!files.every(({ kind }) => FILE_KINDS.has(kind))) return false;
  const placed = findings.every(
    ({ location, verdict }) => location !== null && (verdict === "fail" || verdict === "unknown"),
  );
  return placed && (files.length > 0 || findings.length > 0);
}

const FILE_KINDS: ReadonlySet<string> = new Set(["dockerfile", "compose", "manifest"]);

/** One block for each file with failures, in the order of its lines. */
export function fileBlocks(canvas: Canvas, { findings }: Report, show: FileDetail): string[][] {
  const failed = findings.filter(({ verdict }) => verdict === "fail");
  return [...groupBy(failed, pathOf)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, group]) => {
      const open = group.filter(isOpen);
      return [
        ...heading(canvas, visible(path), "", tally(canvas, open)),
        ...open.toSorted(byPlace).flatMap((finding) => findingLines(canvas, finding, show)),
        ...acceptedLines(canvas, group.filter((finding) => !isOpen(finding)).toSorted(byPlace)),
      ];
    });
}

function pathOf({ location, subject }: Finding): string {
  return location?.path ?? subject.name;
}

/** What is accepted or in the baseline: how many, or in full. */
function acceptedLines(canvas: Canvas, findings: readonly Finding[]): string[] {
  const { style, verbose } = canvas;
  if (findings.length === 0) return [];
  if (!verbose) {
    const text = `${findings.length} accepted, or in the baseline (--verbose)`;
    return marked(canvas, { symbol: "~", word: "accepted", paint: style.quiet }, [
      { text, paint: style.quiet },
    ]);
  }
  return findings.flatMap((finding) => {
    const { message, ruleId, exception } = finding;
    const word = exception === null ? "known" : "accepted";
    const why = exception === null ? "in the baseline" : `${exception.reason} (${exception.source})`;
    return [
      ...marked(
        canvas,
        { symbol: "~", word, paint: style.quiet },
        [{ text: placeText(finding), paint: style.quiet }, { text: visible(message) }],
        visible(ruleId),
      ),
      ...detail(canvas, "reason", [{ text: visible(why) }]),
    ];
  });
}

function placeText({ location }: Finding): string {
  return location === null ? "" : `${location.startLine}:${location.startColumn}`;
}

/** What could not be judged, one by one. */
export function unknownLines(canvas: Canvas, { findings }: Report): string[] {
  const { style } = canvas;
  return findings
    .filter(({ verdict }) => verdict === "unknown")
    .flatMap((finding) =>
      marked(
        canvas,
        { symbol: "?", word: "unknown", paint: style.open },
        [
          { text: `${visible(pathOf(finding))}:${placeText(finding)}`, paint: style.quiet },
          { text: visible(finding.message) },
        ],
        visible(finding.ruleId),
      ),
    );
}

/** What files have that nobody need look at, in a line. */
export function fineLine(canvas: Canvas, { findings, subjects }: Report): string[] {
  const paths = new Set(subjects.filter(({ kind }) => kind !== "container").map(({ name }) => name));
  const faulty = new Set(
    findings.filter(isOpen).map(({ location, subject }) => location?.path ?? subject.name),
  );
  const fine = [...paths].filter((path) => !faulty.has(path));
  if (fine.length === 0) return [];
  const name = fine.length === 1 ? visible(fine[0] ?? "") : `${fine.length} files`;
  return heading(canvas, name, "nothing found", [], canvas.style.good("✓"));
}

function tally({ style }: Canvas, group: readonly Finding[]): Part[] {
  return SEVERITIES.toReversed().flatMap((severity) => {
    const count = group.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [{ text: `${count} ${severity}`, paint: style.severity[severity] }];
  });
}

function byPlace(a: Finding, b: Finding): number {
  return (
    (a.location?.startLine ?? 0) - (b.location?.startLine ?? 0) ||
    severityRank(b.severity) - severityRank(a.severity) ||
    (a.location?.startColumn ?? 0) - (b.location?.startColumn ?? 0)
  );
}

function findingLines(canvas: Canvas, finding: Finding, show: FileDetail): string[] {
  const { severity, message, ruleId, aliases } = finding;
  const rank = severityRank(severity);
  const place = placeText(finding);
  const other = aliases.find((alias) => /^(?:DL|SC)\d{4}$/.test(alias)) ?? "";
  return [
    ...marked(
      canvas,
      severityMark(canvas, severity),
      [
        { text: place, paint: canvas.style.quiet },
        { text: visible(message), paint: canvas.style.plain },
      ],
      visible(other === "" ? ruleId : `${ruleId} ${other}`),
    ),
    ...(canvas.verbose || rank >= show.excerptFrom ? excerptLines(canvas, finding) : []),
    ...(canvas.verbose || rank >= show.fixFrom ? fixLines(canvas, finding) : []),
  ];
}

/** The line of the file, and a mark below what is meant. */
function excerptLines(canvas: Canvas, { evidence, location }: Finding): string[] {
  const [seen] = evidence;
  if (seen === undefined || location === null) return [];
  const { style, indent, width } = canvas;
  if (!/^line \d+$/.test(seen.path ?? "")) {
    const from = seen.path === undefined ? seen.source : visible(seen.path);
    return detail(canvas, seen.witness, [
      { text: clip(visible(seen.value), 200) },
      { text: `(${from})`, paint: style.quiet, gap: 2 },
    ]);
  }
  const cut = seen.value.length - seen.value.trimStart().length;
  const line = clip(visible(seen.value.trimStart()), Math.max(20, width - indent - 4));
  const bar = `${" ".repeat(indent)}${style.quiet("│")} `;
  const start = location.startColumn - 1 - cut;
  const end = location.endLine === location.startLine ? location.endColumn - 1 - cut : line.length;
  const last = Math.min(end, line.length);
  const marks =
    start < 0 || last <= start || seen.value.includes("****") || (start === 0 && last >= line.length)
      ? []
      : [
          `${bar}${" ".repeat(displayWidth(line.slice(0, start)))}${style.severity.high("^".repeat(Math.max(1, displayWidth(line.slice(start, last)))))}`,
        ];
  return [`${bar}${line}`, ...marks];
}

function fixLines(canvas: Canvas, { fixes, remediation }: Finding): string[] {
  const [fix] = fixes;
  if (fix !== undefined) {
    const command = fix.safety === "safe" ? "--fix" : "--fix=all: may change behaviour";
    return detail(
      canvas,
      "fix",
      [{ text: visible(fix.title) }, { text: `(${command})`, paint: canvas.style.quiet, gap: 2 }],
      { paint: canvas.style.good },
    );
  }
  const [step] = stepsOf(remediation);
  const [text = ""] = step?.lines ?? [];
  return text === ""
    ? []
    : detail(canvas, "fix", [{ text: visible(text.trim()) }], { paint: canvas.style.good });
}
