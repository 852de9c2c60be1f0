import type { Report } from "#model/report.ts";

// Signs outside of ASCII are written as JSON has them for every reader: DEL and the C1 controls because a terminal
// obeys them (ECMA-48 section 5.3), the others because then the whole report has one byte for each sign.
const NOT_ASCII = /[\u007f-\uffff]/g;
const AT_ONCE = 50;

/** The documented JSON contract (docs/json-report.md, schemas/report.schema.json). */
export default function json(report: Report): string {
  return bytes(report).toString("latin1");
}

/**
 * The same as it is written to a file. Each subject and each finding stands on a line of its own: there are
 * thousands of them, and indented they would be half as long again.
 */
export function bytes(report: Report): Buffer {
  const parts: Buffer[] = [];
  const write = (text: string): void => {
    parts.push(Buffer.from(text.replace(NOT_ASCII, escape), "latin1"));
  };
  let before = "{\n";
  for (const [name, value] of Object.entries(report) as [string, unknown][]) {
    if (value === undefined) continue;
    if (Array.isArray(value) && value.length > 0) {
      write(`${before}  ${JSON.stringify(name)}: [\n`);
      for (let at = 0; at < value.length; at += AT_ONCE) {
        const lines = value.slice(at, at + AT_ONCE).map((item) => `    ${JSON.stringify(item)}`);
        write(`${at === 0 ? "" : ",\n"}${lines.join(",\n")}`);
      }
      write("\n  ]");
    } else {
      const text = JSON.stringify(value, null, 2).replaceAll("\n", "\n  ");
      write(`${before}  ${JSON.stringify(name)}: ${text}`);
    }
    before = ",\n";
  }
  write("\n}\n");
  return Buffer.concat(parts);
}

function escape(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
