import { describe, expect, it } from "vitest";
import type { ActualContainer } from "#model/evidence/container.ts";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  containerNamespaces,
  contextOf,
  evidence,
  hostNamespaces,
  processEvidence,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import sniffing from "./sniffing.ts";

function running(changes: Partial<ActualContainer>) {
  return container({ actual: got(actualContainer(changes)) });
}

describe("SW-CTR-SNIFFING", () => {
  it("fails on packet sockets, and less on raw ones", () => {
    expect(verdictOf(sniffing, running({ packetSockets: got(2), rawSockets: got(1) }))).toMatchObject({
      verdict: "fail",
      message: "it has 2 packet sockets open, by which all traffic can be read",
      evidence: [{ witness: "actual", source: "/proc/4242/net/packet", value: "2" }],
    });
    expect(verdictOf(sniffing, running({ rawSockets: got(1) }))).toMatchObject({
      verdict: "fail",
      severity: "low",
      message: "it has 1 raw socket open, by which packets can be forged",
    });
  });

  it("passes without such sockets", () => {
    expect(verdictOf(sniffing, container()).verdict).toBe("pass");
  });

  it("does not judge the host's network", () => {
    const namespaces = { ...containerNamespaces(), net: hostNamespaces().net };
    expect(verdictOf(sniffing, running({ namespaces, packetSockets: got(1) })).verdict).toBe(
      "not-applicable",
    );
  });

  it("clears a neighbour that cannot open such sockets", () => {
    const capabilities = { ...processEvidence().capabilities, bounding: "0000000000000400" };
    const without = running({ packetSockets: got(1), processes: [processEvidence({ capabilities })] });
    const other = { ...running({ packetSockets: got(1) }), id: "b".repeat(64), name: "sniffer" };
    const context = contextOf(evidence({ containers: [without, other] }));
    expect(verdictOf(sniffing, without, context).verdict).toBe("pass");
    expect(verdictOf(sniffing, other, context)).toMatchObject({
      verdict: "fail",
      message:
        "it, or a container that shares its network, has 1 packet socket open, by which all traffic can be read",
    });
  });

  it("does not know what it could not read", () => {
    expect(verdictOf(sniffing, unreadableContainer()).verdict).toBe("unknown");
    expect(verdictOf(sniffing, { ...unreadableContainer(), state: "exited" }).verdict).toBe("not-applicable");
    expect(verdictOf(sniffing, running({ packetSockets: missing("denied") })).verdict).toBe("unknown");
    expect(verdictOf(sniffing, running({ rawSockets: missing("denied") })).verdict).toBe("unknown");
    expect(verdictOf(sniffing, container(), contextOf(evidence({ host: null }))).verdict).toBe("unknown");
  });
});
