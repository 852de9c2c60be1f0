import { describe, expect, test } from "vitest";
import type { Heredoc } from "#model/evidence/dockerfile.ts";
import { heredocMarks } from "./heredoc-marks.ts";
import { joinedBody } from "./heredocs.ts";
import { parseDockerfile } from "./parse.ts";
import { at, instructionOf } from "./testing.ts";

const names = (text: string): string[] => heredocMarks(text).map(({ name }) => name);

describe("marks", () => {
  test.each([
    ["RUN <<EOF", ["EOF"]],
    ["RUN <<-EOF cat", ["EOF"]],
    ["RUN 3<<EOF", ["EOF"]],
    ["RUN cat <<A <<B", ["A", "B"]],
    ["RUN << EOF", ["EOF"]],
    ["RUN <<  -EOF", ["-EOF"]],
    ["RUN <<'one two'", ["one two"]],
    ['RUN <<E"O"F', ["EOF"]],
    ["RUN <<eo\\'f", ["eo'f"]],
    ["RUN <<$X", ["$X"]],
    ["RUN <<${X:-a}", ["${X:-a}"]],
    ["COPY <<file.txt <<other.txt /dir/", ["file.txt", "other.txt"]],
    // The builder takes the whole word, as no shell would.
    ["RUN cat <<EOF>file", ["EOF>file"]],
    ["RUN (cat <<EOF)", ["EOF)"]],
    // No marks.
    ["RUN cat<<EOF", []],
    ["RUN <<<EOF", []],
    ["RUN '<<EOF'", []],
    ['RUN "a <<EOF"', []],
    ["RUN \\<<EOF", []],
    ["RUN <<", []],
    ["RUN <<- EOF", []],
    ['RUN <<""', []],
    ["RUN a < b << ", []],
    ["RUN echo $((1<<2))", []],
    // Where the text does not add up the builder finds none at all.
    ["RUN echo 'it <<EOF", []],
    ['RUN echo "it <<EOF', []],
    ["RUN echo ${A^^} <<EOF", []],
    ["RUN echo ${#A} <<EOF", []],
    ["RUN echo ${ <<EOF", []],
    ["RUN echo ${A <<EOF", []],
    ["RUN echo ${A/b} <<EOF", []],
    ["RUN echo ${A:-'b} c'} ${A/b/c} \"${A:+$B}\" $(date) $$ <<EOF", ["EOF"]],
  ])("%j", (text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  test("quoted, chomped and numbered ones are told apart", () => {
    expect(heredocMarks("RUN 4<<-'A' <<B <<C\\'")).toMatchObject([
      { name: "A", quoted: true, chomp: true, descriptor: 4 },
      { name: "B", quoted: false, chomp: false, descriptor: 0 },
      { name: "C'", quoted: false },
    ]);
  });

  test("deep nesting and many marks end", () => {
    expect(names(`RUN ${"${A:-".repeat(100_000)} <<EOF`)).toEqual([]);
    expect(names(`RUN ${"<<a ".repeat(10_000)}`)).toHaveLength(10_000);
  });
});

describe("bodies", () => {
  const heredocsOf = (text: string, index = 0): Heredoc[] => instructionOf(text, index).heredocs;
  const bodies = (text: string): string[] => heredocsOf(text).map(({ body }) => body);

  test("reach to the line that is the name, comments and instructions included", () => {
    const text = "RUN <<EOF\n# a\n\nRUN b \\\n EOF\nEOF \nEOF\nRUN c";
    expect(bodies(text)).toEqual(["# a\n\nRUN b \\\n EOF\nEOF \n"]);
    expect(parseDockerfile(text).instructions.map(({ arguments: { text: words } }) => words)).toEqual([
      "<<EOF",
      "c",
    ]);
    expect(parseDockerfile(text).comments).toEqual([]);
  });

  test("follow each other in the order of their marks", () => {
    expect(bodies("COPY <<X <<Y /d\nY\nX\nX\nY\nRUN a")).toEqual(["Y\n", "X\n"]);
  });

  test("lose leading tabs with <<-", () => {
    expect(bodies("RUN <<-EOF\n\t\ta\n\t b\n\tEOF\n")).toEqual(["a\n b\n"]);
    expect(bodies("RUN <<EOF\n\ta\n\tEOF\nEOF")).toEqual(["\ta\n\tEOF\n"]);
  });

  test("keep carriage returns, which a shell's text does without", () => {
    const text = "RUN <<-EOF\r\n\ta\r\nb\r\nEOF\r\nRUN c";
    const [heredoc] = heredocsOf(text);
    expect(heredoc?.body).toBe("a\r\nb\r\n");
    const joined = joinedBody(text, heredoc ?? { bodyRange: { start: 0, end: 0 }, chomp: false });
    expect(joined.text).toBe("a\nb\n");
    expect([...joined.text].map((_, offset) => text[joined.origin(offset)]).join("")).toBe("a\nb\n");
  });

  test("stand behind a continued instruction", () => {
    expect(bodies("RUN cat \\\n  # note\n <<EOF \\\n  >x\nbody\nEOF\n")).toEqual(["body\n"]);
  });

  test("may be empty, and may be the end of the file", () => {
    expect(bodies("RUN <<EOF\nEOF")).toEqual([""]);
    expect(heredocsOf("RUN <<EOF").map(({ body, closed }) => [body, closed])).toEqual([["", false]]);
  });

  test("are those of ONBUILD's instruction too", () => {
    const { heredocs, trigger } = instructionOf("ONBUILD RUN <<EOF\na\nEOF\n");
    expect(heredocs.map(({ body }) => body)).toEqual(["a\n"]);
    expect(trigger?.heredocs).toEqual(heredocs);
  });

  test("belong to RUN, COPY and ADD in shell form only", () => {
    for (const text of [
      "USER <<EOF\nEOF",
      "CMD <<EOF\nEOF",
      'RUN ["<<EOF"]\nEOF',
      "ONBUILD USER <<EOF\nEOF",
    ]) {
      expect(heredocsOf(text)).toEqual([]);
      expect(parseDockerfile(text).instructions).toHaveLength(2);
    }
  });

  test("know their place", () => {
    const text = "FROM a\nADD --link <<one /x\nbody\none\nRUN b";
    const [heredoc] = heredocsOf(text, 1);
    expect(at({ text }, heredoc?.range ?? { start: 0, end: 0 })).toBe("<<one");
    expect(at({ text }, heredoc?.bodyRange ?? { start: 0, end: 0 })).toBe("body\n");
    expect(at({ text }, instructionOf(text, 1).range)).toBe("ADD --link <<one /x\nbody\none");
    expect(at({ text }, instructionOf(text, 1).headRange)).toBe("ADD --link <<one /x");
  });
});

describe("a heredoc without end", () => {
  test("reaches to the next instruction, and is a problem", () => {
    const text = "FROM a\nRUN cat <<EOF\nfoo\n EOF\nRUN b\n# c\n";
    const { instructions, problems, comments } = parseDockerfile(text);
    expect(instructions.map(({ keyword, arguments: { text: words } }) => `${keyword} ${words}`)).toEqual([
      "FROM a",
      "RUN cat <<EOF",
      "RUN b",
    ]);
    expect(comments).toHaveLength(1);
    expect(instructions[1]?.heredocs).toMatchObject([{ closed: false, body: "foo\n EOF\n" }]);
    expect(problems.map(({ message }) => message)).toEqual(["the heredoc EOF has no end"]);
  });

  test("takes the rest where nothing looks like an instruction", () => {
    const { instructions } = parseDockerfile("RUN <<A <<B\nrun x\nfrom y\nRUNNER z\n");
    expect(instructions).toHaveLength(1);
    expect(instructions[0]?.heredocs.map(({ body }) => body)).toEqual(["run x\nfrom y\nRUNNER z\n", ""]);
  });

  test("ten thousand of them take no time to speak of", () => {
    const text = Array.from({ length: 10_000 }, (_, index) => `RUN cat <<E${index}\n`).join("");
    const began = performance.now();
    expect(parseDockerfile(text).instructions).toHaveLength(10_000);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
