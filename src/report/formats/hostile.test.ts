import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { issuesOf } from "../issues.ts";
import { FORMAT_NAMES, render } from "../render.ts";
import { visible } from "../terminal/visible.ts";
import { hostileReport, parseCsv, parseServiceMessage, parseWorkflowCommand, parseXml } from "./testing.ts";

const MACHINE_FORMATS = [
  "json",
  "sarif",
  "junit",
  "markdown",
  "csv",
  "teamcity",
  "github",
  "docker-bench-json",
  "checkstyle",
  "codeclimate",
  "gitlab",
  "gnu",
];
const JSON_FORMATS = ["json", "sarif", "docker-bench-json", "codeclimate", "gitlab"];
const options = fc.boolean().map((verbose) => ({ colour: true, width: 80, verbose }));
// Controls but newlines: ESC and U+009B start what a terminal obeys.
const CONTROL = /(?!\r?\n)[\p{Cc}]|[\u202a-\u202e\u2066-\u2069]/u;

describe("every format for machines", () => {
  it("is known to --format", () => {
    expect(FORMAT_NAMES).toEqual(expect.arrayContaining(MACHINE_FORMATS));
  });

  it.each(MACHINE_FORMATS)(
    "%s ends with a newline, and gives the same text for the same report",
    async (format) => {
      await fc.assert(
        fc.asyncProperty(hostileReport, options, async (report, how) => {
          const text = await render(format, report, how);
          // A compiler that has nothing to complain about prints nothing.
          expect(text.endsWith("\n") || (format === "gnu" && text === "")).toBe(true);
          expect(await render(format, structuredClone(report), how)).toBe(text);
        }),
        { numRuns: 50 },
      );
    },
  );

  it.each(MACHINE_FORMATS.filter((format) => !JSON_FORMATS.includes(format)))(
    "%s shows no control characters, and none that swap what is read",
    async (format) => {
      await fc.assert(
        fc.asyncProperty(hostileReport, options, async (report, how) => {
          expect(await render(format, report, how)).not.toMatch(CONTROL);
        }),
        { numRuns: 100 },
      );
    },
  );

  it.each(JSON_FORMATS)("%s is JSON without raw controls", async (format) => {
    await fc.assert(
      fc.asyncProperty(hostileReport, options, async (report, how) => {
        const text = await render(format, report, how);
        expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
        JSON.parse(text);
      }),
      { numRuns: 100 },
    );
  });
});

describe("hostile names", () => {
  it("come back from json as they were", async () => {
    await fc.assert(
      fc.asyncProperty(hostileReport, options, async (report, how) => {
        expect(JSON.parse(await render("json", report, how))).toEqual(report);
      }),
      { numRuns: 100 },
    );
  });

  it("come back from sarif as they were", async () => {
    await fc.assert(
      fc.asyncProperty(hostileReport, async (report) => {
        const text = await render("sarif", report, { colour: false, width: 80, verbose: true });
        const { results } = JSON.parse(text).runs[0];
        expect(results.map((result: SarifResult) => result.locations[0].logicalLocations[0].name)).toEqual(
          report.findings.map(({ subject }) => subject.name),
        );
      }),
      { numRuns: 100 },
    );
  });

  it("leave junit well-formed, with a case for each finding and problem", async () => {
    await fc.assert(
      fc.asyncProperty(hostileReport, options, async (report, how) => {
        const root = parseXml(await render("junit", report, how));
        const cases = root.children.flatMap(({ children }) => children);
        expect(cases).toHaveLength(report.findings.length + report.problems.length);
        expect(root.attributes.tests).toBe(String(cases.length));
        for (const { name, children } of cases) {
          expect(name).toBe("testcase");
          for (const child of children) expect(["failure", "skipped", "system-out"]).toContain(child.name);
        }
        // Characters that XML does not have stand as U+FFFD.
        const names = report.findings.map(({ subject }) =>
          visible(`${subject.kind}.${subject.name}`).replace(/[\ufffe\uffff]/g, "\ufffd"),
        );
        expect(cases.map(({ attributes }) => attributes.classname)).toEqual(expect.arrayContaining(names));
      }),
      { numRuns: 200 },
    );
  });

  it("leave csv with one record for each finding, none of whose cells is a formula", async () => {
    await fc.assert(
      fc.asyncProperty(hostileReport, options, async (report, how) => {
        const [head = [], ...rows] = parseCsv(await render("csv", report, how));
        expect(rows).toHaveLength(report.findings.length);
        for (const row of rows) {
          expect(row).toHaveLength(head.length);
          for (const cell of row) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("stay within the values of teamcity's messages", async () => {
    const known = ["inspectionType", "inspection", "message", "buildProblem"];
    await fc.assert(
      fc.asyncProperty(hostileReport, options, async (report, how) => {
        const lines = (await render("teamcity", report, how)).trimEnd().split("\n");
        for (const line of lines) expect(known).toContain(parseServiceMessage(line).name);
      }),
      { numRuns: 200 },
    );
  });

  it("give github no command but ours", async () => {
    const known = ["error", "warning", "notice", "group", "endgroup"];
    await fc.assert(
      fc.asyncProperty(hostileReport, options, async (report, how) => {
        const commands = (await render("github", report, how))
          .split("\n")
          .map(parseWorkflowCommand)
          .filter((command) => command !== null);
        for (const { name } of commands) expect(known).toContain(name);
        const open = report.findings.filter(
          ({ verdict, exception, known }) => verdict === "fail" && exception === null && !known,
        );
        expect(commands.filter(({ name }) => ["error", "warning", "notice"].includes(name))).toHaveLength(
          open.length + report.problems.length,
        );
      }),
      { numRuns: 200 },
    );
  });

  it("leave checkstyle well-formed, with an element for each issue", async () => {
    await fc.assert(
      fc.asyncProperty(hostileReport, options, async (report, how) => {
        const files = parseXml(await render("checkstyle", report, how)).children;
        const errors = files.flatMap(({ children }) => children);
        expect(errors).toHaveLength(issuesOf(report).length);
        for (const { attributes } of errors) expect(attributes.source).toMatch(/^Seaworthy\.[\w-]+$/);
        expect(new Set(files.map(({ attributes }) => attributes.name)).size).toBeLessThanOrEqual(
          files.length,
        );
      }),
      { numRuns: 200 },
    );
  });

  it("leave gnu with one line for each issue", async () => {
    await fc.assert(
      fc.asyncProperty(hostileReport, options, async (report, how) => {
        const lines = (await render("gnu", report, how)).split("\n").slice(0, -1);
        expect(lines).toHaveLength(issuesOf(report).length);
        for (const line of lines) expect(line).toMatch(/^.*:\d+:\d+: (?:error|warning|note): .* \[[\w-]+\]$/);
      }),
      { numRuns: 200 },
    );
  });

  it("leave codeclimate with fingerprints that no two issues share", async () => {
    await fc.assert(
      fc.asyncProperty(hostileReport, options, async (report, how) => {
        const issues: { fingerprint: string }[] = JSON.parse(await render("codeclimate", report, how));
        expect(issues).toHaveLength(issuesOf(report).length);
        expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
      }),
      { numRuns: 200 },
    );
  });

  it("are text in markdown: no tags, links, code, mentions or cells of their own", async () => {
    await fc.assert(
      fc.asyncProperty(hostileReport, options, async (report, how) => {
        const text = await render("markdown", report, how);
        expect(text.replace(/<\/?(?:details|summary|b|code|pre)>/g, "")).not.toMatch(/[<>`*[\]\\~]/);
        const prose = text.replace(/<(code|pre)>.*?<\/\1>/gs, "");
        expect(prose).not.toMatch(/(?<![A-Za-z0-9_&])[@#](?=[A-Za-z0-9])/);
        expect(text.split("<details>")).toHaveLength(text.split("</details>").length);
        for (const line of text.split("\n").filter((line) => line.includes("|"))) {
          expect(line).toMatch(/^\|( [^|]* \|){2,6}$/);
        }
        for (const line of prose.split("\n").filter((line) => line.startsWith("#"))) {
          expect(line).toMatch(/^(## Seaworthy: |### (Findings|Problems|CIS Docker Benchmark 1\.8\.0)$)/);
        }
      }),
      { numRuns: 200 },
    );
  });
});

interface SarifResult {
  locations: [{ logicalLocations: [{ name: string }] }];
}
