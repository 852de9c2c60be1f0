import { expect, it } from "vitest";
import type { Finding } from "#model/finding.ts";
import { sampleFinding, sampleReport, sampleSubject } from "../terminal/testing.ts";
import checkstyle from "./checkstyle.ts";
import { parseXml } from "./testing.ts";

const subject = sampleSubject("Dockerfile", { kind: "dockerfile" });
const at = (path: string, startLine: number, changes: Partial<Finding> = {}) =>
  sampleFinding({
    subject,
    location: { path, startLine, startColumn: 5, endLine: startLine, endColumn: 9 },
    ...changes,
  });

it("checkstyle: an element for each file, in it one for each finding", () => {
  const text = checkstyle(
    sampleReport([
      at("Dockerfile", 2, { severity: "high", ruleId: "SW-DF-A", message: 'is "bad" & <worse>' }),
      at("b/Dockerfile", 1, { severity: "medium", ruleId: "SW-DF-B" }),
      at("Dockerfile", 7, { severity: "info", ruleId: "SW-DF-C" }),
    ]),
  );
  const { name, attributes, children } = parseXml(text);
  expect({ name, attributes }).toEqual({ name: "checkstyle", attributes: { version: "4.3" } });
  expect(children.map(({ attributes, children }) => [attributes.name, children.length])).toEqual([
    ["Dockerfile", 2],
    ["b/Dockerfile", 1],
  ]);
  const [first, second] = children[0]?.children ?? [];
  expect(first?.attributes).toEqual({
    line: "2",
    column: "5",
    severity: "error",
    message: 'is "bad" & <worse>',
    source: "Seaworthy.SW-DF-A",
  });
  expect(second?.attributes).toMatchObject({ line: "7", severity: "info" });
  expect(children[1]?.children[0]?.attributes.severity).toBe("warning");
});

it("checkstyle: a subject without a file stands as one, without a column", () => {
  const [file] = parseXml(checkstyle(sampleReport([sampleFinding()]))).children;
  expect(file?.attributes.name).toBe("web");
  expect(file?.children[0]?.attributes).toMatchObject({ line: "1" });
  expect(file?.children[0]?.attributes).not.toHaveProperty("column");
});

it("checkstyle: nothing found is a whole document", () => {
  expect(parseXml(checkstyle(sampleReport([]))).children).toEqual([]);
});
