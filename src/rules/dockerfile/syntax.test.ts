import { describe, expect, it } from "vitest";
import { findingsIn, linesIn, mended } from "../testing.ts";
import directiveTypo from "./directive-typo.ts";
import inlineIgnore from "./inline-ignore.ts";
import jsonForm from "./json-form.ts";
import onbuild from "./onbuild.ts";
import order from "./order.ts";
import syntax from "./syntax.ts";

const hadolint = { settings: { preset: "hadolint" as const } };

describe("SW-DF-SYNTAX", () => {
  it("suggests the keyword that a misspelt one is near, in the case of the file", () => {
    expect(findingsIn(syntax, "FROM a:1\nCOYP x /x\n")[0]?.message).toContain("did you mean COPY?");
    expect(mended(syntax, "FROM a:1\nCOYP x /x\n")).toBe("FROM a:1\nCOPY x /x\n");
    expect(mended(syntax, "FROM a:1\r\nentrypiont x\r\n")).toBe("FROM a:1\r\nentrypoint x\r\n");
    expect(linesIn(syntax, mended(syntax, "FROM a:1\nCOYP x /x\n"))).toEqual([]);
  });

  it("suggests nothing where several are near, or none", () => {
    const fixes = (word: string) => findingsIn(syntax, `FROM a:1\n${word} x y\n`).map((each) => each.fixes);
    expect(fixes("DOWNLOAD")).toEqual([undefined]);
    expect(fixes("ARD")).toEqual([undefined]);
  });

  it("goes on behind a fault, and says each once", () => {
    expect(linesIn(syntax, "FROM a:1\nBLORP 1\nRUN x\nBLORP 2\nENV\n")).toEqual([2, 4, 5]);
  });

  it("leaves to other rules what they judge", () => {
    expect(linesIn(syntax, "FROM a:1\nSHELL ['sh', '-c']\nEXPOSE 80000\nONBUILD FROM b\n")).toEqual([]);
    expect(linesIn(syntax, "RUN x\nFROM a:1\n")).toEqual([]);
    expect(linesIn(syntax, "FROM a:1\nEXPOSE nothing\nSHELL sh -c\n")).toEqual([2, 3]);
  });
});

describe("SW-DF-JSON-FORM-INVALID", () => {
  it.each([
    ["CMD ['nginx', '-g', 'daemon off;']", 'CMD ["nginx", "-g", "daemon off;"]'],
    ['ENTRYPOINT ["a", "b",]', 'ENTRYPOINT ["a", "b"]'],
    ["CMD [“a”, “b”]", 'CMD ["a", "b"]'],
    ["HEALTHCHECK --interval=5s CMD ['curl', 'x']", 'HEALTHCHECK --interval=5s CMD ["curl", "x"]'],
    ["SHELL ['/bin/bash', '-c']", 'SHELL ["/bin/bash", "-c"]'],
    ["ONBUILD CMD ['a']", 'ONBUILD CMD ["a"]'],
  ])("mends %s", (bad, good) => {
    expect(mended(jsonForm, `FROM a:1\n${bad}\n`)).toBe(`FROM a:1\n${good}\n`);
    expect(linesIn(jsonForm, `FROM a:1\n${good}\n`)).toEqual([]);
  });

  it.each(['CMD ["a", "b"', `CMD ['it's', 'x']`, `CMD ["a" "b"]`, `CMD ['say "hi"']`])(
    "finds %s and leaves it to a person",
    (text) => {
      const [finding] = findingsIn(jsonForm, `FROM a:1\n${text}\n`);
      expect(finding?.line).toBe(2);
      expect(finding?.fixes).toBeUndefined();
    },
  );

  it.each(["RUN [ -f /x ] && echo", "COPY [a-z]* /x/", "CMD [[ -f x ]]", 'CMD echo ["a"'])(
    "lets %s be",
    (text) => {
      expect(linesIn(jsonForm, `FROM a:1\n${text}\n`)).toEqual([]);
    },
  );
});

describe("SW-DF-DIRECTIVE-TYPO", () => {
  it("mends a slip where directives are read", () => {
    const bad = "# check=skip=all\n# sytnax = docker/dockerfile:1\nFROM a:1\n";
    expect(mended(directiveTypo, bad)).toBe("# check=skip=all\n# syntax = docker/dockerfile:1\nFROM a:1\n");
  });

  it("finds one that stands too late", () => {
    expect(linesIn(directiveTypo, "# hello\n# syntax=docker/dockerfile:1\nFROM a:1\n")).toEqual([2]);
    expect(linesIn(directiveTypo, "\n# escape=`\nFROM a:1\n")).toEqual([2]);
    expect(linesIn(directiveTypo, "# my=1\n# escape=`\nFROM a:1\n")).toEqual([2]);
  });

  it("does not take other comments for directives", () => {
    const comments = "# version=1\n# syntax=highlighted text\n# cheek = skip\n# escape = to the moon\n";
    expect(linesIn(directiveTypo, `# hi\n${comments}FROM a:1\n# syntax=docker/dockerfile:1\n`)).toEqual([]);
    expect(linesIn(directiveTypo, "# syntax=docker/dockerfile:1\n# escape=`\nFROM a:1\n")).toEqual([]);
  });

  it("takes a line of blanks in its stride", () => {
    const started = Date.now();
    linesIn(directiveTypo, `# x\n# syntax=${" ".repeat(200_000)}x\nFROM a:1\n`);
    expect(Date.now() - started).toBeLessThan(1000);
  });
});

describe("SW-DF-INLINE-IGNORE", () => {
  it("finds ignore pragmas only", () => {
    const text =
      "# hadolint shell=bash\nFROM a\n# hadolint ignore=DL3008,SC2086 # why\nRUN x\n# hadolint ignore=foo\n";
    expect(linesIn(inlineIgnore, text)).toEqual([3]);
  });
});

describe("SW-DF-ORDER", () => {
  it("finds each instruction before FROM, ARG aside", () => {
    expect(linesIn(order, "ARG A=1\nLABEL a=b\nENV C=d\nFROM $A\nRUN x\n")).toEqual([2, 3]);
  });

  it("says once that there is no FROM, and as often as the old tool where that is asked for", () => {
    expect(linesIn(order, "RUN a\nRUN b\n")).toEqual([1]);
    expect(linesIn(order, "RUN a\nRUN b\n", hadolint)).toEqual([1, 2]);
    expect(linesIn(order, "FRMO a\nRUN b\n")).toEqual([]);
    expect(linesIn(order, "ARG a\n")).toEqual([]);
  });
});

describe("SW-DF-ONBUILD-FORBIDDEN", () => {
  it("finds triggers that no builder keeps", () => {
    const text =
      "FROM a\nONBUILD ONBUILD RUN x\nONBUILD from b\nONBUILD MAINTAINER me\nONBUILD RUN x\nONBUILD ENV a=b\n";
    expect(linesIn(onbuild, text)).toEqual([2, 3, 4]);
  });
});
