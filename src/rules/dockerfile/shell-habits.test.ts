import { describe, expect, it } from "vitest";
import { findingsIn, linesIn, mended } from "../testing.ts";
import cd from "./cd.ts";
import chmodWorld from "./chmod-world.ts";
import pipefail from "./pipefail.ts";
import pointlessCommand from "./pointless-command.ts";
import shellLink from "./shell-link.ts";
import sudo from "./sudo.ts";
import useraddLog from "./useradd-log.ts";

const hadolint = { settings: { preset: "hadolint" as const } };
const strict = { settings: { preset: "strict" as const } };

describe("SW-DF-CD", () => {
  it.each([
    ["RUN cd /x && make", "WORKDIR /x\nRUN make"],
    ["WORKDIR /a\nRUN cd ../b/c \\\n  && make && y", "WORKDIR /a\nWORKDIR /b/c\nRUN make && y"],
    [
      "run --mount=type=cache,target=/c cd '/x' && make | y",
      "WORKDIR /x\nrun --mount=type=cache,target=/c make | y",
    ],
  ])("becomes WORKDIR: %j", (before, after) => {
    expect(mended(cd, `FROM a:1\n${before}\n`, "unsafe")).toBe(`FROM a:1\n${after}\n`);
  });

  it.each([
    "RUN cd $X && make",
    "RUN cd x && make",
    "RUN cd /x; make",
    "RUN cd /x || exit 1",
    "RUN cd /x && make || true",
    "RUN cd /x \\\n # why\n && make",
    "RUN (cd /x && make)",
    "RUN make && cd /x && make",
    "RUN cd - && make",
    "ONBUILD RUN cd /x && make",
  ])("is left to people: %j", (text) => {
    expect(findingsIn(cd, `FROM a:1\n${text}\n`, strict).map(({ fixes }) => fixes)).toEqual([undefined]);
  });

  it("is worth a word where WORKDIR says the same, or where it does nothing", () => {
    const text =
      "FROM a:1\nRUN make && cd /x && make\nRUN cd /x && make && cd /y && z\nRUN cd /x\nRUN make && cd /y\nRUN (cd /x && make)\nRUN cd /x && make\n";
    expect(linesIn(cd, text)).toEqual([4, 5, 7]);
    expect(linesIn(cd, text, hadolint)).toEqual([2, 3, 4, 5, 6, 7]);
  });
});

describe("SW-DF-SUDO", () => {
  it.each([
    ["RUN sudo a b | sudo -E tee c", "RUN a b | tee c"],
    ["RUN sudo A=1 a", "RUN A=1 a"],
    ['RUN ["sudo", "a"]', 'RUN ["a"]'],
    ["ONBUILD RUN sudo -n -- a", "ONBUILD RUN a"],
  ])("is dropped: %s", (before, after) => {
    expect(mended(sudo, `${before}\n`, "unsafe")).toBe(`${after}\n`);
  });

  it("stays where it changes to another user", () => {
    expect(findingsIn(sudo, "RUN sudo -u www a\n").map(({ fixes }) => fixes)).toEqual([undefined]);
  });

  it("is not the package", () => {
    expect(linesIn(sudo, "RUN apt-get install sudo\n")).toEqual([]);
  });
});

describe("SW-DF-POINTLESS-COMMAND", () => {
  it("is found, as the old tool knows it too", () => {
    const text = "RUN service x start\nRUN vim a\nRUN top\nRUN systemctl start a\nRUN reboot\n";
    expect(linesIn(pointlessCommand, text)).toEqual([1, 2, 3, 4, 5]);
    expect(linesIn(pointlessCommand, text, hadolint)).toEqual([1, 2, 3]);
  });

  it.each([
    "service mysql start && mysql < a",
    "mysqld & sleep 9 && kill $!",
    "--mount=type=ssh ssh x y",
    "--security=insecure mount x y",
    "systemctl enable x",
    "vim -es +PlugInstall",
  ])("is none where it has a use: %s", (command) => {
    expect(linesIn(pointlessCommand, `RUN ${command}\n`)).toEqual([]);
    const known = command.startsWith("systemctl") ? [] : [1];
    expect(linesIn(pointlessCommand, `RUN ${command}\n`, hadolint)).toEqual(known);
  });
});

describe("SW-DF-USERADD-LOG", () => {
  it("adds -l for high ids", () => {
    expect(mended(useraddLog, "RUN useradd -mu 123456 a && useradd --uid=200000 b\n")).toBe(
      "RUN useradd -l -mu 123456 a && useradd -l --uid=200000 b\n",
    );
    expect(
      linesIn(useraddLog, "RUN useradd -u 1000 a\nRUN useradd a\nRUN useradd --no-log-init -u 123456 a\n"),
    ).toEqual([]);
    expect([
      linesIn(useraddLog, "RUN useradd -u $U a\n"),
      linesIn(useraddLog, "RUN useradd -u $U a\n", hadolint),
    ]).toEqual([[], [1]]);
  });
});

describe("SW-DF-SHELL-LINK", () => {
  it("becomes SHELL where the step does nothing else", () => {
    expect(mended(shellLink, "FROM a:1\nRUN ln -sf /bin/bash /bin/sh\n", "unsafe")).toBe(
      'FROM a:1\nSHELL ["/bin/bash", "-c"]\n',
    );
    expect(
      findingsIn(shellLink, "FROM a:1\nRUN rm /bin/sh && ln -s /bin/bash /bin/sh\n")[0]?.fixes,
    ).toBeUndefined();
  });

  it("is about the place of /bin/sh", () => {
    expect(linesIn(shellLink, "RUN ln -s /bin/sh /x\nRUN ln -sf /bin/true /sbin/initctl\n")).toEqual([]);
    expect(linesIn(shellLink, "RUN ln -s /bin/sh /x\n", hadolint)).toEqual([1]);
  });
});

describe("SW-DF-PIPEFAIL", () => {
  const bash = 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\n';

  it("brings a SHELL with the first finding under each shell", () => {
    const text =
      'FROM a:1\nRUN curl x | y\nRUN curl x | z\nSHELL ["/bin/bash", "-c"]\nRUN curl x | y\nFROM alpine:3\nRUN curl x | y\n';
    const found = findingsIn(pipefail, text);
    expect(found.map(({ line, fixes }) => [line, fixes?.length ?? 0])).toEqual([
      [2, 1],
      [3, 0],
      [5, 1],
      [7, 1],
    ]);
    const single = (body: string): string => mended(pipefail, body, "unsafe");
    expect(single("FROM a:1\nRUN curl x | y\n")).toBe(`FROM a:1\n${bash}RUN curl x | y\n`);
    expect(single("FROM alpine:3\r\nRUN curl x | y\r\n")).toBe(
      'FROM alpine:3\r\nSHELL ["/bin/ash", "-o", "pipefail", "-c"]\r\nRUN curl x | y\r\n',
    );
    expect(single('FROM a:1\nSHELL ["/bin/bash", "-c"]\nRUN curl x | y\n')).toBe(
      `FROM a:1\n${bash}RUN curl x | y\n`,
    );
  });

  it.each([
    `${bash}RUN curl x | y`,
    'SHELL ["/bin/bash", "-euo", "pipefail", "-c"]\nRUN curl x | y',
    'SHELL ["/bin/ksh", "-opipefail", "-c"]\nRUN curl x | y',
    "RUN set -eux -o pipefail && curl x | y",
    "RUN set -euo pipefail; curl x | y",
    "RUN echo x | y",
    "RUN curl x || y",
    "RUN <<EOF\n#!/bin/bash\nset -o pipefail\ncurl x | y\nEOF",
    'SHELL ["pwsh", "-c"]\nRUN curl x | y',
  ])("lets %j be", (text) => {
    expect(linesIn(pipefail, `FROM a:1\n${text}\n`)).toEqual([]);
  });

  it("holds in stages that are built on one with SHELL", () => {
    expect(
      linesIn(pipefail, `FROM a:1 AS b\n${bash}FROM b\nRUN curl x | y\nFROM c:1\nRUN curl x | y\n`),
    ).toEqual([6]);
  });

  it("looks at what can break off; others want to see every pipe", () => {
    const text = "FROM a:1\nRUN find / | sort\nRUN x=$(curl x | y)\nRUN set -o pipefail; curl x | y\n";
    expect([
      linesIn(pipefail, text),
      linesIn(pipefail, text, strict),
      linesIn(pipefail, text, hadolint),
    ]).toEqual([[3], [2, 3], [2, 3, 4]]);
  });
});

describe("SW-DF-CHMOD-WORLD", () => {
  it.each([
    ["chmod 777 /x", "low"],
    ["chmod -R 0777 /x", undefined],
    ["chmod a+rwx /x", "low"],
    ["chmod -R u=rwx,o+w /x", undefined],
    ["mkdir -m 777 /x", "low"],
    ["install -m 666 a /x", "low"],
  ])("finds %s", (command, severity) => {
    expect(findingsIn(chmodWorld, `FROM a:1\nRUN ${command}\n`).map((each) => each.severity)).toEqual([
      severity,
    ]);
  });

  it.each([
    "chmod 755 /x",
    "chmod 1777 /tmp",
    "chmod +x a",
    "chmod +w a",
    "chmod u+w a",
    "chmod 666 /dev/null",
    "chmod a+rwxt /tmp",
    "chmod 770 /x",
    "mkdir -p 777",
  ])("lets %s be", (command) => expect(linesIn(chmodWorld, `FROM a:1\nRUN ${command}\n`)).toEqual([]));

  it("takes one right away", () => {
    expect(mended(chmodWorld, "FROM a:1\nRUN chmod -R 0777 /x && chmod 666 y\n", "unsafe")).toBe(
      "FROM a:1\nRUN chmod -R 0775 /x && chmod 664 y\n",
    );
  });

  it("looks at copies, and at what is shipped", () => {
    expect(
      linesIn(
        chmodWorld,
        "FROM a:1\nRUN chmod 777 x\nCOPY --chmod=777 a /a\nFROM b:1\nADD --chmod=0666 a /b\nCOPY --chmod=755 a /c\n",
      ),
    ).toEqual([5]);
  });
});
