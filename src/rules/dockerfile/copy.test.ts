import { describe, expect, it } from "vitest";
import type { BuildContext } from "#model/evidence/dockerfile.ts";
import { findingsIn, linesIn, mended, ruleById } from "../testing.ts";
import addRemote from "./add-remote.ts";
import add from "./add.ts";
import copyContext from "./copy-context.ts";
import copyDestination from "./copy-destination.ts";
import copyFrom from "./copy-from.ts";
import copyOwner from "./copy-owner.ts";
import copySecrets from "./copy-secrets.ts";
import userOrder from "./user-order.ts";

const hadolint = { settings: { preset: "hadolint" as const } };

describe("SW-DF-ADD-LOCAL", () => {
  it("finds plain files and folders, and uses COPY in the case of the file", () => {
    expect(mended(add, 'FROM a:1\nADD app /app\nadd ["x y", "/z"]\n')).toBe(
      'FROM a:1\nCOPY app /app\ncopy ["x y", "/z"]\n',
    );
  });

  it.each([
    "ADD x.tar.gz /",
    "ADD https://x.example/a /a",
    "ADD git@x.example:a.git /a",
    "ADD --unpack a /a",
    "ADD $FILE /a",
    "ADD a b.tgz /x/",
  ])("lets %s be", (text) => {
    expect(linesIn(add, `FROM a:1\n${text}\n`)).toEqual([]);
  });

  it("is not sure of globs", () => {
    expect(findingsIn(add, "FROM a:1\nADD dist/* /x/\n")[0]?.fixes?.[0]?.safety).toBe("unsafe");
  });

  it("finds as the old tool does a repository and a mix, without a fix", () => {
    const found = findingsIn(add, "FROM a:1\nADD git@x.example:a.git /a\nADD a b.tgz /x/\n", hadolint);
    expect(found.map(({ line, fixes }) => [line, fixes])).toEqual([
      [2, undefined],
      [3, undefined],
    ]);
  });
});

describe("remote sources", () => {
  const download = ruleById(addRemote, "SW-DF-ADD-UNVERIFIED");
  const repository = ruleById(addRemote, "SW-DF-ADD-GIT-UNPINNED");

  it("wants a checksum of downloads, the more without TLS", () => {
    const text =
      "FROM a:1\nADD https://x.example/a /a\nADD http://x.example/b /b\nADD --checksum=sha256:ab https://x.example/c /c\nADD d /d\n";
    expect(findingsIn(download, text).map(({ line, severity }) => [line, severity])).toEqual([
      [2, "medium"],
      [3, "high"],
    ]);
  });

  it("does not show a password in an address", () => {
    const [finding] = findingsIn(download, "FROM a:1\nADD https://me:hunter2@x.example/a /a\n");
    expect(JSON.stringify(finding)).not.toContain("hunter2");
  });

  it("wants a commit of repositories", () => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const text = `FROM a:1
ADD https://x.example/a.git /a
ADD git@x.example:a.git#v1.0 /a
ADD https://x.example/a.git#${commit} /a
ADD https://x.example/a.git?ref=v1&checksum=${commit} /a
ADD --checksum=${commit} https://x.example/a.git#v1 /a
`;
    expect(linesIn(repository, text)).toEqual([2, 3]);
  });
});

describe("SW-DF-COPY-MANY-NO-FOLDER", () => {
  const rule = ruleById(copyDestination, "SW-DF-COPY-MANY-NO-FOLDER");

  it("ends the destination with a slash, within its quotes", () => {
    expect(mended(rule, 'FROM a:1\nCOPY a b /c\nCOPY ["a", "b", "/c"]\nCOPY a b "/d"\n')).toBe(
      'FROM a:1\nCOPY a b /c/\nCOPY ["a", "b", "/c/"]\nCOPY a b "/d/"\n',
    );
  });

  it("knows folders by their dots, unless it must think as the old tool", () => {
    const text = "FROM a:1\nCOPY a b .\nCOPY a b ..\nCOPY a b $X\nCOPY a b c/\nCOPY a c\n";
    expect(linesIn(rule, text)).toEqual([]);
    expect(linesIn(rule, text, hadolint)).toEqual([2, 3, 4]);
  });
});

describe("SW-DF-COPY-RELATIVE", () => {
  const rule = ruleById(copyDestination, "SW-DF-COPY-RELATIVE");

  it("wants WORKDIR in the stage or one that it is built from", () => {
    const text = `FROM a:1 AS base
WORKDIR /x
FROM base
COPY a b
FROM a:1
COPY a b
COPY a /b
COPY a $X
COPY a "c:\\\\x"
`;
    expect(linesIn(rule, text)).toEqual([6]);
  });

  it("makes paths whole", () => {
    expect(mended(rule, 'FROM a:1\nCOPY a ./b\nCOPY a "c/"\nCOPY . .\n', "unsafe")).toBe(
      'FROM a:1\nCOPY a /b\nCOPY a "/c/"\nCOPY . /\n',
    );
  });

  it("knows that the empty image's working folder is /", () => {
    expect(linesIn(rule, "FROM scratch\nCOPY a b\n")).toEqual([]);
    expect(mended(rule, "FROM scratch\nCOPY a b\n", "safe", { preset: "hadolint" })).toBe(
      "FROM scratch\nCOPY a /b\n",
    );
  });
});

describe("COPY --from", () => {
  const unknown = ruleById(copyFrom, "SW-DF-COPY-FROM-UNKNOWN");
  const self = ruleById(copyFrom, "SW-DF-COPY-FROM-SELF");
  const everything = ruleById(copyFrom, "SW-DF-COPY-FROM-ROOT");

  it("finds names and numbers of no stage", () => {
    const text =
      "FROM a:1 AS build\nFROM b:1\nCOPY --from=buidl /x /x\nCOPY --from=7 /x /x\nCOPY --from=BUILD /x /x\nCOPY --from=c:1 /x /x\n";
    expect(linesIn(unknown, text)).toEqual([3, 4]);
    expect(linesIn(unknown, text, { namedContexts: ["buidl"] })).toEqual([4]);
  });

  it("lets later stages be, as the builder does, and the old tool does not", () => {
    const text = "FROM a:1\nCOPY --from=later /x /x\nFROM b:1 AS later\n";
    expect(linesIn(unknown, text)).toEqual([]);
    expect(linesIn(unknown, text, hadolint)).toEqual([2]);
  });

  it("finds a stage that copies from itself, by name or number", () => {
    expect(
      linesIn(
        self,
        "FROM a:1 AS x\nCOPY --from=X /a /b\nCOPY --from=0 /a /b\nFROM b:1\nCOPY --from=x /a /b\n",
      ),
    ).toEqual([2, 3]);
  });

  it("finds a whole file system copied over another one", () => {
    const text = `FROM a:1 AS build
RUN make
FROM t:1 AS tools
FROM b:1
COPY --from=build / /
COPY --from=tools / /
COPY --from=build /app /
FROM scratch
COPY --from=build / /
`;
    expect(linesIn(everything, text)).toEqual([5]);
    expect(linesIn(everything, text, hadolint)).toEqual([5, 6, 9]);
  });
});

describe("SW-DF-COPY-SECRET", () => {
  it("finds keys by their names, worse where they are shipped", () => {
    const text =
      "FROM a:1 AS build\nCOPY id_rsa /k\nCOPY .npmrc ./\nFROM a:1\nCOPY .env conf/tls.key id_rsa.pub /x/\nCOPY --from=build /root/.ssh /root/.ssh\n";
    expect(findingsIn(copySecrets, text).map(({ line, severity }) => [line, severity])).toEqual([
      [2, "medium"],
      [3, "low"],
      [5, "medium"],
      [5, "high"],
      [6, "high"],
    ]);
  });

  it("knows what the builder is not sent", () => {
    const context: BuildContext = {
      path: ".",
      ignore: null,
      exists: () => true,
      ignores: (path) => path === ".env",
    };
    expect(linesIn(copySecrets, "FROM a:1\nCOPY ./.env /x\nCOPY --from=b:1 .env /x\n", { context })).toEqual([
      3,
    ]);
  });
});

describe("SW-DF-USER-TOO-EARLY", () => {
  it("finds accounts that a later RUN makes", () => {
    const text = `FROM a:1
COPY --chown=app:staff . /app
USER app
RUN groupadd staff && useradd -m -s /bin/sh -g staff app
USER app
`;
    expect(findingsIn(userOrder, text).map(({ line, message }) => [line, message])).toEqual([
      [2, "the user app is made only by a later RUN"],
      [2, "the group staff is made only by a later RUN"],
      [3, "the user app is made only by a later RUN"],
    ]);
  });

  it("lets be what exists, may exist, or is a number", () => {
    const text = `FROM a:1 AS base
RUN adduser -D -u 10 app
FROM base
COPY --chown=app . /app
COPY --chown=node:node . /n
COPY --chown=10:10 . /m
RUN adduser -D app || true
USER app
`;
    expect(linesIn(userOrder, text)).toEqual([]);
  });
});

describe("owner and rights of copies", () => {
  const writable = ruleById(copyOwner, "SW-DF-COPY-WORLD-WRITABLE");
  const later = ruleById(copyOwner, "SW-DF-COPY-OWNED-LATER");
  const byRoot = ruleById(copyOwner, "SW-DF-COPY-OWNED-BY-ROOT");

  it("finds what every user may change", () => {
    const text =
      "FROM a:1\nCOPY --chmod=777 a /a\nCOPY --chmod=0755 a /a\nCOPY --chmod=a+w a /b\nADD --chmod=o-w a /c\nCOPY --chmod=u=rw,go=r a /d\n";
    expect(linesIn(writable, text)).toEqual([2, 4]);
    expect(mended(writable, "FROM a:1\nCOPY --chmod=0777 a /a\n", "unsafe")).toBe(
      "FROM a:1\nCOPY --chmod=0775 a /a\n",
    );
  });

  it("finds a chown over what was copied, in the shipped stages", () => {
    const text = `FROM a:1 AS build
COPY . /src
RUN chown -R me /src
FROM a:1
WORKDIR /app
COPY . .
RUN chown -R node:node /app
RUN sudo chmod 755 start.sh
RUN chown -R node /var/lib/x && chown node /
COPY x /var/lib/x/y
`;
    expect(linesIn(later, text)).toEqual([7]);
    expect(linesIn(later, "FROM a:1\nWORKDIR /app\nCOPY x ./start.sh\nRUN chmod +x start.sh\n")).toEqual([4]);
    expect(
      linesIn(later, "FROM a:1\nWORKDIR /app\nCOPY x ./start.sh\nRUN cd /y && chmod +x start.sh\n"),
    ).toEqual([]);
  });

  it("gives copies the user that USER names", () => {
    const text = "FROM a:1\nCOPY a /a\nUSER app:app\nCOPY b /b\nCOPY --chown=x c /c\nUSER root\nCOPY d /d\n";
    expect(linesIn(byRoot, text)).toEqual([4]);
    expect(mended(byRoot, text, "unsafe")).toContain("COPY --chown=app:app b /b\n");
  });
});

describe("SW-DF-COPY-CONTEXT", () => {
  const contextWith = (
    files: string[],
    ignore: BuildContext["ignore"] = null,
    ignored: string[] = [],
  ): BuildContext => ({
    path: ".",
    ignore,
    exists: (path) => files.includes(path),
    ignores: (path) => ignored.includes(path),
  });
  const text = "FROM a:1\nCOPY . /app\nCOPY src /src\n";

  it("is silent where the context is not known", () => {
    expect(linesIn(copyContext, text)).toEqual([]);
  });

  it("finds a context without .dockerignore, and names what goes in", () => {
    expect(
      findingsIn(copyContext, text, { context: contextWith(["src"]) }).map(({ line, severity }) => [
        line,
        severity,
      ]),
    ).toEqual([[2, "low"]]);
    const [finding] = findingsIn(copyContext, text, {
      context: contextWith([".env", ".git", "node_modules"]),
    });
    expect(finding).toMatchObject({
      severity: "medium",
      message: ".env, .git and node_modules of the build context goes into a layer",
    });
  });

  it("believes .dockerignore but for what it forgets", () => {
    const ignore = { path: ".dockerignore", patterns: [".git"] };
    expect(linesIn(copyContext, text, { context: contextWith([".git"], ignore, [".git"]) })).toEqual([]);
    expect(linesIn(copyContext, text, { context: contextWith([".git", ".env"], ignore, [".git"]) })).toEqual([
      2,
    ]);
  });
});
