import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, splitCommand } from "./amounts.ts";
import { bindingsOf, parsePort } from "./ports.ts";
import { at } from "./tree.ts";
import { parseVolume } from "./volumes.ts";
import { readYaml } from "./yaml.ts";

const node = (yaml: string) => {
  const found = at(readYaml("c", `a: ${yaml}\n`, () => undefined).documents[0], "a");
  if (found === undefined) throw new Error(yaml);
  return found;
};

describe("ports", () => {
  it.each([
    ['"3000"', "", [0, 0], [3000, 3000], "tcp"],
    ["80", "", [0, 0], [80, 80], "tcp"],
    ['"3000-3005"', "", [0, 0], [3000, 3005], "tcp"],
    ['"8000:80"', "", [8000, 8000], [80, 80], "tcp"],
    ['"9090-9091:8080-8081"', "", [9090, 9091], [8080, 8081], "tcp"],
    ['"8000-9000:80"', "", [8000, 9000], [80, 80], "tcp"],
    ['"127.0.0.1:8001:8001"', "127.0.0.1", [8001, 8001], [8001, 8001], "tcp"],
    ['"127.0.0.1::80"', "127.0.0.1", [0, 0], [80, 80], "tcp"],
    ['"::1:6000:6000"', "::1", [6000, 6000], [6000, 6000], "tcp"],
    ['"[::1]:6001:6001"', "::1", [6001, 6001], [6001, 6001], "tcp"],
    ['"6060:6060/udp"', "", [6060, 6060], [6060, 6060], "udp"],
    ["{target: 80, published: '8080', host_ip: 127.0.0.1}", "127.0.0.1", [8080, 8080], [80, 80], "tcp"],
    ["{target: 80}", "", [0, 0], [80, 80], "tcp"],
  ])("%s", (yaml, hostIp, host, container, protocol) => {
    expect(parsePort(node(yaml))).toMatchObject({ hostIp, host, container, protocol });
  });

  it.each(['"a:b"', '""', '"80:x"', '"99999"', "[1]", "{published: 80}", '"5-1"'])(
    "takes %s for no port",
    (yaml) => {
      expect(parsePort(node(yaml))).toBeNull();
    },
  );

  it("gives every container port its binding", () => {
    const port = parsePort(node('"9090-9091:8080-8081"'));
    expect(port === null ? [] : bindingsOf(port)).toEqual([
      { container: 8080, protocol: "tcp", hostIp: "", hostPort: 9090 },
      { container: 8081, protocol: "tcp", hostIp: "", hostPort: 9091 },
    ]);
  });
});

describe("volumes", () => {
  it.each([
    ["/data", { type: "volume", source: "", target: "/data" }],
    ["data:/data", { type: "volume", source: "data", target: "/data", readOnly: false }],
    [
      "./data:/data/:ro,z",
      { type: "bind", source: "./data", target: "/data", readOnly: true, options: ["ro", "z"] },
    ],
    ["~/x:/x", { type: "bind", source: "~/x" }],
    ["/mnt:/mnt:rshared", { type: "bind", propagation: "rshared" }],
    ["'C:\\data:/data:ro'", { type: "bind", source: "C:\\data", target: "/data", readOnly: true }],
    [
      "{type: bind, source: /etc, target: /e, read_only: true, bind: {propagation: shared, selinux: Z}}",
      { type: "bind", source: "/etc", target: "/e", readOnly: true, propagation: "shared", options: ["Z"] },
    ],
    ["{type: tmpfs, target: /t}", { type: "tmpfs", source: "", target: "/t" }],
  ])("%s", (yaml, expected) => {
    expect(parseVolume(node(yaml))).toMatchObject(expected);
  });

  it("takes time that grows with the length only", () => {
    const start = performance.now();
    parseVolume(node(`"a:${"/".repeat(100_000)}x"`));
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe("amounts", () => {
  it.each([
    ["50M", 50 * 2 ** 20],
    ["1.5gb", 1.5 * 2 ** 30],
    ["1024", 1024],
    ["2k", 2048],
    ["10 MiB", 10 * 2 ** 20],
    ["-1", -1],
  ])("%s", (text, bytes) => {
    expect(bytesOf(text)).toBe(bytes);
  });

  it.each(["", "m", "1x", "one"])("takes %j for none", (text) => {
    expect(bytesOf(text)).toBeNaN();
  });

  it.each([
    ["sh -c 'a b' c", ["sh", "-c", "a b", "c"]],
    ['a "b \\" c" d\\ e', ["a", 'b " c', "d e"]],
    ["  a ''  ", ["a", ""]],
  ])("%s", (text, words) => {
    expect(splitCommand(text)).toEqual(words);
  });

  it("splits any text without throwing", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(splitCommand(text).join("").length).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
