import { describe, expect, it } from "vitest";
import type { Dockerfile } from "#model/evidence/dockerfile.ts";
import { parseDockerfile } from "#evidence/dockerfile/parse.ts";
import { aptQuietness, aptSettings } from "./apt-flags.ts";
import {
  allCalls,
  buildCalls,
  buildSteps,
  type Call,
  isStepShipped,
  isUsedAsBase,
  perStep,
} from "./command-calls.ts";
import { addressesOf, curlLetters, isLocal, savesFile } from "./command-downloads.ts";
import { insertArgument, removeLines, replaceWord } from "./command-edits.ts";
import { buildVariable, shellVariable } from "./command-environment.ts";
import { isKeptOut, mountsOf } from "./command-mounts.ts";
import { firstCall, lastCall } from "./command-order.ts";
import { pipelinesOf } from "./command-pipes.ts";
import { removedLater, removes } from "./command-removes.ts";
import { feeds, fedBy } from "./command-text.ts";
import { DNF, packageCalls } from "./package-calls.ts";
import { pipCalls } from "./pip-calls.ts";

const parse = (text: string): Dockerfile => parseDockerfile(text);
const call = (code: string, at = 0): Call =>
  buildSteps(parse(`FROM a:1\nRUN ${code}\n`))[0]?.calls[at] as Call;

describe("calls", () => {
  it("are found by the program that runs in the end, in order of the file", () => {
    const file = parse("RUN sudo a | env X=1 b\nONBUILD RUN b\nCMD b\nRUN $(a)\n");
    expect(
      buildCalls(file, "b", "a").map(({ command, step }) => [command.name, step.instruction.keyword]),
    ).toEqual([
      ["a", "RUN"],
      ["b", "RUN"],
      ["b", "ONBUILD"],
      ["a", "RUN"],
    ]);
    expect(allCalls(file, "b")).toHaveLength(3);
    expect([...perStep(buildCalls(file, "a", "b")).values()].map((calls) => calls.length)).toEqual([2, 1, 1]);
  });

  it("know whether what they leave is shipped", () => {
    const steps = buildSteps(parse("RUN x\nFROM a:1 AS b\nRUN x\nFROM b AS c\nRUN x\nFROM d:1\nRUN x\n"));
    expect(steps.map(isStepShipped)).toEqual([true, false, false, true]);
    const file = parse("FROM a:1 AS b\nRUN x\nFROM b AS c\nRUN x\nFROM d:1\nRUN x\n");
    expect(buildSteps(file).map((step) => isUsedAsBase(file, step))).toEqual([true, false, true]);
  });

  it("know their neighbours in a pipe", () => {
    const [a, b, c] =
      buildSteps(parse("RUN a $(x | y) | b && c\n"))[0]?.calls.filter(({ command: { name } }) =>
        /^[abc]$/.test(name ?? ""),
      ) ?? [];
    expect([fedBy(b as Call), feeds(a as Call), fedBy(c as Call), feeds(b as Call)]).toEqual([
      a,
      b,
      null,
      null,
    ]);
    expect(pipelinesOf(call("a | b | c").step).map(({ pipes, calls }) => [pipes, calls.length])).toEqual([
      [3, 3],
    ]);
  });

  it("are found by their place in a step", () => {
    const { step } = call("a; b; a");
    const isA = ({ command: { name } }: Call): boolean => name === "a";
    expect([
      firstCall(step, "a", isA),
      lastCall(step, "a", isA),
      firstCall(step, "c", () => false),
      lastCall(step, "c", () => false),
    ]).toEqual([0, 2, Infinity, -1]);
  });
});

describe("mounts", () => {
  it("are read as the builder does", () => {
    expect(
      mountsOf(call("--mount=type=cache,id=x,Target=/a/ --mount=dst=/b --mount=type=secret x").step),
    ).toEqual([
      { type: "cache", target: "/a" },
      { type: "bind", target: "/b" },
      { type: "secret", target: "" },
    ]);
  });

  it.each([
    ["type=cache,target=/var/cache", "/var/cache/apk", true],
    ["type=cache,target=/var/cache/apk/x", "/var/cache/apk", false],
    ["type=cache,target=/var/cache-x", "/var/cache/apk", false],
    ["type=bind,target=/var/cache", "/var/cache/apk", false],
    ["type=tmpfs,destination=/home/x/.cache", "~/.cache/pip", true],
    ["type=cache,target=/root", "~/.cache/pip", true],
    ["type=cache,target=/x", "~/.cache/pip", false],
  ])("%s keeps %s out of the layer: %s", (mount, folder, expected) => {
    expect(isKeptOut(call(`--mount=${mount} x`).step, folder)).toBe(expected);
  });
});

describe("removals", () => {
  it.each([
    ["rm -rf /a/b", true],
    ["rm -rf /a/b/*", true],
    ["rm -rf /a", true],
    ["rm -rf /x /{a,c}/{b,d}/", true],
    ["rm -rf //a/b/c*", true],
    ["find /a -type f -delete", true],
    ["rm -rf /a/bc", false],
    ["rm -rf /a/b/c/d", false],
    ["rm -rf $X /", false],
    ["find /a -name x", false],
    ["echo /a/b", false],
  ])("%s", (code, expected) => {
    expect(removes(call(code), "/a/b")).toBe(expected);
  });

  it("of what lies in any home", () => {
    expect(
      [
        "rm -r ~/.cache",
        "rm -r /root/.cache/pip",
        'rm -r "$HOME/.cache"',
        "rm -r /home/x/.cache",
        "rm -r /x/.cache",
      ].map((code) => removes(call(code), "~/.cache/pip")),
    ).toEqual([true, true, true, true, false]);
  });

  it("count when they come later", () => {
    expect([removedLater(call("a && rm -r /a"), "/a"), removedLater(call("rm -r /a && a", 1), "/a")]).toEqual(
      [true, false],
    );
  });
});

describe("variables", () => {
  it.each([
    ["ENV V=1", "1"],
    ["ARG V=1", "1"],
    ["ARG V=1\nENV V=2", "2"],
    ["ENV V=1\nENV V=2", "2"],
    ["ONBUILD ENV V=3", "3"],
    ["ARG V", null],
  ])("of the build: %j", (lines, value) => {
    const file = parse(`FROM a:1\n${lines}\nRUN x\n`);
    expect(buildVariable(file, buildSteps(file)[0] as Call["step"], "V")).toBe(value);
  });

  it("stay with an image, those of ARG do not", () => {
    const file = parse("ARG V=0\nFROM a:1 AS b\nENV V=1\nARG W=1\nFROM b\nRUN x\n");
    const [step] = buildSteps(file);
    expect([
      buildVariable(file, step as Call["step"], "V"),
      buildVariable(file, step as Call["step"], "W"),
    ]).toEqual(["1", null]);
  });

  it.each([
    ["V=1 x", 0, "1"],
    ["V='a b' x", 0, "a b"],
    ['V="$Y" x', 0, "$Y"],
    ["export V=2 && x", 1, "2"],
    ["V=3; x", 1, "3"],
    ["x && export V=2", 0, null],
  ])("of the shell: %s", (code, at, value) => {
    expect(shellVariable(call(code, at), "V")).toBe(value);
  });
});

describe("downloads", () => {
  it.each([
    ["curl -fsSLo x https://y", true],
    ["curl -O https://y", true],
    ["curl --output=x https://y", true],
    ["curl https://y > x", true],
    ["curl -o - https://y", false],
    ["curl -o /dev/null https://y", false],
    ["curl https://y", false],
    ["curl https://y 2>&1", false],
    ["wget https://y", true],
    ["wget -O x https://y", true],
    ["wget -qO- https://y", false],
    ["wget -O - https://y", false],
    ["wget --spider https://y", false],
  ])("%s saves a file: %s", (code, expected) => {
    expect(savesFile(call(code).command)).toBe(expected);
  });

  it("know the address among values", () => {
    expect(
      addressesOf(call("curl -H 'a: b' -u c:d --retry 3 https://y").command).map(({ value }) => value),
    ).toEqual(["https://y"]);
    expect(
      curlLetters(call("curl -fsSLokey -k").command)
        .map(({ letter }) => letter)
        .join(""),
    ).toBe("fsSLok");
    expect(
      ["curl localhost:1", "curl http://127.0.0.1/x", "curl https://localhost.x.example", "curl"].map(
        (code) => isLocal(call(code).command),
      ),
    ).toEqual([true, true, false, false]);
  });
});

describe("package managers", () => {
  it("have verbs, some of two words", () => {
    const file = parse("RUN dnf -y --setopt x=y $F group install 'A B' && dnf module enable a && dnf\n");
    expect(
      packageCalls(file, DNF, { preset: "strict" }).map(({ verb, packages }) => [
        verb,
        packages.map(({ value }) => value),
      ]),
    ).toEqual([
      ["group:install", ["A B"]],
      ["module:enable", ["a"]],
    ]);
  });

  it("pip has many names", () => {
    const file = parse(
      "RUN pip3.12 install a && /v/bin/python3 -m pip -q install b && python -m venv c && pipenv install d\n",
    );
    expect(pipCalls(file).map(({ name, verb }) => [name, verb])).toEqual([
      ["pip3.12", "install"],
      ["python3 -m pip", "install"],
    ]);
  });

  it("apt has settings and levels of quiet", () => {
    expect([
      ...aptSettings(call("apt-get -o A::B=1 -oC=x --option=D='\"no\"' --option E=2").command),
    ]).toEqual([
      ["a::b", "1"],
      ["c", "x"],
      ["d", "no"],
      ["e", "2"],
    ]);
    expect(
      ["-q", "-qq", "-q -q", "--quiet -q", "-qq=1", "-yq"].map((flags) =>
        aptQuietness(call(`apt-get ${flags}`).command),
      ),
    ).toEqual([1, 2, 2, 2, 1, 1]);
  });
});

describe("edits", () => {
  it("take over the form, and refuse what would need quotes", () => {
    const shell = call("a b");
    const json = call('["a", "b"]');
    const range = shell.command.nameRange;
    expect([
      insertArgument(shell, range, "-y")?.[0]?.text,
      insertArgument(json, range, "-y")?.[0]?.text,
    ]).toEqual([" -y", ', "-y"']);
    expect([insertArgument(shell, range, "a b"), replaceWord(shell, range, "$x")]).toEqual([null, null]);
  });

  it("never delete a comment", () => {
    const file = parse("FROM a:1\nRUN a \\\n # b\n c\nRUN d\n");
    expect(file.instructions.map(({ range }) => removeLines(file, range)?.text)).toEqual(["", undefined, ""]);
  });
});
