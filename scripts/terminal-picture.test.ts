import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

function draw(text: string, ...args: string[]): string {
  const script = new URL("terminal-picture.mjs", import.meta.url).pathname;
  return execFileSync(process.execPath, [script, ...args], { input: text, encoding: "utf8" });
}

it("draws each run of a style at its column, in its colour", () => {
  const svg = draw(
    "web  \u001b[1m\u001b[91m1 critical\u001b[39m\u001b[22m\n\n  \u001b[2mquiet\u001b[22m\n",
    "seaworthy check",
  );
  expect(svg).toContain("<title>seaworthy check</title>");
  const texts = Array.from(
    svg.matchAll(/<text x="([\d.]+)" y="(\d+)" fill="(#\w+)"([^>]*)>([^<]*)</g),
    (match) => match.slice(1),
  );
  const drawn = texts.filter(([, , , rest]) => rest?.includes("textLength"));
  expect(drawn.map(([x, y, , , text]) => [x, y, text])).toEqual([
    ["20.0", "66", "web"],
    ["62.0", "66", "1 critical"],
    ["36.8", "104", "quiet"],
  ]);
  expect(drawn[1]?.[2]).not.toBe(drawn[0]?.[2]);
  expect(drawn[1]?.[3]).toContain('font-weight="700"');
  expect(drawn[2]?.[3]).toContain("opacity");
});

it("counts wide characters as the terminal does, and widens the window on demand", () => {
  expect(draw("データ|\n", "t")).toContain('textLength="58.8"');
  expect(draw("a\n", "t", "100")).toContain('width="880"');
});

it("is one picture that needs nothing besides itself", () => {
  const svg = draw('a < b & "c"\n', "<title>");
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^]*<\/svg>\n$/);
  expect(svg).toContain("a &#60; b &#38; &#34;c&#34;");
  expect(svg).toContain("<title>&#60;title&#62;</title>");
  expect(svg).not.toMatch(/href|<script|<image|@import/);
});
