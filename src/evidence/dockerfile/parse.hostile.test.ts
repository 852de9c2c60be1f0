import { expect, test } from "vitest";
import { parseDockerfile } from "./parse.ts";

// A bound that a slow and busy machine keeps; what grows faster than the text passes it by far.
const MOST_MILLISECONDS = 10_000;

test.each<[string, () => string]>([
  ["a million lines", () => "RUN a\n".repeat(1_000_000)],
  ["a million comments", () => "# a\n".repeat(1_000_000)],
  ["a continuation of 100,000 lines", () => `FROM a\nRUN ${"a \\\n".repeat(100_000)}b\n`],
  ["comments within one", () => `FROM a\nRUN a \\\n${"# b\n\n".repeat(300_000)}`],
  [
    "ten thousand heredocs of one instruction",
    () => {
      const each = (line: (index: number) => string) =>
        Array.from({ length: 10_000 }, (_, index) => line(index)).join("");
      return `FROM a\nRUN cat ${each((index) => ` <<E${index}`)}\n${each((index) => `x\nE${index}\n`)}`;
    },
  ],
  ["one line of ten megabytes", () => `RUN ${"a ".repeat(5_000_000)}`],
  ["a million flags", () => `COPY ${"--x ".repeat(1_000_000)}`],
  ["a million quotes", () => `ENV A=${"'\"".repeat(500_000)}`],
  ["nested arrays", () => `CMD ${"[".repeat(500_000)}${"]".repeat(500_000)}`],
  [
    "values that double",
    () =>
      `FROM a\nENV A0=aaaa\n${Array.from({ length: 500 }, (_, index) => `ENV A${index + 1}=$A${index}$A${index}\n`).join("")}`,
  ],
])("%s", (_, make) => {
  const text = make();
  const began = performance.now();
  parseDockerfile(text);
  expect(performance.now() - began).toBeLessThan(MOST_MILLISECONDS);
});
