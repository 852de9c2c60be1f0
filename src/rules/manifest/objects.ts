import { describeEnv } from "#evidence/env.ts";
import { list, object, texts } from "#evidence/json.ts";
import { cve, page, type Rule, rule } from "../rule.ts";
import { secretReason } from "../secrets.ts";
import { inManifest, judged } from "./facts/breach.ts";

/** Versions that no longer answer, by kind, and what took their place (Kubernetes deprecation guide). */
const REMOVED: Readonly<Record<string, Readonly<Record<string, readonly [release: string, now: string]>>>> = {
  "extensions/v1beta1": {
    Deployment: ["1.16", "apps/v1"],
    DaemonSet: ["1.16", "apps/v1"],
    ReplicaSet: ["1.16", "apps/v1"],
  },
  "apps/v1beta1": { Deployment: ["1.16", "apps/v1"], StatefulSet: ["1.16", "apps/v1"] },
  "apps/v1beta2": {
    Deployment: ["1.16", "apps/v1"],
    DaemonSet: ["1.16", "apps/v1"],
    ReplicaSet: ["1.16", "apps/v1"],
    StatefulSet: ["1.16", "apps/v1"],
  },
  "batch/v1beta1": { CronJob: ["1.25", "batch/v1"] },
  "batch/v2alpha1": { CronJob: ["1.21", "batch/v1"] },
  "rbac.authorization.k8s.io/v1beta1": {
    Role: ["1.22", "rbac.authorization.k8s.io/v1"],
    ClusterRole: ["1.22", "rbac.authorization.k8s.io/v1"],
    RoleBinding: ["1.22", "rbac.authorization.k8s.io/v1"],
    ClusterRoleBinding: ["1.22", "rbac.authorization.k8s.io/v1"],
  },
};

const removed = rule({
  id: "SW-K8S-API-REMOVED",
  subject: "manifest",
  title: "This version of the API no longer exists",
  severity: "medium",
  risk: "The API server refuses the object, so what is written here is not what runs: an old object goes on without the change.",
  countermeasure:
    "Write it in the current version; some fields that had a default must then be named (selector).",
  remediation: inManifest("apiVersion: apps/v1, with spec.selector"),
  aliases: ["no-extensions-v1beta"],
  references: [
    page(
      "Kubernetes: deprecated API migration guide",
      "https://kubernetes.io/docs/reference/using-api/deprecation-guide/",
    ),
  ],
  examples: { bad: "apiVersion: extensions/v1beta1", good: "apiVersion: apps/v1" },
  judge: (manifest) => {
    const { apiVersion, kind } = manifest;
    const [release, now] = REMOVED[apiVersion]?.[kind] ?? [];
    if (release === undefined) return [];
    const message = `${apiVersion} has no ${kind} since Kubernetes ${release}; ${now} has`;
    return judged(manifest, [{ message, path: ["apiVersion"] }]);
  },
});

const configMap = rule({
  id: "SW-K8S-CONFIGMAP-SECRET",
  subject: "manifest",
  title: "A secret stands in a ConfigMap",
  severity: "high",
  risk: "ConfigMaps are read by everybody who may look at the namespace, are not encrypted at rest, and this file lies in a repository.",
  countermeasure:
    "Put it into a Secret that is filled from outside (external secrets, sealed secrets), and change it.",
  remediation: inManifest("move it into a Secret, and keep that out of the repository"),
  aliases: ["KSV109", "KSV01010"],
  references: [
    page("Kubernetes: ConfigMaps", "https://kubernetes.io/docs/concepts/configuration/configmap/"),
  ],
  examples: { bad: "data: {DB_PASSWORD: …}", good: "kind: ExternalSecret" },
  judge: (manifest) => {
    if (manifest.kind !== "ConfigMap") return [];
    const breaches = Object.entries(object(manifest.object.data)).flatMap(([name, value]) => {
      if (typeof value !== "string" || value.includes("\n") || /[${}]/.test(value)) return [];
      const [variable] = describeEnv([`${name}=${value}`]);
      const reason = variable === undefined ? null : secretReason({ ...variable, name });
      return reason === null ? [] : [{ message: `${name} ${reason}`, path: ["data", name], key: name }];
    });
    return judged(manifest, breaches);
  },
});

const externalIps = rule({
  id: "SW-K8S-EXTERNAL-IP",
  subject: "manifest",
  title: "A Service takes addresses that are not its own",
  severity: "medium",
  risk: "Traffic of the whole cluster to these addresses goes to this Service: whoever may write one reads what others send there.",
  countermeasure:
    "Use a load balancer or an Ingress; switch the DenyServiceExternalIPs admission plug-in on.",
  remediation: inManifest("remove externalIPs"),
  aliases: ["KSV108"],
  references: [cve("CVE-2020-8554")],
  examples: { bad: "spec: {externalIPs: [8.8.8.8]}", good: "spec: {type: LoadBalancer}" },
  judge: (manifest) => {
    if (manifest.kind !== "Service") return [];
    const addresses = list(object(manifest.object.spec).externalIPs);
    if (addresses.length === 0) return [];
    const shown = texts(addresses).slice(0, 5).join(", ");
    return judged(manifest, [{ message: `takes ${shown}`, path: ["spec", "externalIPs"] }]);
  },
});

export default [removed, configMap, externalIps] satisfies Rule<"manifest">[];
