import { describe, expect, it } from "vitest";
import type { Finding } from "#model/finding.ts";
import { sampleFinding, sampleHost, sampleReport, sampleSubject } from "../terminal/testing.ts";
import junit from "./junit.ts";
import { parseXml } from "./testing.ts";

function firstCase(changes: Partial<Finding>) {
  const root = parseXml(junit(sampleReport([sampleFinding(changes)])));
  return root.children[0]?.children[0];
}

describe("junit", () => {
  it("has a suite for each subject and a case for each finding", () => {
    const report = sampleReport([
      sampleFinding({ subject: sampleSubject("web"), ruleId: "SW-A" }),
      sampleFinding({ subject: sampleSubject("web"), ruleId: "SW-B", verdict: "pass" }),
      sampleFinding({ subject: sampleSubject("db"), ruleId: "SW-A", verdict: "unknown" }),
    ]);
    const root = parseXml(junit(report));
    expect(root.name).toBe("testsuites");
    expect(root.attributes).toEqual({
      name: "seaworthy",
      tests: "3",
      failures: "1",
      errors: "0",
      skipped: "1",
      time: "0.312",
    });
    expect(root.children.map(({ name, attributes }) => [name, attributes])).toEqual([
      [
        "testsuite",
        {
          name: "container web",
          tests: "2",
          failures: "1",
          errors: "0",
          skipped: "0",
          timestamp: "2026-11-21T23:39:56",
        },
      ],
      [
        "testsuite",
        {
          name: "container db",
          tests: "1",
          failures: "0",
          errors: "0",
          skipped: "1",
          timestamp: "2026-11-21T23:39:56",
        },
      ],
    ]);
  });

  it("fails with severity, message, evidence and what to do", () => {
    const found = firstCase({
      ruleId: "SW-A",
      title: "Is <bad>",
      severity: "critical",
      message: 'is "bad" & worse',
      evidence: [{ witness: "actual", source: "/proc/1/status", path: "CapEff", value: "]]>" }],
      remediation: "docker run: drop --x\nCompose: remove x",
    });
    expect(found?.attributes).toEqual({ classname: "container.web", name: "SW-A Is <bad>" });
    expect(found?.children).toEqual([
      {
        name: "failure",
        attributes: { type: "critical", message: 'is "bad" & worse' },
        children: [],
        text: "actual /proc/1/status CapEff: ]]>\ndocker run: drop --x\nCompose: remove x",
      },
    ]);
  });

  it("skips what could not be judged and what does not apply, with the reason", () => {
    const skipped = (changes: Partial<Finding>) =>
      firstCase(changes)?.children.map((c) => [c.name, c.attributes]);
    expect(skipped({ verdict: "unknown", message: "permission denied" })).toEqual([
      ["skipped", { message: "unknown: permission denied" }],
    ]);
    expect(skipped({ verdict: "not-applicable", message: "swarm is off" })).toEqual([
      ["skipped", { message: "not applicable: swarm is off" }],
    ]);
  });

  it("passes what is excepted or in the baseline, with a note", () => {
    const note = (changes: Partial<Finding>) => firstCase(changes)?.children.map((c) => [c.name, c.text]);
    expect(note({ message: "is bad", exception: { reason: "needed", source: "seaworthy.yaml:3" } })).toEqual([
      ["system-out", "excepted: needed (seaworthy.yaml:3)\nis bad"],
    ]);
    expect(note({ message: "is bad", known: true })).toEqual([
      ["system-out", "known: stands in the baseline\nis bad"],
    ]);
    expect(note({ verdict: "pass" })).toEqual([]);
  });

  it("tells findings of one rule on one subject apart by their ids", () => {
    const root = parseXml(
      junit(
        sampleReport([
          sampleFinding({ ruleId: "SW-A", title: "Bad", id: "F-1", message: "1" }),
          sampleFinding({ ruleId: "SW-A", title: "Bad", id: "F-2", message: "2" }),
          sampleFinding({ ruleId: "SW-B", title: "Bad", id: "F-3" }),
        ]),
      ),
    );
    expect(root.children[0]?.children.map(({ attributes }) => attributes.name)).toEqual([
      "SW-A Bad (F-1)",
      "SW-A Bad (F-2)",
      "SW-B Bad",
    ]);
  });

  it("skips problems in a suite of their own", () => {
    const problems = [{ what: "engine did not answer", where: "/run/docker.sock", todo: "start it" }];
    const root = parseXml(junit(sampleReport([], { problems })));
    expect(root.children[0]?.attributes.name).toBe("seaworthy");
    expect(root.children[0]?.children[0]).toMatchObject({
      attributes: { classname: "seaworthy", name: "engine did not answer" },
      children: [{ name: "skipped", attributes: { message: "/run/docker.sock: start it" } }],
    });
  });

  it("is well-formed with nothing in it, and with a whole host", () => {
    expect(parseXml(junit(sampleReport([]))).children).toEqual([]);
    expect(parseXml(junit(sampleHost(4))).children.length).toBeGreaterThan(4);
  });
});

describe("the reader of these tests", () => {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  it.each([
    ["no declaration", "<a/>", "no XML declaration"],
    ["two roots", `${head}<a/><b/>`, "not one root"],
    ["a tag that is not closed", `${head}<a>`, "<a> is not closed"],
    ["a wrong end", `${head}<a></b>`, "</b> does not close <a>"],
    ["a bare ampersand", `${head}<a>&</a>`, "not a reference"],
    ["an unknown reference", `${head}<a>&x;</a>`, "not a reference"],
    ["a tag in an attribute", `${head}<a b="<"/>`, "not a tag"],
    ["an attribute twice", `${head}<a b="1" b="2"/>`, "b stands twice"],
    ["a control character", `${head}<a>\u001b</a>`, "not a character of XML"],
    ["half of a pair", `${head}<a>\ud800</a>`, "not a character of XML"],
    ["the end of CDATA", `${head}<a>]]></a>`, "]]> in text"],
  ])("refuses %s", (_, document, why) => {
    expect(() => parseXml(document)).toThrow(why);
  });
});
