import { describe, expect, it } from "vitest";
import { findingsIn, linesIn, mended, ruleById } from "../testing.ts";
import consecutiveRuns from "./consecutive-runs.ts";
import entrypoint from "./entrypoint.ts";
import healthcheck from "./healthcheck.ts";
import maintainer from "./maintainer.ts";
import repeated from "./repeated.ts";
import runIsolation from "./run-isolation.ts";
import scratchShell from "./scratch-shell.ts";
import shellForm from "./shell-form.ts";
import stopSignal from "./stop-signal.ts";

const hadolint = { settings: { preset: "hadolint" as const } };

describe("SW-DF-SHELL-FORM", () => {
  it("writes the JSON form of plain commands", () => {
    const text = "FROM a:1\nENTRYPOINT exec /bin/app --name 'a \"b\"' \\\n  --x\nHEALTHCHECK CMD curl x\n";
    expect(mended(shellForm, text)).toBe(
      'FROM a:1\nENTRYPOINT ["/bin/app", "--name", "a \\"b\\"", "--x"]\nHEALTHCHECK CMD curl x\n',
    );
    expect(mended(shellForm, "FROM a:1\r\nCMD app\r\n")).toBe('FROM a:1\r\nCMD ["app"]\r\n');
  });

  it.each([
    "a && b",
    "app $X",
    "cd /x",
    "app > /log",
    "A=1 app",
    "app *",
    "app &",
    "app | tee x",
    "(app)",
    "if x; then y; fi",
    "~/app",
  ])("knows that %s needs a shell", (command) => {
    expect(findingsIn(shellForm, `FROM a:1\nCMD ${command}\n`)[0]?.fixes).toEqual([]);
  });

  it("is not sure where ENTRYPOINT and CMD meet", () => {
    const both = findingsIn(
      shellForm,
      'FROM a:1\nENTRYPOINT ["e"]\nCMD app\nFROM a:1\nENTRYPOINT app\nCMD ["x"]\n',
    );
    expect(both.map(({ fixes }) => fixes?.[0]?.safety)).toEqual(["unsafe", "unsafe"]);
  });

  it("leaves a chosen shell alone, also one that is inherited; the old tool does not", () => {
    const text = 'FROM a:1 AS b\nSHELL ["/bin/bash", "-c"]\nCMD app\nFROM b\nENTRYPOINT app\n';
    expect(linesIn(shellForm, text)).toEqual([]);
    const old = findingsIn(shellForm, text, hadolint);
    expect(old.map(({ line, aliases }) => [line, aliases?.includes("JSONArgsRecommended")])).toEqual([
      [3, false],
      [5, false],
    ]);
    expect(linesIn(shellForm, "FROM a:1\nHEALTHCHECK CMD x\n", hadolint)).toEqual([2]);
  });

  it("says nothing of what looks like JSON: another rule does", () => {
    expect(linesIn(shellForm, "FROM a:1\nCMD ['x']\n")).toEqual([]);
  });

  it("keeps comments", () => {
    expect(findingsIn(shellForm, "FROM a:1\nCMD app \\\n# why\n  --x\n")[0]?.fixes).toEqual([]);
  });
});

describe("instructions of which the last counts", () => {
  it("removes those that are ignored", () => {
    const rule = ruleById(repeated, "SW-DF-CMD-REPEATED");
    const text = 'FROM a:1 AS x\nCMD ["1"]\nRUN x\nCMD ["2"] \nCMD ["3"]\nFROM x\nCMD ["4"]';
    expect(linesIn(rule, text)).toEqual([2, 4]);
    expect(mended(rule, text)).toBe('FROM a:1 AS x\nRUN x\nCMD ["3"]\nFROM x\nCMD ["4"]');
  });

  it("points where the builder does, and where the old tool does", () => {
    const rule = ruleById(repeated, "SW-DF-ENTRYPOINT-REPEATED");
    const found = findingsIn(rule, 'FROM a:1\nENTRYPOINT ["1"]\nENTRYPOINT ["2"]\n', hadolint);
    expect(found.map(({ line, aliases }) => [line, aliases?.[0]])).toEqual([
      [2, "MultipleInstructionsDisallowed"],
      [3, "DL4004"],
    ]);
  });

  it("does not delete comments", () => {
    const rule = ruleById(repeated, "SW-DF-HEALTHCHECK-REPEATED");
    expect(findingsIn(rule, "FROM a:1\nHEALTHCHECK \\\n# why\nCMD x\nHEALTHCHECK NONE\n")[0]?.fixes).toEqual(
      [],
    );
  });
});

describe("SW-DF-HEALTHCHECK-MISSING", () => {
  it("looks at the image that is made", () => {
    expect(linesIn(healthcheck, "FROM a:1 AS x\nHEALTHCHECK NONE\nFROM b:1 AS y\nFROM x\n")).toEqual([]);
    expect(linesIn(healthcheck, "FROM a:1\nFROM b:1\n")).toEqual([2]);
    expect(linesIn(healthcheck, "FROM scratch\nCOPY a /a\n")).toEqual([]);
  });

  it("looks at every branch where the old tool does", () => {
    const text = "FROM a:1 AS x\nFROM x AS y\nHEALTHCHECK NONE\nFROM x AS z\nFROM y\n";
    expect(linesIn(healthcheck, text, hadolint)).toEqual([4]);
  });
});

describe("SW-DF-CMD-IGNORED", () => {
  it("finds arguments that a shell drops", () => {
    expect(linesIn(entrypoint, 'FROM a:1\nCMD ["x"]\nENTRYPOINT app\n')).toEqual([2]);
    expect(
      linesIn(entrypoint, 'FROM a:1\nCMD ["x"]\nENTRYPOINT ["app"]\nFROM b:1\nCMD x\nENTRYPOINT app "$@"\n'),
    ).toEqual([]);
  });
});

describe("SW-DF-SCRATCH-SHELL", () => {
  it("finds the first RUN, and what starts the container", () => {
    const text =
      'FROM scratch\nCOPY app /app\nRUN a\nRUN b\nFROM scratch\nCOPY app /app\nCMD /app\nHEALTHCHECK CMD x\nENTRYPOINT ["/app"]\n';
    expect(linesIn(scratchShell, text)).toEqual([3, 7, 8]);
  });

  it.each(["ADD rootfs.tar /", "COPY --from=x / /", "COPY busybox /usr/bin/", "COPY fs /", 'SHELL ["/app"]'])(
    "gives up where %s may bring a shell",
    (text) => {
      expect(linesIn(scratchShell, `FROM scratch\n${text}\nRUN a\n`)).toEqual([]);
      expect(linesIn(scratchShell, `FROM scratch AS s\n${text}\nFROM s\nRUN a\n`)).toEqual([]);
    },
  );

  it("says nothing of other images", () => {
    expect(linesIn(scratchShell, "FROM a:1\nRUN a\nFROM scratch\nRUN --mount=from=a,target=/ x\n")).toEqual(
      [],
    );
  });
});

describe("STOPSIGNAL", () => {
  const hard = ruleById(stopSignal, "SW-DF-STOP-SIGNAL");
  const spelled = ruleById(stopSignal, "SW-DF-STOP-SIGNAL-NAME");
  const systemd = ruleById(stopSignal, "SW-DF-STOP-SIGNAL-INIT");

  it("finds signals that nobody can answer to", () => {
    const text =
      "FROM a:1\nSTOPSIGNAL SIGKILL\nSTOPSIGNAL 19\nSTOPSIGNAL quit\nSTOPSIGNAL $S\nARG K=9\nSTOPSIGNAL $K\n";
    expect(linesIn(hard, text)).toEqual([2, 3, 7]);
    expect(mended(hard, "FROM a:1\nSTOPSIGNAL KILL\n", "unsafe")).toBe("FROM a:1\nSTOPSIGNAL SIGTERM\n");
  });

  it("writes names", () => {
    expect(mended(spelled, "FROM a:1\nSTOPSIGNAL 15\nSTOPSIGNAL int\n")).toBe(
      "FROM a:1\nSTOPSIGNAL SIGTERM\nSTOPSIGNAL SIGINT\n",
    );
    expect(linesIn(spelled, "FROM a:1\nSTOPSIGNAL SIGRTMIN+3\nSTOPSIGNAL 9\nSTOPSIGNAL huh\n")).toEqual([]);
  });

  it("knows what systemd wants", () => {
    expect(linesIn(systemd, 'FROM a:1\nCMD ["/sbin/init"]\n')).toEqual([2]);
    expect(linesIn(systemd, 'FROM a:1\nSTOPSIGNAL SIGTERM\nCMD ["/lib/systemd/systemd"]\n')).toEqual([2]);
    expect(linesIn(systemd, 'FROM a:1\nSTOPSIGNAL RTMIN+3\nCMD ["/sbin/init"]\n')).toEqual([]);
    expect(linesIn(systemd, 'FROM a:1\nCMD ["/app"]\n')).toEqual([]);
  });
});

describe("SW-DF-MAINTAINER", () => {
  it("writes a label that means the same", () => {
    expect(mended(maintainer, 'FROM a:1\nMAINTAINER Me "$x" <me@x.example>\nmaintainer "You"\n')).toBe(
      'FROM a:1\nLABEL org.opencontainers.image.authors="Me \\"\\$x\\" <me@x.example>"\nlabel org.opencontainers.image.authors="You"\n',
    );
    expect(mended(maintainer, "# escape=`\nFROM a:1\nMAINTAINER a\\b\n")).toBe(
      '# escape=`\nFROM a:1\nLABEL org.opencontainers.image.authors="a\\b"\n',
    );
  });
});

describe("SW-DF-RUN-CONSECUTIVE", () => {
  it("joins RUNs of one command, and keeps comments", () => {
    const text = "FROM a:1\nRUN a\n\n# why\nRUN b \\\n  --x\nRUN c\nENV x=1\nRUN d\n";
    expect(linesIn(consecutiveRuns, text)).toEqual([5, 7]);
    expect(mended(consecutiveRuns, text, "unsafe")).toBe(
      "FROM a:1\nRUN a && \\\n# why\n    b \\\n  --x && \\\n    c\nENV x=1\nRUN d\n",
    );
  });

  it("leaves rows of commands and other mounts alone", () => {
    const text =
      "FROM a:1\nRUN a; b\nRUN c\nWORKDIR /\nRUN --mount=type=cache,target=/x a\nRUN b\nRUN [ -e x ] && c\n";
    expect(linesIn(consecutiveRuns, text)).toEqual([7]);
  });

  it("looks at what is shipped; the old tool at everything", () => {
    const text = "FROM a:1 AS b\nRUN a\nRUN b\nFROM c:1\n";
    expect(linesIn(consecutiveRuns, text)).toEqual([]);
    expect(linesIn(consecutiveRuns, text, hadolint)).toEqual([3]);
  });

  it.each(["RUN a &", 'RUN ["a"]', "RUN <<E\na\nE", "RUN a # b"])("does not join to %s", (first) => {
    expect(findingsIn(consecutiveRuns, `FROM a:1\n${first}\nRUN b\n`).flatMap(({ fixes }) => fixes)).toEqual(
      [],
    );
  });
});

describe("RUN's flags", () => {
  it("finds steps without a sandbox and in the host's network", () => {
    const text =
      "FROM a:1\nRUN --security=insecure x\nRUN --network=host y\nRUN --network=none --security=sandbox z\n";
    expect(runIsolation.flatMap((rule) => linesIn(rule, text))).toEqual([2, 3]);
  });
});
