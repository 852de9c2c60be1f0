import { list, object, text, texts } from "#evidence/json.ts";
import type { Manifest, ManifestPath } from "#model/evidence/manifest.ts";
import type { Severity } from "#model/severity.ts";
import { fail, page, type Rule, rule } from "../rule.ts";
import { type Breach, inManifest, judged, rangeAt } from "./facts/breach.ts";

const PRACTICES = page(
  "Kubernetes: good practices for RBAC",
  "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
);

/** One entry of a role's `rules`. */
interface Grant {
  groups: ReadonlySet<string>;
  resources: ReadonlySet<string>;
  verbs: ReadonlySet<string>;
  /** Holds for objects with these names only. */
  named: boolean;
  path: ManifestPath;
  /** Stays when other entries come before it. */
  key: string;
}

function grantsOf(manifest: Manifest): Grant[] {
  if (manifest.kind !== "Role" && manifest.kind !== "ClusterRole") return [];
  return list(manifest.object.rules).map((entry, at): Grant => {
    const { apiGroups, resources, verbs, resourceNames } = object(entry);
    return {
      groups: new Set(texts(apiGroups)),
      resources: new Set(texts(resources)),
      verbs: new Set(texts(verbs)),
      named: list(resourceNames).length > 0,
      path: ["rules", at],
      key: [apiGroups, resources, verbs]
        .map((part) => texts(part).join(","))
        .join(" ")
        .slice(0, 300),
    };
  });
}

function allows({ verbs }: Grant, ...wanted: string[]): string | undefined {
  return verbs.has("*") ? "*" : wanted.find((verb) => verbs.has(verb));
}

function covers({ resources, groups }: Grant, group: string, ...wanted: string[]): string | undefined {
  if (!groups.has("*") && !groups.has(group)) return undefined;
  return resources.has("*") ? "*" : wanted.find((name) => resources.has(name));
}

/** Nothing is named by `*` alone here: that is the wildcard rule's. */
function isWild({ resources, verbs }: Grant): boolean {
  return resources.has("*") || verbs.has("*");
}

const wildcard = rule({
  id: "SW-K8S-RBAC-WILDCARD",
  subject: "manifest",
  title: "A role allows everything",
  severity: "high",
  risk: "A star also means what is added to the cluster tomorrow: Secrets, other roles, kinds of operators. All verbs on all resources is the cluster's administrator.",
  countermeasure: "Name the resources and the verbs that the program uses.",
  remediation: inManifest("list apiGroups, resources and verbs by name"),
  aliases: ["KSV044", "KSV045", "KSV046", "CKV_K8S_49", "wildcard-in-rules"],
  references: [PRACTICES],
  examples: {
    bad: 'rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]',
    good: 'rules: [{apiGroups: [""], resources: [configmaps], verbs: [get]}]',
  },
  judge: (manifest) =>
    grantsOf(manifest).flatMap((grant) => {
      const { resources, verbs, groups, path, key } = grant;
      if (!isWild(grant)) return [];
      const every = verbs.has("*");
      const all = resources.has("*");
      const message = `allows ${every ? "everything" : shown(verbs)} on ${all ? `all resources of ${shownGroups(groups)}` : shown(resources)}`;
      const range = rangeAt(manifest, [...path, every ? "verbs" : "resources"]);
      return [fail(message, [], { range, severity: wildness(manifest, grant, every && all), key })];
    }),
});

/** Groups whose objects lead to the rest: Secrets and Pods, what makes Pods, and rights themselves. */
const LEADING = ["", "*", "apps", "batch", "rbac.authorization.k8s.io"];

// An operator may do what it wants with the kinds of its own group.
function wildness({ kind }: Manifest, { groups }: Grant, both: boolean): Severity {
  if (!LEADING.some((group) => groups.has(group))) return "low";
  if (!both) return "medium";
  return groups.has("*") && kind === "ClusterRole" ? "critical" : "high";
}

function shownGroups(groups: ReadonlySet<string>): string {
  if (groups.has("*")) return "all groups";
  return groups.has("") ? "the core group" : shown(groups);
}

interface Power {
  id: string;
  title: string;
  severity: Severity;
  risk: string;
  countermeasure: string;
  remediation: string;
  aliases: string[];
  strict?: boolean;
  examples: { bad: string; good: string };
  /** What a grant gives, to complete "allows …"; null for nothing of this kind. */
  gives(grant: Grant): string | null;
}

const RBAC = "rbac.authorization.k8s.io";
const READING = ["get", "list", "watch"];
const WRITING = ["create", "update", "patch"];

/** Rights that are more than they look like (Kubernetes docs, "Privilege escalation risks"). */
const POWERS: Power[] = [
  {
    id: "SECRETS",
    title: "A role reads Secrets",
    severity: "medium",
    risk: "Secrets hold the tokens of other accounts and the passwords of databases; list and watch give their contents as get does.",
    countermeasure: "Allow get on single Secrets by resourceNames.",
    remediation: "add resourceNames, and leave get alone among the verbs",
    aliases: ["KSV041", "KSV113", "access-to-secrets"],
    examples: {
      bad: 'rules: [{apiGroups: [""], resources: [secrets], verbs: [list]}]',
      good: 'rules: [{apiGroups: [""], resources: [secrets], resourceNames: [db], verbs: [get]}]',
    },
    gives: (grant) => {
      const verb = grant.named ? undefined : allows(grant, ...READING);
      return verb !== undefined && covers(grant, "", "secrets") !== undefined
        ? `${verb} on all secrets`
        : null;
    },
  },
  {
    id: "ESCALATE",
    title: "A role can raise rights",
    severity: "high",
    risk: "bind and escalate get past the rule that nobody gives away more than they have; impersonate is being somebody else; with serviceaccounts/token one gets the key of any account.",
    countermeasure: "Leave these verbs to the cluster's administrators.",
    remediation: "remove bind, escalate and impersonate, and create on serviceaccounts/token",
    aliases: ["KSV043", "KSV050", "CKV_K8S_157", "CKV_K8S_158"],
    examples: {
      bad: `rules: [{apiGroups: [${RBAC}], resources: [clusterroles], verbs: [bind]}]`,
      good: `rules: [{apiGroups: [${RBAC}], resources: [clusterroles], verbs: [get]}]`,
    },
    gives: (grant) => {
      const { verbs } = grant;
      const roles = covers(grant, RBAC, "roles", "clusterroles");
      const raised = ["bind", "escalate"].find((verb) => verbs.has(verb));
      if (roles !== undefined && raised !== undefined && !grant.named) return `${raised} on ${roles}`;
      if (verbs.has("impersonate") && !grant.named) return "impersonate";
      const bound = covers(grant, "", "serviceaccounts/token");
      return bound !== undefined && verbs.has("create") && !grant.named ? `create on ${bound}` : null;
    },
  },
  {
    id: "EXEC",
    title: "A role gets into containers",
    severity: "high",
    risk: "exec and attach are a shell in every Pod of the scope, with its rights and Secrets; nodes/proxy is the same for every Pod of the cluster, past admission and audit.",
    countermeasure: "Leave it to people, for a while, by name.",
    remediation: "remove pods/exec, pods/attach, pods/ephemeralcontainers and nodes/proxy",
    aliases: ["KSV047", "KSV053", "KSV054"],
    examples: {
      bad: 'rules: [{apiGroups: [""], resources: [pods/exec], verbs: [create]}]',
      good: 'rules: [{apiGroups: [""], resources: [pods/log], verbs: [get]}]',
    },
    gives: (grant) => {
      const inside = covers(grant, "", "pods/exec", "pods/attach", "pods/ephemeralcontainers", "nodes/proxy");
      const verb = inside === undefined ? undefined : allows(grant, "create", "get", "update", "patch");
      return verb === undefined || inside === undefined ? null : `${verb} on ${inside}`;
    },
  },
  {
    id: "WEBHOOKS",
    title: "A role changes what the API server does",
    severity: "high",
    risk: "A webhook sees and changes every object that is written, Secrets among them; who approves certificates makes users of any name.",
    countermeasure: "Leave it to the cluster's administrators, or name the one webhook by resourceNames.",
    remediation: "add resourceNames, or remove the rule",
    aliases: ["KSV114", "CKV_K8S_155", "CKV_K8S_156"],
    examples: {
      bad: "rules: [{apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [patch]}]",
      good: "rules: [{…, resourceNames: [my-webhook], verbs: [patch]}]",
    },
    gives: (grant) => {
      const hook = covers(
        grant,
        "admissionregistration.k8s.io",
        "mutatingwebhookconfigurations",
        "validatingwebhookconfigurations",
      );
      const signed = covers(grant, "certificates.k8s.io", "certificatesigningrequests/approval", "signers");
      const verb = allows(grant, ...WRITING, "approve");
      const what = hook ?? signed;
      return what === undefined || verb === undefined || grant.named ? null : `${verb} on ${what}`;
    },
  },
  {
    id: "WORKLOADS",
    title: "A role starts Pods",
    severity: "low",
    strict: true,
    risk: "Who starts Pods in a namespace may use every service account and Secret of it, and what its Pod security level leaves open.",
    countermeasure: "Keep what starts Pods in namespaces of their own, at the level restricted.",
    remediation: "remove create, update and patch on pods and on what makes them",
    aliases: ["KSV048", "access-to-create-pods"],
    examples: {
      bad: "rules: [{apiGroups: [apps], resources: [deployments], verbs: [create]}]",
      good: "rules: [{apiGroups: [apps], resources: [deployments], verbs: [get]}]",
    },
    gives: (grant) => {
      const what =
        covers(grant, "", "pods", "replicationcontrollers") ??
        covers(grant, "apps", "deployments", "daemonsets", "statefulsets", "replicasets") ??
        covers(grant, "batch", "jobs", "cronjobs");
      const verb = what === undefined ? undefined : allows(grant, ...WRITING);
      return verb === undefined || what === undefined || grant.named ? null : `${verb} on ${what}`;
    },
  },
];

const powers = POWERS.map((power) =>
  rule({
    id: `SW-K8S-RBAC-${power.id}`,
    subject: "manifest",
    title: power.title,
    severity: power.severity,
    risk: power.risk,
    countermeasure: power.countermeasure,
    remediation: inManifest(power.remediation),
    aliases: power.aliases,
    ...(power.strict === true ? { presets: { recommended: "off", hadolint: "off" } as const } : {}),
    references: [PRACTICES],
    examples: power.examples,
    judge: (manifest) => {
      const breaches = grantsOf(manifest).flatMap((grant): Breach[] => {
        const given = isWild(grant) ? null : power.gives(grant);
        return given === null
          ? []
          : [{ message: `allows ${given}`, path: [...grant.path, "resources"], key: grant.key }];
      });
      return judged(manifest, breaches);
    },
  }),
);

/** Groups that hold more than they seem to. */
const EVERYBODY: Readonly<Record<string, string>> = {
  "system:anonymous": "requests without any credentials",
  "system:unauthenticated": "requests without any credentials",
  "system:authenticated": "every user and service account",
  "system:serviceaccounts": "every service account of the cluster",
};

const binding = rule({
  id: "SW-K8S-RBAC-BINDING",
  subject: "manifest",
  title: "Gives a role to everybody, or all rights to somebody",
  severity: "high",
  risk: "Who gets into one Pod with such an account has the cluster. A role for everybody holds for whoever reaches the API server.",
  countermeasure: "Bind a role that names what is needed to the one account that needs it.",
  remediation: inManifest(
    "roleRef: a role with the rights that are needed; subjects: the one ServiceAccount",
  ),
  aliases: ["KSV111", "KSV122", "KSV123", "CKV_K8S_42", "cluster-admin-role-binding"],
  references: [PRACTICES],
  examples: {
    bad: "roleRef: {kind: ClusterRole, name: cluster-admin}",
    good: "roleRef: {kind: Role, name: read-config}",
  },
  judge: (manifest) => {
    if (manifest.kind !== "RoleBinding" && manifest.kind !== "ClusterRoleBinding") return [];
    const role = text(object(manifest.object.roleRef).name);
    const scope = manifest.kind === "ClusterRoleBinding" ? "the cluster" : "the namespace";
    const subjects = list(manifest.object.subjects).map((entry) => object(entry));
    const admin = role === "cluster-admin" && subjects.length > 0;
    const told = admin
      ? [
          fail(
            `makes ${subjects
              .slice(0, 5)
              .map((one) => text(one.name))
              .join(", ")} administrator of ${scope}`,
            [],
            {
              range: rangeAt(manifest, ["roleRef", "name"]),
              key: "cluster-admin",
              severity: manifest.kind === "ClusterRoleBinding" ? "high" : "medium",
            },
          ),
        ]
      : [];
    const wide = subjects.flatMap((subject, at) => {
      const name = text(subject.name);
      const path = ["subjects", at, "name"];
      if (Object.hasOwn(EVERYBODY, name)) {
        const open = /anonymous|unauthenticated/.test(name);
        const severity: Severity = open && admin ? "critical" : "high";
        const message = `gives ${role} to ${EVERYBODY[name]} (${name})`;
        return [fail(message, [], { range: rangeAt(manifest, path), key: name, severity })];
      }
      if (name === "system:masters") {
        const message = "binds system:masters, which no role can hold back";
        return [fail(message, [], { range: rangeAt(manifest, path), key: name, severity: "medium" })];
      }
      if (subject.kind !== "ServiceAccount" || name !== "default") return [];
      const message = `gives ${role} to the default service account, and so to every Pod without one of its own`;
      return [
        fail(message, [], { range: rangeAt(manifest, path), key: `default ${at}`, severity: "medium" }),
      ];
    });
    return [...told, ...wide];
  },
});

export default [wildcard, ...powers, binding] satisfies Rule<"manifest">[];

function shown(names: ReadonlySet<string>): string {
  const all = [...names];
  return all.slice(0, 4).join(", ") + (all.length > 4 ? ` and ${all.length - 4} more` : "");
}
