import { expect, test } from "vitest";
import { portProblem, portSpec } from "./port-problems.ts";

test.each([
  ["80", "", "", "80", ""],
  ["80-90/UDP", "", "", "80-90", "UDP"],
  ["8080:80/tcp", "", "8080", "80", "tcp"],
  ["127.0.0.1:80:81", "127.0.0.1", "80", "81", ""],
  ["[::1]:80:81", "[::1]", "80", "81", ""],
  ["", "", "", "", ""],
])("%s in its parts", (text, ip, host, port, protocol) => {
  expect(portSpec(text)).toEqual({ ip, host, port, protocol });
});

test.each([
  "0",
  "65535",
  "80/tcp",
  "80/SCTP",
  "80-90",
  "80:80",
  "8000-8010:80",
  "8000-8001:80-81",
  "[::1]:80:80",
  "::1:80:80",
  "+80",
])("%s is taken", (text) => {
  expect(portProblem(text)).toBeNull();
});

test.each([
  ["http", "http is no port from 0 to 65535"],
  ["65536", "65536 is no port from 0 to 65535"],
  ["80000-80001", "80000-80001 is no port from 0 to 65535"],
  ["90-80", "90-80 is no port from 0 to 65535"],
  ["-80", "-80 is no port from 0 to 65535"],
  ["80,", "80, is no port from 0 to 65535"],
  ["80/http", "80/http: the protocol is tcp, udp or sctp"],
  ["/tcp", "/tcp names no port"],
  ["80:", "80: names no port"],
  ["x:80", "x:80: x is no port from 0 to 65535"],
  ["300.0.0.1:80:80", "300.0.0.1:80:80: 300.0.0.1 is no address"],
  ["localhost:80:80", "localhost:80:80: localhost is no address"],
  ["1-2:80-82", "1-2:80-82: both ranges must have one length"],
])("%s is not", (text, message) => {
  expect(portProblem(text)).toBe(message);
});
