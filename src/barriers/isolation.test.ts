import { describe, expect, it } from "vitest";
import type { ContainerEvidence, DeclaredContainer } from "#model/evidence/container.ts";
import { got, missing } from "#model/reading.ts";
import { container, contextOf, declaredContainer, evidence } from "#rules/testing.ts";
import { isolationOf } from "./isolation.ts";
import type { Isolation } from "./model.ts";

const NOT_YET = missing("nothing runs yet");

/** A container that is only declared, on a host with cgroup v1. */
function declared(changes: Partial<DeclaredContainer>): ContainerEvidence {
  return container({
    state: "",
    declared: got(
      declaredContainer({ user: "", capDrop: [], capAdd: [], securityOpt: [], mounts: [], ...changes }),
    ),
    specified: NOT_YET,
    actual: NOT_YET,
    execs: NOT_YET,
  });
}

function isolation(changes: Partial<DeclaredContainer>): Isolation {
  const subject = declared(changes);
  return isolationOf(subject, contextOf(evidence({ containers: [subject] })));
}

function bind(source: string, target: string, writable = true): DeclaredContainer["mounts"][number] {
  return { type: "bind", source, target, writable, mode: "", propagation: "rprivate" };
}

const HARDENED: Partial<DeclaredContainer> = {
  user: "1000:1000",
  capDrop: ["ALL"],
  securityOpt: ["no-new-privileges"],
  readonlyRootfs: true,
  memory: 64 << 20,
  pidsLimit: 64,
  nanoCpus: 5e8,
};

function names({ weakest }: Isolation): string[] {
  return (weakest[0]?.barriers ?? []).map(({ id }) => id);
}

describe("barriers to the host", () => {
  it.each<[string, Partial<DeclaredContainer>, number]>([
    ["a default container", {}, 1],
    ["a privileged one", { privileged: true }, 0],
    [
      "the engine's socket, read-only",
      { ...HARDENED, user: "", mounts: [bind("/var/run/docker.sock", "/s", false)] },
      0,
    ],
    ["SYS_ADMIN, on cgroup v1", { capAdd: ["CAP_SYS_ADMIN"] }, 0],
    ["/etc of the host", { mounts: [bind("/etc", "/hosts-etc")] }, 0],
    ["another user, with setuid files", { user: "1000" }, 1],
    ["another user, without new privileges", { user: "1000", securityOpt: ["no-new-privileges"] }, 2],
    ["a hardened one", HARDENED, 2],
  ])("of %s", (_, changes, barriers) => {
    expect(isolation(changes).barriersToHost).toBe(barriers);
  });

  it("are named", () => {
    expect(names(isolation({}))).toHaveLength(1);
    expect(names(isolation(HARDENED))).toEqual(["user", "/proc/sys/kernel/core_pattern read-only"]);
  });

  it("tell which one setting would open the way", () => {
    const settings = isolation({})
      .oneAway.filter(({ leaves }) => leaves === 0)
      .map(({ setting }) => setting);
    expect(settings).toContain("systempaths");
    expect(settings).toContain("cap CAP_SYS_ADMIN");
    expect(isolation(HARDENED).oneAway.every(({ leaves }) => leaves >= 1)).toBe(true);
  });
});

describe("the level", () => {
  it.each<[Isolation["level"], Partial<DeclaredContainer>]>([
    ["privileged", { privileged: true }],
    ["privileged", { pidMode: "host" }],
    ["baseline", {}],
    ["restricted", HARDENED],
  ])("%s", (level, changes) => {
    expect(isolation(changes).level).toBe(level);
  });
});

describe("lanes", () => {
  it("without their structure are closed, whatever stands on them", () => {
    const lane = isolation({}).lanes.find(({ technique }) => technique.id === "engine-socket");
    expect(lane).toMatchObject({ structure: { there: false }, standing: Infinity, open: false });
  });

  it("count what could not be read as not standing, and say so", () => {
    const subject = container({ declared: NOT_YET, specified: NOT_YET, actual: NOT_YET });
    const blind = isolationOf(subject, contextOf(evidence({ containers: [subject] })));
    expect(blind.barriersToHost).toBe(0);
    expect(blind.unknown.length).toBeGreaterThan(0);
  });
});
