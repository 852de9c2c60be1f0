import { expect, test } from "vitest";
import { takeFlags } from "./flags.ts";
import { at, joinedOf } from "./testing.ts";

const taken = (text: string, escape = "\\"): [string[], string] => {
  const { flags, rest } = takeFlags(joinedOf(text), escape);
  return [flags.map(({ name, value }) => (value === null ? name : `${name}=${value}`)), rest.text];
};

test.each([
  [" --from=a b c", ["from=a"], "b c"],
  ["--link --chown=1:1 a b", ["link", "chown=1:1"], "a b"],
  ["a --b", [], "a --b"],
  ["-a --b", [], "-a --b"],
  ["-- --a b", [], "--a b"],
  ["--a -- --b", ["a"], "--b"],
  ["--a", ["a"], ""],
  ["--=x y", ["=x"], "y"],
  ["--a= b", ["a="], "b"],
  ["--a='x y' b", ["a=x y"], "b"],
  ['--a="x \\" y"z b', ['a=x " yz'], "b"],
  ["--a=x\\ y b", ["a=x y"], "b"],
  ["--a='open b", ["a=open b"], ""],
  ["--mount=type=cache,target=/a\t--network=none x", ["mount=type=cache,target=/a", "network=none"], "x"],
])("%j", (text, flags, rest) => {
  expect(taken(text)).toEqual([flags, rest]);
});

test("the escape character is the file's", () => {
  expect(taken("--a=C:\\b c", "`")).toEqual([["a=C:\\b"], "c"]);
});

test("flags and their values know their place", () => {
  const text = " --chown='a b' x";
  const [flag] = takeFlags(joinedOf(text), "\\").flags;
  expect(at({ text }, flag?.range ?? { start: 0, end: 0 })).toBe("--chown='a b'");
  expect(at({ text }, flag?.valueRange ?? { start: 0, end: 0 })).toBe("'a b'");
});
