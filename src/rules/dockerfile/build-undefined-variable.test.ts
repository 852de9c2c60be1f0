import { describe, expect, test } from "vitest";
import type { Preset } from "#model/settings.ts";
import { findingsIn, mended } from "../testing.ts";
import rule from "./build-undefined-variable.ts";

const found = (text: string, preset: Preset = "recommended"): [number, string][] =>
  findingsIn(rule, text, { settings: { preset } }).map(({ line, message }) => [line, message]);
const lines = (text: string, preset: Preset = "recommended"): number[] =>
  found(text, preset).map(([line]) => line);

describe("variables that are not set", () => {
  test.each([
    ["FROM alpine\nCOPY $foo .\nARG foo=bar\n", 2, "$foo: ARG sets it further down"],
    ["FROM alpine\nCOPY $foo .\n", 2, "$foo"],
    [
      "FROM alpine\nARG DIR_ASSETS=a DIR_OTHER=b\nCOPY $DIR_ASSET .\n",
      3,
      "$DIR_ASSET (did you mean $DIR_ASSETS?)",
    ],
    ["FROM alpine\nENV PATH=$PAHT:/tmp/bin\n", 2, "$PAHT (did you mean $PATH?)"],
    ["ARG V=1\nFROM alpine\nENV X=$V\n", 3, "$V: ARG V before the first FROM holds in FROM only"],
    ["FROM scratch AS a\nARG X=1\nFROM scratch\nCOPY $X .\n", 4, "$X"],
  ])("%j", (text, line, message) => {
    expect(found(text)).toEqual([[line, `uses the undefined variable ${message}`]]);
  });

  test.each([
    ["COPY --chown=$U a b"],
    ["COPY --chmod=${U} a b"],
    ["ADD --checksum=$U a b"],
    ["COPY a /$U/"],
    ['COPY ["a", "$U"]'],
    ["COPY <<EOF /x\n$U\nEOF"],
    ["RUN --mount=type=cache,target=/$U true"],
    ["WORKDIR /$U"],
    ["USER $U"],
    ["VOLUME /$U"],
    ["STOPSIGNAL $U"],
    ["EXPOSE $U"],
    ["ENV A=$U"],
    ["ENV $U=a"],
    ["ARG A=$U"],
    ['LABEL a="b $U"'],
    ["ENV A ${U#x}"],
  ])("are found in %j", (instruction) => {
    expect(lines(`FROM debian:12\n${instruction}\n`)).toHaveLength(1);
  });

  test.each([
    "RUN echo $U",
    "CMD echo $U",
    'ENTRYPOINT ["$U"]',
    "HEALTHCHECK CMD test $U",
    "ONBUILD COPY $U .",
    "COPY <<'EOF' /x\n$U\nEOF",
    "ENV A='$U' B=\\$U",
    "COPY --from=a$U b c",
    "ENV A=$1$@",
    "ENV A=${U:-b} B=${U+c}",
    "WORKDIR ${U:?must be given}",
    "ARG A=1 B=$A",
    "ENV PATH=/x:$PATH",
  ])("are none in %j", (instruction) => {
    expect(lines(`FROM debian:12\n${instruction}\n`)).toEqual([]);
  });

  test("are found once in an instruction, at their place", () => {
    const text = "FROM scratch\nCOPY $A/b \\\n  $A $B /x\n";
    const ranges = findingsIn(rule, text).map(({ range }) => text.slice(range?.start, range?.end));
    expect(ranges).toEqual(["$A", "$B"]);
  });
});

describe("variables that are set", () => {
  test.each([
    "FROM scratch\nARG foo\nCOPY Dockerfile${foo} .\n",
    "FROM alpine AS base\nARG foo=Dockerfile\nFROM base\nCOPY $foo .\n",
    "FROM alpine\nARG TARGETARCH\nCOPY app-$TARGETARCH /app\n",
    "ARG V=1\nFROM alpine\nARG V\nENV X=$V\n",
    "FROM alpine\nENV A=1\nENV B=$A\n",
  ])("%j", (text) => {
    expect(lines(text)).toEqual([]);
    expect(lines(text, "hadolint")).toEqual([]);
  });
});

describe("the base image", () => {
  test("may set what nobody here knows", () => {
    const text = "FROM node:22\nWORKDIR $APP_ROOT\nENV X=$NODE_VERSION\n";
    expect(lines(text)).toEqual([]);
    expect(lines("FROM example.com/base\nWORKDIR $SOMETHING\n")).toEqual([]);
    expect(lines("FROM example.com/base\nWORKDIR $SOMETHING\n", "strict")).toEqual([2]);
    expect(lines("FROM example.com/base\nENV X=$NODE_VERSION\n", "strict")).toEqual([]);
  });

  test("of a plain distribution sets nothing but PATH", () => {
    expect(lines("FROM ubuntu:24.04\nWORKDIR $HOME\n")).toEqual([2]);
    expect(lines("FROM docker.io/library/alpine AS a\nFROM a\nWORKDIR $HOME\nENV A=$PATH\n")).toEqual([3]);
    expect(lines("FROM example.com/library/alpine\nWORKDIR $HOME\n")).toEqual([]);
  });
});

describe("as the builder's own check", () => {
  test("stages that a plain build does not run are left out", () => {
    const text = "FROM scratch AS first\nCOPY $foo .\nFROM scratch AS second\nCOPY $bar .\n";
    expect(found(text, "hadolint")).toEqual([[4, "uses the undefined variable $bar"]]);
    expect(lines(text)).toEqual([2, 4]);
  });

  test("defaults do not help, and EXPOSE is not looked at", () => {
    expect(lines("FROM alpine\nENV A=${U:-b}\nEXPOSE $P\n", "hadolint")).toEqual([2]);
  });

  test("an ENV that takes from itself counts; here another rule says so", () => {
    const text = "FROM alpine\nENV A=1 B=$A\n";
    expect(lines(text, "hadolint")).toEqual([2]);
    expect(lines(text)).toEqual([]);
  });
});

describe("mending", () => {
  test("a slip is spelled right", () => {
    const text = "FROM alpine\nARG DIR=a\nCOPY ${DRI}/x /y\n";
    expect(mended(rule, text, "unsafe")).toBe("FROM alpine\nARG DIR=a\nCOPY ${DIR}/x /y\n");
  });

  test("an ARG is declared in the stage", () => {
    const text = "ARG V=1\r\nFROM alpine\r\n  ENV X=$V\r\n";
    const once = mended(rule, text, "unsafe");
    expect(once).toBe("ARG V=1\r\nFROM alpine\r\n  ARG V\r\n  ENV X=$V\r\n");
    expect(lines(once)).toEqual([]);
  });
});

test("a hostile file takes bounded time", () => {
  const text = `FROM alpine\n${Array.from({ length: 10_000 }, (_, index) => `ENV V${index}=$U${index}`).join("\n")}\n`;
  const began = performance.now();
  expect(lines(text).length).toBeLessThanOrEqual(1000);
  expect(performance.now() - began).toBeLessThan(10_000);
});
