import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readManifests } from "./read.ts";
import { podText } from "./testing.ts";

const read = (text: string): ReturnType<typeof readManifests> => readManifests({ path: "x.yaml", text });
const names = (text: string): string[] =>
  read(text).manifests.map(
    ({ kind, name, containers }) =>
      `${kind}/${name}:${containers.map((one) => one.name.split("/").at(-1)).join()}`,
  );

const POD = "{containers: [{name: a, image: b}]}";

describe("objects", () => {
  test("that make Pods are found in every kind", () => {
    const text = [
      `{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: ${POD}}`,
      `{apiVersion: v1, kind: PodTemplate, metadata: {name: pt}, template: {spec: ${POD}}}`,
      ...["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].map(
        (kind) =>
          `{apiVersion: apps/v1, kind: ${kind}, metadata: {name: w}, spec: {template: {spec: ${POD}}}}`,
      ),
      `{apiVersion: v1, kind: ReplicationController, metadata: {name: w}, spec: {template: {spec: ${POD}}}}`,
      `{apiVersion: batch/v1, kind: Job, metadata: {generateName: j-}, spec: {template: {spec: ${POD}}}}`,
      `{apiVersion: batch/v1, kind: CronJob, metadata: {}, spec: {jobTemplate: {spec: {template: {spec: ${POD}}}}}}`,
    ].join("\n---\n");
    expect(names(text)).toEqual([
      "Pod/p:a",
      "PodTemplate/pt:a",
      "Deployment/w:a",
      "StatefulSet/w:a",
      "DaemonSet/w:a",
      "ReplicaSet/w:a",
      "ReplicationController/w:a",
      "Job/j-:a",
      "CronJob/unnamed:a",
    ]);
  });

  test("of other kinds and groups are passed over", () => {
    expect(
      names(
        `{apiVersion: serving.knative.dev/v1, kind: Service, spec: {template: {spec: ${POD}}}}\n---\n` +
          `{apiVersion: example.org/v1, kind: Deployment, spec: {template: {spec: ${POD}}}}\n---\n` +
          "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n---\nnull\n---\n- a\n---\ntext\n",
      ),
    ).toEqual([]);
  });

  test("stand in lists, of lists too, with places of their own", () => {
    const text = `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: ${POD}}\n- apiVersion: v1\n  kind: PodList\n  items:\n  - {metadata: {name: q}, spec: ${POD}}\n`;
    expect(names(text)).toEqual(["Pod/p:a", "Pod/q:a"]);
    const [, second] = read(text).manifests;
    const { start, end } = second?.place(["metadata", "name"]).value ?? { start: 0, end: 0 };
    expect(text.slice(start, end)).toBe("q");
  });

  test("have init and ephemeral containers, and names that are unique in the file", () => {
    const spec =
      "{initContainers: [{name: a}], containers: [{name: b}, {}], ephemeralContainers: [{name: c}]}";
    const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: ${spec}\n`;
    expect(names(text)).toEqual(["Pod/p:a,b,container 2,c"]);
    expect(names(`${text}---\n${text}`)).toEqual(["Pod/p:a,b,container 2,c", "Pod/p-2:a,b,container 2,c"]);
    const ids = read(`${text}---\n${text}`).manifests.flatMap(({ containers }) =>
      containers.map(({ id }) => id),
    );
    expect(new Set(ids).size).toBe(8);
  });

  test("for Windows have no containers to judge by Linux' settings", () => {
    const [manifest] = read(podText({ spec: ["os: {name: windows}"] })).manifests;
    expect([manifest?.pod?.windows, manifest?.containers]).toEqual([true, []]);
  });

  test("can be JSON", () => {
    const text = JSON.stringify(
      { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: { containers: [{ name: "a" }] } },
      null,
      "\t",
    );
    expect(names(text)).toEqual(["Pod/p:a"]);
  });
});

describe("Helm", () => {
  test("output tells which template each object is from", () => {
    const text = `---\n# Source: chart/templates/pod.yaml\n${podText()}---\n# Source: chart/templates/role.yaml\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\n`;
    expect(read(text).manifests.map(({ kind, template }) => `${kind} ${template}`)).toEqual([
      "Pod chart/templates/pod.yaml",
      "Role chart/templates/role.yaml",
    ]);
  });

  test.each([
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n",
    "{{- if .Values.on }}\napiVersion: v1\nkind: Pod\n{{- end }}\n",
    'apiVersion: v1\nkind: Pod\nmetadata:\n  {{- include "x" . | nindent 2 }}\n',
  ])("templates are one clear problem: %j", (text) => {
    const { manifests, problems } = read(`${text}---\n${text}`);
    expect(manifests).toEqual([]);
    expect(problems).toEqual([
      {
        what: "is a template: what stands in {{ }} is not filled in yet",
        where: "x.yaml",
        todo: "lint what it renders to: helm template CHART | seaworthy lint -",
      },
    ]);
  });

  test("is not what writes {{x}} within a text", () => {
    const { manifests, problems } = read(podText({ container: ["args: ['{{inputs.parameters.x}}']"] }));
    expect([manifests.length, problems]).toEqual([1, []]);
  });
});

test("a document with a mistake is told, and the others are read", () => {
  const { manifests, problems } = read(`${podText()}---\nkind: Pod\na: [\n---\n${podText()}`);
  expect(manifests).toHaveLength(2);
  expect(problems).toMatchObject([
    { where: "x.yaml:12", what: expect.stringContaining("is not valid YAML") },
  ]);
});

test("no text makes it throw, and all places lie in it", () => {
  const lines = podText({
    container: ["securityContext: {privileged: true}", "env: [{name: A, value: b}]"],
  }).split("\n");
  const odd = fc.constantFrom(
    "  ",
    "- ",
    "{",
    "}",
    "[",
    "*a",
    "&a",
    ":",
    "\t",
    '"',
    "null",
    "---",
    "securityContext: x",
    "containers: {}",
    "ports: [1, {hostPort: 1}]",
    "volumes: x",
    "volumeMounts: [{}]",
  );
  const change = fc.tuple(fc.nat(lines.length), odd);
  fc.assert(
    fc.property(fc.array(change, { maxLength: 5 }), (changes) => {
      const text = changes.reduce((all, [at, line]) => all.toSpliced(at, at % 2, line), lines).join("\n");
      for (const { containers } of read(text).manifests) {
        for (const { declaredIn } of containers) {
          for (const { start, end } of Object.values(declaredIn?.places ?? {})) {
            expect(start).toBeLessThanOrEqual(end);
            expect(end).toBeLessThanOrEqual(text.length);
          }
        }
      }
    }),
    { numRuns: 6000 },
  );
});
