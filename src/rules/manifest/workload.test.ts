import { describe, expect, test } from "vitest";
import { findings, inPod } from "./facts/testing.ts";
import images from "./images.ts";
import workload from "./workload.ts";

const only = (id: string, found: string[]): string[] =>
  found.filter((line) => line.startsWith(`${id} `) || line.startsWith(`${id}:`));

function withImage(image: string, preset?: "strict"): string[] {
  const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: '${image}'}]}`;
  return findings(images, text, preset);
}

describe("images", () => {
  test.each([
    ["nginx", "IMAGE-TAG a: the image nginx names no version @ image: 'nginx'"],
    ["nginx:latest", "IMAGE-TAG a: the image nginx:latest is tagged latest @ image: 'nginx:latest'"],
    [
      "localhost:5000/x",
      "IMAGE-TAG a: the image localhost:5000/x names no version @ image: 'localhost:5000/x'",
    ],
  ])("%s may be another one tomorrow", (image, found) => {
    expect(withImage(image)).toEqual([found]);
  });

  test.each(["nginx:1.29", "nginx@sha256:abc", "$(IMAGE)", "{{ image }}", "<your-image>", ""])(
    "%s is fine",
    (image) => {
      expect(withImage(image)).toEqual([]);
    },
  );

  test("are pinned and pulled anew for those who want that", () => {
    expect(withImage("nginx:1.29", "strict")).toEqual([
      "IMAGE-DIGEST a: the image nginx:1.29 has no digest @ image: 'nginx:1.29'",
      "PULL-POLICY a: imagePullPolicy is not set @ image: 'nginx:1.29'",
    ]);
    expect(withImage("nginx:1.29@sha256:abc", "strict")).toEqual([]);
  });
});

describe("the key to the cluster", () => {
  const token = (lines: Parameters<typeof inPod>[1], preset?: "strict"): string[] =>
    only("SERVICE-TOKEN", inPod(workload, lines, preset));

  test("lies in every container unless it is switched off", () => {
    expect(token({})).toEqual([
      "SERVICE-TOKEN: mounts the token of the default service account into every container @ spec",
    ]);
    expect(token({ spec: ["automountServiceAccountToken: false"] })).toEqual([]);
    expect(token({ spec: ["automountServiceAccountToken: true"] })).toHaveLength(1);
  });

  test("of an account of its own is wanted, but told in strict", () => {
    expect(token({ spec: ["serviceAccountName: app"] })).toEqual([]);
    expect(token({ spec: ["serviceAccountName: app"] }, "strict")).toEqual([
      "SERVICE-TOKEN: mounts the token of the service account app into every container @ serviceAccountName: app",
    ]);
  });
});

test("groups of root", () => {
  const spec = ["securityContext: {fsGroup: 0, supplementalGroups: [5, 0]}"];
  expect(
    only("ROOT-GROUP", inPod(workload, { spec, container: ["securityContext: {runAsGroup: 0}"] })),
  ).toEqual([
    "ROOT-GROUP fsGroup: fsGroup is 0 @ fsGroup: 0",
    "ROOT-GROUP supplementalGroups: supplementalGroups holds 0 @ 0",
    "ROOT-GROUP app: runAsGroup is 0 @ runAsGroup: 0",
  ]);
  expect(
    only("ROOT-GROUP", inPod(workload, { container: ["securityContext: {runAsGroup: 10001}"] })),
  ).toEqual([]);
});

describe("in strict", () => {
  const strict = (id: string, lines: Parameters<typeof inPod>[1]): string[] =>
    only(id, inPod(workload, lines, "strict"));

  test("users have high numbers", () => {
    expect(strict("LOW-UID", { container: ["securityContext: {runAsUser: 1000}"] })).toEqual([
      "LOW-UID app: runAsUser is 1000, below 10000 @ runAsUser: 1000",
    ]);
    expect(strict("LOW-UID", { container: ["securityContext: {runAsUser: 10000}"] })).toEqual([]);
  });

  test("requests are made, or follow from limits", () => {
    expect(strict("REQUESTS", {})).toEqual(["REQUESTS app: requests no cpu and no memory @ name: app"]);
    expect(
      strict("REQUESTS", { container: ["resources: {requests: {cpu: 1}, limits: {memory: 1Gi}}"] }),
    ).toEqual([]);
    expect(strict("REQUESTS", { spec: ["resources: {requests: {cpu: 1, memory: 1Gi}}"] })).toEqual([]);
  });

  test("services are probed, Pods of their own are not", () => {
    const text =
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: n}\nspec: {template: {spec: {containers: [{name: a, livenessProbe: {exec: {}}}]}}}";
    expect(only("PROBES", findings(workload, text, "strict"))).toEqual([
      "PROBES a: has no readinessProbe @ name: a",
    ]);
    expect(strict("PROBES", {})).toEqual([]);
  });

  test("Secrets are files", () => {
    const container = [
      "env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]",
      "envFrom: [{secretRef: {name: all}}]",
    ];
    expect(strict("SECRET-ENV", { container })).toEqual([
      "SECRET-ENV app A: A is filled from a Secret @ name: A",
      "SECRET-ENV app all: all of the Secret all becomes variables @ secretRef: {name: all}",
    ]);
  });

  test("namespaces are named, /etc/hosts is left alone, ports are high", () => {
    expect(strict("NAMESPACE", {})).toEqual(["NAMESPACE: names no namespace @ name: web"]);
    expect(strict("NAMESPACE", { metadata: ["namespace: shop"] })).toEqual([]);
    expect(strict("HOST-ALIASES", { spec: ["hostAliases: [{ip: 10.0.0.1}]"] })).toEqual([
      "HOST-ALIASES: has hostAliases @ hostAliases: [{ip: 10.0.0.1}]",
    ]);
    expect(
      strict("LOW-PORT", { container: ["ports: [{containerPort: 22}, {containerPort: 8080}]"] }),
    ).toEqual(["LOW-PORT app 22: listens on port 22 @ containerPort: 22"]);
  });
});
