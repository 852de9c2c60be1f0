import { describe, expect, it } from "vitest";
import { findingsIn, linesIn, mended } from "../testing.ts";
import envPath from "./env-path.ts";
import envSecrets from "./env-secrets.ts";
import envSelfReference from "./env-self-reference.ts";
import secretMounts from "./secret-mounts.ts";

const hadolint = { settings: { preset: "hadolint" as const } };
const strict = { settings: { preset: "strict" as const } };

describe("SW-DF-SECRET-VARIABLE", () => {
  it("goes by the words of a name, as the builder does", () => {
    const text = `FROM a:1
ARG NPM_TOKEN
ENV DB_PASSWORD=hunter2 COLOUR=red
ENV MONKEY=x TOKENIZER=y PUBLIC_KEY=z PASSWORD_FILE=w KEY_VERSION=v
ARG apikey=$X
`;
    expect(
      findingsIn(envSecrets, text).map(({ line, severity, aliases }) => [
        line,
        severity,
        aliases?.slice(0, 2),
      ]),
    ).toEqual([
      [2, "medium", ["DL3064", "SecretsUsedInArgOrEnv"]],
      [3, "high", ["DL3064", "SecretsUsedInArgOrEnv"]],
      [5, "high", ["SecretsUsedInArgOrEnv", "trivy:DS-0031"]],
    ]);
  });

  it("never shows a value", () => {
    expect(JSON.stringify(findingsIn(envSecrets, "FROM a:1\nENV DB_PASSWORD=hunter2\n"))).not.toContain(
      "hunter2",
    );
  });

  it("lets values be that can be no secret, but for strict readers", () => {
    const text = `FROM a:1
ENV GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568
ENV AUTH_ENABLED=true KEY_DIR=/keys TOKEN= SECRET_LENGTH=32
ENV PGP_KEY="94E279EB8D8F25B21810ADF121EA45AB2F86D8A9 0E53D7AE0E56AC5A4C7F4A3E0B1F4C0E0D3C0A1B"
ENV SECRET="<your secret>"
ENV KEY_SERVER=hkps://keys.example:443/x
`;
    expect(linesIn(envSecrets, text)).toEqual([]);
    expect(new Set(findingsIn(envSecrets, text, strict).map(({ severity }) => severity))).toEqual(
      new Set(["low"]),
    );
  });

  it("knows credentials by their form, whatever they are called", () => {
    const text = `FROM a:1
ENV CI=ghp_${"a".repeat(36)}
ENV DB=postgres://me:secret@db.example/x
`;
    expect(findingsIn(envSecrets, text).map(({ line, severity }) => [line, severity])).toEqual([
      [2, "critical"],
      [3, "critical"],
    ]);
  });

  it("weighs build stages less", () => {
    expect(findingsIn(envSecrets, "FROM a:1 AS b\nENV A_TOKEN=x\nFROM c:1\n")[0]?.severity).toBe("medium");
  });

  it("finds once for an instruction what the old tool suspects, and each name of the builder's", () => {
    const text =
      "ARG GITHUB_TOKEN\nFROM a:1\nENV MY_USERNAME=x MYPASSWORD1=y API_KEY=z\nONBUILD ENV TOKEN=x\n";
    const found = findingsIn(envSecrets, text, hadolint);
    expect(found.map(({ line, aliases }) => [line, aliases?.filter((name) => !name.includes(":"))])).toEqual([
      [1, ["DL3064"]],
      [3, ["DL3064"]],
      [3, ["SecretsUsedInArgOrEnv"]],
      [4, ["DL3064"]],
    ]);
  });
});

describe("SW-DF-ENV-SELF-REFERENCE", () => {
  it.each(["A=b C=$A", 'A=b C="${A}/x"', "A=b C=${A:-x}", "A=$A/1 A=$A/2", "C=$A A=b"])(
    "finds ENV %s",
    (pairs) => {
      expect(linesIn(envSelfReference, `FROM x:1\nENV ${pairs}\n`)).toEqual([2]);
    },
  );

  it.each(["A=b C=$AB", "A=b C='$A'", "A=b C=\\$A", "PATH=/x:$PATH", "A=b C=$D", "A $A"])(
    "lets ENV %s be",
    (pairs) => {
      expect(linesIn(envSelfReference, `FROM x:1\nENV ${pairs}\n`)).toEqual([]);
    },
  );

  it("lets be what was set before", () => {
    expect(linesIn(envSelfReference, "FROM x:1\nARG A\nENV B=1\nENV A=b B=c D=$A$B\n")).toEqual([]);
  });

  it("splits the ENV before the pair that needs the others", () => {
    expect(mended(envSelfReference, "FROM x:1\n  ENV A=b \\\n      C=$A \\\n      D=e\n", "unsafe")).toBe(
      "FROM x:1\n  ENV A=b\n  ENV C=$A \\\n      D=e\n",
    );
    expect(mended(envSelfReference, "FROM x:1\r\nenv A=b C=$A E=$C\r\n", "unsafe")).toBe(
      "FROM x:1\r\nenv A=b\r\nenv C=$A\r\nenv E=$C\r\n",
    );
    expect(findingsIn(envSelfReference, "FROM x:1\nENV C=$A A=b\n")[0]?.fixes).toEqual([]);
    expect(findingsIn(envSelfReference, "FROM x:1\nENV A=b \\\n  # why\n  C=$A\n")[0]?.fixes).toEqual([]);
  });
});

describe("SW-DF-ENV-PATH", () => {
  it.each([".:$PATH", "$PATH:", "/a::/b", "bin:$PATH", "/tmp/bin:$PATH"])("finds %s", (path) => {
    expect(linesIn(envPath, `FROM x:1\nENV PATH=${path}\n`)).toEqual([2]);
  });

  it.each(["/a:$PATH", "$HOME/bin:${PATH}", "/a:${PATH:-/usr/bin:/bin}", ""])("lets %s be", (path) => {
    expect(linesIn(envPath, `FROM x:1\nENV PATH="${path}"\n`)).toEqual([]);
  });

  it("does not read paths of Windows", () => {
    expect(
      linesIn(envPath, "# escape=`\nFROM mcr.microsoft.com/windows/servercore:x\nENV PATH=C:\\a;.\n"),
    ).toEqual([]);
  });
});

describe("SW-DF-SECRET-KEPT", () => {
  it.each([
    "--mount=type=secret,id=npmrc cp /run/secrets/npmrc /root/.npmrc",
    "--mount=type=secret,id=k,target=/k cat /k > /etc/key",
    '--mount=type=secret,id=t,env=TOKEN echo "token=$TOKEN" >> /root/.npmrc',
    "--mount=type=secret,id=t echo $(cat /run/secrets/t) > /x",
    "--mount=type=secret,id=t sudo install -m 600 /run/secrets/t /x",
  ])("finds RUN %s", (command) => {
    expect(linesIn(secretMounts, `FROM x:1\nRUN ${command}\n`)).toEqual([2]);
  });

  it.each([
    "--mount=type=secret,id=t,target=/root/.npmrc npm ci",
    "--mount=type=secret,id=t cp /run/secrets/t /x && npm ci && rm /x",
    "--mount=type=secret,id=t --mount=type=tmpfs,target=/t cp /run/secrets/t /t/x",
    "--mount=type=secret,id=t cat /run/secrets/t > /dev/null",
    "--mount=type=secret,id=t cp /a /b",
    "--mount=type=cache,target=/c cp /c/x /y",
  ])("lets RUN %s be", (command) => {
    expect(linesIn(secretMounts, `FROM x:1\nRUN ${command}\n`)).toEqual([]);
  });
});
