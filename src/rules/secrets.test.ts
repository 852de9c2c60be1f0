import { assert, nat, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { secretReason } from "./secrets.ts";

const env = (name: string, shape = "text", length = shape === "empty" ? 0 : 12) => ({ name, shape, length });

describe("secretReason", () => {
  it.each([
    "POSTGRES_PASSWORD",
    "MYSQL_PWD",
    "DB_PASS",
    "dbPassword",
    "APIKEY",
    "API_KEY",
    "SERVICE_API_KEY_V2",
    "AWS_SECRET_ACCESS_KEY",
    "GITHUB_TOKEN",
    "SSH_PRIVATE_KEY",
    "CLIENT-SECRET",
    "secret_key_base",
    "PGPASSWORD",
    "REDISCLI_PASSPHRASE",
    "GOOGLE_CREDENTIALS",
  ])("takes %s with text in it for a secret", (name) => {
    expect(secretReason(env(name))).toMatch(/named like a secret/);
  });

  it.each([
    "PATH",
    "PWD",
    "LANG",
    "GPG_KEY",
    "PUBLIC_KEY",
    "KEYBOARD",
    "COMPASS_MODE",
    "BYPASS",
    "PASS_THROUGH",
    "PROXY_PASS",
    "PASSWORD_HASHER",
    "POSTGRES_PASSWORD_FILE",
    "TOKEN_URL",
    "TOKEN_ISSUER",
    "SECRET_NAME",
    "AWS_ACCESS_KEY_ID",
    "",
  ])("does not take %s with text in it for a secret", (name) => {
    expect(secretReason(env(name))).toBeNull();
  });

  it.each(["empty", "path", "number", "flag"])("does not take a password of shape %s for one", (shape) => {
    expect(secretReason(env("DB_PASSWORD", shape))).toBeNull();
  });

  it("knows a credential by its form, whatever its name", () => {
    expect(secretReason(env("X", "token:github"))).toBe("has the form of a credential (github)");
    expect(secretReason(env("AWS_ACCESS_KEY_ID", "token:aws-access-key"))).toMatch(/aws-access-key/);
    expect(secretReason(env("DATABASE_URL", "url-with-password"))).toBe("is a URL with a password in it");
    expect(secretReason(env("DATABASE_URL"))).toBeNull();
  });

  it("never throws, and never puts the whole name into its answer", () => {
    assert(
      property(string(), string(), nat(), (name, shape, length) => {
        const reason = secretReason({ name, shape, length });
        expect(reason === null || reason.length > 0).toBe(true);
      }),
    );
    expect(secretReason(env(`${"A_".repeat(100_000)}TOKEN`))).toBeNull();
  });
});
