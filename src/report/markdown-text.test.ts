import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostileText } from "./formats/testing.ts";
import { markdownBlock, markdownCode, markdownText } from "./markdown-text.ts";
import { visible } from "./terminal/visible.ts";

/** What a reader sees: references decoded, the zero-width spaces of ours taken out. */
function shown(markdown: string): string {
  return markdown
    .replaceAll("&#8203;", "")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

describe("markdownText", () => {
  it("leaves plain words as they are", () => {
    expect(markdownText("shares the host's CAP_SYS_ADMIN at 10.0.0.1:80")).toBe(
      "shares the host&#39;s CAP_SYS_ADMIN at 10.0.0.1:80",
    );
  });

  it("makes structure into references", () => {
    expect(markdownText('<b>*a* _b_ `c` [d](e) f|g \\ ~h~ $i$ & "')).toBe(
      "&#60;b&#62;&#42;a&#42; &#95;b&#95; &#96;c&#96; &#91;d&#93;(e) f&#124;g &#92; &#126;h&#126; &#36;i&#36; &#38; &#34;",
    );
  });

  it("starts no list and no heading", () => {
    expect(["- a", "+ a", "# a", "1. a", "1) a", "==="].map(markdownText)).toEqual([
      "&#45; a",
      "&#43; a",
      "&#35; a",
      "1&#46; a",
      "1&#41; a",
      "&#61;==",
    ]);
  });

  it("calls nobody", () => {
    expect(markdownText("@org/team #12 (@x)")).toBe("@&#8203;org/team #&#8203;12 (@&#8203;x)");
    expect(markdownText("nginx@sha256")).toBe("nginx@sha256");
  });

  it("shows any text as it is", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(shown(markdownText(text))).toBe(visible(text).trim());
      }),
    );
  });
});

describe("markdownCode and markdownBlock", () => {
  it("cannot be left by any text", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const code = markdownCode(text);
        expect(code.slice("<code>".length, -"</code>".length)).not.toMatch(/[<>`*[\]\\|~\n]/);
        expect(shown(code)).toBe(`<code>${visible(text)}</code>`);
        expect(markdownBlock(text).slice("<pre>\n".length, -"\n</pre>".length)).not.toMatch(/[<>`*[\]\\|~]/);
      }),
    );
  });

  it("keep blanks and signs at the start of a line", () => {
    expect(markdownBlock("{\n  - a_b @c\n}")).toBe("<pre>\n{\n  - a_b @c\n}\n</pre>");
  });
});
