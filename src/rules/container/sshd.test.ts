import { describe, expect, it } from "vitest";
import type { ListenerEvidence } from "#model/evidence/container.ts";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  containerNamespaces,
  declaredContainer,
  hostNamespaces,
  processEvidence,
  specifiedContainer,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import sshd from "./sshd.ts";

const init = processEvidence();
const port22: ListenerEvidence = { protocol: "tcp6", address: "::", port: 22, inode: 1 };

describe("SW-CTR-SSHD", () => {
  it("fails on a server by its program or by its name", () => {
    const program = processEvidence({ pid: 5, comm: "server", executable: "/usr/sbin/dropbear (deleted)" });
    expect(
      verdictOf(sshd, container({ actual: got(actualContainer({ processes: [init, program] })) })),
    ).toMatchObject({
      verdict: "fail",
      message: "runs server",
      evidence: [{ witness: "actual", source: "/proc/5/exe" }],
    });
    const name = processEvidence({ pid: 5, comm: "sshd", executable: null });
    expect(
      verdictOf(sshd, container({ actual: got(actualContainer({ processes: [init, name] })) })).message,
    ).toBe("runs sshd");
  });

  it("passes on everything else, foreign servers included", () => {
    const client = processEvidence({ pid: 6, comm: "ssh-agent", executable: "/usr/bin/ssh-agent" });
    const host = processEvidence({ pid: 7, comm: "sshd", executable: "/usr/sbin/sshd" });
    const subject = container({
      actual: got(actualContainer({ processes: [init, client], foreign: [host] })),
    });
    expect(verdictOf(sshd, subject).verdict).toBe("pass");
  });

  it("fails on a listener at port 22 of its own network only", () => {
    expect(
      verdictOf(sshd, container({ actual: got(actualContainer({ listeners: got([port22]) })) })),
    ).toMatchObject({
      verdict: "fail",
      message: "listens on port 22, where SSH servers do",
      evidence: [{ source: "/proc/4242/net/tcp6", value: "[::]:22" }],
    });
    const host = actualContainer({
      listeners: got([port22]),
      namespaces: { ...containerNamespaces(), net: hostNamespaces().net },
    });
    expect(verdictOf(sshd, container({ actual: got(host) })).verdict).toBe("pass");
    const local = actualContainer({ listeners: got([{ ...port22, address: "::1" }]) });
    expect(verdictOf(sshd, container({ actual: got(local) })).verdict).toBe("pass");
    const udp = actualContainer({ listeners: got([{ ...port22, protocol: "udp6" }]) });
    expect(verdictOf(sshd, container({ actual: got(udp) })).verdict).toBe("pass");
  });

  it("reads how it is started where there is no kernel to ask", () => {
    const stopped = {
      state: "exited",
      actual: missing("it does not run"),
      specified: missing("it does not run"),
    };
    const server = got(declaredContainer({ entrypoint: ["/usr/sbin/sshd", "-D"] }));
    expect(verdictOf(sshd, container({ ...stopped, declared: server }))).toMatchObject({
      verdict: "fail",
      evidence: [{ witness: "declared", value: "/usr/sbin/sshd" }],
    });
    const order = got(specifiedContainer({ args: ["/usr/sbin/dropbear"] }));
    expect(verdictOf(sshd, container({ actual: missing("denied"), specified: order })).verdict).toBe("fail");
    expect(verdictOf(sshd, container(stopped)).verdict).toBe("not-applicable");
  });

  it("does not know where nothing could be read", () => {
    expect(verdictOf(sshd, unreadableContainer()).verdict).toBe("unknown");
    expect(verdictOf(sshd, container({ actual: missing("denied") })).verdict).toBe("unknown");
  });
});
