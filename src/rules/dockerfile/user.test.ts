import { describe, expect, it } from "vitest";
import { findingsIn, linesIn, mended, ruleById } from "../testing.ts";
import expose from "./expose.ts";
import sensitiveFolders from "./sensitive-folders.ts";
import userMissing from "./user-missing.ts";
import userName from "./user-name.ts";
import userRoot from "./user-root.ts";
import volumeWritten from "./volume-written.ts";
import workdir from "./workdir.ts";

const hadolint = { settings: { preset: "hadolint" as const } };
const strict = { settings: { preset: "strict" as const } };

describe("SW-DF-USER-ROOT", () => {
  it("looks at the last USER of what is shipped", () => {
    const text = "FROM a:1 AS build\nUSER root\nFROM a:1 AS base\nUSER app\nUSER 0:0\nFROM base\n";
    expect(findingsIn(userRoot, text).map(({ line, message }) => [line, message])).toEqual([
      [5, "the last USER is 0:0, after app"],
    ]);
    expect(linesIn(userRoot, text, hadolint)).toEqual([2, 5]);
  });

  it("lets other users be", () => {
    expect(linesIn(userRoot, "FROM a:1\nUSER root\nRUN x\nUSER rootless\n")).toEqual([]);
    expect(linesIn(userRoot, "FROM a:1\nUSER $WHO\n")).toEqual([]);
    expect(linesIn(userRoot, "ARG WHO=root\nFROM a:1\nARG WHO\nUSER $WHO\n")).toEqual([4]);
  });
});

describe("SW-DF-USER-MISSING", () => {
  it.each([
    ["debian:12", "medium"],
    ["unknown.example/x:1", "medium"],
    ["gcr.io/distroless/static:latest", "medium"],
    ["$BASE", "medium"],
    ["postgres:16", "low"],
  ])("%s: %s", (image, severity) => {
    expect(findingsIn(userMissing, `FROM ${image}\nRUN x\n`)[0]?.severity).toBe(severity);
  });

  it.each([
    "gcr.io/distroless/static:nonroot",
    "nginxinc/nginx-unprivileged:1",
    "cgr.dev/chainguard/node:latest",
    "mcr.microsoft.com/dotnet/runtime:8.0-noble-chiseled",
    "docker.io/library/haproxy:3",
    "mcr.microsoft.com/windows/nanoserver:ltsc2022",
  ])("%s is none", (image) => {
    expect(linesIn(userMissing, `FROM ${image}\n`)).toEqual([]);
  });

  it("follows the stages, and knows what is no container", () => {
    expect(linesIn(userMissing, "FROM a:1 AS b\nUSER app\nFROM b\nRUN x\n")).toEqual([]);
    expect(linesIn(userMissing, "FROM a:1 AS b\nUSER app\nFROM c:1\n")).toEqual([3]);
    expect(linesIn(userMissing, "FROM scratch\nCOPY a /a\n")).toEqual([]);
    expect(linesIn(userMissing, 'FROM scratch\nCOPY a /a\nCMD ["/a"]\n')).toEqual([1]);
  });

  it("looks into the stages that a variable chooses among", () => {
    const stages = (last: string) =>
      `FROM a:1 AS run-amd64\nUSER app\nFROM a:1 AS run-arm64\n${last}\nFROM run-$TARGETARCH\n`;
    expect(linesIn(userMissing, stages("USER app"))).toEqual([]);
    expect(linesIn(userMissing, stages("RUN x"))).toEqual([5]);
  });

  it("sets a user before what starts, and never calls that safe", () => {
    expect(mended(userMissing, 'FROM a:1\nRUN x\nEXPOSE 80\nCMD ["x"]\n', "unsafe")).toBe(
      'FROM a:1\nRUN x\nEXPOSE 80\nUSER 10001:10001\nCMD ["x"]\n',
    );
    expect(mended(userMissing, "FROM a:1\r\nCMD x\r\nRUN y", "unsafe")).toBe(
      "FROM a:1\r\nCMD x\r\nRUN y\r\nUSER 10001:10001",
    );
    expect(findingsIn(userMissing, "FROM a:1\nRUN <<E\nx\n")[0]?.fixes).toEqual([]);
    expect(findingsIn(userMissing, "FROM a:1\nRUN x \\\n")[0]?.fixes).toEqual([]);
  });
});

describe("SW-DF-USER-NAME", () => {
  it("finds names, but no variables and not root", () => {
    const text = "FROM a:1\nUSER app\nUSER 1000:staff\nUSER $X\nUSER root\nUSER app:1\n";
    expect(linesIn(userName, text)).toEqual([2, 6]);
    expect(linesIn(userName, text, hadolint)).toEqual([2, 5, 6]);
  });
});

describe("SW-DF-WORKDIR-RELATIVE", () => {
  const text = `FROM a:1
WORKDIR app
WORKDIR lib
FROM a:1 AS b
WORKDIR /x
FROM b
WORKDIR y
WORKDIR "z/.."
`;

  it("finds what the base image decides; strict readers hear of all", () => {
    expect(linesIn(workdir, text)).toEqual([2]);
    expect(linesIn(workdir, text, strict)).toEqual([2, 3, 7, 8]);
    expect(
      findingsIn(workdir, text, hadolint).map(({ aliases }) => aliases?.includes("WorkdirRelativePath")),
    ).toEqual([true, false, false, false]);
  });

  it("writes whole paths, safely where the folder before is known", () => {
    expect(mended(workdir, "FROM a:1\nWORKDIR app\n", "unsafe")).toBe("FROM a:1\nWORKDIR /app\n");
    const inherited = 'FROM b:1 AS b\nWORKDIR /x\nFROM b\nWORKDIR y\nWORKDIR "z"\n';
    expect(mended(workdir, inherited, "safe", { preset: "strict" })).toBe(
      'FROM b:1 AS b\nWORKDIR /x\nFROM b\nWORKDIR /x/y\nWORKDIR "/x/y/z"\n',
    );
  });

  it.each(["/a", "'/a'", "$X/a", "C:\\a", "c:/a"])("lets %s be", (path) => {
    expect(linesIn(workdir, `FROM a:1\nWORKDIR ${path}\n`, strict)).toEqual([]);
  });
});

describe("folders of the system", () => {
  const work = ruleById(sensitiveFolders, "SW-DF-WORKDIR-SENSITIVE");
  const volume = ruleById(sensitiveFolders, "SW-DF-VOLUME-SENSITIVE");

  it("are no place to work in", () => {
    const text =
      "FROM a:1\nWORKDIR /proc/self/fd/8\nWORKDIR /etc\nWORKDIR /etc/app\nWORKDIR ../../sys/x\nWORKDIR /usr/src/app\n";
    expect(findingsIn(work, text).map(({ line, severity }) => [line, severity])).toEqual([
      [2, "critical"],
      [3, "medium"],
      [5, "medium"],
    ]);
  });

  it("are no volumes", () => {
    const text =
      'FROM a:1\nVOLUME ["/data", "/var/run/docker.sock"]\nVOLUME /etc /etc/app /dev/shm\nVOLUME /\nVOLUME $X\n';
    expect(findingsIn(volume, text).map(({ line, severity }) => [line, severity])).toEqual([
      [2, "high"],
      [3, "medium"],
      [3, "medium"],
      [4, "high"],
    ]);
  });
});

describe("SW-DF-VOLUME-WRITTEN", () => {
  it("finds changes behind the VOLUME", () => {
    const text =
      "FROM a:1\nRUN mkdir /data\nVOLUME /data\nRUN chown app /data/x\nRUN echo x > /data/y\nRUN ls /data\nFROM b:1\nRUN mkdir /data\n";
    expect(linesIn(volumeWritten, text)).toEqual([4]);
  });
});

describe("EXPOSE", () => {
  const range = ruleById(expose, "SW-DF-EXPOSE-RANGE");
  const admin = ruleById(expose, "SW-DF-EXPOSE-ADMIN");

  it("finds ports beyond the last, once an instruction", () => {
    const text =
      'FROM a:1\nEXPOSE 80 80000 90000/udp\nEXPOSE 40000-70000\nEXPOSE $A $A-$B 1-$B 65535\nEXPOSE "80000"\nEXPOSE $A-70000\n';
    expect(linesIn(range, text)).toEqual([2, 3, 5, 6]);
  });

  it("finds ways in", () => {
    const text = "FROM a:1\nARG P=22\nEXPOSE 80 22\nEXPOSE 2375/tcp 3389\nEXPOSE $P\nEXPOSE 22/udp 2222\n";
    expect(findingsIn(admin, text).map(({ line, message }) => [line, message])).toEqual([
      [3, "22 (SSH) is a port to administer by"],
      [4, "2375/tcp (the engine's API without TLS) and 3389 (remote desktop) are ports to administer by"],
      [5, "$P (SSH) is a port to administer by"],
    ]);
  });
});
