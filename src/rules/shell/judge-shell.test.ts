import { describe, expect, test } from "vitest";
import { parseDockerfile } from "#evidence/dockerfile/parse.ts";
import type { DockerfileEvidence } from "#model/evidence/dockerfile.ts";
import { DEFAULT_SETTINGS, type Preset } from "#model/settings.ts";
import type { JudgeContext, Judgement } from "../rule.ts";
import { checkShell } from "./check-shell.ts";
import external from "./external.ts";
import { judgeShell, shellBodies } from "./judge-shell.ts";
import unread from "./unread.ts";

function evidenceOf(text: string): DockerfileEvidence {
  return { path: "Dockerfile", dockerfile: parseDockerfile(text), context: null, namedContexts: [] };
}

const written = (text: string, found: readonly Judgement[]): string[] =>
  found.map(({ range }) => text.slice(range?.start, range?.end));

/** The text after the first fix of each judgement, from behind. */
function mended(text: string, found: readonly Judgement[]): string {
  const edits = found.flatMap(({ fixes }) => fixes?.[0]?.edits ?? []).toSorted((a, b) => b.start - a.start);
  let result = text;
  for (const { start, end, text: into } of edits) result = result.slice(0, start) + into + result.slice(end);
  return result;
}

const CONTEXT = { settings: DEFAULT_SETTINGS } as JudgeContext;

describe("places", () => {
  test("are those in the file, over continued lines, comments between them and CRLF", () => {
    for (const end of ["\n", "\r\n"]) {
      const text = ["FROM a", "RUN echo \\", "  # about it", "  $x \\", "  /opt/$y", ""].join(end);
      expect(written(text, judgeShell(evidenceOf(text), 2086, "strict"))).toEqual(["$x", "$y"]);
    }
  });

  test("cover shell code wherever it stands, and not the JSON form", () => {
    const text = [
      "FROM a",
      "RUN --mount=type=cache,target=/x echo $a",
      "ONBUILD RUN echo $b",
      "CMD echo $c",
      'CMD ["echo", "$d"]',
      "HEALTHCHECK --interval=1m CMD echo $e",
      "RUN <<EOF",
      "echo $f",
      "EOF",
      "",
    ].join("\n");
    expect(written(text, judgeShell(evidenceOf(text), 2086, "strict"))).toEqual([
      "$a",
      "$b",
      "$c",
      "$e",
      "$f",
    ]);
  });
});

describe("findings", () => {
  test("are looked for once for all codes of a preset", () => {
    const evidence = evidenceOf("FROM a\nRUN echo $x `date`\n");
    const first = judgeShell(evidence, 2086, "strict");
    expect(judgeShell(evidence, 2086, "strict")).toBe(first);
    expect(judgeShell(evidence, 2006, "strict")).toHaveLength(1);
    expect(judgeShell(evidence, 2155, "strict")).toEqual([]);
  });

  test("of one code have keys that stay when lines move", () => {
    const keys = (text: string): (string | undefined)[] =>
      judgeShell(evidenceOf(text), 2086, "strict").map(({ key }) => key);
    expect(keys("FROM a\nRUN echo $x $y $x\n")).toEqual(["$x", "$y", "$x #2"]);
    expect(keys("FROM a\n\n\nRUN echo $x \\\n $y $x\n")).toEqual(["$x", "$y", "$x #2"]);
  });

  test.each<[Preset, number]>([
    ["hadolint", 0],
    ["strict", 1],
    ["recommended", 1],
  ])("of variables that the builder sets under %s: %i", (preset, count) => {
    const evidence = evidenceOf("FROM a\nARG FOLDER\nRUN ls $FOLDER\n");
    expect(judgeShell(evidence, 2086, preset)).toHaveLength(count);
    expect(judgeShell(evidence, 2154, preset)).toEqual([]);
  });

  test("leave out lists of words under recommended, which are meant so", () => {
    const text = 'FROM a\nRUN apk add $PHPIZE_DEPS $(test a && echo b); x="a b"; apk add $x $y; cd $y\n';
    expect(written(text, judgeShell(evidenceOf(text), 2086, "recommended"))).toEqual(["$y"]);
    expect(judgeShell(evidenceOf(text), 2086, "strict")).toHaveLength(4);
    expect(judgeShell(evidenceOf(text), 2046, "recommended")).toEqual([]);
    expect(judgeShell(evidenceOf(text), 2046, "strict")).toHaveLength(1);
  });

  test("of set -e in SHELL count outside of hadolint's preset", () => {
    const evidence = evidenceOf('FROM a\nSHELL ["/bin/sh", "-ec"]\nRUN cd /x; ls\n');
    expect(judgeShell(evidence, 2164, "recommended")).toEqual([]);
    expect(judgeShell(evidence, 2164, "hadolint")).toHaveLength(1);
  });
});

describe("fixes", () => {
  test.each<[number, string, string, "safe" | "unsafe"]>([
    [2086, "RUN cd $DIR && ls", 'RUN cd "$DIR" && ls', "safe"],
    [2086, "RUN wget https://x/$VERSION.tgz", 'RUN wget https://x/"$VERSION".tgz', "safe"],
    [2086, "RUN apt-mark manual $savedAptMark", 'RUN apt-mark manual "$savedAptMark"', "unsafe"],
    [2086, "RUN make $MAKEFLAGS", 'RUN make "$MAKEFLAGS"', "unsafe"],
    [2046, "RUN tar -C $(pwd) -x", 'RUN tar -C "$(pwd)" -x', "unsafe"],
    [2006, "RUN x=`date \\\n  -u` ls", "RUN x=$(date \\\n  -u) ls", "safe"],
    [2164, "RUN cd /x; ls", "RUN cd /x || exit; ls", "safe"],
    [2155, "RUN export X=$(a) && b", "RUN X=$(a) && export X && b", "unsafe"],
    [2155, "RUN export X=$(a); b", "RUN X=$(a); export X; b", "unsafe"],
    [2035, "RUN rm *.txt", "RUN rm ./*.txt", "safe"],
    [2196, "RUN egrep x y", "RUN grep -E x y", "safe"],
    [3014, 'RUN [ "$HOME" == x ]', 'RUN [ "$HOME" = x ]', "safe"],
    [2281, "RUN $x=y", "RUN x=y", "unsafe"],
  ])("of SC%i: %s", (code, before, after, safety) => {
    const text = `FROM a\n${before}\n`;
    const found = judgeShell(evidenceOf(text), code, "strict");
    expect(mended(text, found)).toBe(`FROM a\n${after}\n`);
    expect(found[0]?.fixes?.[0]?.safety).toBe(safety);
    expect(judgeShell(evidenceOf(mended(text, found)), code, "strict")).toEqual([]);
  });

  test("touch no comment between continued lines, and keep CRLF", () => {
    const text = "FROM a\r\nRUN cd \\\r\n# why\r\n  $DIR \\\r\n  && ls\r\n";
    expect(mended(text, judgeShell(evidenceOf(text), 2086, "strict"))).toBe(text.replace("$DIR", '"$DIR"'));
  });

  test("are left out where the place is torn apart by a continued line, and within escaped backquotes", () => {
    const fixesOf = (text: string, code: number): unknown[] =>
      judgeShell(evidenceOf(text), code, "strict").flatMap(({ fixes }) => fixes);
    expect(fixesOf("FROM a\nRUN eg\\\nrep x y\n", 2196)).toEqual([]);
    expect(fixesOf("FROM a\nRUN a `b \\`c $x\\``\n", 2086)).toEqual([]);
  });
});

describe("code that is not read", () => {
  test("is said to be, once a language", () => {
    const text = 'FROM a\nSHELL ["powershell", "-Command"]\nRUN Get-Date\nRUN Get-Date\nRUN ["a"]\n';
    const found = [unread.judge(evidenceOf(text), CONTEXT)].flat();
    expect(found.map(({ verdict, message }) => [verdict, message])).toEqual([
      ["unknown", "code for PowerShell is not judged"],
    ]);
    expect(written(text, found)).toEqual(["Get-Date"]);
    expect([unread.judge(evidenceOf("FROM a\nRUN date\n"), CONTEXT)].flat()).toEqual([]);
  });
});

describe("what the shellcheck program says", () => {
  test("is given for the codes that are not built in", () => {
    const text = "FROM a\nRUN PATH=x \\\n  ls $y\n";
    const evidence = evidenceOf(text);
    const [body] = shellBodies(evidence);
    if (body === undefined) throw new Error("no body");
    const at = (part: string): { start: number; end: number } => {
      const start = body.text.indexOf(part);
      return { start, end: start + part.length };
    };
    body.external = [
      { code: 2123, level: "warning", message: "PATH is the search path", range: at("PATH") },
      { code: 2086, level: "info", message: "built in", range: at("$y") },
      { code: 2123, level: "style", message: "again", range: at("ls") },
    ];
    const found = [external.judge(evidence, CONTEXT)].flat();
    expect(found.map(({ message, aliases, severity, key }) => [message, aliases, severity, key])).toEqual([
      ["PATH is the search path", ["SC2123"], "medium", "SC2123 PATH"],
      ["again", ["SC2123"], "info", "SC2123 ls"],
    ]);
    expect(written(text, found)).toEqual(["PATH", "ls"]);
  });

  test("is nothing where it was not asked", () => {
    expect([external.judge(evidenceOf("FROM a\nRUN x\n"), CONTEXT)].flat()).toEqual([]);
  });
});

describe("blanks between the words of echo", () => {
  const codes = (text: string): string[] =>
    shellBodies(evidenceOf(text)).flatMap((body) =>
      checkShell(body, { builderVariablesAreWords: false, release: "newest" }).map(({ code }) =>
        String(code),
      ),
    );

  test("are told where somebody typed them, not where a line goes on", () => {
    expect(codes("FROM a\nRUN echo one      two\n")).toContain("2291");
    expect(codes("FROM a\nRUN echo one \\\n      two\n")).not.toContain("2291");
  });
});
