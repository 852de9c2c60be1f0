import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { breakable, html, lines, raw } from "./markup.ts";

// Any code point, control characters and lone surrogates often.
const anyCharacter = fc
  .oneof(fc.nat(0xff), fc.integer({ min: 0x2000, max: 0x2fff }), fc.nat(0x10ffff))
  .map((code) => String.fromCodePoint(code));

describe("html", () => {
  it("escapes every text, in elements and in attributes", () => {
    const text = `<script>alert("1")</script>&'\``;
    const safe = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;&#96;";
    expect(html`<p title="${text}">${text}</p>`.markup).toBe(`<p title="${safe}">${safe}</p>`);
  });

  it("puts markup in as it is, lists one after the other, null as nothing", () => {
    const items = ["a", "b"].map((name) => html`<li>${name}</li>`);
    const page = html`<ul>
        ${items}
      </ul>
      ${null}${raw("<hr>")}${3}`;
    expect(page.markup.replace(/\s+/g, "")).toBe("<ul><li>a</li><li>b</li></ul><hr>3");
  });

  it("writes out what a browser would obey", () => {
    expect(html`${"a\u202eb\u0000c\nd"}`.markup).toBe("a\\u{202e}b\\u{0}c\\nd");
  });

  it("lets no text end its element or attribute", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        const { markup } = html`${text}${lines([text, text])}`;
        expect(markup).not.toMatch(/[<>"'`]|&(?!(?:amp|lt|gt|quot|#39|#96);)/);
      }),
    );
  });
});

it("sets lines one below the other", () => {
  expect(lines(["a < b", "  c"]).markup).toBe("a &lt; b\n  c");
});

it("lets paths break behind slashes, and nothing else", () => {
  expect(breakable("/run/docker.sock").markup).toBe("/run/<wbr>docker.sock");
  expect(breakable("a</b>").markup).toBe("a&lt;/b&gt;");
});
