import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  contextOf,
  declaredContainer,
  engine,
  engineInfo,
  evidence,
  processEvidence,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import { hostId, insideId } from "./facts/user.ts";
import userDrift from "./user-drift.ts";
import userNamespace from "./user-namespace.ts";
import userRoot from "./user-root.ts";

const MAPPED = [{ inside: 0, outside: 231072, count: 65536 }];

function running(uids: number[], map = [{ inside: 0, outside: 0, count: 4294967295 }], user = "") {
  const processes = uids.map((uid, at) => processEvidence({ pid: 4242 + at, uids: [uid, uid, uid, uid] }));
  return container({
    declared: got(declaredContainer({ user })),
    actual: got(
      actualContainer({
        processes,
        uidMap: got(map),
        ...(map[0]?.outside === 0 ? {} : { namespaces: { ...processes[0]?.namespaces, user: 4026533000 } }),
      }),
    ),
  });
}

describe("SW-CTR-USER-ROOT", () => {
  it("fails high for uid 0 of the host", () => {
    expect(verdictOf(userRoot, running([0]))).toMatchObject({ verdict: "fail" });
    expect(verdictOf(userRoot, running([0])).severity).toBeUndefined();
  });

  it("fails low for root inside a user namespace, and names the host's uid", () => {
    const judged = verdictOf(userRoot, running([231072], MAPPED));
    expect(judged).toMatchObject({ verdict: "fail", severity: "low" });
    expect(judged.message).toContain("231072");
  });

  it("looks at every process, not only the first", () => {
    expect(verdictOf(userRoot, running([1000, 0])).verdict).toBe("fail");
  });

  it("passes root that was dropped at start, and says so with both witnesses", () => {
    const judged = verdictOf(userRoot, running([65534]));
    expect(judged.verdict).toBe("pass");
    expect(judged.evidence.map(({ witness }) => witness)).toEqual(["actual", "declared"]);
  });

  it("judges the declaration of a container that does not run", () => {
    const stopped = { actual: missing("it does not run"), specified: missing("it does not run") };
    const as = (user: string) =>
      verdictOf(userRoot, container({ ...stopped, declared: got(declaredContainer({ user })) })).verdict;
    expect(as("")).toBe("fail");
    expect(as("root:root")).toBe("fail");
    expect(as("1000:1000")).toBe("pass");
    expect(as("nginx")).toBe("unknown");
  });

  it("is unknown where nothing could be read", () => {
    expect(verdictOf(userRoot, unreadableContainer()).verdict).toBe("unknown");
  });
});

describe("SW-CTR-USER-DRIFT", () => {
  it("fails where a declared user has root again", () => {
    expect(verdictOf(userDrift, running([1000, 0], undefined, "1000")).verdict).toBe("fail");
  });
  it("passes where the processes are the declared user", () => {
    expect(verdictOf(userDrift, running([1000], undefined, "1000")).verdict).toBe("pass");
  });
  it("does not apply where root is declared, or nothing runs", () => {
    expect(verdictOf(userDrift, running([0])).verdict).toBe("not-applicable");
    const stopped = container({
      declared: got(declaredContainer({ user: "1000" })),
      actual: missing("stopped"),
    });
    expect(verdictOf(userDrift, stopped).verdict).toBe("not-applicable");
  });
});

describe("SW-CTR-USERNS-HOST", () => {
  it("fails low where the engine maps nobody, and names both witnesses", () => {
    const judged = verdictOf(userNamespace, running([0]));
    expect(judged.verdict).toBe("fail");
    expect(judged.severity).toBeUndefined();
    expect(judged.evidence.map(({ witness }) => witness)).toContain("declared");
  });
  it("fails high where the container leaves the mapping of its engine", () => {
    const info = engineInfo({ securityOptions: [{ name: "userns", options: {} }] });
    const all = evidence({ engines: [engine({ info: got(info) })] });
    expect(verdictOf(userNamespace, running([0]), contextOf(all))).toMatchObject({
      verdict: "fail",
      severity: "high",
    });
  });
  it("passes a mapped container though the declaration is silent", () => {
    expect(verdictOf(userNamespace, running([231072], MAPPED)).verdict).toBe("pass");
  });
});

describe("uid maps", () => {
  it("maps both ways and knows what is not mapped", () => {
    expect(hostId(0, MAPPED)).toBe(231072);
    expect(hostId(65535, MAPPED)).toBe(296607);
    expect(hostId(65536, MAPPED)).toBeNull();
    expect(insideId(231072, MAPPED)).toBe(0);
    expect(insideId(231071, MAPPED)).toBeNull();
  });
});
