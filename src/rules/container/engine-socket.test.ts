import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  contextOf,
  daemon,
  declaredContainer,
  engine,
  evidence,
  mount,
  processEvidence,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import socketRule from "./engine-socket.ts";

const STAT = {
  path: "/s",
  type: "socket" as const,
  uid: 0,
  gid: 105,
  mode: 0o660,
  mtimeMs: 0,
  device: "254:0",
};

function reaching(path: string, hostPath = "/run/docker.sock", process = processEvidence()) {
  return container({
    actual: got(
      actualContainer({ processes: [process], engineSockets: got([{ path, hostPath, stat: STAT }]) }),
    ),
  });
}
const USER = processEvidence({
  uids: [1000, 1000, 1000, 1000],
  gids: [1000, 1000, 1000, 1000],
  capabilities: { inheritable: "0", permitted: "0", effective: "0", bounding: "0", ambient: "0" },
});

describe("SW-CTR-ENGINE-SOCKET", () => {
  it("fails critical for a socket that the mount does not name", () => {
    const judged = verdictOf(socketRule, {
      ...reaching("/hostrun/docker.sock"),
      declared: got(
        declaredContainer({
          mounts: [
            {
              type: "bind",
              source: "/run",
              target: "/hostrun",
              writable: false,
              mode: "ro",
              propagation: "rprivate",
            },
          ],
        }),
      ),
    });
    expect(judged).toMatchObject({ verdict: "fail", severity: "critical" });
    expect(judged.evidence[1]?.value).toBe("names no socket, but /run:/hostrun:ro");
  });
  it("says when no process inside may connect now", () => {
    expect(verdictOf(socketRule, reaching("/s", "/run/docker.sock", USER)).severity).toBe("medium");
    const member = { ...USER, groups: [105] };
    expect(verdictOf(socketRule, reaching("/s", "/run/docker.sock", member)).severity).toBe("critical");
  });
  it("is high for the service manager's bus", () => {
    expect(verdictOf(socketRule, reaching("/bus", "/run/dbus/system_bus_socket")).severity).toBe("high");
  });
  it("passes where every socket was looked up and none is reached", () => {
    expect(verdictOf(socketRule, container()).verdict).toBe("pass");
  });
  it("judges the declared mounts of what does not run", () => {
    const stopped = { actual: missing("stopped"), specified: missing("stopped") };
    const binds = (source: string) =>
      container({
        ...stopped,
        declared: got(
          declaredContainer({
            mounts: [{ type: "bind", source, target: "/x", writable: false, mode: "ro", propagation: "" }],
          }),
        ),
      });
    for (const source of ["/var/run/docker.sock", "/run", "/var/run", "/"]) {
      expect(verdictOf(socketRule, binds(source)).verdict, source).toBe("fail");
    }
    expect(verdictOf(socketRule, binds("/srv")).verdict).toBe("pass");
  });
  it("knows where this host's own engines listen", () => {
    const listening = daemon({
      unixSockets: [{ path: "/srv/engine/d.sock", abstract: false, stat: null }],
    });
    const context = contextOf(evidence({ engines: [engine({ daemon: got(listening) })] }));
    const stopped = { actual: missing("stopped"), specified: missing("stopped") };
    const declared = got(
      declaredContainer({
        mounts: [
          { type: "bind", source: "/srv/engine", target: "/x", writable: false, mode: "", propagation: "" },
        ],
      }),
    );
    expect(verdictOf(socketRule, container({ ...stopped, declared }), context).verdict).toBe("fail");
  });
  it("goes by the mounts where the engine's sockets are closed to us", () => {
    const closed = (hostPath: string) =>
      container({
        actual: got(
          actualContainer({
            engineSockets: missing("not root"),
            mounts: got([mount({ target: "/x", hostPath })]),
          }),
        ),
      });
    const context = contextOf(evidence({ engines: [engine({ endpoint: "unix:///srv/d.sock" })] }));
    expect(verdictOf(socketRule, closed("/srv/d.sock"), context).verdict).toBe("fail");
    expect(verdictOf(socketRule, closed("/run"), context).verdict).toBe("fail");
    expect(verdictOf(socketRule, closed("/opt/app"), context).verdict).toBe("pass");
  });
  it("is unknown where nothing could be read", () => {
    expect(verdictOf(socketRule, unreadableContainer()).verdict).toBe("unknown");
  });
});
