import { describe, expect, test } from "vitest";
import { parseDockerfile } from "./parse.ts";
import { at } from "./testing.ts";

/** Problems of an instruction in a stage, as `code: message`. */
function problemsOf(instruction: string): string[] {
  return parseDockerfile(`FROM a AS x\n${instruction}\n`).problems.map(
    ({ code, message }) => `${code}: ${message}`,
  );
}

describe("what the builder refuses", () => {
  test.each([
    ["RUNN a", "keyword: RUNN is no instruction"],
    ["runas a", "keyword: runas is no instruction"],
    // Arguments
    ["RUN", "arguments: RUN needs a command"],
    ["COPY", "arguments: COPY needs a source and a destination"],
    ["COPY --from=x", "arguments: COPY needs a source and a destination"],
    ["COPY a", "arguments: COPY needs a source and a destination"],
    ['ADD ["a"]', "arguments: ADD needs a source and a destination"],
    ["COPY a <<EOF\nEOF", "heredoc: COPY cannot write to a heredoc: the destination is missing"],
    ["COPY <<EOF\nEOF", "heredoc: COPY cannot write to a heredoc: the destination is missing"],
    ["ENV", "arguments: ENV needs a name and a value"],
    ["ENV A", "arguments: ENV A has no value"],
    ["ENV A=1 B", "arguments: ENV B has no value: write name=value"],
    ["LABEL =1", "arguments: LABEL has a value without a name"],
    ["ARG =1", "arguments: ARG has a value without a name"],
    ["ARG", "arguments: ARG needs a name"],
    ["FROM", "arguments: FROM needs an image"],
    ["FROM a b", "arguments: FROM takes AS and a name behind the image, not b"],
    ["FROM a AS", "arguments: FROM needs a name behind AS"],
    ["FROM a AS b c", "arguments: FROM takes nothing behind the stage's name"],
    ["FROM a b c", "arguments: FROM takes AS and a name behind the image, not b"],
    ["FROM a AS 1b", "value: 1b is no stage name: letters, digits, - _ . and a letter first"],
    ["SHELL /bin/sh -c", 'arguments: SHELL takes the JSON form only: SHELL ["/bin/sh", "-c"]'],
    ["SHELL []", "arguments: SHELL needs a program"],
    ['CMD ["a", 1]', "arguments: CMD takes an array of strings only"],
    ['HEALTHCHECK CMD ["a", ["b"]]', "arguments: HEALTHCHECK takes an array of strings only"],
    ["HEALTHCHECK", "arguments: HEALTHCHECK needs NONE or CMD"],
    ["HEALTHCHECK a", "arguments: HEALTHCHECK takes NONE or CMD, not a"],
    ["HEALTHCHECK CMD", "arguments: HEALTHCHECK CMD needs a command"],
    ["HEALTHCHECK NONE a", "arguments: HEALTHCHECK NONE takes no command"],
    ["HEALTHCHECK --interval=5 CMD a", "value: --interval is a time such as 30s, not 5"],
    ["HEALTHCHECK --timeout=5S CMD a", "value: --timeout is a time such as 30s, not 5S"],
    ["HEALTHCHECK --start-period=1us CMD a", "value: --start-period is at least 1ms, not 1us"],
    ["HEALTHCHECK --start-interval=-1s CMD a", "value: --start-interval is at least 1ms, not -1s"],
    ["HEALTHCHECK --retries=x CMD a", "value: --retries is a number, not x"],
    ["EXPOSE", "arguments: EXPOSE needs a port"],
    ["EXPOSE 80 http", "port: http is no port from 0 to 65535"],
    ["VOLUME", "arguments: VOLUME needs a path"],
    ["VOLUME []", "arguments: VOLUME needs a path"],
    ['VOLUME ["/a", " "]', "value: a path of VOLUME is empty"],
    ["STOPSIGNAL", "arguments: STOPSIGNAL needs a signal"],
    ["STOPSIGNAL SIGTREM", "value: SIGTREM is no signal"],
    ["STOPSIGNAL 0", "value: 0 is no signal"],
    ["USER", "arguments: USER needs a user"],
    ["WORKDIR", "arguments: WORKDIR needs a path"],
    ["MAINTAINER", "arguments: MAINTAINER needs a name"],
    ["ONBUILD", "arguments: ONBUILD needs an instruction"],
    ["ONBUILD ONBUILD RUN a", "trigger: ONBUILD takes no ONBUILD"],
    ["ONBUILD FROM a", "trigger: ONBUILD takes no FROM"],
    ["ONBUILD maintainer a", "trigger: ONBUILD takes no MAINTAINER"],
    ["ONBUILD COPY a", "arguments: COPY needs a source and a destination"],
    ["ONBUILD RUNN a", "keyword: RUNN is no instruction"],
    ["RUN <<EOF\na", "heredoc: the heredoc EOF has no end"],
    ["ONBUILD RUN <<EOF\na", "heredoc: the heredoc EOF has no end"],
    // Flags
    ["COPY --chwon=1 a b", "flag: COPY knows no such flag: --chwon; did you mean --chown?"],
    ["COPY --something a b", "flag: COPY knows no such flag: --something"],
    ["ADD --from=a b c", "flag: ADD knows no such flag: --from"],
    ["WORKDIR --x /a", "flag: WORKDIR takes no flags: --x"],
    ["COPY --chown a b", "flag: --chown needs a value: --chown=…"],
    ["COPY --chown=1 --chown=2 a b", "flag: --chown is given twice"],
    ["COPY --link=yes a b", "flag: --link is true or false, not yes"],
    ["COPY --link= a b", "flag: --link is true or false, not empty"],
    ["COPY --from=$X a b", "flag: --from takes no variables: give $X to FROM of a stage, and name that here"],
    ["RUN --network=bridge a", "flag: --network is default, none, host, not bridge"],
    ["RUN --security= a", "flag: --security is sandbox, insecure, not empty"],
    [
      "RUN --mount=type=cahce a",
      "flag: --mount: type is bind, cache, tmpfs, secret, ssh, not cahce; did you mean cache?",
    ],
    ["FROM --plattform=x a", "flag: FROM knows no such flag: --plattform; did you mean --platform?"],
    ["ONBUILD COPY --x a b", "flag: COPY knows no such flag: --x"],
    // Quotes
    ["ENV A='b", "quote: 'b: a ' is not closed"],
    ["ENV A it's", "quote: it's: a ' is not closed"],
    ['COPY "a b" c', 'quote: "a: a " is not closed'],
    ["WORKDIR ${A", "quote: ${A: a ${ is not closed by }"],
    ["LABEL a=${B^^}", "quote: ${B^^}: ${B^ has no such modifier"],
  ])("%j", (instruction, problem) => {
    expect(problemsOf(instruction)).toContain(problem);
  });
});

describe("what the builder takes", () => {
  test.each([
    "CMD",
    "ENTRYPOINT",
    "ENTRYPOINT []",
    "CMD []",
    "CMD [ -f a ] && b",
    'CMD ["a"',
    "RUN echo 'open",
    "RUN echo ${A^^}",
    "MAINTAINER it's me",
    "ENV A= B='' C=\"\"",
    "ENV A b=c",
    "ARG A B=1",
    "EXPOSE $PORT 80-90/tcp",
    "STOPSIGNAL 9",
    "STOPSIGNAL term",
    "STOPSIGNAL SIGRTMIN+3",
    "STOPSIGNAL $S",
    "HEALTHCHECK --interval=1m30s --timeout=.5h --start-period=0 --start-interval=5s --retries=0 CMD a",
    "healthcheck none",
    "COPY --from=x --chown=$U --chmod=u+x --link --parents --exclude=a --exclude=b a b",
    "ADD --keep-git-dir=true --checksum=sha256:00 --unpack=false --link=TRUE --exclude=*.x a b",
    "RUN --mount=type=cache,target=/x --mount=type=ssh --network=none --security=insecure --device=a a",
    "FROM --platform=$BUILDPLATFORM a AS Stage-1_b.c",
    "COPY <<a <<b /c/\na\nb",
    "ONBUILD RUN a",
    "WORKDIR ${A:?must be set}",
    "LABEL a=${B%%.*} c=${D//x/y} e='f' g=\"h\"",
    'SHELL ["powershell", "-Command"]',
  ])("%j", (instruction) => {
    expect(problemsOf(instruction)).toEqual([]);
  });
});

describe("the file as a whole", () => {
  const messages = (text: string): string[] => parseDockerfile(text).problems.map(({ message }) => message);

  test.each([
    ["", ["there are no instructions"]],
    ["# only\n\n", ["there are no instructions"]],
    ["ARG A\n", ["there is no FROM: nothing is built"]],
    ["RUN a\n", ["RUN stands before the first FROM"]],
    ["ARG A\nENV B=1\nFROM a", ["ENV stands before the first FROM"]],
    ["FROM a\n\\\n", ["nothing follows here"]],
  ])("%j", (text, expected) => {
    expect(messages(text)).toEqual(expected);
  });

  test("problems stand where they are, in order, and the rest is read", () => {
    const text = "FROM a\nCOPY --x a b\nRUNN c\n# escape\nRUN d\nENV \\\n E\n";
    const { problems, instructions } = parseDockerfile(text);
    expect(problems.map(({ range }) => at({ text }, range))).toEqual(["--x", "RUNN", "E"]);
    expect(instructions).toHaveLength(5);
  });

  test("a line may be too long for the builder", () => {
    const text = `FROM a\nRUN ${"é".repeat(32_766)}\nRUN ${"a".repeat(65_531)}\n`;
    expect(parseDockerfile(text).problems).toMatchObject([{ code: "length", range: { start: 7 } }]);
    expect(messages(`FROM a\nRUN ${"a".repeat(65_532)}`)).toEqual([
      "the line is longer than the 65,535 bytes that the builder reads",
    ]);
  });

  test("what is no Dockerfile at all has a bounded number of them", () => {
    const found = messages("FROM a\n".concat("? ".repeat(10).concat("\n").repeat(50_000)));
    expect(found.length).toBeLessThan(600);
    expect(found).toContain("there is more that cannot be read behind this place");
    expect(found).toContain("these are more than 20000 instructions: the rest is not read");
  });
});
