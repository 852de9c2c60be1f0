import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDockerfile } from "#evidence/dockerfile/parse.ts";
import { applyEdits } from "#model/text-edits.ts";
import { jsonForm, lineEnd, quoted, withoutInstruction } from "./instruction-edits.ts";
import { copiesOf, flagOf, instructionsOf } from "./instruction-find.ts";
import { failures, listed, shown } from "./instruction-findings.ts";
import { looksLikeJson, meantJson } from "./instruction-json.ts";
import { isOfKind } from "./instruction-label-values.ts";
import { absolutePath, below, isAbsolute } from "./instruction-paths.ts";
import { plainWords, shellForm } from "./instruction-plain-command.ts";
import { isBeyondLastPort } from "./instruction-ports.ts";
import { secretFile } from "./instruction-secret-files.ts";
import { isBuilderSecret, isHarmlessValue, isSuspect, tokenKind } from "./instruction-secret-names.ts";
import { signalOf } from "./instruction-signals.ts";
import { isArchive, isGit, isHeredoc, isOpen, isUrl } from "./instruction-sources.ts";

describe("finding instructions", () => {
  it("gives them by keyword, copies in the order of the file", () => {
    const dockerfile = parseDockerfile("FROM a:1\nADD a /a\nCOPY --from=x --from=y b /b\nADD c /c\n");
    expect(copiesOf(dockerfile).map(({ words }) => words[0]?.value)).toEqual(["a", "b", "c"]);
    expect(instructionsOf(dockerfile, "RUN")).toEqual([]);
    expect(instructionsOf(dockerfile, "COPY").map((copy) => flagOf(copy, "from"))).toEqual(["y"]);
  });
});

describe("findings", () => {
  it("tells equal ones apart by a number, not by a line", () => {
    const fault = { message: "m", range: { start: 0, end: 1 }, key: "k" };
    expect(failures([fault, fault, { ...fault, key: "l" }]).map(({ key }) => key)).toEqual([
      "k",
      "k #2",
      "l",
    ]);
  });

  it("bounds what it shows", () => {
    expect(shown(`a\n${"b".repeat(200)}`)).toHaveLength(80);
    expect(listed(["a", "b", "c"])).toBe("a, b and c");
    expect(listed(Array.from({ length: 10 }, (_, at) => String(at)))).toBe(
      "0, 1, 2, 3, 4, 5, 6, 7 and 2 more",
    );
  });
});

describe("edits", () => {
  it("writes values that the builder reads back", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]*$/), fc.constantFrom("\\", "`"), (value, escape) => {
        const text = `# escape=${escape}\nFROM a:1\nLABEL k=${quoted(value, escape)}\n`;
        expect(instructionsOf(parseDockerfile(text), "LABEL")[0]?.pairs[0]?.value?.value).toBe(value);
      }),
    );
  });

  it("writes the JSON form of any words", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (words) => {
        const [command] = instructionsOf(parseDockerfile(`FROM a:1\nCMD ${jsonForm(words)}\n`), "CMD");
        expect(command?.json).toBe(true);
        expect(command?.words.map(({ value }) => value)).toEqual(words);
      }),
    );
  });

  it("removes an instruction with its lines, but no comment", () => {
    const text = "FROM a:1\r\n  RUN x \\\r\n  y\r\nRUN z \\\n# why\n w\nRUN v";
    const dockerfile = parseDockerfile(text);
    const [first, second, third] = instructionsOf(dockerfile, "RUN").map((run) =>
      withoutInstruction({ path: "D", dockerfile }, run),
    );
    expect(applyEdits(text, [first ?? []].flat())).toBe("FROM a:1\r\nRUN z \\\n# why\n w\nRUN v");
    expect(second).toBeNull();
    expect(applyEdits(text, [third ?? []].flat())).toBe(
      "FROM a:1\r\n  RUN x \\\r\n  y\r\nRUN z \\\n# why\n w\n",
    );
    expect(lineEnd(dockerfile)).toBe("\r\n");
    expect(lineEnd({ text: "a" })).toBe("\n");
  });
});

describe("JSON that was meant", () => {
  it("gives valid JSON or nothing, whatever it is given", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\[[ "',a\]\\“”‘’]*$/), (text) => {
        const { text: meant } = meantJson(text);
        if (meant === null) return;
        const parsed: unknown = JSON.parse(meant);
        expect(Array.isArray(parsed) && parsed.every((element) => typeof element === "string")).toBe(true);
      }),
    );
  });

  it("looks at the first sign only", () => {
    expect(looksLikeJson(`["a`)).toBe(true);
    expect(looksLikeJson("[ -f x ]")).toBe(false);
  });
});

describe("plain commands", () => {
  const wordsOf = (code: string) => {
    const [command] = instructionsOf(parseDockerfile(`FROM a:1\nCMD ${code}\n`), "CMD");
    const body = command === undefined ? null : shellForm(command);
    return body === null ? null : plainWords(body);
  };

  it("gives the words that the program would get", () => {
    expect(wordsOf("/usr/bin/app -x 'a b' \"c\" d\\ e")).toEqual(["/usr/bin/app", "-x", "a b", "c", "d e"]);
    expect(wordsOf("exec app")).toEqual(["app"]);
    expect(wordsOf('["a"]')).toBeNull();
  });

  it.each(["exec", "exec -a x app", ". /x", "source x", "! a", "a $(b)", "a `b`", "a ?", "a {b,c}", "a; b"])(
    "not of %s",
    (code) => {
      expect(wordsOf(code)).toBeNull();
    },
  );
});

describe("paths", () => {
  it("are joined and tidied", () => {
    expect(absolutePath("/a", "../b/./c/")).toBe("/b/c");
    expect(absolutePath(null, "x")).toBeNull();
    expect(absolutePath(null, "//x")).toBe("/x");
    expect(absolutePath("/a", "C:\\x")).toBe("C:\\x");
    expect(absolutePath("C:\\x", "y")).toBeNull();
    expect([isAbsolute("/a"), isAbsolute("c:/a"), isAbsolute("a")]).toEqual([true, true, false]);
  });

  it("know what is below", () => {
    expect([below("/a/b", "/a"), below("/a", "/a"), below("/ab", "/a"), below("/a", "/")]).toEqual([
      "b",
      "",
      null,
      "a",
    ]);
  });
});

describe("sources", () => {
  it("are told apart", () => {
    expect([isUrl("https://x/y"), isUrl("x")]).toEqual([true, false]);
    expect(["git@x.example:y", "https://x.example/y.git#v1", "ssh://x/y"].every(isGit)).toBe(true);
    expect(["https://x.example/y.gitignore", "me@x", "a"].some(isGit)).toBe(false);
    expect([isArchive("a.tar.zst"), isArchive("a.zip")]).toEqual([true, false]);
    expect([isOpen("a*"), isOpen("$a"), isOpen("a")]).toEqual([true, true, false]);
    expect([isHeredoc({ raw: "<<-EOF" }), isHeredoc({ raw: "<<<x" })]).toEqual([true, false]);
  });
});

describe("secret files", () => {
  it.each([
    "a/id_ed25519",
    "server.key",
    "certs/tls-key.pem",
    ".netrc",
    "~/.aws/credentials",
    "x.p12",
    ".docker/config.json",
    "prod.tfstate",
  ])("%s is one for sure", (path) => {
    expect(secretFile(path)?.sure).toBe(true);
  });

  it.each([".env", ".env.production", ".npmrc", "x.pem", "secrets.yaml"])("%s often is", (path) => {
    expect(secretFile(path)?.sure).toBe(false);
  });

  it.each([
    "id_rsa.pub",
    ".env.example",
    "ca-cert.pem",
    "fullchain.pem",
    "keys.ts",
    "environment",
    "cert.key.md",
    "Dockerfile",
    "",
  ])("%s is none", (path) => {
    expect(secretFile(path)).toBeNull();
  });
});

describe("secret names and values", () => {
  it("go by the builder's words, and by the old tool's parts", () => {
    expect(["DB_PASSWORD", "auth", "MY_KEY"].every(isBuilderSecret)).toBe(true);
    expect(["DB_PASSWORD_FILE", "author", "KEYS", "PUBLIC_KEY"].some(isBuilderSecret)).toBe(false);
    expect(["MYSECRETS", "aws_access_key_id", "Username"].every(isSuspect)).toBe(true);
    expect(["KEY", "AUTH", "AWS_ACCESS_KEY_ID_2"].some(isSuspect)).toBe(false);
  });

  it("never take long for a value", () => {
    const started = Date.now();
    for (const value of ["a".repeat(50_000), `${"ab".repeat(20_000)}!`, `http://${"a:".repeat(20_000)}`]) {
      isHarmlessValue("X_TOKEN", value);
    }
    expect(Date.now() - started).toBeLessThan(500);
    expect(tokenKind("text")).toBeNull();
    expect(tokenKind("https://me:pw@x.example/")).toBe("an address with a password in it");
  });
});

describe("signals", () => {
  it.each([
    ["9", "SIGKILL"],
    ["kill", "SIGKILL"],
    ["SIGTERM", "SIGTERM"],
    ["rtmin+3", "SIGRTMIN+3"],
    ["37", "SIGRTMIN+3"],
    ["IOT", "SIGABRT"],
    ["0", null],
    ["65", null],
    ["RTMAX+1", null],
    ["", null],
  ])("%s is %s", (written, name) => {
    expect(signalOf(written)).toBe(name);
  });
});

describe("ports and labels", () => {
  it("knows the last port", () => {
    expect(["65536", "1-70000/tcp", "$A-70000"].every(isBeyondLastPort)).toBe(true);
    expect(["65535", "$A", "x", "80/tcp"].some(isBeyondLastPort)).toBe(false);
  });

  it("judges every kind of value without throwing or taking long", () => {
    const kinds = ["text", "url", "semver", "hash", "rfc3339", "spdx", "email"] as const;
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.constantFrom(...kinds), (value, kind) => {
        expect(typeof isOfKind(value, kind)).toBe("boolean");
      }),
    );
    const started = Date.now();
    for (const value of [
      "1.".repeat(900),
      `1.0.0-${"a.".repeat(900)}`,
      `a@${"a-".repeat(900)}`,
      "(".repeat(1900),
      `${"a.".repeat(900)}@x`,
    ]) {
      for (const kind of kinds) isOfKind(value, kind);
    }
    expect(Date.now() - started).toBeLessThan(500);
  });

  it("takes leap days and seconds, and no other dates that are none", () => {
    expect(isOfKind("2024-02-29T23:59:60Z", "rfc3339")).toBe(true);
    expect(isOfKind("2023-02-29T00:00:00Z", "rfc3339")).toBe(false);
    expect(isOfKind("2026-01-02", "rfc3339")).toBe(false);
  });
});
