import { describe, expect, it } from "vitest";
import { parseDockerfile } from "#evidence/dockerfile/parse.ts";
import { parseReference } from "#evidence/dockerfile/reference.ts";
import { fullName, startUser } from "./image-names.ts";
import { instructionsOf } from "./instruction-find.ts";
import { madeAccounts } from "./stage-accounts.ts";
import { silentStages } from "./stage-labels.ts";
import {
  effective,
  finalStage,
  isShipped,
  isWindows,
  lineage,
  rootImage,
  stageTitle,
} from "./stage-place.ts";
import { expandedWord, stateBefore } from "./stage-state.ts";

const TREE = "FROM a:1 AS base\nUSER x\nFROM b:2\nFROM base AS App\nRUN y\n";

describe("the place of a stage", () => {
  const dockerfile = parseDockerfile(TREE);
  const [base, other, app] = dockerfile.stages;

  it("is told by its ancestors", () => {
    if (base === undefined || other === undefined || app === undefined) throw new Error("three stages");
    expect(lineage(dockerfile, app).map(({ index }) => index)).toEqual([2, 0]);
    expect(rootImage(dockerfile, app)?.text).toBe("a:1");
    expect(effective(dockerfile, app, "USER")?.words[0]?.value).toBe("x");
    expect(effective(dockerfile, other, "USER")).toBeNull();
    expect(finalStage(dockerfile)).toBe(app);
    expect([stageTitle(app), stageTitle(other), stageTitle(null)]).toEqual(["app", "1", "-"]);
    expect(dockerfile.instructions.map((each) => isShipped(dockerfile, each))).toEqual([
      true,
      true,
      false,
      true,
      true,
    ]);
  });

  it("knows Windows by its image or escape", () => {
    const windows = parseDockerfile("FROM mcr.microsoft.com/windows/nanoserver:x AS w\nFROM w\n");
    expect(windows.stages.map((stage) => isWindows(windows, stage))).toEqual([true, true]);
    expect(isWindows(parseDockerfile("# escape=`\nFROM a:1\n"), null)).toBe(true);
    expect(isWindows(dockerfile, app ?? null)).toBe(false);
  });
});

describe("what holds before an instruction", () => {
  it("is what ARG, ENV, WORKDIR and USER set so far", () => {
    const dockerfile = parseDockerfile(`ARG G=g
FROM a:1 AS base
ARG G
ARG OWN=o UNSET
ENV E=/e F="\${E}x" E2=$OWN
WORKDIR $E
WORKDIR ./sub
USER $OWN
FROM base
VOLUME $E $OWN $G $F "$E/q" '$E' $E2 \${UNSET:-d}
WORKDIR $NOPE
RUN x
`);
    const words = instructionsOf(dockerfile, "VOLUME")[0]?.words ?? [];
    expect(words.map((word) => expandedWord(dockerfile, word))).toEqual([
      "/e",
      null,
      null,
      null,
      "/e/q",
      "$E",
      "o",
      "d",
    ]);
    const [volume] = instructionsOf(dockerfile, "VOLUME");
    const [run] = instructionsOf(dockerfile, "RUN");
    if (volume === undefined || run === undefined) throw new Error("both are there");
    expect(stateBefore(dockerfile, volume)).toEqual({ workdir: "/e/sub", user: "o" });
    expect(stateBefore(dockerfile, run).workdir).toBeNull();
  });

  it("begins at / and as nobody's user in the empty image, and is not known in others", () => {
    const dockerfile = parseDockerfile("FROM scratch\nCOPY a b\nFROM a:1\nCOPY a b\n");
    expect(instructionsOf(dockerfile, "COPY").map((copy) => stateBefore(dockerfile, copy))).toEqual([
      { workdir: "/", user: "" },
      { workdir: null, user: null },
    ]);
  });

  it("takes time in proportion to the file", () => {
    const started = Date.now();
    const lines = Array.from({ length: 3000 }, (_, at) => `ENV A${at}=$A${at - 1}x\nWORKDIR $A${at}`);
    const dockerfile = parseDockerfile(`FROM a:1\n${lines.join("\n")}\n`);
    stateBefore(dockerfile, { index: 5 });
    expect(Date.now() - started).toBeLessThan(3000);
  });
});

describe("accounts that a stage makes", () => {
  it("are those of useradd, adduser and the tools for groups", () => {
    const dockerfile = parseDockerfile(`FROM a:1
RUN groupadd -r -g 999 web && useradd --no-log-init -r -g web -d /home/app app
RUN addgroup -S grp && sudo adduser -S -G grp -h /x box
RUN adduser --disabled-password --gecos "" --uid 10 deb && adduser deb web
RUN useradd $NAME
`);
    expect(
      madeAccounts(dockerfile, 0)
        .filter(({ kind }) => kind === "user")
        .map(({ name }) => name),
    ).toEqual(["app", "box", "deb", "deb"]);
    expect(madeAccounts(dockerfile, 0).map(({ name }) => name)).toContain("grp");
    expect(madeAccounts(dockerfile, 1)).toEqual([]);
  });
});

describe("labels as the old tool follows them", () => {
  it("by the names of stages", () => {
    const text = "FROM a AS base\nFROM base\nLABEL x=1\nFROM base\nFROM b AS named\nLABEL x=1\nFROM named\n";
    expect(silentStages(parseDockerfile(text), "x").map(({ index }) => index)).toEqual([2]);
  });
});

describe("names of images", () => {
  it.each([
    ["debian:12", "docker.io/library/debian"],
    ["team/app", "docker.io/team/app"],
    ["index.docker.io/team/app", "docker.io/team/app"],
    ["reg.example:5000/a/b:1", "reg.example:5000/a/b"],
  ])("%s is %s", (written, full) => {
    expect(fullName(parseReference(written))).toBe(full);
  });

  it.each([
    ["alpine:3", "root"],
    ["scratch", "root"],
    ["redis:7", "steps-down"],
    ["bitnami/redis:7", "user"],
    ["bitnami/minideb", null],
    ["team/app-rootless:1", "user"],
    ["quay.io/x/y:1-nonroot", "user"],
    ["quay.io/x/y:1", null],
    ["cgr.dev/chainguard/wolfi-base", null],
  ])("%s starts as %s", (written, as) => {
    expect(startUser({ ...parseReference(written) })).toBe(as);
  });
});
