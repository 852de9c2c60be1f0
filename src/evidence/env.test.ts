import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeEnv, isSecretName, maskArguments, maskSecrets, maskValue, shapeOf } from "./env.ts";

// Put together here, so that no scanner takes the source for a leak.
const GITHUB = `ghp_${"a1B2".repeat(9)}`;
const AWS = `AKIA${"ABCD1234".repeat(2)}`;
const JWT = `eyJ${"hbGciOiJI".repeat(2)}.eyJ${"zdWIiOiIx".repeat(2)}.c2ln`;

describe("shapeOf", () => {
  it.each([
    ["", "empty"],
    [AWS, "token:aws-access-key"],
    [GITHUB, "token:github"],
    [`glpat-${"x".repeat(20)}`, "token:gitlab"],
    [`xoxb-${"1".repeat(12)}`, "token:slack"],
    [`AIza${"x".repeat(35)}`, "token:google-api"],
    [`sk_live_${"x".repeat(24)}`, "token:stripe"],
    [`npm_${"x".repeat(36)}`, "token:npm"],
    [JWT, "token:jwt"],
    ["-----BEGIN RSA PRIVATE KEY-----\nMIIE", "token:private-key"],
    ["postgres://app:hunter2@db/app", "url-with-password"],
    ["redis://:hunter2@cache", "url-with-password"],
    ["https://example.com/a:b@c", "text"],
    ["/run/secrets/db", "path"],
    ["../x", "path"],
    ["8080", "number"],
    ["1.5", "number"],
    ["True", "flag"],
    ["hunter2", "text"],
  ])("calls %j %s", (value, shape) => {
    expect(shapeOf(value)).toBe(shape);
  });

  it("never holds the value", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 15 }), (value) => {
        expect(shapeOf(value)).not.toContain(value);
      }),
    );
  });
});

describe("describeEnv", () => {
  it("keeps names, shapes and lengths", () => {
    expect(describeEnv(["A=1", "TOKEN=a=b", "BARE", "=odd", ""])).toEqual([
      { name: "A", shape: "number", length: 1 },
      { name: "TOKEN", shape: "text", length: 3 },
      { name: "BARE", shape: "empty", length: 0 },
      { name: "", shape: "text", length: 3 },
      { name: "", shape: "empty", length: 0 },
    ]);
  });
});

describe("maskSecrets", () => {
  it.each([
    ["ENV DB_PASSWORD=hunter2 MODE=x", "ENV DB_PASSWORD=**** MODE=x"],
    ["export API_KEY_PROD='a b c' && run", "export API_KEY_PROD='****' && run"],
    ['{"splunk-token": "a\\"b c", "x": 1}', '{"splunk-token": "****", "x": 1}'],
    ["MYSQL_PWD=hunter2", "MYSQL_PWD=****"],
    ["mysql --password hunter2 -h db", "mysql --password **** -h db"],
    ["mysql --password=hunter2", "mysql --password=****"],
    ["curl -u bob:hunter2 https://x", "curl -u bob:**** https://x"],
    ["curl -H 'Authorization: Bearer abc.def' x", "curl -H 'Authorization: Bearer ****' x"],
    ["git clone https://bob:hunter2@host/x", "git clone https://bob:****@host/x"],
    [`login ${GITHUB} now`, "login **** now"],
    [`x ${AWS} y`, "x **** y"],
    [`cookie ${JWT};`, "cookie ****;"],
    ["a -----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY----- b", "a **** b"],
    ["-----BEGIN PRIVATE KEY-----\nMHcC cut", "****"],
  ])("masks %j", (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
  });

  it.each([
    "PASSWORD_FILE=/run/secrets/db",
    "apt-get install -y libsecret-tools",
    "--token-file /x",
    "PASS_MAX_DAYS 90",
    "RUN --mount=type=secret,id=npm npm ci",
    '"tlskey": "/etc/docker/key.pem"',
    "http://proxy:3128/",
    "",
  ])("leaves %j alone", (text) => {
    expect(maskSecrets(text)).toBe(text);
  });

  it("leaves no secret standing, however it is quoted", () => {
    const name = fc.constantFrom(
      "PASSWORD",
      "db_password",
      "apiKey",
      "GITHUB_TOKEN",
      "client-secret",
      "X_PWD",
    );
    const around = fc.constantFrom(["", ""], ['"', '"'], ["'", "'"]);
    const secret = fc.stringMatching(/^[A-Za-z0-9+/_]{8,40}$/);
    const separator = fc.constantFrom("=", ": ", " = ", ":");
    fc.assert(
      fc.property(name, separator, around, secret, fc.string(), (name, separator, [a, b], secret, before) => {
        const masked = maskSecrets(`${before} ${name}${separator}${a}${secret}${b} end`);
        expect(masked.slice(before.length)).not.toContain(secret);
      }),
    );
  });

  it("changes nothing the second time, and never throws", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        const once = maskSecrets(text);
        expect(maskSecrets(once)).toBe(once);
      }),
    );
  });
});

describe("maskValue", () => {
  it("masks by key and by form, at any depth, and keeps the rest", () => {
    expect(
      maskValue({
        "log-opts": { "splunk-token": "hunter2", "splunk-url": "https://a:hunter2@b" },
        "http-proxy": "http://u:hunter2@proxy",
        tlskey: "/etc/docker/key.pem",
        "secret-path": "/run/x",
        tokens: ["hunter2", 7, null],
        debug: true,
      }),
    ).toEqual({
      "log-opts": { "splunk-token": "****", "splunk-url": "https://a:****@b" },
      "http-proxy": "http://u:****@proxy",
      tlskey: "/etc/docker/key.pem",
      "secret-path": "/run/x",
      tokens: ["****", 7, null],
      debug: true,
    });
  });

  it("ends at hostile depth", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`);
    expect(JSON.stringify(maskValue(deep)).length).toBeLessThan(60);
  });

  it("keeps the key __proto__ a plain key", () => {
    const masked = maskValue(JSON.parse('{"__proto__": {"debug": true}}'));
    expect(Object.keys(masked as object)).toEqual(["__proto__"]);
    expect((masked as { debug?: boolean }).debug).toBeUndefined();
  });
});

describe("maskArguments", () => {
  it("masks the argument after a flag that names a credential", () => {
    expect(
      maskArguments(["run", "--password", "hunter2", "--token-file", "/x", "--secret", "--debug"]),
    ).toEqual(["run", "--password", "****", "--token-file", "/x", "--secret", "--debug"]);
    expect(maskArguments(["--log-opt", "splunk-token=hunter2"])).toEqual(["--log-opt", "splunk-token=****"]);
  });
});

describe("isSecretName", () => {
  it("tells credentials from places of credentials", () => {
    expect(["DB_PASSWORD", "splunk-token", "apiKey", "AWS_SECRET_ACCESS_KEY"].every(isSecretName)).toBe(true);
    expect(["PASSWORD_FILE", "TOKEN_URL", "SECRET_NAME", "DEBUG", "PATH"].some(isSecretName)).toBe(false);
  });
});

describe("maskSecrets on texts without a sign of a secret", () => {
  it("leaves them as they are, as the patterns would", () => {
    for (const text of ["RUN apt-get update", "FROM debian", "WORKDIR /srv/app", ""]) {
      expect(maskSecrets(text)).toBe(text);
    }
    expect(maskSecrets("curl -u me:hunter2 http://x")).not.toContain("hunter2");
    expect(maskSecrets("x ghp_0123456789012345678901234567890123 y")).toBe("x **** y");
  });
});
