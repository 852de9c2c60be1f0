import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Dockerfile } from "#model/evidence/dockerfile.ts";
import { applyEdits } from "#model/text-edits.ts";
import { parseDockerfile } from "#evidence/dockerfile/parse.ts";
import type { Rule } from "../rule.ts";
import { findingsIn } from "../testing.ts";
import addArchive from "./add-archive.ts";
import apkCache from "./apk-cache.ts";
import aptCommand from "./apt-command.ts";
import aptKey from "./apt-key.ts";
import aptLists from "./apt-lists.ts";
import aptRecommends from "./apt-recommends.ts";
import assumeYes from "./assume-yes.ts";
import cd from "./cd.ts";
import chmodWorld from "./chmod-world.ts";
import commandSecrets from "./command-secrets.ts";
import curlFail from "./curl-fail.ts";
import distroPins from "./distro-pins.ts";
import downloadChecksum from "./download-checksum.ts";
import downloadTools from "./download-tools.ts";
import gitDepth from "./git-depth.ts";
import languagePins from "./language-pins.ts";
import lateRemoval from "./late-removal.ts";
import literalPassword from "./literal-password.ts";
import npmCi from "./npm-ci.ts";
import packageCache from "./package-cache.ts";
import packageUpgrade from "./package-upgrade.ts";
import pipCache from "./pip-cache.ts";
import pipSystemPackages from "./pip-system-packages.ts";
import pipeToShell from "./pipe-to-shell.ts";
import pipefail from "./pipefail.ts";
import pointlessCommand from "./pointless-command.ts";
import shellLink from "./shell-link.ts";
import sudo from "./sudo.ts";
import tlsOff from "./tls-off.ts";
import unsignedPackages from "./unsigned-packages.ts";
import updateAlone from "./update-alone.ts";
import useraddLog from "./useradd-log.ts";
import wgetProgress from "./wget-progress.ts";
import yarnCache from "./yarn-cache.ts";
import zypperDistUpgrade from "./zypper-dist-upgrade.ts";

const RULES: Rule<"dockerfile">[] = [
  [
    addArchive,
    apkCache,
    aptCommand,
    aptKey,
    aptLists,
    aptRecommends,
    cd,
    chmodWorld,
    commandSecrets,
    curlFail,
  ],
  [downloadChecksum, downloadTools, gitDepth, lateRemoval, literalPassword, npmCi, packageUpgrade, pipCache],
  [pipSystemPackages, pipeToShell, pipefail, pointlessCommand, shellLink, sudo, tlsOff, unsignedPackages],
  [updateAlone, useraddLog, wgetProgress, yarnCache, zypperDistUpgrade],
  [...assumeYes, ...distroPins, ...languagePins, ...packageCache],
].flat();
const strict = { settings: { preset: "strict" as const } };

describe("every rule about commands", () => {
  it.each(RULES.map((rule) => [rule.id, rule] as const))(
    "%s finds its bad example, and not its good one",
    (_, rule) => {
      expect(findingsIn(rule, rule.examples.bad, strict).length).toBeGreaterThan(0);
      expect(findingsIn(rule, rule.examples.good, strict)).toEqual([]);
    },
  );
});

// Whatever people write around a command, and commands that some rule has a word on.
const COMMANDS = [
  "apt-get update",
  "apt-get install vim",
  "apt install -y vim",
  "apk add curl",
  "yum install a",
  "dnf -y upgrade",
  "zypper in b",
  "pip install c",
  "python3 -m pip install d",
  "yarn install",
  "npm install",
  "wget https://x.example/a",
  "curl -kO https://x.example/b",
  "curl https://x.example/c | tar x",
  "useradd -u 123456 e",
  "sudo apt-get install f",
  "cd /opt",
  "chmod -R 777 /srv",
  "git clone https://x.example/g.git",
  "ln -sf /bin/bash /bin/sh",
  "tar -xf /tmp/h.tar",
  "rm -rf /var/lib/apt/lists/*",
  "echo 'a && b'",
  'x="$(apt-get install y)"',
  "if true; then apt-get update; fi",
  "(yum install z)",
  "make `pip install q`",
  "exit 0",
];
const JOINTS = [
  " && ",
  "; ",
  " \\\n  && ",
  " && \\\n\t",
  "; \\\n    ",
  " \\\n # comment\n  && ",
  " || ",
  " | ",
  " & ",
];
const HEADS = [
  "RUN ",
  "run\t",
  "RUN --mount=type=cache,target=/c ",
  "ONBUILD RUN ",
  "RUN set -eux; ",
  "CMD ",
  "HEALTHCHECK CMD ",
];
const TAILS = ["", " # why", ";", " \\\n", " >/dev/null"];

const body = fc
  .array(fc.tuple(fc.constantFrom(...COMMANDS), fc.constantFrom(...JOINTS)), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.map(([command, joint], at) => (at === 0 ? command : joint + command)).join(""));
const instruction = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...HEADS), body, fc.constantFrom(...TAILS))
      .map((parts) => parts.join("")),
  },
  { weight: 1, arbitrary: body.map((code) => `RUN <<EOF\n${code}\nEOF`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...COMMANDS).map((command) => `RUN ${JSON.stringify(command.split(" "))}`),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "COPY h.tar /tmp/\nRUN tar -xf /tmp/h.tar -C /x",
      "RUN ln -sf /bin/bash /bin/sh",
      "RUN apt-get update\nRUN apt-get install w",
      "RUN apk add --allow-untrusted h.apk",
      "RUN dnf install i",
      "RUN cd /x \\\n && y",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "COPY h.tar /tmp/",
      "WORKDIR /w",
      'SHELL ["/bin/bash", "-c"]',
      "USER 1",
      "# note",
    ),
  },
);
const file = fc
  .tuple(fc.array(instruction, { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([lines, crlf]) => `FROM alpine:3\n${lines.join("\n")}\n`.replaceAll("\n", crlf ? "\r\n" : "\n"));

interface Shape {
  comments: string[];
  errors: number;
  problems: number;
}

function shapeOf({ comments, instructions, problems }: Dockerfile): Shape {
  const bodies = instructions.flatMap((each) => (each.trigger ?? each).shell);
  return {
    comments: comments.map((comment) => comment.text),
    errors: bodies.reduce((sum, { script }) => sum + (script?.errors?.length ?? 0), 0),
    problems: problems.length,
  };
}

describe("fixes", () => {
  const exercised = new Set<string>();

  it("mend for good, and nothing else", () => {
    fc.assert(
      fc.property(file, (text) => {
        const dockerfile = parseDockerfile(text);
        const before = shapeOf(dockerfile);
        for (const rule of RULES) {
          const edits = findingsIn(rule, "", { ...strict, dockerfile }).flatMap(
            ({ fixes }) => fixes?.[0]?.edits ?? [],
          );
          if (edits.length === 0) continue;
          exercised.add(rule.id);
          const mended = applyEdits(text, edits);
          const after = parseDockerfile(mended);
          const again = findingsIn(rule, "", { ...strict, dockerfile: after });
          expect(again.filter(({ fixes }) => fixes !== undefined)).toEqual([]);
          const shape = shapeOf(after);
          expect(shape.comments).toEqual(before.comments);
          expect(shape.errors).toBeLessThanOrEqual(before.errors);
          expect(shape.problems).toBeLessThanOrEqual(before.problems);
          // no line end of another kind
          expect(/[^\r]\n/.test(mended) && text.includes("\r\n")).toBe(false);
        }
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it("were tried for every rule that has one", () => {
    const tried = [...exercised].map((id) => id.replace("SW-DF-", "")).toSorted();
    expect(tried.join(" ")).toBe(
      "ADD-ARCHIVE APK-CACHE APT-COMMAND APT-LISTS APT-RECOMMENDS APT-YES CD CHMOD-WORLD CURL-FAIL DNF-CACHE DNF-YES GIT-DEPTH NPM-CI PIP-CACHE " +
        "PIPEFAIL SHELL-LINK SUDO TLS-OFF UNSIGNED-PACKAGES UPDATE-ALONE USERADD-LOG WGET-PROGRESS YARN-CACHE YUM-CACHE YUM-YES ZYPPER-CACHE ZYPPER-YES",
    );
  });
});

it("every finding lies in the file, has a sentence, and a key of its own", () => {
  fc.assert(
    fc.property(file, (text) => {
      const dockerfile = parseDockerfile(text);
      for (const preset of ["recommended", "strict", "hadolint"] as const) {
        for (const rule of RULES) {
          const found = findingsIn(rule, "", { settings: { preset }, dockerfile });
          for (const { range, message } of found) {
            expect(range?.start).toBeGreaterThanOrEqual(0);
            expect(range?.end).toBeLessThanOrEqual(text.length);
            expect(message).toMatch(/^\S[^\n]*[^.\s]$/);
          }
          expect(new Set(found.map(({ key }) => key)).size).toBe(found.length);
        }
      }
    }),
    { numRuns: 30 },
  );
});

const PIECES = [
  "RUN ",
  "\\\n",
  "\n",
  "apt-get ",
  "install ",
  "-",
  "$(",
  ")",
  "`",
  '"',
  "'",
  "|",
  "<<E\n",
  "E\n",
  "curl -u a:b ",
  "chmod ",
  "FROM a\n",
  "{a,b}",
  "/var/{lib,",
  "SHELL [",
  "=",
  "pip ",
  "--mount=type=",
];

it("no text makes a rule throw", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }), (pieces) => {
      const dockerfile = parseDockerfile(pieces.join(""));
      for (const rule of RULES) expect(() => findingsIn(rule, "", { ...strict, dockerfile })).not.toThrow();
    }),
    { numRuns: 80 },
  );
});

it("long steps and long files take no longer than their length", () => {
  const many = [
    `RUN ${"pip install a; apk add b; A=1 c; curl x | tar x; yarn install; ".repeat(1000)}`,
    `FROM a:1\n${"RUN apt-get update && pip install x && rm -rf /a && curl y | z\nCOPY b.tar /b/\nRUN cd /x && y\n".repeat(500)}`,
    `${"FROM a:1 AS b\nRUN apt-get update\n".repeat(500)}`,
    `RUN ${"apt-get update | ".repeat(1000)}x`,
    `RUN rm -rf ${"{a,b}".repeat(2000)} ${"{".repeat(5000)}`,
    `RUN curl -H '${"x-api-key: ".repeat(1000)}' ${"a:b@".repeat(5000)}`,
  ];
  for (const text of many) {
    const dockerfile = parseDockerfile(text);
    const before = process.cpuUsage();
    for (const rule of RULES) findingsIn(rule, "", { ...strict, dockerfile });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(4000);
  }
});
