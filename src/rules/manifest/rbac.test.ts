import { describe, expect, test } from "vitest";
import type { Preset } from "#model/settings.ts";
import { findings } from "./facts/testing.ts";
import rbac from "./rbac.ts";

const API = "apiVersion: rbac.authorization.k8s.io/v1\n";

function role(
  rules: string,
  { kind = "ClusterRole", preset }: { kind?: string; preset?: Preset } = {},
): string[] {
  const found = findings(rbac, `${API}kind: ${kind}\nmetadata: {name: r}\nrules: [${rules}]\n`, preset);
  return found.map((line) => line.replace(/^(\S+?):? .*?: (.*) @ .*$/s, "$1 $2"));
}

describe("roles", () => {
  test.each([
    [
      "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}",
      ["RBAC-WILDCARD allows everything on all resources of all groups (critical)"],
    ],
    [
      "{apiGroups: [''], resources: ['*'], verbs: ['*']}",
      ["RBAC-WILDCARD allows everything on all resources of the core group (high)"],
    ],
    [
      "{apiGroups: [''], resources: [pods], verbs: ['*']}",
      ["RBAC-WILDCARD allows everything on pods (medium)"],
    ],
    [
      "{apiGroups: [mine.example.org], resources: ['*'], verbs: [get]}",
      ["RBAC-WILDCARD allows get on all resources of mine.example.org (low)"],
    ],
    ["{apiGroups: [''], resources: [secrets], verbs: [list]}", ["RBAC-SECRETS allows list on all secrets"]],
    [
      "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]}",
      ["RBAC-ESCALATE allows bind on clusterroles"],
    ],
    ["{apiGroups: [''], resources: [users], verbs: [impersonate]}", ["RBAC-ESCALATE allows impersonate"]],
    [
      "{apiGroups: [''], resources: [serviceaccounts/token], verbs: [create]}",
      ["RBAC-ESCALATE allows create on serviceaccounts/token"],
    ],
    ["{apiGroups: [''], resources: [pods/exec], verbs: [create]}", ["RBAC-EXEC allows create on pods/exec"]],
    ["{apiGroups: [''], resources: [nodes/proxy], verbs: [get]}", ["RBAC-EXEC allows get on nodes/proxy"]],
    [
      "{apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [patch]}",
      ["RBAC-WEBHOOKS allows patch on mutatingwebhookconfigurations"],
    ],
    [
      "{apiGroups: [certificates.k8s.io], resources: [signers], verbs: [approve]}",
      ["RBAC-WEBHOOKS allows approve on signers"],
    ],
  ])("%s", (rules, found) => {
    expect(role(rules)).toEqual(found);
  });

  test.each([
    "{apiGroups: [''], resources: [configmaps], verbs: [get, list]}",
    "{apiGroups: [''], resources: [secrets], resourceNames: [db], verbs: [get]}",
    "{apiGroups: [other], resources: [secrets], verbs: [get]}",
    "{apiGroups: [''], resources: [pods/log], verbs: [get]}",
    "{nonResourceURLs: [/metrics], verbs: [get]}",
  ])("%s is fine", (rules) => {
    expect(role(rules, { preset: "strict" })).toEqual([]);
  });

  test("of one namespace are less", () => {
    expect(role("{apiGroups: ['*'], resources: ['*'], verbs: ['*']}", { kind: "Role" })).toEqual([
      "RBAC-WILDCARD allows everything on all resources of all groups (high)",
    ]);
  });

  test("that start Pods are told in strict", () => {
    const rules = "{apiGroups: [apps], resources: [deployments], verbs: [patch]}";
    expect(role(rules)).toEqual([]);
    expect(role(rules, { preset: "strict" })).toEqual(["RBAC-WORKLOADS allows patch on deployments"]);
  });
});

describe("bindings", () => {
  const bind = (kind: string, name: string, subjects: string): string[] =>
    findings(
      rbac,
      `${API}kind: ${kind}\nmetadata: {name: b}\nroleRef: {kind: ClusterRole, name: ${name}}\nsubjects: [${subjects}]\n`,
    );

  test("make administrators", () => {
    expect(bind("ClusterRoleBinding", "cluster-admin", "{kind: User, name: me}")).toEqual([
      "RBAC-BINDING cluster-admin: makes me administrator of the cluster (high) @ name: cluster-admin",
    ]);
    expect(bind("RoleBinding", "cluster-admin", "{kind: User, name: me}")).toEqual([
      "RBAC-BINDING cluster-admin: makes me administrator of the namespace (medium) @ name: cluster-admin",
    ]);
  });

  test("give to everybody, or to every Pod", () => {
    expect(
      bind(
        "ClusterRoleBinding",
        "view",
        "{kind: Group, name: 'system:unauthenticated'}, {kind: ServiceAccount, name: default}",
      ),
    ).toEqual([
      "RBAC-BINDING system:unauthenticated: gives view to requests without any credentials (system:unauthenticated) (high) @ name: 'system:unauthenticated'",
      "RBAC-BINDING default 1: gives view to the default service account, and so to every Pod without one of its own (medium) @ name: default",
    ]);
  });

  test("of a role to an account are fine", () => {
    expect(bind("RoleBinding", "view", "{kind: ServiceAccount, name: app}")).toEqual([]);
  });
});
