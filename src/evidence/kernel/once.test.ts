import { expect, it, vi } from "vitest";
import { once } from "./once.ts";

it("parses each text once, whatever comes of it", () => {
  const parse = vi.fn((text: string) => (text === "" ? undefined : [text]));
  const shared = once(parse);
  expect([shared("a"), shared("b"), shared("a"), shared(""), shared("")]).toEqual([
    ["a"],
    ["b"],
    ["a"],
    undefined,
    undefined,
  ]);
  expect(shared("a")).toBe(shared("a"));
  expect(parse).toHaveBeenCalledTimes(3);
});

it("keeps no answer where parsing failed", () => {
  const shared = once((text: string) => {
    throw new Error(text);
  });
  expect(() => shared("a")).toThrow("a");
  expect(() => shared("a")).toThrow("a");
});
