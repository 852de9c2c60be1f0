import { expect, it } from "vitest";
import type { ActualContainer } from "#model/evidence/container.ts";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  declaredContainer,
  processEvidence,
  specifiedContainer,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import netRaw from "./net-raw-unused.ts";

function running(changes: Partial<ActualContainer>) {
  return container({ actual: got(actualContainer(changes)) });
}

function holding(effective: string, bounding: string) {
  const capabilities = { ...processEvidence().capabilities, effective, permitted: effective, bounding };
  return running({ processes: [processEvidence({ capabilities })] });
}

it("fails where it is held and not used", () => {
  expect(verdictOf(netRaw, container())).toMatchObject({
    verdict: "fail",
    evidence: [{ path: "CapBnd" }, { source: "/proc/4242/net/packet" }, { source: "/proc/4242/net/raw" }],
  });
});

it("passes where such a socket is open", () => {
  expect(verdictOf(netRaw, running({ rawSockets: got(1) })).verdict).toBe("pass");
  expect(verdictOf(netRaw, running({ packetSockets: got(1) })).verdict).toBe("pass");
});

it("passes where nobody has it or holds it", () => {
  expect(verdictOf(netRaw, holding("0000000000000400", "0000000000000400"))).toMatchObject({
    verdict: "pass",
    message: "does not have NET_RAW",
  });
  expect(verdictOf(netRaw, holding("0000000000000000", "00000000a80425fb"))).toMatchObject({
    verdict: "pass",
    message: "no process holds NET_RAW",
  });
});

it("does not know whether it is used without the kernel", () => {
  expect(verdictOf(netRaw, container({ actual: missing("denied") })).verdict).toBe("unknown");
  expect(verdictOf(netRaw, running({ packetSockets: missing("denied") })).verdict).toBe("unknown");
  expect(verdictOf(netRaw, running({ rawSockets: missing("denied") })).verdict).toBe("unknown");
  expect(verdictOf(netRaw, unreadableContainer()).verdict).toBe("unknown");
  const dropped = container({
    actual: missing("denied"),
    specified: got(
      specifiedContainer({
        capabilities: { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] },
      }),
    ),
  });
  expect(verdictOf(netRaw, dropped).verdict).toBe("pass");
});

it("has nothing to judge while it does not run", () => {
  const stopped = { state: "exited", actual: missing("no"), specified: missing("no") };
  expect(verdictOf(netRaw, container({ ...stopped, declared: got(declaredContainer()) })).verdict).toBe(
    "not-applicable",
  );
});
