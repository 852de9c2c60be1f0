import { describe, expect, it } from "vitest";
import { findingsIn, linesIn, mended, ruleById } from "../testing.ts";
import aptCommand from "./apt-command.ts";
import aptKey from "./apt-key.ts";
import aptLists from "./apt-lists.ts";
import aptRecommends from "./apt-recommends.ts";
import assumeYes from "./assume-yes.ts";
import distroPins from "./distro-pins.ts";
import lateRemoval from "./late-removal.ts";
import updateAlone from "./update-alone.ts";

const hadolint = { settings: { preset: "hadolint" as const } };
const strict = { settings: { preset: "strict" as const } };
const yes = ruleById(assumeYes, "SW-DF-APT-YES");
const pin = ruleById(distroPins, "SW-DF-APT-PIN");

describe("SW-DF-APT-PIN", () => {
  it.each([
    ["curl", "curl"],
    ["curl=7.* vim", "vim"],
    ["$PACKAGES", "$PACKAGES"],
    ["-t sid -o Dpkg::Options::=--force-confold vim", "vim"],
    ["a b c", "a, b and c"],
  ])("finds what has no version: %s", (words, names) => {
    expect(
      findingsIn(pin, `FROM debian:12\nRUN apt-get install -y ${words}\n`).map(({ message }) => message),
    ).toEqual([`installs ${names} without a version`]);
  });

  it.each(["curl=7", "curl=$VERSION", "./a.deb", "/tmp/*.deb", "curl/sid"])("lets %s be", (word) => {
    expect(linesIn(pin, `FROM debian:12\nRUN apt-get install -y ${word}\n`)).toEqual([]);
  });

  it("sees through sudo, env, ONBUILD, the JSON form and options before the verb", () => {
    const text =
      'FROM a:1\nRUN sudo -E apt-get install a\nRUN env A=1 apt-get $O install b\nONBUILD RUN apt-get install c\nRUN ["apt-get", "install", "d"]\n';
    expect(linesIn(pin, text)).toEqual([2, 3, 4, 5]);
  });

  it("judges apt too, but not as the old tool does", () => {
    expect(linesIn(pin, "FROM a:1\nRUN apt install a\n")).toEqual([2]);
    expect(linesIn(pin, "FROM a:1\nRUN apt install a\n", hadolint)).toEqual([]);
  });

  it("gives one finding for a RUN, and tells findings apart without line numbers", () => {
    const text =
      "FROM a:1 AS web\nRUN apt-get install a && apt-get install b\nRUN apt-get install a && apt-get install b\n";
    expect(findingsIn(pin, text).map(({ key }) => key)).toEqual(["web: a and b", "web: a and b #2"]);
  });
});

describe("SW-DF-APT-YES", () => {
  it.each([
    ["apt-get install a", "apt-get install -y a"],
    ["apt-get -q install a # why", "apt-get -q install -y a # why"],
    ["apt-get \\\n  install \\\n  # comment\n  a", "apt-get \\\n  install -y \\\n  # comment\n  a"],
  ])("mends %s", (before, after) => {
    expect(mended(yes, `FROM a:1\nRUN ${before}\n`)).toBe(`FROM a:1\nRUN ${after}\n`);
  });

  it("mends the JSON form", () => {
    expect(mended(yes, 'RUN ["apt-get", "install", "a"]')).toBe('RUN ["apt-get", "install", "-y", "a"]');
  });

  it.each([
    "apt-get install -yq a",
    "apt-get -qq install a",
    "apt-get -q -q install a",
    "apt-get -q=2 install a",
    "apt-get --assume-yes install a",
    "apt-get -o APT::Get::Assume-Yes=true install a",
    "yes | apt-get install a",
    "apt-get -s install a",
    "apt-get update",
  ])("lets %s be", (command) => {
    expect(linesIn(yes, `FROM a:1\nRUN ${command}\n`)).toEqual([]);
  });

  it("finds every verb that asks, and only install as the old tool does", () => {
    const text = "FROM a:1\nRUN apt-get upgrade\nRUN apt-get purge a\nRUN apt-get install a\n";
    expect(linesIn(yes, text)).toEqual([2, 3, 4]);
    expect(linesIn(yes, text, hadolint)).toEqual([4]);
  });
});

describe("SW-DF-APT-RECOMMENDS", () => {
  it("adds the flag, as a change of behaviour", () => {
    expect(mended(aptRecommends, "FROM a:1\nRUN apt-get install -y a\n", "unsafe")).toBe(
      "FROM a:1\nRUN apt-get install --no-install-recommends -y a\n",
    );
  });

  it.each(["--no-install-recommends", "-o APT::Install-Recommends=false", '-oAPT::Install-Recommends="0"'])(
    "lets %s be",
    (flag) => expect(linesIn(aptRecommends, `FROM a:1\nRUN apt-get ${flag} install a\n`)).toEqual([]),
  );

  it("looks at what is shipped", () => {
    const text = "FROM a:1 AS build\nRUN apt-get install a\nFROM b:1\nRUN apt-get install a\n";
    expect(linesIn(aptRecommends, text)).toEqual([4]);
    expect(linesIn(aptRecommends, text, hadolint)).toEqual([2, 4]);
  });
});

describe("SW-DF-APT-LISTS", () => {
  const clean = "rm -rf /var/lib/apt/lists/*";

  it.each([
    ["apt-get update && apt-get install a", `apt-get update && apt-get install a && ${clean}`],
    ["apt-get update; apt-get install a; ", `apt-get update; apt-get install a && ${clean}; `],
    ["apt-get update # why", `apt-get update && ${clean} # why`],
    [
      "apt-get update \\\n  && x \\\n  # c\n  && y",
      `apt-get update \\\n  && x \\\n  # c\n  && y \\\n  && ${clean}`,
    ],
    ["apt-get update && \\\n\tx", `apt-get update && \\\n\tx && \\\n\t${clean}`],
    ["set -eux; \\\n\tapt-get update; \\\n\tx", `set -eux; \\\n\tapt-get update; \\\n\tx; \\\n\t${clean}`],
    [
      "apt-get update && apt-get install \\\n\t\ta",
      `apt-get update && apt-get install \\\n\t\ta \\\n\t\t&& ${clean}`,
    ],
    ["sudo apt-get update", `sudo apt-get update && sudo ${clean}`],
    ["<<EOF\napt-get update\n  x\nEOF", `<<EOF\napt-get update\n  x\n  ${clean}\nEOF`],
    ["<<-EOF\n\tapt-get update\n\tEOF", `<<-EOF\n\tapt-get update\n\t${clean}\n\tEOF`],
    ["apt-get update && cat <<EOF >/x\ny\nEOF", `apt-get update && cat <<EOF >/x && ${clean}\ny\nEOF`],
  ])("removes them at the end of %j", (before, after) => {
    expect(mended(aptLists, `FROM a:1\nRUN ${before}\nUSER x\n`)).toBe(`FROM a:1\nRUN ${after}\nUSER x\n`);
  });

  it("keeps CRLF", () => {
    expect(mended(aptLists, "FROM a:1\r\nRUN apt-get update \\\r\n  && x\r\n")).toBe(
      `FROM a:1\r\nRUN apt-get update \\\r\n  && x \\\r\n  && ${clean}\r\n`,
    );
  });

  it.each([
    "apt-get update &",
    "apt-get update && exit 0",
    'apt-get update && "broken',
    "apt-get update && exec x",
  ])("does not know how to mend %s", (command) =>
    expect(findingsIn(aptLists, `FROM a:1\nRUN ${command}\n`)[0]?.fixes).toBeUndefined(),
  );

  it("does not take them from a later step that reads them", () => {
    const text = "FROM a:1 AS b\nRUN apt-get update\nFROM b\nRUN apt-get install a\n";
    expect(findingsIn(aptLists, text).map(({ line, fixes }) => [line, fixes])).toEqual([[2, undefined]]);
    expect(
      mended(aptLists, "FROM a:1\nRUN apt-get update\nRUN apt-get update && apt-get install b\n"),
    ).toContain(`RUN apt-get update && ${clean}\nRUN apt-get update && apt-get install b && ${clean}`);
  });

  it.each([
    "apt-get update && rm -r /var/lib/apt/lists",
    "apt-get update && rm -rf /tmp/* /var/lib/{apt,dpkg,cache}/",
    "apt-get update && find /var/lib/apt/lists -type f -delete",
    "apt-get update && apt-get dist-clean",
    "--mount=type=cache,target=/var/lib/apt/lists apt-get update",
    "--mount=type=tmpfs,dst=/var/lib/apt/ apt-get update",
    "--mount=type=cache,target=/var/lib/apt --mount=type=cache,target=/var/cache/apt apt-get update",
  ])("lets %s be", (command) => {
    expect(linesIn(aptLists, `FROM a:1\nRUN ${command}\n`)).toEqual([]);
  });

  it("wants the removal behind the update", () => {
    expect(linesIn(aptLists, `FROM a:1\nRUN ${clean} && apt-get update\n`)).toEqual([2]);
  });

  it("wants the archives mounted as well where nothing empties them", () => {
    const mount = "RUN --mount=type=cache,target=/var/lib/apt apt-get update\n";
    const rest = `FROM a:1\nRUN rm -f /etc/apt/apt.conf.d/docker-clean\n${mount}`;
    expect(linesIn(aptLists, rest)).toEqual([3]);
    expect(linesIn(aptLists, `FROM a:1\n${mount}`)).toEqual([]);
  });

  it("looks at shipped stages; the old tool at all that FROM names", () => {
    const text = "FROM a:1 AS b\nRUN apt-get update\nFROM b AS c\nRUN x\nFROM d:1\nRUN y\n";
    expect(linesIn(aptLists, text)).toEqual([]);
    expect(linesIn(aptLists, text, hadolint)).toEqual([2]);
    expect(
      linesIn(aptLists, "FROM a:1 AS b\nRUN apt-get update\nFROM c:1\nCOPY --from=b /x /\n", hadolint),
    ).toEqual([]);
  });
});

describe("SW-DF-APT-COMMAND", () => {
  it("uses the program that has the verb", () => {
    const text = "RUN apt update && apt full-upgrade && apt -y install a && apt policy a\n";
    expect(mended(aptCommand, text)).toBe(
      "RUN apt-get update && apt-get dist-upgrade && apt-get -y install a && apt-cache policy a\n",
    );
  });

  it("does not know a program for apt list", () => {
    expect(findingsIn(aptCommand, "RUN apt list && apt update\n").map(({ fixes }) => fixes)).toEqual([
      undefined,
    ]);
  });
});

describe("SW-DF-APT-KEY", () => {
  it("finds keys for all repositories", () => {
    expect(
      linesIn(aptKey, "RUN curl x | apt-key add -\nRUN apt-key adv --recv-keys 1\nRUN apt-key list\n"),
    ).toEqual([1, 2]);
  });
});

describe("SW-DF-UPDATE-ALONE", () => {
  it.each([
    ["RUN apt-get update", [1]],
    ["RUN apt-get update && rm -rf /var/lib/apt/lists/*", [1]],
    ["RUN apk update", [1]],
    ["RUN dnf makecache", [1]],
    ["RUN zypper ref", [1]],
    ["RUN apt-get update && apt-get install a", []],
    ["RUN apt-get update && ./install.sh", []],
    ["RUN yum update -y", []],
    ["RUN --mount=type=cache,target=/var/lib/apt apt-get update", []],
  ])("%s", (text, lines) => {
    expect(linesIn(updateAlone, `${text}\n`)).toEqual(lines);
  });

  it("moves it into the next RUN", () => {
    const text = "FROM a:1\n# lists\nRUN apt-get -q update\n\n# tools\nRUN apt-get install \\\n  a\n";
    expect(mended(updateAlone, text)).toBe(
      "FROM a:1\n# lists\n\n# tools\nRUN apt-get -q update && apt-get install \\\n  a\n",
    );
  });

  it.each([
    "RUN apt-get update\nENV A=1\nRUN apt-get install a\n",
    "RUN apt-get update\nRUN set -e; apt-get install a\n",
    "RUN apt-get update \\\n # why\n -q\nRUN apt-get install a\n",
    "RUN apt-get update\nRUN apk add a\n",
  ])("leaves %j to people", (text) => {
    expect(findingsIn(updateAlone, text).map(({ fixes }) => fixes)).toEqual([undefined]);
  });
});

describe("SW-DF-LATE-REMOVAL", () => {
  const head = "FROM a:1\nCOPY a.tar /tmp/\nRUN apt-get update\nRUN dnf install -y b\n";

  it.each([
    ["rm -rf /var/lib/apt/lists/*", "the lists of apt"],
    ["apt-get dist-clean", "the lists of apt"],
    ["dnf clean all", "the cache of dnf and yum"],
    ["rm -rf /tmp/a.tar", "/tmp/a.tar"],
  ])("finds %s", (command, name) => {
    expect(findingsIn(lateRemoval, `${head}RUN ${command}\n`).map(({ message }) => message)).toEqual([
      `${name} stay in the layer of an earlier instruction`,
    ]);
  });

  it.each(["apt-get update && rm -rf /var/lib/apt/lists/*", "rm -rf /tmp/b", "rm -rf $X", "apk cache clean"])(
    "lets %s be",
    (command) => expect(linesIn(lateRemoval, `${head}RUN ${command}\n`)).toEqual([]),
  );

  it("looks at one shipped stage at a time", () => {
    expect(linesIn(lateRemoval, `${head}RUN dnf clean all\nFROM b:1\nRUN rm /tmp/a.tar\n`, strict)).toEqual(
      [],
    );
  });
});
