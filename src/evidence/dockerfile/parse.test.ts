import { expect, test } from "vitest";
import { parseDockerfile } from "./parse.ts";
import { SEEDS } from "./testing.ts";

test("of a file", () => {
  const dockerfile = parseDockerfile(SEEDS[0] ?? "");
  expect(dockerfile.problems).toEqual([]);
  expect(dockerfile.directives.map(({ name }) => name)).toEqual(["syntax", "check"]);
  expect(dockerfile.comments.map(({ text, inside }) => [text, inside])).toEqual([["a note", true]]);
  expect(dockerfile.stages).toHaveLength(2);
  expect(dockerfile.globalArgs).toHaveLength(1);
  expect(dockerfile.instructions.map(({ gaps }) => gaps.length).filter((count) => count > 0)).toEqual([1]);
  expect(dockerfile.instructions.map(({ index }) => index)).toEqual(
    dockerfile.instructions.map((_, at) => at),
  );
});

test("of one that is broken: each fault once, everything else read", () => {
  const { problems, instructions } = parseDockerfile(SEEDS[3] ?? "");
  expect(problems.map(({ code }) => code)).toEqual(["keyword", "arguments", "arguments", "heredoc"]);
  expect(instructions.map(({ keyword }) => keyword)).toEqual([
    "FROM",
    "RUN",
    "BADD",
    "COPY",
    "ENV",
    "RUN",
    "CMD",
  ]);
});
