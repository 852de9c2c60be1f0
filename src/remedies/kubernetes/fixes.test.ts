import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readManifests } from "#evidence/kubernetes/read.ts";
import { podText } from "#evidence/kubernetes/testing.ts";
import type { Manifest } from "#model/evidence/manifest.ts";
import { DEFAULT_SETTINGS } from "#model/settings.ts";
import type { Fix } from "#model/text.ts";
import { applyEdits } from "#model/text-edits.ts";
import { RULES } from "#rules/index.ts";
import images from "#rules/manifest/images.ts";
import objects from "#rules/manifest/objects.ts";
import baseline from "#rules/manifest/pod-security-baseline.ts";
import restricted from "#rules/manifest/pod-security-restricted.ts";
import workload from "#rules/manifest/workload.ts";
import type { Rule } from "#rules/rule.ts";
import { contextOf } from "#rules/testing.ts";
import { kubernetesFixes } from "./fixes.ts";

const CONTAINER_RULES = RULES.filter((rule): rule is Rule<"container"> => rule.subject === "container");
const MANIFEST_RULES = [...baseline, ...restricted, ...images, ...workload, ...objects];
const CONTEXT = contextOf(undefined, { host: null, settings: { ...DEFAULT_SETTINGS, preset: "strict" } });

function only(text: string): Manifest {
  const { manifests, problems } = readManifests({ path: "x.yaml", text });
  const [manifest, ...more] = manifests;
  if (manifest === undefined || more.length > 0) throw new Error(`${JSON.stringify(problems)}\n${text}`);
  return manifest;
}

function faults(text: string): { id: string; fixes: Fix[] }[] {
  const manifest = only(text);
  const own = MANIFEST_RULES.flatMap((rule) =>
    [rule.judge(manifest, CONTEXT)].flat().map(({ key = "" }) => ({
      id: `${rule.id} ${key}`,
      fixes: kubernetesFixes(manifest, { ruleId: rule.id, key }, null),
    })),
  );
  const contained = manifest.containers.flatMap((container) =>
    CONTAINER_RULES.flatMap((rule) =>
      [rule.judge(container, CONTEXT)].flat().flatMap(({ verdict, key = "" }) =>
        verdict === "fail"
          ? [
              {
                id: `${rule.id} ${container.name} ${key}`,
                fixes: kubernetesFixes(manifest, { ruleId: rule.id, key }, container),
              },
            ]
          : [],
      ),
    ),
  );
  return [...own, ...contained];
}

function mended(text: string, ruleId: string, key = "app"): string {
  const [fix] = kubernetesFixes(only(text), { ruleId, key }, null);
  return fix === undefined ? "no fix" : applyEdits(text, fix.edits);
}

describe("what is missing", () => {
  test("is put behind the first setting of one line, deep as it may be", () => {
    const text = podText({ container: ["args: [a]"] }).replace("app:1", "app:1 # pinned");
    expect(mended(text, "SW-K8S-PSS-PRIVILEGE-ESCALATION")).toBe(
      text.replace(
        "    - name: app\n",
        "    - name: app\n      securityContext:\n        allowPrivilegeEscalation: false\n",
      ),
    );
    expect(mended(text, "SW-K8S-PSS-SECCOMP")).toBe(
      text.replace("spec:\n", "spec:\n  securityContext:\n    seccompProfile:\n      type: RuntimeDefault\n"),
    );
    expect(mended(text, "SW-K8S-SERVICE-TOKEN", "")).toBe(
      text.replace("spec:\n", "spec:\n  automountServiceAccountToken: false\n"),
    );
  });

  test("joins what stands there, in its style", () => {
    const block = podText({ container: ["securityContext:", "  runAsUser: 5 # five"] });
    expect(mended(block, "SW-K8S-PSS-NON-ROOT")).toBe(
      block.replace("runAsUser: 5 # five\n", "runAsUser: 5 # five\n        runAsNonRoot: true\n"),
    );
    const flow = podText({ container: ["securityContext: {runAsUser: 5}"] });
    expect(mended(flow, "SW-K8S-PSS-DROP-CAPABILITIES")).toBe(
      flow.replace("{runAsUser: 5}", "{capabilities: {drop: [ALL]}, runAsUser: 5}"),
    );
    const empty = podText({ container: ["securityContext: {}"] });
    expect(mended(empty, "SW-K8S-PSS-NON-ROOT")).toBe(empty.replace("{}", "{runAsNonRoot: true}"));
    const nothing = podText({ container: ["securityContext:"] });
    expect(mended(nothing, "SW-K8S-PSS-NON-ROOT")).toBe(
      nothing.replace("securityContext:", "securityContext: {runAsNonRoot: true}"),
    );
  });

  test("joins lists at their start", () => {
    const block = podText({
      container: ["securityContext:", "  capabilities:", "    drop:", "    - NET_RAW"],
    });
    expect(mended(block, "SW-K8S-PSS-DROP-CAPABILITIES")).toBe(
      block.replace("          - NET_RAW", "          - ALL\n          - NET_RAW"),
    );
    const flow = podText({ container: ["securityContext: {capabilities: {drop: [NET_RAW]}}"] });
    expect(mended(flow, "SW-K8S-PSS-DROP-CAPABILITIES")).toBe(flow.replace("[NET_RAW]", "[ALL, NET_RAW]"));
  });

  test("is JSON in JSON", () => {
    const object = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec: { containers: [{ name: "app", image: "i:1" }] },
    };
    for (const indent of [0, 2, "\t"]) {
      const text = JSON.stringify(object, null, indent);
      for (const { fixes } of faults(text)) {
        for (const fix of fixes) expect(() => void JSON.parse(applyEdits(text, fix.edits))).not.toThrow();
      }
      const after = JSON.parse(mended(text, "SW-K8S-PSS-DROP-CAPABILITIES")) as typeof object;
      expect(after.spec.containers[0]).toEqual({
        ...object.spec.containers[0],
        securityContext: { capabilities: { drop: ["ALL"] } },
      });
    }
  });
});

describe("what is wrong", () => {
  test.each([
    [
      ["securityContext: {privileged: true}"],
      "SW-K8S-PSS-PRIVILEGED",
      "privileged: true",
      "privileged: false",
    ],
    [
      ["securityContext: {privileged: yes} # x"],
      "SW-K8S-PSS-PRIVILEGED",
      "privileged: yes",
      "privileged: false",
    ],
    [["securityContext: {runAsUser: 0}"], "SW-K8S-PSS-ROOT-USER", "runAsUser: 0", "runAsUser: 10001"],
    [["securityContext: {procMount: 'Unmasked'}"], "SW-K8S-PSS-PROC-MOUNT", "'Unmasked'", "Default"],
    [
      ["securityContext: {seccompProfile: {type: Unconfined}}"],
      "SW-K8S-PSS-SECCOMP",
      "Unconfined",
      "RuntimeDefault",
    ],
    [
      ["securityContext: {capabilities: {add: [NET_RAW, CHOWN]}}"],
      "SW-K8S-PSS-CAPABILITIES",
      "[NET_RAW, CHOWN]",
      "[CHOWN]",
    ],
    [
      ["securityContext: {capabilities: {add: [CHOWN, NET_RAW]}}"],
      "SW-K8S-PSS-CAPABILITIES",
      "[CHOWN, NET_RAW]",
      "[CHOWN]",
    ],
    [
      ["securityContext: {capabilities: {add: [NET_RAW, BPF]}}"],
      "SW-K8S-PSS-CAPABILITIES",
      "[NET_RAW, BPF]",
      "[]",
    ],
    [
      ["securityContext:", "  capabilities:", "    add:", "    - NET_RAW # why", "    - CHOWN"],
      "SW-K8S-PSS-CAPABILITIES",
      "          - NET_RAW # why\n",
      "",
    ],
  ])("%j is mended in place", (container, ruleId, before, after) => {
    const text = podText({ container });
    expect(mended(text, ruleId)).toBe(text.replace(before, after));
  });

  test("in a list goes with its lines", () => {
    const container = [
      "ports:",
      "- containerPort: 80 # web",
      "  hostPort: 80",
      "volumeMounts:",
      "- name: s",
      "  mountPath: /s/",
      "- {name: t, mountPath: /t}",
    ];
    const text = podText({ container });
    expect(mended(text, "SW-K8S-PSS-HOST-PORTS", "app 80")).toBe(text.replace("        hostPort: 80\n", ""));
    const [fix] = kubernetesFixes(
      only(text),
      { ruleId: "SW-CTR-ENGINE-SOCKET", key: "/s" },
      only(text).containers[0] ?? null,
    );
    expect(applyEdits(text, fix?.edits ?? [])).toBe(
      text.replace("      - name: s\n        mountPath: /s/\n", ""),
    );
  });

  test("beside privileged the API server takes no ban of new privileges", () => {
    expect(
      mended(
        podText({ container: ["securityContext: {privileged: true}"] }),
        "SW-K8S-PSS-PRIVILEGE-ESCALATION",
      ),
    ).toBe("no fix");
  });

  test("is left alone where other places share it", () => {
    const text =
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: a, securityContext: &s {privileged: true}}\n  - {name: b, securityContext: *s}\n  - name: c\n    securityContext:\n      <<: *s\n";
    expect(mended(text, "SW-K8S-PSS-PRIVILEGED", "a")).toBe(
      text.replace("privileged: true", "privileged: false"),
    );
    expect(mended(text, "SW-K8S-PSS-PRIVILEGED", "b")).toBe("no fix");
    expect(mended(text, "SW-K8S-PSS-PRIVILEGED", "c")).toBe("no fix");
  });

  test("a version is written anew where nothing else has changed", () => {
    const [fix] = kubernetesFixes(
      only("apiVersion: batch/v1beta1\nkind: CronJob\n"),
      { ruleId: "SW-K8S-API-REMOVED" },
      null,
    );
    expect([fix?.safety, fix?.edits[0]?.text]).toEqual(["safe", "batch/v1"]);
    const deployment = "apiVersion: extensions/v1beta1\nkind: Deployment\nspec: {template: {}}\n";
    expect(kubernetesFixes(only(deployment), { ruleId: "SW-K8S-API-REMOVED" }, null)).toEqual([]);
    const selected = deployment.replace("{template", "{selector: {matchLabels: {a: b}}, template");
    expect(kubernetesFixes(only(selected), { ruleId: "SW-K8S-API-REMOVED" }, null)[0]?.safety).toBe("unsafe");
  });
});

const CONTEXTS = [
  "privileged: true",
  "allowPrivilegeEscalation: true",
  "runAsUser: 0",
  "runAsNonRoot: false",
  "procMount: Unmasked",
  "readOnlyRootFilesystem: false",
  "seccompProfile: {type: Unconfined}",
  "appArmorProfile: {type: Unconfined}",
  "capabilities: {add: [SYS_ADMIN, CHOWN]}",
];
const SPECS = [
  "hostNetwork: true",
  "hostPID: yes",
  "hostIPC: true",
  "securityContext: {runAsUser: 0}",
  "automountServiceAccountToken: true",
];
const MORE = [
  "resources: {limits: {cpu: 1}}",
  "resources: {}",
  "ports: [{containerPort: 80, hostPort: 80}]",
  "args: [x]",
];

/** Faults of which one fix mends a part, or that a second rule tells once the first is gone. */
const IN_PARTS = new Set(["SW-CTR-CAP-DANGEROUS", "SW-CTR-USER-ROOT"]);

test("each fix mends its fault and nothing else, and comments stay", () => {
  const some = (lines: readonly string[]): fc.Arbitrary<string[]> =>
    fc.subarray([...lines], { maxLength: 4 });
  fc.assert(
    fc.property(some(CONTEXTS), some(SPECS), some(MORE), fc.boolean(), (context, spec, more, windows) => {
      const lines =
        context.length === 0 ? [] : ["securityContext:", ...context.map((line) => `  ${line} # why`)];
      const plain = podText({
        spec,
        container: [...lines, ...new Map(more.map((line) => [line.split(":")[0], line])).values()],
      });
      const text = windows ? plain.replaceAll("\n", "\r\n") : plain;
      for (const { id, fixes } of faults(text)) {
        for (const fix of fixes) {
          const after = applyEdits(text, fix.edits);
          const left = faults(after).map((fault) => fault.id);
          const still = left.filter((one) => one === id && !IN_PARTS.has(id.split(" ")[0] ?? ""));
          expect(still, after).toEqual([]);
          expect(after.split("# why").length).toBeGreaterThanOrEqual(text.split("# why").length);
          expect(/[^\r]\n/.test(after)).toBe(!windows);
        }
      }
    }),
    { numRuns: 30 },
  );
});
