import fc from "fast-check";
import { type Finding, VERDICTS } from "#model/finding.ts";
import type { Report } from "#model/report.ts";
import { SEVERITIES } from "#model/severity.ts";
import { SUBJECT_KINDS } from "#model/subject.ts";
import { sampleCompliance, sampleFinding, sampleReport } from "../terminal/testing.ts";

/** Strict readers of the formats, and reports made of hostile texts, for the tests. */

/** An element of an XML document. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

const NAME = "[A-Za-z_][A-Za-z0-9_.-]*";
const TAG = new RegExp(`^<(/?)(${NAME})((?:\\s+${NAME}="[^"<]*")*)\\s*(/?)>`);
// Section 2.2 of XML 1.0: what a character is.
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * Reads an XML document of elements, attributes and text, as strictly as XML 1.0 says.
 *
 * @throws Error if it is not well-formed
 */
export function parseXml(document: string): XmlElement {
  const [declaration] = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/.exec(document) ?? [];
  if (declaration === undefined) throw new Error("no XML declaration");
  const bad = NOT_XML.exec(document);
  if (bad !== null) throw new Error(`not a character of XML: ${JSON.stringify(bad[0])}`);
  const top: XmlElement = { name: "", attributes: {}, children: [], text: "" };
  const open: XmlElement[] = [top];
  let rest = document.slice(declaration.length);
  while (rest !== "") {
    const parent = open.at(-1) ?? top;
    if (!rest.startsWith("<")) {
      const end = rest.indexOf("<");
      const raw = end < 0 ? rest : rest.slice(0, end);
      if (raw.includes("]]>")) throw new Error("]]> in text");
      parent.text += unescapeXml(raw);
      rest = rest.slice(raw.length);
      continue;
    }
    const [tag, closing, name = "", attributes = "", empty] = TAG.exec(rest) ?? [];
    if (tag === undefined) throw new Error(`not a tag: ${rest.slice(0, 80)}`);
    rest = rest.slice(tag.length);
    if (closing === "/") {
      if (attributes !== "" || empty === "/" || open.length === 1 || parent.name !== name) {
        throw new Error(`</${name}> does not close <${parent.name}>`);
      }
      open.pop();
      continue;
    }
    const element: XmlElement = { name, attributes: parseAttributes(attributes), children: [], text: "" };
    parent.children.push(element);
    if (empty !== "/") open.push(element);
  }
  const [root, second] = top.children;
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.name}> is not closed`);
  if (root === undefined || second !== undefined || top.text.trim() !== "") throw new Error("not one root");
  return root;
}

function parseAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = "", value = ""] of text.matchAll(new RegExp(`(${NAME})="([^"]*)"`, "g"))) {
    if (name in attributes) throw new Error(`${name} stands twice`);
    attributes[name] = unescapeXml(value);
  }
  return attributes;
}

function unescapeXml(text: string): string {
  return text.replace(/&([^;]*;?)/g, (_, reference: string) => {
    const found = reference.endsWith(";") ? ENTITIES[reference.slice(0, -1)] : undefined;
    if (found === undefined) throw new Error(`not a reference: &${reference.slice(0, 20)}`);
    return found;
  });
}

/**
 * Reads CSV as RFC 4180 has it: CRLF ends a record, a quoted cell may hold anything with quotes doubled.
 *
 * @throws Error if it is something else
 */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let rest = text;
  while (rest !== "") {
    const [cell, quoted, plain, end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest) ?? [];
    if (cell === undefined) throw new Error(`not a cell: ${rest.slice(0, 80)}`);
    row.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (end !== ",") {
      rows.push(row);
      row = [];
    }
    rest = rest.slice(cell.length);
  }
  if (row.length > 0) throw new Error("the last record does not end");
  return rows;
}

/** A service message of TeamCity. */
export interface ServiceMessage {
  name: string;
  attributes: Record<string, string>;
}

const VALUE = String.raw`(?:[^'|[\]\r\n]|\|(?:['|[\]nr]|0x[0-9a-f]{4}))*`;
const SERVICE_MESSAGE = new RegExp(String.raw`^##teamcity\[(\w+)((?: \w+='${VALUE}')+)\]$`);

/**
 * Reads a line as TeamCity does.
 *
 * @throws Error if it is no service message
 */
export function parseServiceMessage(line: string): ServiceMessage {
  const [, name = "", rest = ""] = SERVICE_MESSAGE.exec(line) ?? [];
  if (name === "") throw new Error(`not a service message: ${line}`);
  const pairs = [...rest.matchAll(new RegExp(` (\\w+)='(${VALUE})'`, "g"))];
  return {
    name,
    attributes: Object.fromEntries(
      pairs.map(([, key = "", value = ""]) => [
        key,
        value.replace(/\|(0x([0-9a-f]{4})|.)/g, (_, escaped: string, code?: string) =>
          code === undefined
            ? ({ n: "\n", r: "\r" }[escaped] ?? escaped)
            : String.fromCharCode(Number.parseInt(code, 16)),
        ),
      ]),
    ),
  };
}

/** A workflow command of GitHub Actions. */
export interface WorkflowCommand {
  name: string;
  properties: Record<string, string>;
  message: string;
}

/**
 * Reads a line as the runner does (actions/runner, ActionCommand.cs); null if it is plain text to it.
 */
export function parseWorkflowCommand(line: string): WorkflowCommand | null {
  const trimmed = line.trimStart();
  const end = trimmed.indexOf("::", 2);
  if (trimmed.startsWith("::") && end > 0) {
    const info = trimmed.slice(2, end);
    const blank = info.indexOf(" ");
    const pairs = blank < 0 ? [] : info.slice(blank + 1).split(",");
    return {
      name: blank < 0 ? info : info.slice(0, blank),
      properties: Object.fromEntries(
        pairs.map((pair) => {
          const at = pair.indexOf("=");
          const value = pair
            .slice(at + 1)
            .replaceAll("%3A", ":")
            .replaceAll("%2C", ",");
          return [pair.slice(0, at), unescapeData(value)];
        }),
      ),
      message: unescapeData(trimmed.slice(end + 2)),
    };
  }
  const [, name] = /##\[([^\]]*)\]/.exec(line) ?? [];
  return name === undefined ? null : { name, properties: {}, message: line };
}

function unescapeData(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

const NASTY = [
  "\u001b[31mred\u001b[0m",
  "\u009b31m",
  "\n::error::x",
  "::set-output name=a::b",
  "##[error]x",
  "##teamcity[buildStop comment='x']",
  "']\n##teamcity[buildStop]",
  "|n|'|]",
  "<script>alert(1)</script>",
  "]]>",
  "<![CDATA[",
  "&amp;&#10;&lt",
  '" onmouseover="x',
  "</details>",
  "| a | b |",
  "\\|",
  "```\n# x",
  "[x](javascript:alert(1))",
  "![x](http://example.com/x)",
  "@everyone",
  "#1",
  "{0}",
  "=cmd|' /C calc'!A0",
  "+1",
  "-1",
  "@SUM(1)",
  "\t=1",
  "＝1",
  ",;\"'",
  "\r\n",
  "\r",
  "%0A::error::x",
  "\u202e\u2066",
  "\u2028\u0085",
  "\ufffe\uffff",
  "\ud800",
  "😀",
  "a b",
  "../..",
  "",
];

/** Any text: a nasty piece, any characters, halves of pairs, and mixtures of them. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...NASTY),
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.string({
        unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
        maxLength: 8,
      }),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(""));

const hostileFinding: fc.Arbitrary<Finding> = fc
  .record({
    kind: fc.constantFrom(...SUBJECT_KINDS),
    verdict: fc.constantFrom(...VERDICTS),
    severity: fc.constantFrom(...SEVERITIES),
    ruleId: fc.constantFrom("SW-CTR-PID-HOST", "SW-CTR-NET-HOST", "SW-OTHER"),
    known: fc.boolean(),
    texts: fc.array(hostileText, { minLength: 13, maxLength: 13 }),
    options: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  })
  .map(({ kind, verdict, severity, ruleId, known, texts, options }) => {
    const text = (at: number) => texts[at] ?? "";
    const [withLocation, withException, withPath, withCis] = options;
    return sampleFinding({
      ruleId,
      verdict,
      severity,
      known,
      aliases: [...(withCis === true ? ["cis-docker-1.8:5.16", "cis-docker-1.6:5.16"] : []), text(0)],
      title: text(1),
      subject: { kind, name: text(2), id: text(3), image: text(4) },
      location:
        withLocation === true
          ? { path: text(5), startLine: 1, startColumn: 1, endLine: 2, endColumn: 1 }
          : null,
      evidence: [
        {
          witness: "actual",
          source: text(6),
          value: text(7),
          ...(withPath === true ? { path: text(8) } : {}),
        },
      ],
      message: text(9),
      remediation: verdict === "fail" ? text(10) : "",
      exception: withException === true ? { reason: text(11), owner: text(12), source: text(11) } : null,
    });
  });

/** A report in which every text that comes from outside is hostile. */
export const hostileReport: fc.Arbitrary<Report> = fc
  .record({
    findings: fc.array(hostileFinding, { maxLength: 6 }),
    problems: fc.array(fc.record({ what: hostileText, where: hostileText, todo: hostileText }), {
      maxLength: 2,
    }),
    source: hostileText,
    collectedAt: fc.oneof(fc.constant("2026-11-21T23:39:56.648Z"), hostileText),
    compliance: fc.boolean(),
  })
  .map(({ findings, problems, source, collectedAt, compliance }) =>
    sampleReport(findings, {
      problems,
      source,
      collectedAt,
      compliance: compliance ? sampleCompliance() : null,
    }),
  );
