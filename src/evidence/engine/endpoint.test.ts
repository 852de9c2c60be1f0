import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "#model/problem.ts";
import { findEndpoint, parseEndpoint } from "./endpoint.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "seaworthy-home-"));
});
afterEach(() => rmSync(home, { recursive: true }));

function certificates(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const part of ["ca", "cert", "key"]) writeFileSync(join(folder, `${part}.pem`), part);
  return folder;
}

function context(name: string, docker: object, withTls = false): void {
  const id = createHash("sha256").update(name).digest("hex");
  const meta = join(home, ".docker", "contexts", "meta", id);
  mkdirSync(meta, { recursive: true });
  writeFileSync(join(meta, "meta.json"), JSON.stringify({ Name: name, Endpoints: { docker } }));
  if (withTls) certificates(join(home, ".docker", "contexts", "tls", id, "docker"));
}

describe("parseEndpoint", () => {
  it.each([
    ["unix:///run/docker.sock", { url: "unix:///run/docker.sock", socketPath: "/run/docker.sock" }],
    ["/run/x.sock", { url: "unix:///run/x.sock", socketPath: "/run/x.sock" }],
    ["tcp://10.0.0.5:2376", { url: "tcp://10.0.0.5:2376", tcp: { host: "10.0.0.5", port: 2376 } }],
    ["tcp://docker.lan", { url: "tcp://docker.lan", tcp: { host: "docker.lan", port: 2375 } }],
    ["tcp://[::1]:2375/", { url: "tcp://[::1]:2375/", tcp: { host: "::1", port: 2375 } }],
    ["http://a:80", { url: "http://a:80", tcp: { host: "a", port: 80 } }],
    ["https://a", { url: "https://a", tcp: { host: "a", port: 2376 }, tls: { verify: true } }],
  ])("reads %s", (url, endpoint) => {
    expect(parseEndpoint(url)).toEqual(endpoint);
  });

  it("uses the certificates of a folder, and the TLS port", () => {
    expect(parseEndpoint("tcp://a", certificates(join(home, "certs")))).toEqual({
      url: "tcp://a",
      tcp: { host: "a", port: 2376 },
      tls: { ca: Buffer.from("ca"), cert: Buffer.from("cert"), key: Buffer.from("key"), verify: true },
    });
  });

  it.each([
    ["ssh://bob@host", /ssh is not spoken here/],
    ["tcp://a:0", /port 0 does not exist/],
    ["tcp://a:70000", /port 70000 does not exist/],
    ["unix://run/docker.sock", /not an engine address/],
    ["npipe:////./pipe/docker", /not an engine address/],
    ["", /not an engine address/],
  ])("refuses %j in words", (url, words) => {
    expect(() => parseEndpoint(url)).toThrow(UserError);
    expect(() => parseEndpoint(url)).toThrow(words);
  });

  it("says which certificates are missing", () => {
    expect(() => parseEndpoint("tcp://a", join(home, "none"))).toThrow(
      /no ca\.pem, cert\.pem or key\.pem in it/,
    );
    const folder = join(home, "odd");
    mkdirSync(join(folder, "ca.pem"), { recursive: true });
    expect(() => parseEndpoint("tcp://a", folder)).toThrow(/ca\.pem: cannot be read \(EISDIR\)/);
  });

  it("throws nothing but a UserError", () => {
    const url = fc.oneof(
      fc.string(),
      fc
        .tuple(fc.constantFrom("tcp://", "unix://", "https://", "/"), fc.string())
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(url, (text) => {
        let outcome: unknown;
        try {
          const { socketPath, tcp } = parseEndpoint(text);
          outcome = socketPath?.startsWith("/") ?? (tcp?.port ?? 0) > 0;
        } catch (error) {
          outcome = error instanceof UserError;
        }
        expect(outcome).toBe(true);
      }),
    );
  });
});

describe("findEndpoint", () => {
  it("leaves the choice open where nothing was asked for", () => {
    expect(findEndpoint({ env: { HOME: home } })).toBeNull();
    expect(findEndpoint({ env: { HOME: home, DOCKER_HOST: "", DOCKER_CONTEXT: "default" } })).toBeNull();
  });

  it("takes the option before DOCKER_HOST before the context", () => {
    context("remote", { Host: "tcp://ctx:1" });
    const env = { HOME: home, DOCKER_HOST: "tcp://env:2", DOCKER_CONTEXT: "remote" };
    const url = (more: object): string | undefined => findEndpoint({ env, ...more })?.url;
    expect(url({ host: "tcp://option:3" })).toBe("tcp://option:3");
    expect(url({})).toBe("tcp://env:2");
    expect(url({ context: "remote" })).toBe("tcp://ctx:1");
    expect(findEndpoint({ env: { HOME: home, DOCKER_CONTEXT: "remote" } })?.url).toBe("tcp://ctx:1");
  });

  it("follows the context that the docker client is set to", () => {
    context("work", { Host: "unix:///run/work.sock" });
    writeFileSync(join(home, ".docker", "config.json"), '{"currentContext":"work"}');
    expect(findEndpoint({ env: { HOME: home } })?.socketPath).toBe("/run/work.sock");
    expect(findEndpoint({ env: { HOME: "/", DOCKER_CONFIG: join(home, ".docker") } })?.url).toMatch(/work/);
    writeFileSync(join(home, ".docker", "config.json"), "{");
    expect(findEndpoint({ env: { HOME: home } })).toBeNull();
  });

  it("uses the context's own certificates", () => {
    context("tls", { Host: "tcp://ctx:2376", SkipTLSVerify: true }, true);
    expect(findEndpoint({ env: { HOME: home }, context: "tls" })?.tls).toMatchObject({
      ca: Buffer.from("ca"),
      verify: false,
    });
  });

  it("says where it looked for a context that is not there, or names no engine", () => {
    expect(() => findEndpoint({ env: { HOME: home }, context: "gone" })).toThrow(
      /context "gone" is not there/,
    );
    context("kubernetes", {});
    expect(() => findEndpoint({ env: { HOME: home }, context: "kubernetes" })).toThrow(
      /"kubernetes" names no engine/,
    );
  });

  it("reads the client's TLS variables", () => {
    const folder = certificates(join(home, "certs"));
    const tls = (env: Record<string, string>) =>
      findEndpoint({ env: { HOME: home, DOCKER_HOST: "tcp://a:1", ...env } })?.tls;
    expect(tls({})).toBeUndefined();
    expect(tls({ DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: folder })).toMatchObject({ verify: true });
    expect(tls({ DOCKER_TLS: "1", DOCKER_CERT_PATH: folder })).toMatchObject({ verify: false });
    certificates(join(home, ".docker"));
    expect(tls({ DOCKER_TLS_VERIFY: "1" })?.key).toEqual(Buffer.from("key"));
    const option = { tlsCertPath: folder, env: { HOME: home, DOCKER_HOST: "tcp://a:1" } };
    expect(findEndpoint(option)?.tls).toMatchObject({ verify: true });
  });

  it("says so where a certificate may not be read", () => {
    const folder = certificates(join(home, "locked"));
    chmodSync(join(folder, "key.pem"), 0);
    const read = (): string => {
      try {
        return String(findEndpoint({ host: "tcp://a", tlsCertPath: folder, env: { HOME: home } })?.tls?.key);
      } catch (error) {
        return (error as Error).message;
      }
    };
    // Root may read everything.
    expect(read()).toMatch(process.getuid?.() === 0 ? /^key$/ : /key\.pem: cannot be read \(EACCES\)/);
  });
});
