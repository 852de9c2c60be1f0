import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDaemonFlags } from "./daemon-flags.ts";

function flags(...args: string[]): Record<string, unknown> {
  return parseDaemonFlags(["/usr/bin/dockerd", ...args]).flags;
}

describe("parseDaemonFlags", () => {
  it.each([
    [["--icc=false"], { icc: false }],
    [["--icc"], { icc: true }],
    [["--icc", "false"], { icc: true }],
    [["--tlsverify=1"], { tlsverify: true }],
    [["--iptables=F"], { iptables: false }],
    [["--log-level", "debug"], { "log-level": "debug" }],
    [["--log-level=debug"], { "log-level": "debug" }],
    [["-l", "debug"], { "log-level": "debug" }],
    [["-ldebug"], { "log-level": "debug" }],
    [["-l=debug"], { "log-level": "debug" }],
    [["-D"], { debug: true }],
    [["-D=false"], { debug: false }],
    [["-DH", "tcp://0.0.0.0:2375"], { debug: true, hosts: ["tcp://0.0.0.0:2375"] }],
    [["-DHfd://"], { debug: true, hosts: ["fd://"] }],
    [
      ["-H", "fd://", "--host=tcp://[::]:2376", "-Hunix:///run/x.sock"],
      { hosts: ["fd://", "tcp://[::]:2376", "unix:///run/x.sock"] },
    ],
    [["--insecure-registry", "10.0.0.0/8"], { "insecure-registries": ["10.0.0.0/8"] }],
    [["--dns-opt", "timeout:1"], { "dns-opts": ["timeout:1"] }],
    [["--authorization-plugin=opa"], { "authorization-plugins": ["opa"] }],
    [["--log-opt", "max-size=10m", "--log-opt=tag=a=b"], { "log-opts": { "max-size": "10m", tag: "a=b" } }],
    [["--default-ulimit", "nofile=1024:2048"], { "default-ulimits": { nofile: "1024:2048" } }],
    [["--add-runtime", "kata=/usr/bin/kata"], { runtimes: { kata: { path: "/usr/bin/kata" } } }],
    [
      ["--feature", "containerd-snapshotter", "--feature=cdi=false"],
      { features: { "containerd-snapshotter": true, cdi: false } },
    ],
    [["-g", "/srv/docker"], { "data-root": "/srv/docker" }],
    [["--graph=/srv/docker"], { "data-root": "/srv/docker" }],
    [["--userns-remap", "default", "extra"], { "userns-remap": "default" }],
    [["--seccomp-profile=/etc/docker/s.json"], { "seccomp-profile": "/etc/docker/s.json" }],
    [["--log-level"], {}],
    [["--", "--icc=false"], {}],
    [["-x", "--constructor=x", "--__proto__=x"], { constructor: "x" }],
  ])("reads %j", (args, settings) => {
    expect(flags(...args)).toEqual(settings);
  });

  it("finds the config file in both forms, and null without one", () => {
    expect(parseDaemonFlags(["dockerd", "--config-file", "/a.json"])).toEqual({
      flags: {},
      configFile: "/a.json",
    });
    expect(parseDaemonFlags(["dockerd", "--config-file=/b.json"]).configFile).toBe("/b.json");
    expect(parseDaemonFlags(["dockerd"]).configFile).toBeNull();
  });

  it("takes a value that looks like a flag for the value", () => {
    expect(flags("--log-level", "--icc=false")).toEqual({ "log-level": "--icc=false" });
  });

  it("reads back every list and switch that is written", () => {
    const word = fc.stringMatching(/^[a-z0-9:/.]{1,12}$/);
    fc.assert(
      fc.property(fc.array(word), fc.boolean(), fc.boolean(), (hosts, icc, bare) => {
        const args = hosts.flatMap((host, at) => (at % 2 === 0 ? ["-H", host] : [`--host=${host}`]));
        const result = flags(...args, bare && icc ? "--icc" : `--icc=${icc}`);
        expect(result).toEqual({ icc, ...(hosts.length > 0 ? { hosts } : {}) });
      }),
    );
  });

  it("never throws", () => {
    const odd = fc.oneof(
      fc.string(),
      fc.string().map((text) => `--${text}`),
      fc.string().map((text) => `-${text}`),
    );
    fc.assert(fc.property(fc.array(odd), (argv) => void parseDaemonFlags(argv)));
    expect(parseDaemonFlags([]).flags).toEqual({});
  });
});
