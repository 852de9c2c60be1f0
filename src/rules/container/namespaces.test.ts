import { describe, expect, it } from "vitest";
import { missing, got } from "#model/reading.ts";
import {
  actualContainer,
  container,
  containerNamespaces,
  contextOf,
  daemon,
  declaredContainer,
  engine,
  evidence,
  hostNamespaces,
  ruleById,
  specifiedContainer,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import namespaces from "./namespaces.ts";

const pid = ruleById(namespaces, "SW-CTR-PID-HOST");
const net = ruleById(namespaces, "SW-CTR-NET-HOST");

/** A container whose namespaces of the given types are the host's. */
function onHost(...types: ("pid" | "net" | "ipc" | "uts" | "cgroup")[]) {
  const own = containerNamespaces();
  for (const type of types) own[type] = hostNamespaces()[type];
  return container({ actual: got(actualContainer({ namespaces: own })) });
}

describe("namespaces shared with the host", () => {
  it.each([
    ["SW-CTR-PID-HOST", "pid"],
    ["SW-CTR-NET-HOST", "net"],
    ["SW-CTR-IPC-HOST", "ipc"],
    ["SW-CTR-UTS-HOST", "uts"],
    ["SW-CTR-CGROUPNS-HOST", "cgroup"],
  ] as const)("%s fails by the inode, whatever was declared", (id, type) => {
    const judged = verdictOf(ruleById(namespaces, id), onHost(type));
    expect(judged.verdict).toBe("fail");
    expect(judged.evidence[0]).toMatchObject({ witness: "actual", source: `/proc/4242/ns/${type}` });
  });

  it("passes a container with its own process ids", () => {
    expect(verdictOf(pid, container()).verdict).toBe("pass");
  });

  it("sees through container:NAME to the host, by the inode", () => {
    const joined = onHost("net");
    joined.declared = got(declaredContainer({ networkMode: "container:monitor" }));
    expect(verdictOf(net, joined).verdict).toBe("fail");
  });

  it("knows the initial namespaces by their fixed inodes where the host's own cannot be read", () => {
    const all = evidence({ host: null, engines: [] });
    expect(verdictOf(pid, onHost("pid"), contextOf(all)).verdict).toBe("fail");
    // net has no inode that is fixed on every kernel
    expect(verdictOf(net, onHost("net"), contextOf(all)).verdict).toBe("unknown");
  });

  it("calls the namespace of a rootless engine by its name", () => {
    const rootless = daemon({ namespaces: { ...hostNamespaces(), net: 4026532999 } });
    const all = evidence({ engines: [engine({ daemon: got(rootless) })] });
    const own = container({
      actual: got(actualContainer({ namespaces: { ...containerNamespaces(), net: 4026532999 } })),
    });
    expect(verdictOf(net, own, contextOf(all))).toMatchObject({ verdict: "fail", severity: "low" });
    expect(verdictOf(net, own, contextOf(all)).message).not.toContain("rootless");
    const ofUser = engine({ daemon: got({ ...rootless, uid: 1000 }) });
    const named = verdictOf(net, own, contextOf(evidence({ engines: [ofUser] })));
    expect(named.message).toContain("rootless");
  });

  it("asks the bundle where the kernel cannot be read, then the declaration", () => {
    const bundle = container({
      actual: missing("permission denied"),
      specified: got(specifiedContainer({ namespaces: [{ type: "mount", path: "" }] })),
    });
    expect(verdictOf(pid, bundle)).toMatchObject({ verdict: "fail", evidence: [{ witness: "specified" }] });
    const described = container({
      actual: missing("it does not run"),
      specified: missing("it does not run"),
      declared: got(declaredContainer({ pidMode: "host" })),
    });
    expect(verdictOf(pid, described)).toMatchObject({ verdict: "fail", evidence: [{ witness: "declared" }] });
  });

  it("is unknown where nobody tells", () => {
    const judged = verdictOf(pid, unreadableContainer());
    expect(judged.verdict).toBe("unknown");
    expect(judged.message).toContain("permission denied");
  });
});
