import { DockerfileParser } from "dockerfile-ast";
import fc from "fast-check";
import { expect, test } from "vitest";
import { placeAt } from "#model/text.ts";
import { parseDockerfile } from "./parse.ts";

/** Keyword, first and last line of each instruction, and its flags, as we read them. */
function ours(text: string): string[] {
  const { instructions, lines } = parseDockerfile(text);
  return instructions.map(({ keyword, range, flags }) => {
    const start = placeAt(lines, range.start).line;
    const end = placeAt(lines, Math.max(range.end - 1, range.start)).line;
    return `${keyword} ${start}-${end} ${flags.map(({ name, value }) => `${name}=${value ?? ""}`).join(" ")}`;
  });
}

/** The same as dockerfile-ast has it. */
function theirs(text: string): string[] {
  return DockerfileParser.parse(text)
    .getInstructions()
    .map((instruction) => {
      const { start, end } = instruction.getRange();
      const flags =
        "getFlags" in instruction
          ? (instruction as { getFlags(): { getName(): string; getValue(): string | null }[] }).getFlags()
          : [];
      const shown = flags.map((flag) => `${flag.getName()}=${flag.getValue() ?? ""}`).join(" ");
      return `${instruction.getKeyword()} ${start.line + 1}-${end.line + 1} ${shown}`;
    });
}

test.each([
  "FROM a\nRUN b\n",
  "from a as b\nrun c \\\n  d\n# note\ncopy --from=b e f\n",
  "ARG A=1\nFROM a:$A\nRUN a \\\n # note\n\n b\nRUN c\n",
  "FROM a\r\nRUN a \\\r\n  b\r\nUSER c\r\n",
  "\uFEFFFROM a\nRUN b",
  "# escape=`\nFROM a\nRUN a `\n b\nRUN c \\\nRUN d\n",
  "FROM a\nRUN <<EOF\nRUN x\nEOF\nRUN y\n",
  "FROM a\nCOPY <<A <<-B /x\na\nA\n\tb\n\tB\nUSER z\n",
  "FROM a\nRUN cat <<'EOF' \\\n >x\nRUN x\nEOF\nUSER z\n",
  "FROM a\nONBUILD RUN <<EOF\nRUN x\nEOF\nUSER z\n",
  'FROM a\nRUN a <<<b\nRUN echo $((1<<2))\nRUN "<<EOF"\nRUN ["<<EOF"]\nUSER z\n',
  "FROM --platform=x a\nRUN --mount=type=cache,target=/x --network=none a\nADD --chown=1 --checksum=sha256:0 a b\nHEALTHCHECK --interval=5s CMD a\n",
  "RU\\\nN a\nFROM b",
])("dockerfile-ast agrees on %j", (text) => {
  expect(ours(text)).toEqual(theirs(text));
});

test("and on files made of such lines", () => {
  // What it is known to read otherwise is left out: heredocs with a number, `<<` that hangs on a word, lines with
  // nothing but a mark, blanks that are neither space nor tab.
  const line = fc.constantFrom(
    "FROM a",
    "from b AS c",
    "RUN a && b",
    "RUN a \\\n  && b",
    "RUN a \\\n# note\n  b",
    "RUN a \\\n\n  b",
    "RUN <<EOF\nFROM x\n# y\nEOF",
    "COPY <<one <<two /d/\nRUN x\none\ntwo",
    "COPY --from=a --link b c",
    'CMD ["a", "b"]',
    "ENV A=1 \\\n    B=2",
    "LABEL a=b",
    "  USER c",
    "# comment",
    "",
    "WORKDIR /a",
    "EXPOSE 80",
    "ONBUILD RUN a",
    "BADD x",
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.constantFrom("\n", "\r\n"), (lines, end) => {
      const text = lines.join("\n").replaceAll("\n", end);
      expect(ours(text)).toEqual(theirs(text));
    }),
    { numRuns: 300 },
  );
});

test("where it is wrong we are not", () => {
  // Its list of arguments loses blanks and escapes of the JSON form.
  const [, command] = parseDockerfile('FROM a\nCMD ["sh", "-c", "npm start \\u0041"]').instructions;
  expect(command?.words.map(({ value }) => value)).toEqual(["sh", "-c", "npm start A"]);
  // It takes the body of `3<<EOF` for instructions, and reads no directive behind a #! line.
  expect(parseDockerfile("FROM a\nRUN cat 3<<EOF\nRUN x\nEOF\n").instructions).toHaveLength(2);
  expect(parseDockerfile("#!/x\n# syntax=y\nFROM a").directives).toHaveLength(1);
});
