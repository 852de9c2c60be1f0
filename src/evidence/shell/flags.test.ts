import { describe, expect, test } from "vitest";
import type { ShellCommand } from "#model/evidence/shell.ts";
import { flagNames, flagValue, hasFlag, operands } from "./flags.ts";
import { bodyOf } from "./testing.ts";
import { unwrap } from "./unwrap.ts";

const command = (text: string): ShellCommand => bodyOf(text).commands[0] as ShellCommand;

test("short flags are split, long ones lose dashes and value, `--` ends them", () => {
  expect(
    flagNames(command("apt-get -yq --no-install-recommends --target-release=sid install x -- -z")),
  ).toEqual(["y", "q", "no-install-recommends", "target-release"]);
  expect(flagNames(command("x - -$Y"))).toEqual([]);
  expect(hasFlag(command("x -ab"), "c", "b")).toBe(true);
  expect(hasFlag(command("x -- -b"), "b")).toBe(false);
});

test.each([
  ["x --name=v", "name", "v"],
  ["x --name v", "name", "v"],
  ["x -nv", "n", "v"],
  ["x -an v", "n", "v"],
  ["x --name=a --name=b", "name", "b"],
  ["x --name", "name", null],
  ["x -- --name=v", "name", null],
  ["x --names=v", "name", null],
])("value of a flag: %s", (text, name, value) => {
  expect(flagValue(command(text), name)).toBe(value);
});

test.each([
  ["apt-get -o Acquire::Retries=3 install -y -t sid vim", "install vim"],
  ["apt-get install --target-release=sid --target-release sid vim - -- -y", "install vim - -y"],
  ["apt-get install -ysid vim", "install vim"],
  ["apt-get install -osid vim", "install vim"],
  ["apt-get install -yt sid vim", "install vim"],
])("operands: %s", (text, expected) => {
  const found = operands(command(text), ["o", "t", "target-release"]);
  expect(found.map(({ value }) => value).join(" ")).toBe(expected);
});

describe("unwrap", () => {
  test.each([
    ["sudo -u www -E A=1 apt-get install x", "apt-get install x"],
    ["env -i -u X A=1 B=2 make all", "make all"],
    ["exec -a zero /usr/bin/nginx -g x", "nginx -g x"],
    ["command -p ls -l", "ls -l"],
    ["nohup nice -n 10 timeout -k 5 1m curl x", "curl x"],
    ["sudo -- apt-get update", "apt-get update"],
    ["time apt-get update", "apt-get update"],
    ["command -v curl", "command -v curl"],
    ["sudo -l", "sudo -l"],
    ["env", "env"],
    ["gosu www php x", "php x"],
    ["apt-get update", "apt-get update"],
    ["env -S 'a b'", "env -S a b"],
  ])("%s", (text, expected) => {
    const { name, args } = unwrap(command(text));
    expect([name, ...args.map(({ value }) => value)].join(" ")).toBe(expected);
  });

  test("keeps ranges and assignments of the inner command", () => {
    const text = "sudo A=1 curl x";
    const { range, nameRange, assigns } = unwrap(command(text));
    expect(text.slice(range.start, range.end)).toBe("curl x");
    expect(text.slice(nameRange.start, nameRange.end)).toBe("curl");
    expect(assigns).toEqual(["A"]);
  });
});
