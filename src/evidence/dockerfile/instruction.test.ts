import { describe, expect, test } from "vitest";
import { KEYWORDS } from "./keywords.ts";
import { parseDockerfile } from "./parse.ts";
import { at, instructionOf } from "./testing.ts";

const wordsOf = (text: string): string[] => instructionOf(text).words.map(({ value }) => value);

describe("keywords", () => {
  test.each(KEYWORDS)("%s in any case, as written", (keyword) => {
    const lower = keyword.toLowerCase();
    for (const written of [keyword, lower, lower.replace(/^./, (letter) => letter.toUpperCase())]) {
      expect(instructionOf(`  ${written}\tx y`)).toMatchObject({ keyword, keywordRaw: written });
    }
  });

  test("may be split over lines", () => {
    const text = "R\\\nUN a";
    const { keyword, keywordRaw, keywordRange, arguments: joined } = instructionOf(text);
    expect([keyword, keywordRaw, joined.text]).toEqual(["RUN", "RUN", "a"]);
    expect(at({ text }, keywordRange)).toBe("R\\\nUN");
  });

  test("end at a blank and nothing else", () => {
    expect(instructionOf("RUN\u00A0a").keyword).toBe("RUN\u00A0A");
    expect(instructionOf("RUN\fa").keyword).toBe("RUN");
  });

  test("of unknown instructions are kept, their arguments left alone", () => {
    expect(instructionOf("runn a 'b")).toMatchObject({ keyword: "RUNN", words: [], pairs: [], json: false });
  });
});

describe("arguments", () => {
  test.each([
    ["FROM --platform=x a AS b", ["a", "AS", "b"]],
    ['FROM "a" as b', ["a", "as", "b"]],
    ["COPY --link a 'b' c/", ["a", "b", "c/"]],
    ['COPY "a b" c', ["a", "b", "c"]],
    ['COPY ["a b", "c"]', ["a b", "c"]],
    ["ADD a b", ["a", "b"]],
    ["VOLUME /a /b", ["/a", "/b"]],
    ['VOLUME ["/a"]', ["/a"]],
    ["EXPOSE 80 443/tcp", ["80", "443/tcp"]],
    ["WORKDIR /a b", ["/a b"]],
    ['WORKDIR "/a b"', ["/a b"]],
    ["USER a:b ", ["a:b"]],
    ["STOPSIGNAL SIGTERM", ["SIGTERM"]],
    ["MAINTAINER A B <c>", ["A B <c>"]],
    ["CMD a 'b c'", ["a", "b c"]],
    ['CMD ["a", "b c"]', ["a", "b c"]],
    ['ENTRYPOINT ["a"]', ["a"]],
    ['SHELL ["/bin/bash", "-c"]', ["/bin/bash", "-c"]],
    ["RUN a && b", ["a", "&&", "b"]],
    ['HEALTHCHECK --interval=5s CMD ["a", "b"]', ["a", "b"]],
    ["HEALTHCHECK cmd a b", ["a", "b"]],
    ["HEALTHCHECK NONE", ["NONE"]],
    ["HEALTHCHECK", []],
    ["RUN", []],
  ])("%s", (text, expected) => {
    expect(wordsOf(text)).toEqual(expected);
  });

  test("the JSON form is told", () => {
    const forms = ['RUN ["a"]', "RUN [ a ]", 'HEALTHCHECK CMD ["a"]', 'LABEL ["a"]', "CMD []"];
    expect(forms.map((text) => instructionOf(text).json)).toEqual([true, false, true, false, true]);
  });

  test("HEALTHCHECK tells its kind", () => {
    const kinds = ["HEALTHCHECK none", "HEALTHCHECK CMD a", "HEALTHCHECK a", "RUN CMD"];
    expect(kinds.map((text) => instructionOf(text).healthcheck)).toEqual(["NONE", "CMD", null, null]);
  });

  test("pairs are those of ENV, LABEL and ARG", () => {
    const pairs = (text: string) =>
      instructionOf(text).pairs.map(({ name, value }) => [name.value, value?.value ?? null]);
    expect(pairs("ENV A=1 B='2 3'")).toEqual([
      ["A", "1"],
      ["B", "2 3"],
    ]);
    expect(pairs("LABEL a b c")).toEqual([["a", "b c"]]);
    expect(pairs("ARG A B=1")).toEqual([
      ["A", null],
      ["B", "1"],
    ]);
    expect(pairs("RUN A=1")).toEqual([]);
    expect(instructionOf("ENV A b").legacyPair).toBe(true);
  });

  test("FROM takes its name behind AS", () => {
    const from = (text: string) => {
      const found = instructionOf(text).from;
      return [found?.image.value, found?.as?.value ?? null, found?.asKeyword?.raw ?? null];
    };
    expect(from("FROM a")).toEqual(["a", null, null]);
    expect(from("from a as B")).toEqual(["a", "B", "as"]);
    expect(from("FROM a B")).toEqual(["a", null, null]);
    expect(instructionOf("FROM").from).toBeNull();
  });

  test("words know their place in a continued instruction", () => {
    const text = "COPY --from=x \\\n # note\n a\\\nb \\\n  c";
    const { words, flags } = instructionOf(text);
    expect(words.map(({ value, range }) => [value, at({ text }, range)])).toEqual([
      ["ab", "a\\\nb"],
      ["c", "c"],
    ]);
    expect(flags.map(({ range }) => at({ text }, range))).toEqual(["--from=x"]);
  });
});

describe("ONBUILD", () => {
  test("keeps an instruction with its own parts", () => {
    const text = "FROM a\nONBUILD COPY --chown=1 a b";
    const { trigger, index, stage } = instructionOf(text, 1);
    expect(trigger).toMatchObject({ keyword: "COPY", onbuild: true, index, stage, trigger: null });
    expect(trigger?.words.map(({ range }) => at({ text }, range))).toEqual(["a", "b"]);
    expect(trigger?.flags).toHaveLength(1);
  });

  test("within ONBUILD is read, but not for ever", () => {
    expect(instructionOf("ONBUILD ONBUILD RUN a").trigger?.trigger?.keyword).toBe("RUN");
    expect(() => parseDockerfile("ONBUILD ".repeat(10_000))).not.toThrow();
  });

  test("may hold nothing", () => {
    expect(instructionOf("ONBUILD").trigger).toBeNull();
  });
});
