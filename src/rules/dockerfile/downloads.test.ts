import { describe, expect, it } from "vitest";
import { findingsIn, linesIn, mended } from "../testing.ts";
import addArchive from "./add-archive.ts";
import curlFail from "./curl-fail.ts";
import downloadChecksum from "./download-checksum.ts";
import downloadTools from "./download-tools.ts";
import gitDepth from "./git-depth.ts";
import pipeToShell from "./pipe-to-shell.ts";
import wgetProgress from "./wget-progress.ts";

const hadolint = { settings: { preset: "hadolint" as const } };

describe("SW-DF-WGET-PROGRESS", () => {
  it("adds -nv, which BusyBox knows too", () => {
    expect(mended(wgetProgress, "RUN wget -O a https://x && sudo wget y\n")).toBe(
      "RUN wget -nv -O a https://x && sudo wget -nv y\n",
    );
  });

  it.each([
    "-q x",
    "-qO- x",
    "-nv x",
    "-nvO a x",
    "--no-verbose x",
    "--progress=dot:giga x",
    "--progress dot x",
    "-o log x",
    "-a log x",
    "--version",
  ])("lets wget %s be", (flags) => expect(linesIn(wgetProgress, `RUN wget ${flags}\n`)).toEqual([]));
});

describe("SW-DF-DOWNLOAD-TOOLS", () => {
  it("is said once for a stage, and for every step as the old tool does", () => {
    const text = "FROM a:1\nRUN wget x\nRUN curl y\nRUN z\nRUN wget w && curl v\n";
    expect(linesIn(downloadTools, text)).toEqual([3]);
    expect(linesIn(downloadTools, text, hadolint)).toEqual([3, 5]);
  });

  it("is about one shipped stage", () => {
    expect(linesIn(downloadTools, "FROM a:1\nRUN wget x\nFROM b:1\nRUN curl y\n", hadolint)).toEqual([]);
    expect(linesIn(downloadTools, "FROM a:1\nRUN wget x && curl y\nFROM b:1\nRUN curl y\n")).toEqual([]);
    expect(
      linesIn(
        downloadTools,
        "FROM a:1\nRUN wget x\nONBUILD RUN curl y\nRUN apt-get install curl\n",
        hadolint,
      ),
    ).toEqual([]);
  });
});

describe("SW-DF-CURL-FAIL", () => {
  it.each([
    ["curl -o a x", "curl -f -o a x", "safe"],
    ["curl -LO x", "curl -f -LO x", "safe"],
    ["curl x > a", "curl -f x > a", "safe"],
    ["curl x | tar x", "curl -f x | tar x", "unsafe"],
  ] as const)("adds -f: %s", (before, after, safety) => {
    expect(mended(curlFail, `RUN ${before}\n`, safety)).toBe(`RUN ${after}\n`);
  });

  it("matters most to a health check", () => {
    expect(
      findingsIn(curlFail, "HEALTHCHECK CMD curl http://localhost || exit 1\n").map(({ message }) => message),
    ).toEqual(["the health check calls an error page well"]);
  });

  it.each([
    "curl -fo a x",
    "curl -sSfLO x",
    "curl --fail -O x",
    "curl --fail-with-body -O x",
    "curl -I x | y",
    "curl x",
    "curl -sw %{http_code} -o a x",
    "curl -o /dev/null x",
  ])("lets %s be", (command) => expect(linesIn(curlFail, `RUN ${command}\n`)).toEqual([]));

  it("tells two findings of a step apart", () => {
    const keys = findingsIn(curlFail, "RUN curl -O x && curl y | z\n").map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
  });
});

describe("SW-DF-PIPE-TO-SHELL", () => {
  it.each([
    ["curl -fsSL https://x.example/i | sh", "sh runs what x.example sends, unseen"],
    ["wget -qO- https://u:p@x.example/i | sudo -E bash -s -- -y", "bash runs what x.example sends, unseen"],
    ["curl https://x.example/i | tac | bash -", "bash runs what x.example sends, unseen"],
    ['sh -c "$(curl -fsSL https://x.example/i)"', "sh runs what x.example sends, unseen"],
    ["bash <(curl -s https://x.example/i) -y", "bash runs what x.example sends, unseen"],
    ['eval "$(wget -qO- https://x.example/i)"', "eval runs what x.example sends, unseen"],
    ["curl https://x.example/i | python3 -", "python3 runs what x.example sends, unseen"],
    ["sh -c 'curl https://x | sudo bash'", "sh runs what curl sends, unseen"],
  ])("finds %s", (command, message) => {
    expect(findingsIn(pipeToShell, `RUN ${command}\n`).map((each) => each.message)).toEqual([message]);
  });

  it("is worse without TLS", () => {
    expect(findingsIn(pipeToShell, "RUN curl http://x | sh\n").map(({ severity }) => severity)).toEqual([
      "high",
    ]);
  });

  it.each([
    "curl https://x | tar x",
    "curl https://x -o a && sh a",
    "curl https://x | bash ./filter.sh",
    "curl https://x | python3 -c 'import json'",
    "curl https://x | perl -e 'print <>'",
    "sh build.sh $(curl https://x)",
    "apt-get install bash curl",
  ])("lets %s be", (command) => {
    expect(linesIn(pipeToShell, `RUN ${command}\n`)).toEqual([]);
  });
});

describe("SW-DF-DOWNLOAD-CHECKSUM", () => {
  it("wants a comparison in the same step", () => {
    const text =
      "RUN curl -o a https://x\nRUN wget https://x && echo '1 x' | sha256sum -c\nRUN curl https://x | tar x\nRUN curl https://x | jq .\nRUN wget -qO- https://x | gpg --dearmor\n";
    expect(linesIn(downloadChecksum, text)).toEqual([1, 3]);
  });
});

describe("SW-DF-GIT-DEPTH", () => {
  it("clones one state", () => {
    expect(mended(gitDepth, "RUN git -C /x clone https://y\n", "unsafe")).toBe(
      "RUN git -C /x clone --depth=1 https://y\n",
    );
    expect(
      linesIn(gitDepth, "RUN git clone --depth 1 x\nRUN git clone --filter=blob:none x\nRUN git pull\n"),
    ).toEqual([]);
  });
});

describe("SW-DF-ADD-ARCHIVE", () => {
  it.each([
    ["COPY a.tar.gz /x/\nRUN tar -xzf /x/a.tar.gz -C /y\n", "ADD a.tar.gz /y/\n"],
    [
      "COPY --chown=1 d/a.tar /x.tar\n# why\nRUN tar xf /x.tar && rm -f /x.tar\nUSER 1\n",
      "ADD --chown=1 d/a.tar /w/\n# why\nUSER 1\n",
    ],
    ["COPY a.tgz .\nRUN tar -x -f a.tgz --directory /\n", "ADD a.tgz /\n"],
  ])("lets ADD unpack: %j", (before, after) => {
    expect(mended(addArchive, `FROM a:1\nWORKDIR /w\n${before}`, "unsafe")).toBe(
      `FROM a:1\nWORKDIR /w\n${after}`,
    );
  });

  it.each([
    "RUN tar -xf /x/a.tar --strip-components=1",
    "RUN tar -xf /x/a.tar && make",
    "RUN tar -xf /x/a.tar some/file",
    "RUN y\nRUN tar -xf /x/a.tar",
    "RUN tar -xf /x/a.tar || true",
  ])("leaves %j to people", (text) => {
    expect(
      findingsIn(addArchive, `FROM a:1\nWORKDIR /w\nCOPY a.tar /x/\n${text}\n`).map(({ fixes }) => fixes),
    ).toEqual([undefined]);
  });

  it.each([
    "COPY --from=b a.tar /x/\nRUN tar -xf /x/a.tar",
    "COPY a.tar /x/\nRUN tar -cf /x/a.tar y",
    "COPY a.tar /x/\nRUN tar -xf /x/b.tar",
    "COPY a.tar /x/\nFROM c:1\nRUN tar -xf /x/a.tar",
    "RUN tar -xf /x/a.tar\nCOPY a.tar /x/",
    "COPY a.gz /x/\nRUN gunzip /x/a.gz",
  ])("lets %j be", (text) => {
    expect(linesIn(addArchive, `FROM a:1\n${text}\n`)).toEqual([]);
  });

  it("knows what the old tool takes for an archive", () => {
    expect(
      linesIn(
        addArchive,
        'COPY a\\b.gz "C:\\Program Files\\x\\"\nRUN gunzip "C:\\Program Files\\x\\b.gz"\n',
        hadolint,
      ),
    ).toEqual([1]);
  });
});
