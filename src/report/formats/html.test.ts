import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RULES } from "#rules/index.ts";
import { remediationText } from "#rules/judge.ts";
import { sampleFinding, sampleHost, sampleReport, sampleSubject } from "../terminal/testing.ts";
import html from "./html.ts";

// Any code point, control characters and lone surrogates often.
const anyCharacter = fc
  .oneof(fc.nat(0xff), fc.integer({ min: 0x2000, max: 0x2fff }), fc.nat(0x10ffff))
  .map((code) => String.fromCodePoint(code));

/** What a reader sees of a page: no tags, no folded blanks. */
function textOf(page: string): string {
  return page
    .replace(/<style>[^]*<\/style>/, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ");
}

describe("page", () => {
  const page = html(sampleHost(5));

  it("needs nothing besides itself and forbids everything else", () => {
    expect(page).not.toMatch(
      /<script|<link|<img|<iframe|<object|@import|url\(|\son\w+=|\sstyle=|javascript:/i,
    );
    const [, style = ""] = /<style>([^]*?)<\/style>/.exec(page) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
  });

  it("has one main heading, headings in order, landmarks and a language", () => {
    expect(page).toMatch(/^<!doctype html>\s*<html lang="en">/);
    const levels = Array.from(page.matchAll(/<h([1-6])/g), ([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels[0]).toBe(1);
    for (const [at, level] of levels.entries()) expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);
    for (const landmark of ["<header", "<main", "<nav", "<footer"]) expect(page).toContain(landmark);
  });

  it("has anchors for all of its links, each once", () => {
    const ids = Array.from(page.matchAll(/ id="([^"]*)"/g), ([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const links = Array.from(page.matchAll(/href="#([^"]*)"/g), ([, id]) => id);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("gives every table head a scope", () => {
    expect(page.match(/<th(?!ead)/g)?.length).toBe(page.match(/<th scope="(?:col|row|rowgroup)"/g)?.length);
  });

  it("tells everything that a finding knows", () => {
    const text = textOf(page);
    for (const part of [
      "the engine's socket can be reached at /hostrun/docker.sock, and 2 more",
      "SW-CTR-ENGINE-SOCKET",
      "specified",
      "/run:/hostrun:ro",
      "CIS Docker 5.32 (1.8, 1.7)",
      "Excepted: rotated every hour by the vault agent, by platform, until 2027-03-31",
      "8 findings at or above the gate (high)",
      "/etc/shadow: permission denied — run with sudo",
      "Own words for recommendation 1.2",
      "Look at: GET /info, and who may read it",
      "has its own pid namespace",
      "SELinux is not active on this host",
      "runs as root (nginx) on 5 containers",
    ]) {
      expect(text).toContain(part);
    }
  });
});

it("explains risk, countermeasure and sources of each rule", () => {
  const [rule] = RULES;
  const { id: ruleId = "", risk = "", countermeasure = "", references = [], title = "" } = rule ?? {};
  const remediation = rule === undefined ? "" : remediationText(rule);
  const page = html(sampleReport([sampleFinding({ ruleId, title, remediation })]));
  const text = textOf(page);
  expect(text).toContain(risk);
  expect(text).toContain(countermeasure);
  expect(references.length).toBeGreaterThan(0);
  for (const { title: name } of references) expect(text).toContain(name);
});

it("keeps the fix as it is to be typed, with the place named", () => {
  const remediation = 'daemon.json: {\n  "icc": false\n}\nhost: systemctl restart docker';
  const page = html(sampleReport([sampleFinding({ remediation })]));
  expect(page).toContain("<pre><code>{\n  &quot;icc&quot;: false\n}</code></pre>");
  expect(page).toContain('<span class="where">daemon.json</span>');
  expect(page).toContain("<pre><code>systemctl restart docker</code></pre>");
});

it("shows what only some of many have beside what they share", () => {
  const shared = ["a", "b", "c", "d"].map((name) =>
    sampleFinding({ subject: sampleSubject(name), severity: "high", message: "runs as root" }),
  );
  const own = sampleFinding({ subject: sampleSubject("b"), severity: "low", message: "has no health check" });
  const page = html(sampleReport([...shared, own]));
  expect(page.match(/runs as root/g)).toHaveLength(1);
  expect(textOf(page)).toContain("has no health check");
  expect(textOf(page)).toContain("1 finding that it shares with other containers");
});

it("says so when nothing was found", () => {
  const text = textOf(html(sampleReport([sampleFinding({ verdict: "pass" })])));
  expect(text).toContain("Nothing was found");
  expect(text).toContain("nothing at or above the gate (high)");
});

it("says so when it is not complete", () => {
  const report = sampleReport([sampleFinding()]);
  expect(textOf(html(report))).not.toContain("not complete");
  const cut = { ...report, summary: { ...report.summary, complete: false } };
  expect(textOf(html(cut))).toContain("not complete: see the problems");
});

it("shows a time that is none as it is", () => {
  expect(textOf(html(sampleReport([], { collectedAt: "<yesterday>" })))).toContain("<yesterday>");
});

it("lets no name become markup", () => {
  const text = fc.oneof(
    fc.constantFrom(
      "<script>alert(1)</script>",
      '"><img src=x onerror=alert(1)>',
      "</style></title><svg onload=alert(1)>",
      "'`--><!--",
      "]]>",
      "\u202e\u0000",
    ),
    // A blank text leaves its element out, which is another shape but no markup of its own.
    fc.string({ unit: anyCharacter, maxLength: 60 }).filter((filled) => filled.trim() !== ""),
  );
  const shape = (page: string): string =>
    page
      .replace(/<wbr>/g, "")
      .replace(/(?<=>)[^<>]*(?=<)|"[^"]*"/g, "")
      // A line end in the text may part it from the place that it is for.
      .replace(/<span class=><\/span>(?=<pre>)/g, "");
  const build = (fill: string): string =>
    html(
      sampleReport(
        [
          sampleFinding({
            ruleId: fill,
            title: fill,
            message: fill,
            subject: sampleSubject(fill, { image: fill }),
            aliases: [fill],
            evidence: [{ witness: "actual", source: fill, path: fill, value: fill }],
            location: { path: fill, startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 },
            remediation: `host: ${fill}`,
            exception: { reason: fill, owner: fill, expires: fill, source: fill },
          }),
          sampleFinding({ verdict: "unknown", message: fill, ruleId: fill }),
        ],
        { source: fill, problems: [{ what: `${fill}.`, where: `${fill}.`, todo: `${fill}.` }] },
      ),
    );
  const plain = shape(build("plain"));
  fc.assert(
    fc.property(text, (fill) => {
      expect(shape(build(`x${fill}`))).toBe(plain);
    }),
  );
});
