import { assert, boolean, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { isLoopback, isWildcard, joined, parseHost, warnedAddresses } from "./tcp.ts";

describe("parseHost", () => {
  it.each([
    ["tcp://0.0.0.0:2375", false, "0.0.0.0", 2375],
    ["tcp://[::1]:2376", true, "::1", 2376],
    ["tcp://:7777", false, "127.0.0.1", 7777],
    ["tcp://host.example.com", true, "host.example.com", 2376],
    ["tcp://", false, "127.0.0.1", 2375],
    ["10.0.0.5:2375", false, "10.0.0.5", 2375],
    ["0.0.0.0:2375/path", false, "0.0.0.0", 2375],
  ])("%s (tls %s) is %s port %d", (host, tls, address, port) => {
    expect(parseHost(host, tls)).toEqual({ address, port });
  });

  it.each(["unix:///run/docker.sock", "fd://", "fd://3", "npipe:////./pipe/docker", "", "docker.sock"])(
    "%s is no TCP address",
    (host) => expect(parseHost(host, false)).toBeNull(),
  );

  it("never throws", () => {
    assert(
      property(string(), boolean(), (host, tls) => {
        const parsed = parseHost(host, tls);
        expect(parsed === null || parsed.port >= 0).toBe(true);
      }),
    );
  });
});

describe("addresses", () => {
  it("knows which ones only this machine reaches, and which stand for all", () => {
    expect(["127.0.0.1", "127.8.9.1", "::1", "localhost", "::ffff:127.0.0.1"].every(isLoopback)).toBe(true);
    expect(["0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "fe80::1"].some(isLoopback)).toBe(false);
    expect(["0.0.0.0", "::"].every(isWildcard)).toBe(true);
    expect(isWildcard("10.0.0.1")).toBe(false);
    expect(joined("::", 1)).toBe("[::]:1");
  });

  it("reads the addresses that the engine warns of, old words and new", () => {
    expect(
      warnedAddresses([
        "WARNING: API is accessible on http://0.0.0.0:2375 without encryption.\n   Access to",
        "[DEPRECATION NOTICE]: API is accessible on https://[::]:2376 without TLS client verification.",
        "WARNING: No swap limit support",
      ]),
    ).toEqual([
      expect.objectContaining({ address: "0.0.0.0", port: 2375, tls: false }),
      expect.objectContaining({ address: "::", port: 2376, tls: true }),
    ]);
  });
});
