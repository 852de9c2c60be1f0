import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { container, declaredContainer } from "../../testing.ts";
import { got } from "#model/reading.ts";
import { bareRanges, isLoopback, portRanges, rangeSeen } from "./ports.ts";

function binding(port: number, hostPort: number, hostIp = "0.0.0.0", protocol = "tcp") {
  return { container: port, protocol, hostIp, hostPort };
}

describe("portRanges", () => {
  it("puts the IPv4 and IPv6 bindings of one port together", () => {
    expect(portRanges([binding(80, 8081), binding(80, 8081, "::")])).toEqual([
      {
        name: "80/tcp",
        first: 80,
        last: 80,
        protocol: "tcp",
        bindings: ["0.0.0.0:8081", "[::]:8081"],
        hostPort: 8081,
      },
    ]);
  });

  it("keeps a few consecutive ports apart and joins a long run", () => {
    const few = [9000, 9001, 9002].map((port) => binding(port, port));
    expect(portRanges(few).map(({ name }) => name)).toEqual(["9000/tcp", "9001/tcp", "9002/tcp"]);
    const run = [9003, 9001, 9002, 9000].map((port) => binding(port, port + 1000));
    expect(portRanges(run)).toMatchObject([
      { name: "9000-9003/tcp", bindings: ["0.0.0.0:10000-10003"], hostPort: 10000 },
    ]);
  });

  it("joins nothing across a gap, another protocol or another address", () => {
    const ports = [
      ...[1, 2, 3, 4].map((port) => binding(port, port)),
      ...[6, 7, 8, 9].map((port) => binding(port, port)),
      ...[10, 11, 12, 13].map((port) => binding(port, port, "127.0.0.1")),
      ...[14, 15, 16, 17].map((port) => binding(port, port, "127.0.0.1", "udp")),
    ];
    expect(portRanges(ports).map(({ name }) => name)).toEqual([
      "1-4/tcp",
      "6-9/tcp",
      "10-13/tcp",
      "14-17/udp",
    ]);
  });

  it("does not take random host ports for a row", () => {
    const random = [9000, 9001, 9002, 9003].map((port, at) => binding(port, 32_771 - at));
    expect(portRanges(random)).toMatchObject([{ bindings: ["0.0.0.0:32768-32771"], hostPort: 0 }]);
    expect(portRanges([binding(80, 0, "")])[0]?.bindings).toEqual(["every address:(any free port)"]);
  });

  it("loses no port and counts none twice, whatever it is given", () => {
    const port = fc.record({
      container: fc.integer({ min: 1, max: 40 }),
      protocol: fc.constantFrom("tcp", "udp"),
      hostIp: fc.constantFrom("", "0.0.0.0", "::", "127.0.0.1"),
      hostPort: fc.integer({ min: 0, max: 65_535 }),
    });
    fc.assert(
      fc.property(fc.array(port, { maxLength: 60 }), (ports) => {
        const covered = portRanges(ports).flatMap(({ first, last, protocol }) =>
          Array.from({ length: last - first + 1 }, (_, at) => `${first + at}/${protocol}`),
        );
        const given = new Set(ports.map(({ container: number, protocol }) => `${number}/${protocol}`));
        expect(covered.toSorted()).toEqual([...given].toSorted());
      }),
    );
  });
});

it("names ports that are only listened on in the same way", () => {
  expect(bareRanges([{ port: 22, protocol: "tcp" }])[0]?.name).toBe("22/tcp");
});

it("shows each binding as the engine's word", () => {
  const [range] = portRanges([binding(80, 8081)]);
  if (range === undefined) throw new Error("no range");
  expect(rangeSeen(container({ declared: got(declaredContainer()) }), range)).toEqual([
    {
      witness: "declared",
      source: "docker inspect web",
      path: "NetworkSettings.Ports",
      value: "0.0.0.0:8081 -> 80/tcp",
    },
  ]);
});

describe("isLoopback", () => {
  it.each(["127.0.0.1", "127.0.0.11", "::1", "::ffff:127.0.0.1"])("takes %s for local", (address) => {
    expect(isLoopback(address)).toBe(true);
  });
  it.each(["0.0.0.0", "::", "172.17.0.2", "::ffff:172.17.0.2", "::127", "1.127.0.1"])(
    "takes %s for reachable",
    (address) => {
      expect(isLoopback(address)).toBe(false);
    },
  );
});
