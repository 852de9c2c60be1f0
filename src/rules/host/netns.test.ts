import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  containerNamespaces,
  contextOf,
  daemon,
  engine,
  evidence,
  host,
  hostNamespaces,
  processEvidence,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import rule from "./netns.ts";

const OWN = containerNamespaces().net ?? 0;

function kept(...entries: [string, number][]) {
  return host({ netns: got(entries.map(([path, inode]) => ({ path, inode }))) });
}

describe("orphan network namespaces", () => {
  it("passes what a container, an engine or the host is in", () => {
    const inner = { ...containerNamespaces(), net: 4026533000 };
    const actual = got(
      actualContainer({ processes: [processEvidence(), processEvidence({ namespaces: inner })] }),
    );
    const engines = [engine({ daemon: got(daemon({ namespaces: { net: 4026534000 } })) })];
    const context = contextOf(evidence({ containers: [container({ actual })], engines }));
    const machine = kept(
      ["/run/docker/netns/5c1f", OWN],
      ["/run/docker/netns/6d2e", 4026533000],
      ["/run/netns/two", 4026534000],
      ["/run/netns/host", hostNamespaces().net ?? 0],
    );
    expect(verdictOf(rule, machine, context).verdict).toBe("pass");
  });

  it("fails in one finding what nobody is in", () => {
    const context = contextOf(evidence({ containers: [container()] }));
    const judged = verdictOf(
      rule,
      kept(["/run/docker/netns/5c1f", OWN], ["/run/docker/netns/dead", 7]),
      context,
    );
    expect(judged).toMatchObject({
      verdict: "fail",
      message: "no container is in /run/docker/netns/dead",
      evidence: [{ source: "/run/docker/netns/dead", value: "net:[7]" }],
    });
    const many = Array.from({ length: 8 }, (_, at): [string, number] => [`/run/netns/n${at}`, 100 + at]);
    expect(verdictOf(rule, kept(...many), context).message).toContain("and 3 more");
  });

  it("knows the namespaces that the engine keeps for itself", () => {
    const machine = kept(
      ["/run/docker/netns/default", 1],
      ["/run/docker/netns/1-wq3x", 2],
      ["/run/docker/netns/lb_wq3x", 3],
      ["/run/docker/netns/ingress_sbox", 4],
    );
    expect(verdictOf(rule, machine).verdict).toBe("not-applicable");
  });

  it("is unknown where a running container could not be looked into", () => {
    const context = contextOf(evidence({ containers: [unreadableContainer()] }));
    expect(verdictOf(rule, kept(["/run/docker/netns/x", 9]), context).verdict).toBe("unknown");
    const stopped = contextOf(
      evidence({ containers: [container({ state: "exited", actual: missing("exited") })] }),
    );
    expect(verdictOf(rule, kept(["/run/docker/netns/x", 9]), stopped).verdict).toBe("fail");
    expect(verdictOf(rule, host({ netns: missing("permission denied") })).verdict).toBe("unknown");
    expect(verdictOf(rule, kept()).verdict).toBe("not-applicable");
  });
});
