import { expect, test } from "vitest";
import { findingsIn, linesIn, mended } from "../testing.ts";
import rule from "./build-stage-name-case.ts";

test("a name with capital letters is found where it is given", () => {
  const found = findingsIn(rule, "FROM a AS Build\nFROM b AS run\nFROM c AS RUN2\n");
  expect(found.map(({ line, message }) => [line, message])).toEqual([
    [1, 'the stage name "Build" should be in small letters: "build"'],
    [3, 'the stage name "RUN2" should be in small letters: "run2"'],
  ]);
});

test("small letters, digits and no name are well", () => {
  expect(linesIn(rule, "FROM Example.com/A AS b-1_c.d\nFROM c\nCOPY --from=B-1_C.D a b\n")).toEqual([]);
});

test("it is mended with everything that uses it, and nothing else", () => {
  const text = `FROM a AS Build # no comment
FROM BUILD AS Second
COPY --from=build x Build
COPY --chown=1:1 --from=Build x y
RUN --mount=type=bind,from=Second,target=/Second \\
    --mount=type=bind,target=/x,from="BUILD" true
ONBUILD COPY --from=SECOND x y
COPY --from=Other x y
FROM example.com/Build
`;
  expect(mended(rule, text.replace(" # no comment", ""))).toBe(`FROM a AS build
FROM build AS second
COPY --from=build x Build
COPY --chown=1:1 --from=build x y
RUN --mount=type=bind,from=second,target=/Second \\
    --mount=type=bind,target=/x,from="BUILD" true
ONBUILD COPY --from=second x y
COPY --from=Other x y
FROM example.com/Build
`);
});

test("where two stages have one name, each use goes with the stage that it means", () => {
  const text = "FROM a AS One\nFROM ONE\nFROM b AS ONE\nFROM c\nCOPY --from=One x y\n";
  const once = mended(rule, text);
  expect(once).toBe("FROM a AS one\nFROM one\nFROM b AS one\nFROM c\nCOPY --from=one x y\n");
  expect(mended(rule, once)).toBe(once);
});
