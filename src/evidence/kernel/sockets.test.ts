import { once } from "node:events";
import { createSocket } from "node:dgram";
import { createServer, type Server } from "node:net";
import { readFileSync, rmSync, statSync } from "node:fs";
import { endianness, tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { hostFiles } from "../filesystem.ts";
import { testHost } from "../testing.ts";
import { collectListeners, countSockets, parseListeners, parseUnixListeners } from "./sockets.ts";

const HEADING =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const TAIL = "00000000:00000000 00:00000000 00000000     0        0 12345 1 0 100 0 0 10 0";

/** An address as this machine's kernel prints it: words of four bytes in its own order. */
function words(bytes: number[]): string {
  let hex = "";
  for (let at = 0; at < bytes.length; at += 4) {
    const word = bytes.slice(at, at + 4);
    if (endianness() === "LE") word.reverse();
    hex += word.map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join("");
  }
  return hex;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(options: { host: string; port: number } | { path: string }): Promise<Server> {
  const server = createServer();
  servers.push(server);
  server.listen(options);
  await once(server, "listening");
  return server;
}

describe("parseListeners", () => {
  it("keeps TCP sockets that listen, and UDP sockets without a peer", () => {
    const rows = (state: string): string =>
      `${HEADING}\n   0: 0100007F:0050 00000000:0000 ${state} ${TAIL}\n`;
    expect(parseListeners(rows("0A"), "tcp")).toHaveLength(1);
    expect(parseListeners(rows("01"), "tcp")).toEqual([]);
    expect(parseListeners(rows("07"), "udp")).toHaveLength(1);
    expect(parseListeners(rows("0A"), "udp")).toEqual([]);
  });

  it.each([
    [[127, 0, 0, 1], "tcp", "127.0.0.1"],
    [[0, 0, 0, 0], "tcp", "0.0.0.0"],
    [[10, 1, 2, 3], "udp", "10.1.2.3"],
    [Array.from({ length: 16 }, () => 0), "tcp6", "::"],
    [[...Array.from({ length: 15 }, () => 0), 1], "tcp6", "::1"],
    [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 168, 0, 1], "tcp6", "::ffff:192.168.0.1"],
    [[0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x42], "tcp6", "2001:db8:0:1::42"],
    [[0xfe, 0x80, 0, 0, 0, 0, 0, 0, 2, 0x42, 0xac, 0x11, 0, 2, 0, 0], "tcp6", "fe80::242:ac11:2:0"],
    [[0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0], "tcp6", "1:2:3:4:5:6:7:0"],
  ] as const)("reads the address %j", (bytes, protocol, address) => {
    const state = protocol === "udp" ? "07" : "0A";
    const text = `${HEADING}\n   0: ${words([...bytes])}:1F90 00000000:0000 ${state} ${TAIL}\n`;
    expect(parseListeners(text, protocol)).toEqual([{ protocol, address, port: 8080, inode: 12345 }]);
  });

  it("leaves out rows that are no rows", () => {
    const text = `${HEADING}\n 0: zz:99 00000000:0000 0A ${TAIL}\n 1: 0100007F 0 0A\n 2: 0100007F:123456 0 0A\n\n`;
    expect(parseListeners(text, "tcp")).toEqual([]);
  });

  it("never throws, and gives numbers only", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const { port, inode } of parseListeners(`${HEADING}\n 0: ${text}`, "tcp")) {
          expect(Number.isInteger(port) && Number.isInteger(inode)).toBe(true);
        }
      }),
    );
  });
});

describe("collectListeners", () => {
  it("sees the sockets that this process listens on", async () => {
    const tcp = await listen({ port: 0, host: "127.0.0.1" });
    const udp = createSocket("udp4").bind(0, "127.0.0.1");
    await once(udp, "listening");
    const { port } = tcp.address() as { port: number };
    const answer = collectListeners(hostFiles(), process.pid);
    const bound = udp.address().port;
    udp.close();
    expect(answer).toMatchObject({ ok: true });
    const listeners = answer.ok ? answer.value : [];
    expect(listeners).toContainEqual({
      protocol: "tcp",
      address: "127.0.0.1",
      port,
      inode: expect.any(Number),
    });
    expect(listeners.find((item) => item.protocol === "udp" && item.port === bound)?.address).toBe(
      "127.0.0.1",
    );
    expect(listeners.find((item) => item.port === port)?.inode).toBeGreaterThan(0);
  });

  it("asks for no list of what the namespace has none of", () => {
    const list = `${HEADING}\n   0: 00000000:0050 0:0 0A ${TAIL}\n`;
    const entries = (counts: string) => ({
      "/proc/9/net/sockstat": `sockets: used 1\nTCP: inuse ${counts}\nUDP: inuse 0 mem 0\n`,
      "/proc/9/net/sockstat6": "TCP6: inuse 0\nUDP6: inuse 0\n",
    });
    const none = testHost(entries("0 orphan 0 tw 0 alloc 9 mem 0"));
    expect(collectListeners(none.files, 9)).toEqual({ ok: true, value: [] });
    none.remove();
    const one = testHost({ ...entries("10 orphan 0 tw 0 alloc 9 mem 0"), "/proc/9/net/tcp": list });
    expect(collectListeners(one.files, 9)).toMatchObject({ ok: true, value: [{ port: 80 }] });
    one.remove();
  });

  it("does without IPv6, but not without anything", () => {
    const host = testHost({ "/proc/9/net/tcp": `${HEADING}\n   0: 00000000:0050 0:0 0A ${TAIL}\n` });
    expect(collectListeners(host.files, 9)).toMatchObject({ ok: true, value: [{ port: 80 }] });
    expect(collectListeners(host.files, 10)).toEqual({
      ok: false,
      why: "/proc/10/net/tcp: does not exist",
    });
    host.remove();
  });
});

describe("countSockets", () => {
  it("counts the rows below the heading", () => {
    expect(countSockets("sk RefCnt\nffff 3\nffff 3\n")).toBe(2);
    expect(countSockets("sk RefCnt\n")).toBe(0);
    expect(countSockets("")).toBe(0);
  });
});

describe("parseUnixListeners", () => {
  it("finds a socket that this process listens on, by its inode", async () => {
    const path = join(tmpdir(), `seaworthy sock ${process.pid}`);
    rmSync(path, { force: true });
    await listen({ path });
    const listeners = parseUnixListeners(readFileSync("/proc/self/net/unix", "utf8"));
    expect(statSync(path).isSocket()).toBe(true);
    expect(listeners.filter((item) => item.path === path)).toHaveLength(1);
  });

  it("keeps accepting sockets with a path only", () => {
    const text = [
      "Num       RefCount Protocol Flags    Type St Inode Path",
      "0000000000000000: 00000002 00000000 00010000 0001 01 11 /run/docker.sock",
      "0000000000000000: 00000003 00000000 00000000 0001 03 12 /run/docker.sock",
      "0000000000000000: 00000002 00000000 00010000 0005 01   13 @abstract one",
      "0000000000000000: 00000002 00000000 00010000 0001 01 14",
      "garbage",
    ].join("\n");
    expect(parseUnixListeners(text)).toEqual([
      { inode: 11, path: "/run/docker.sock" },
      { inode: 13, path: "@abstract one" },
    ]);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(Array.isArray(parseUnixListeners(`\n${text}`))).toBe(true);
      }),
    );
  });
});
