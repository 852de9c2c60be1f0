import { describe, expect, it } from "vitest";
import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { Judgement } from "../rule.ts";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  containerNamespaces,
  contextOf,
  declaredContainer,
  evidence,
  hostNamespaces,
  mount,
  processEvidence,
  ruleById,
  specifiedContainer,
  verdictOf,
} from "../testing.ts";
import rules from "./drift.ts";

const judge = (name: string, subject: ContainerEvidence, context = contextOf()): Judgement =>
  verdictOf(ruleById(rules, `SW-CTR-DRIFT-${name}`), subject, context);
const asked = (changes: Parameters<typeof declaredContainer>[0]) => got(declaredContainer(changes));
const witnesses = ({ evidence: seen }: Judgement) => new Set(seen.map(({ witness }) => witness));

/** A kernel that grants everything to one process. */
function everything(): ContainerEvidence["actual"] {
  const base = actualContainer();
  if (!base.cgroup.ok) throw new Error("builder");
  const mask = "0000003fffffffff";
  const process = processEvidence({
    seccomp: 0,
    capabilities: { inheritable: "0", permitted: mask, effective: mask, bounding: mask, ambient: "0" },
  });
  return got({
    ...base,
    processes: [process],
    cgroup: got({ ...base.cgroup.value, devices: got(["a *:* rwm"]) }),
  });
}

describe("drift between description and kernel", () => {
  it("user ids: the same silence stands for the host's ids and for a full mapping", () => {
    const host = judge("USERNS", container());
    expect(host).toMatchObject({ verdict: "fail" });
    expect(host.message).toContain("those of the host");
    const map = got([{ inside: 0, outside: 231072, count: 65536 }]);
    const namespaces = { ...containerNamespaces(), user: 4026533000 };
    const mapped = judge("USERNS", container({ actual: got(actualContainer({ uidMap: map, namespaces })) }));
    expect(mapped.message).toContain("231072");
    expect(witnesses(mapped)).toEqual(new Set(["actual", "declared"]));
    expect(judge("USERNS", container({ declared: asked({ usernsMode: "host" }) })).verdict).toBe("pass");
  });

  it("new privileges: off by the daemon without a word, and the word without the effect", () => {
    const on = got(actualContainer({ processes: [processEvidence({ noNewPrivs: true })] }));
    expect(judge("NNP", container({ actual: on }))).toMatchObject({ verdict: "fail", severity: "info" });
    const named = asked({ securityOpt: ["no-new-privileges:false"] });
    expect(judge("NNP", container({ declared: named })).message).toContain(":false");
    const wanted = asked({ securityOpt: ["no-new-privileges"] });
    expect(judge("NNP", container({ declared: wanted })).severity).toBe("high");
    expect(judge("NNP", container()).verdict).toBe("pass");
  });

  it("seccomp: an open profile of the daemon", () => {
    const open = { defaultAction: "SCMP_ACT_ALLOW", architectures: [], syscalls: [] };
    const context = contextOf(evidence({ seccompProfiles: { default: open } }));
    expect(judge("SECCOMP", container(), context)).toMatchObject({ verdict: "fail" });
    const said = container({ declared: asked({ securityOpt: ["seccomp=<profile>"] }) });
    expect(judge("SECCOMP", said, context).verdict).toBe("pass");
    expect(judge("SECCOMP", container({ specified: missing("not root") }), context).verdict).toBe("unknown");
  });

  it("capabilities: privileged lists none, and beats cap-drop ALL", () => {
    const actual = everything();
    const drops = container({ actual, declared: asked({ privileged: true, capDrop: ["ALL"] }) });
    expect(judge("CAPABILITIES", drops)).toMatchObject({ verdict: "fail" });
    expect(judge("CAPABILITIES", container()).verdict).toBe("pass");
    const listed = container({ actual, declared: asked({ capAdd: ["ALL"] }) });
    expect(judge("CAPABILITIES", listed).verdict).toBe("pass");
  });

  it("privileged: all its powers without the flag", () => {
    expect(judge("PRIVILEGED", container({ actual: everything() })).verdict).toBe("fail");
    expect(judge("PRIVILEGED", container()).verdict).toBe("pass");
    expect(judge("PRIVILEGED", container({ declared: asked({ privileged: true }) })).verdict).toBe(
      "not-applicable",
    );
  });

  it("labels: switched off by the engine", () => {
    const byEngine = container({ declared: asked({ pidMode: "host", securityOpt: ["label=disable"] }) });
    expect(judge("LABEL", byEngine).message).toContain("--pid=host");
    expect(judge("LABEL", container()).verdict).toBe("pass");
  });

  it("masks: gone without an option", () => {
    const none = container({ specified: got(specifiedContainer({ maskedPaths: [] })) });
    expect(witnesses(judge("MASKS", none))).toEqual(new Set(["specified", "declared"]));
    expect(judge("MASKS", container()).verdict).toBe("pass");
  });

  it("devices: rules that the list does not show", () => {
    expect(judge("DEVICES", container({ actual: everything() })).verdict).toBe("fail");
    expect(judge("DEVICES", container()).verdict).toBe("pass");
  });

  it("mounts: a link or a volume that shows /etc", () => {
    const actual = got(actualContainer({ mounts: got([mount({ target: "/x", hostPath: "/etc" })]) }));
    const mounts = (source: string) =>
      asked({ mounts: [{ type: "bind", source, target: "/x", writable: true, mode: "", propagation: "" }] });
    expect(judge("MOUNT-SOURCE", container({ actual, declared: mounts("/tmp/lnk") }))).toMatchObject({
      verdict: "fail",
      severity: "high",
    });
    expect(judge("MOUNT-SOURCE", container({ actual, declared: mounts("/etc") })).verdict).toBe("pass");
    const run = got(actualContainer({ mounts: got([mount({ target: "/x", hostPath: "/run/app" })]) }));
    expect(judge("MOUNT-SOURCE", container({ actual: run, declared: mounts("/var/run/app") })).verdict).toBe(
      "pass",
    );
  });

  it("network: another container's, which is the host's", () => {
    const namespaces = { ...containerNamespaces(), net: hostNamespaces().net };
    const actual = got(actualContainer({ namespaces }));
    const joins = asked({ networkMode: "container:abc" });
    expect(judge("NETWORK", container({ actual, declared: joins }))).toMatchObject({
      verdict: "fail",
      key: "net",
    });
    expect(judge("NETWORK", container({ declared: joins })).verdict).toBe("pass");
    expect(judge("NETWORK", container()).verdict).toBe("not-applicable");
  });

  it("has nothing to compare where there is no description", () => {
    for (const rule of rules) {
      expect(verdictOf(rule, container({ declared: missing("no answer within 2 s") })).verdict, rule.id).toBe(
        "not-applicable",
      );
    }
  });
});
