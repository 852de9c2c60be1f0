import { describe, expect, test } from "vitest";
import { findingsIn, linesIn, mended } from "../testing.ts";
import rules from "./build-expose-format.ts";

const [protocol, mapping] = rules as [(typeof rules)[0], (typeof rules)[0]];

describe("protocols", () => {
  test("in capital letters are found, each port once", () => {
    const found = findingsIn(protocol, "FROM a\nEXPOSE 80/TcP 8080/TCP 8080/udp 53/Sctp\n");
    expect(found.map(({ message }) => message)).toEqual([
      "the protocol of 80/TcP should be in small letters: tcp",
      "the protocol of 8080/TCP should be in small letters: tcp",
      "the protocol of 53/Sctp should be in small letters: sctp",
    ]);
  });

  test("may come out of a variable", () => {
    expect(linesIn(protocol, "FROM a\nARG P=80/TCP\nEXPOSE $P\n")).toEqual([3]);
    expect(linesIn(protocol, "FROM a\nARG P\nEXPOSE $P $Q/TCP\n")).toEqual([3]);
    expect(linesIn(protocol, "FROM a\nARG TARGETARCH\nEXPOSE $TARGETARCH/TCP\n")).toEqual([]);
  });

  test("are mended", () => {
    expect(mended(protocol, "FROM a\nEXPOSE 80/TCP \\\n  53/Udp 80\n")).toBe(
      "FROM a\nEXPOSE 80/tcp \\\n  53/udp 80\n",
    );
  });
});

describe("ports and addresses of the host", () => {
  test("are found", () => {
    const found = findingsIn(
      mapping,
      "FROM a\nEXPOSE 127.0.0.1:80:81 [::1]:8080:8081 5000:5001/udp 8000 80-90\n",
    );
    expect(found.map(({ message }) => message)).toEqual([
      "EXPOSE takes no address and no port of the host: 127.0.0.1:80:81",
      "EXPOSE takes no address and no port of the host: [::1]:8080:8081",
      "EXPOSE takes no address and no port of the host: 5000:5001/udp",
    ]);
  });

  test("are taken away: what was exposed stays exposed", () => {
    expect(mended(mapping, "FROM a\nEXPOSE 127.0.0.1:80:81 [::1]:1-2:3-4 5000:5001/udp 8000\n")).toBe(
      "FROM a\nEXPOSE 81 3-4 5001/udp 8000\n",
    );
  });

  test("out of a variable are left to people", () => {
    expect(() => mended(mapping, "FROM a\nENV P=1:2\nEXPOSE $P\n")).toThrow("no safe fix");
  });
});
