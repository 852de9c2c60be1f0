import fc from "fast-check";
import { expect, test } from "vitest";
import { portBindings } from "./ports.ts";

const read = (text: string): string[] | null =>
  portBindings(text, { left: 1000 })?.map(
    ({ hostIp, hostPort, container, protocol }) => `${hostIp}:${hostPort}:${container}/${protocol}`,
  ) ?? null;

test.each([
  ["80", [":0:80/tcp"]],
  ["8080:80", [":8080:80/tcp"]],
  ["127.0.0.1:8080:80", ["127.0.0.1:8080:80/tcp"]],
  ["127.0.0.1::80", ["127.0.0.1:0:80/tcp"]],
  ["[::1]:8080:80/udp", ["::1:8080:80/udp"]],
  ["[::1]::80", ["::1:0:80/tcp"]],
  ["53:53/UDP", [":53:53/udp"]],
  ["8000-8002:9000-9002", [":8000:9000/tcp", ":8001:9001/tcp", ":8002:9002/tcp"]],
  ["8000-8010:80", [":8000:80/tcp"]],
  ["target=80,published=8080,protocol=udp", [":8080:80/udp"]],
  ["target=80", [":0:80/tcp"]],
  ["$PORT:80", [":0:80/tcp"]],
  ["$PORTS", null],
  ["$IP:80:80", null],
  ["80:http", null],
  ["90-80", null],
  ["", null],
  ["70000", null],
])("-p %s", (text, bindings) => {
  expect(read(text)).toEqual(bindings);
});

test("ranges end where the budget does, but never before their first port", () => {
  const budget = { left: 3 };
  expect(portBindings("1-65535:1-65535", budget)).toHaveLength(3);
  expect(portBindings("1-65535", budget)).toHaveLength(1);
});

test("what is written comes back", () => {
  const port = fc.integer({ min: 1, max: 65_535 });
  fc.assert(
    fc.property(
      fc.constantFrom("", "10.0.0.1", "::1"),
      port,
      port,
      fc.constantFrom("tcp", "udp", "sctp"),
      (ip, host, inside, protocol) => {
        const address = ip.includes(":") ? `[${ip}]:` : ip === "" ? "" : `${ip}:`;
        expect(read(`${address}${host}:${inside}/${protocol}`)).toEqual([
          `${ip}:${host}:${inside}/${protocol}`,
        ]);
      },
    ),
  );
});
