import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { composeFile } from "./testing.ts";

describe("builds", () => {
  it.each([
    ["build: .", { context: ".", dockerfile: "Dockerfile", target: null, remote: false }],
    ["build: ./app", { context: "app", dockerfile: "app/Dockerfile" }],
    [
      "build: {context: app, dockerfile: ../x.Dockerfile, target: t}",
      { context: "app", dockerfile: "x.Dockerfile", target: "t" },
    ],
    ["build: {dockerfile: D}", { context: ".", dockerfile: "D" }],
    [
      "build: {context: /abs, args: [A=1, B], additional_contexts: {base: docker-image://x}}",
      { context: "/abs", dockerfile: "/abs/Dockerfile", args: ["A", "B"], additionalContexts: ["base"] },
    ],
    [
      "build: https://example.com/a.git",
      { context: "https://example.com/a.git", remote: true, dockerfile: null },
    ],
  ])("%s", (settings, expected) => {
    expect(composeFile(`services: {web: {${settings}}}`).builds).toMatchObject([
      { service: "web", ...expected },
    ]);
  });

  it("lie below the folder of their file", () => {
    expect(composeFile("services: {web: {build: ../app}}", {}, "deploy/x/compose.yaml").builds).toMatchObject(
      [{ context: "deploy/app", dockerfile: "deploy/app/Dockerfile" }],
    );
  });

  it("hand out an inline Dockerfile with the place of every character", () => {
    const text = `services:
  web:
    build:
      dockerfile_inline: |
        FROM alpine:\${TAG:-3}

        RUN echo $$HOME $(date) \\
          && true
      context: .
`;
    const [build] = composeFile(text).builds;
    const inline = build?.inline;
    expect(build?.dockerfile).toBeNull();
    expect(inline?.text).toBe("FROM alpine:3\n\nRUN echo $HOME $(date) \\\n  && true\n");
    for (const word of ["FROM", "RUN", "HOME", "$(date)", "&& true"]) {
      const at = inline?.text.indexOf(word) ?? -1;
      const from = inline?.origin(at) ?? -1;
      expect(text.slice(from, from + word.length), word).toBe(word);
    }
  });

  it("finds every character of a literal block, with any indentation and line end", () => {
    const line = fc
      .array(fc.constantFrom("a", " ", "b", "#", ":"), { maxLength: 8 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        (lines, indent, crlf) => {
          const first = `x${lines[0] ?? ""}`;
          const pad = " ".repeat(indent);
          const eol = crlf ? "\r\n" : "\n";
          const body = [first, ...lines.slice(1)];
          const text = [
            "services:",
            "  w:",
            "    build:",
            "      dockerfile_inline: |",
            ...body.map((each) => (each === "" ? "" : `      ${pad}${each}`)),
            "",
          ].join(eol);
          const inline = composeFile(text).builds[0]?.inline;
          if (inline === null || inline === undefined) throw new Error(text);
          const back = [...inline.text].map((character, at) =>
            character === "\n" ? "\n" : text[inline.origin(at)],
          );
          expect(back.join("")).toBe(inline.text);
        },
      ),
    );
  });
});
