import { describe, expect, it } from "vitest";
import type { DeclaredContainer, ListenerEvidence } from "#model/evidence/container.ts";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  containerNamespaces,
  contextOf,
  declaredContainer,
  evidence,
  hostNamespaces,
  judgements,
  ruleById,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import rules from "./port-listeners.ts";

const dead = ruleById(rules, "SW-CTR-PORT-DEAD");
const undeclared = ruleById(rules, "SW-CTR-PORT-UNDECLARED");

function listener(text: string): ListenerEvidence {
  const [protocol = "tcp", address = "", port = "0"] = text.split(" ");
  return { protocol: protocol as ListenerEvidence["protocol"], address, port: Number(port), inode: 1 };
}

function listening(texts: string[], declares: Partial<DeclaredContainer> = {}) {
  return container({
    actual: got(actualContainer({ listeners: got(texts.map(listener)) })),
    declared: got(declaredContainer(declares)),
  });
}

const web = { ports: [{ container: 80, protocol: "tcp", hostIp: "0.0.0.0", hostPort: 8080 }] };

describe("SW-CTR-PORT-DEAD", () => {
  it("passes where something listens, on IPv4 or IPv6", () => {
    expect(verdictOf(dead, listening(["tcp 0.0.0.0 80"], web)).verdict).toBe("pass");
    expect(verdictOf(dead, listening(["tcp6 :: 80"], web)).verdict).toBe("pass");
    expect(verdictOf(dead, listening(["tcp 172.17.0.2 80"], web)).verdict).toBe("pass");
  });

  it("fails where nothing listens, or on another protocol only", () => {
    expect(verdictOf(dead, listening(["udp 0.0.0.0 80", "tcp 0.0.0.0 81"], web))).toMatchObject({
      verdict: "fail",
      key: "80/tcp",
      message: "publishes 80/tcp, where nothing listens",
      evidence: [
        { witness: "actual", source: "/proc/4242/net", value: "80/udp, 81/tcp" },
        { witness: "declared", value: "0.0.0.0:8080 -> 80/tcp" },
      ],
    });
  });

  it("says so where the program listens on loopback only", () => {
    expect(verdictOf(dead, listening(["tcp 127.0.0.1 80"], web)).message).toBe(
      "publishes 80/tcp, where the program listens on 127.0.0.1 only",
    );
  });

  it("waits for a container that is starting", () => {
    const subject = { ...listening([], web), health: "starting" };
    expect(verdictOf(dead, subject).verdict).toBe("unknown");
  });

  it("has nothing to judge without tcp or udp ports, or while it does not run", () => {
    expect(verdictOf(dead, container()).verdict).toBe("not-applicable");
    const sctp = { ports: [{ container: 80, protocol: "sctp", hostIp: "", hostPort: 80 }] };
    expect(verdictOf(dead, listening([], sctp)).verdict).toBe("not-applicable");
    const stopped = { state: "exited", actual: missing("it does not run") };
    const subject = container({ ...stopped, declared: got(declaredContainer(web)) });
    expect(verdictOf(dead, subject).verdict).toBe("not-applicable");
  });

  it("does not know what it could not read", () => {
    expect(verdictOf(dead, unreadableContainer()).verdict).toBe("unknown");
    const declared = got(declaredContainer(web));
    expect(verdictOf(dead, container({ declared, actual: missing("denied") })).verdict).toBe("unknown");
    const hidden = got(actualContainer({ listeners: missing("denied") }));
    expect(verdictOf(dead, container({ declared, actual: hidden })).verdict).toBe("unknown");
  });
});

describe("SW-CTR-PORT-UNDECLARED", () => {
  it("fails on a port that is neither exposed nor published", () => {
    const subject = listening(["tcp 0.0.0.0 80", "tcp6 :: 9229", "tcp 0.0.0.0 9229"], web);
    expect(verdictOf(undeclared, subject)).toMatchObject({
      verdict: "fail",
      severity: "low",
      key: "9229/tcp",
      message: "listens on 9229/tcp, which is neither exposed nor published",
      evidence: [{ witness: "actual" }, { witness: "declared", value: "80/tcp" }],
    });
  });

  it("passes on exposed, published, local and answer ports", () => {
    const subject = listening(
      [
        "tcp 0.0.0.0 80",
        "tcp 0.0.0.0 8005",
        "udp 0.0.0.0 53",
        "tcp 127.0.0.1 9000",
        "tcp 127.0.0.11 35001",
        "tcp6 ::1 9001",
        "udp 0.0.0.0 40000",
      ],
      { ...web, exposedPorts: ["8000-8010/tcp", "53/udp", "nonsense", "9-1/tcp"] },
    );
    expect(verdictOf(undeclared, subject).verdict).toBe("pass");
  });

  it("is mild where the image declares nothing at all, and leaves SSH to its own rule", () => {
    const found = judgements(undeclared, listening(["tcp 0.0.0.0 22", "tcp 0.0.0.0 4444", "udp 0.0.0.0 22"]));
    expect(found.map(({ key, severity }) => [key, severity])).toEqual([
      ["4444/tcp", "info"],
      ["22/udp", "info"],
    ]);
  });

  it("does not judge a network that is not its own", () => {
    const shared = listening(["tcp 0.0.0.0 9229"]);
    const host = got(
      actualContainer({
        listeners: got([listener("tcp 0.0.0.0 9229")]),
        namespaces: { ...containerNamespaces(), net: hostNamespaces().net },
      }),
    );
    expect(verdictOf(undeclared, container({ actual: host })).verdict).toBe("not-applicable");
    const other = container({ id: "b".repeat(64), name: "db" });
    const context = contextOf(evidence({ containers: [shared, other] }));
    expect(verdictOf(undeclared, shared, context).verdict).toBe("not-applicable");
  });

  it("does not know what it could not read", () => {
    expect(verdictOf(undeclared, unreadableContainer()).verdict).toBe("unknown");
    expect(verdictOf(undeclared, { ...unreadableContainer(), state: "exited" }).verdict).toBe(
      "not-applicable",
    );
    const hidden = got(actualContainer({ listeners: missing("denied") }));
    expect(verdictOf(undeclared, container({ actual: hidden })).verdict).toBe("unknown");
    expect(verdictOf(undeclared, container({ declared: missing("no answer") })).verdict).toBe("unknown");
    expect(verdictOf(undeclared, container(), contextOf(evidence({ host: null }))).verdict).toBe("unknown");
  });
});
