import { list, object, text } from "#evidence/json.ts";
import { podSetting, securitySetting } from "#evidence/kubernetes/security.ts";
import type { Manifest, ManifestPath } from "#model/evidence/manifest.ts";
import { page, type Rule, rule } from "../rule.ts";
import { type Breach, inManifest, judged, ofContainers } from "./facts/breach.ts";

const STRICT = { recommended: "off", hadolint: "off" } as const;
const ACCOUNTS = page(
  "Kubernetes: service accounts for Pods",
  "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
);
const CONTEXT = page(
  "Kubernetes: security context",
  "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
);
const RESOURCES = page(
  "Kubernetes: resources of containers",
  "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
);
const PROBES = page(
  "Kubernetes: probes",
  "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",
);

const token = rule({
  id: "SW-K8S-SERVICE-TOKEN",
  subject: "manifest",
  title: "Every container holds a key to the cluster",
  severity: "low",
  risk: "The token of the service account lies in each container: who gets in talks to the API server as that account. What the default account may do, every Pod of the namespace may.",
  countermeasure:
    "Switch the mount off; a program that does talk to the API server gets an account of its own with the rights that it needs.",
  remediation: inManifest("automountServiceAccountToken: false in the Pod's spec"),
  aliases: ["KSV036", "CKV_K8S_38", "CKV_K8S_41"],
  references: [ACCOUNTS],
  examples: {
    bad: "spec: {containers: […]}",
    good: "spec: {automountServiceAccountToken: false, containers: […]}",
  },
  judge: (manifest, { settings }) => {
    const { pod } = manifest;
    if (pod === null || pod.spec.automountServiceAccountToken === false) return [];
    const account = text(pod.spec.serviceAccountName) || text(pod.spec.serviceAccount);
    const usual = account === "" || account === "default";
    // An account of its own means that somebody wanted the token.
    if (!usual && settings.preset !== "strict") return [];
    const whose = usual ? "the default service account" : `the service account ${account}`;
    const path = [...pod.path, account === "" ? "automountServiceAccountToken" : "serviceAccountName"];
    return judged(manifest, [{ message: `mounts the token of ${whose} into every container`, path }]);
  },
});

const rootGroup = rule({
  id: "SW-K8S-ROOT-GROUP",
  subject: "manifest",
  title: "Runs with the group of root",
  severity: "low",
  risk: "Group 0 may read and write what images and nodes give to root's group: configuration, logs, devices.",
  countermeasure: "Use another group, and give files of the image to that.",
  remediation: inManifest("set runAsGroup, fsGroup and supplementalGroups to other numbers than 0"),
  aliases: ["KSV029", "KSV116"],
  references: [CONTEXT],
  examples: { bad: "securityContext: {runAsGroup: 0}", good: "securityContext: {runAsGroup: 10001}" },
  judge: (manifest) => {
    const { pod } = manifest;
    if (pod === null) return [];
    const breaches: Breach[] = [];
    for (const field of ["runAsGroup", "fsGroup"]) {
      const { value, path } = podSetting(pod, field);
      if (value === 0 && path !== null) breaches.push({ message: `${field} is 0`, path, key: field });
    }
    const more = podSetting(pod, "supplementalGroups");
    const at = list(more.value).indexOf(0);
    if (at >= 0 && more.path !== null) {
      breaches.push({
        message: "supplementalGroups holds 0",
        path: [...more.path, at],
        key: "supplementalGroups",
      });
    }
    const own = ofContainers(manifest, ({ spec, path }) =>
      object(spec.securityContext).runAsGroup === 0
        ? { message: "runAsGroup is 0", path: [...path, "securityContext", "runAsGroup"] }
        : null,
    );
    return judged(manifest, [...breaches, ...own]);
  },
});

const lowUser = rule({
  id: "SW-K8S-LOW-UID",
  subject: "manifest",
  title: "The user's number may be somebody's on the node",
  severity: "low",
  risk: "Low numbers belong to accounts of the node: what escapes has their files.",
  countermeasure: "Use numbers from 10000 up.",
  remediation: inManifest("runAsUser: 10001"),
  aliases: ["KSV020", "CKV_K8S_40"],
  presets: STRICT,
  references: [CONTEXT],
  examples: { bad: "runAsUser: 1000", good: "runAsUser: 10001" },
  judge: (manifest) =>
    judged(
      manifest,
      ofContainers(manifest, (container, pod) => {
        const { value, path } = securitySetting(pod, container, "runAsUser");
        return typeof value === "number" && value > 0 && value < 10_000 && path !== null
          ? { message: `runAsUser is ${value}, below 10000`, path }
          : null;
      }),
    ),
});

const requests = rule({
  id: "SW-K8S-REQUESTS",
  subject: "manifest",
  title: "Does not say what it needs",
  severity: "low",
  risk: "The scheduler counts it as nothing: nodes fill up, and these Pods are the first to be evicted.",
  countermeasure: "Request what a normal day takes; memory as much as its limit.",
  remediation: inManifest("resources: {requests: {cpu: 100m, memory: 128Mi}}"),
  aliases: [
    "KSV015",
    "KSV016",
    "CKV_K8S_10",
    "CKV_K8S_12",
    "unset-cpu-requirements",
    "unset-memory-requirements",
  ],
  presets: STRICT,
  references: [RESOURCES],
  examples: { bad: "resources: {}", good: "resources: {requests: {cpu: 100m, memory: 128Mi}}" },
  judge: (manifest) =>
    judged(
      manifest,
      ofContainers(manifest, ({ spec, path, role }, pod) => {
        if (role === "ephemeral") return null;
        const { requests: own, limits } = object(spec.resources);
        const shared = object(object(pod.spec.resources).requests);
        // a limit is a request as well, where none is written
        const lacks = ["cpu", "memory"].filter(
          (name) =>
            object(own)[name] === undefined &&
            object(limits)[name] === undefined &&
            shared[name] === undefined,
        );
        return lacks.length === 0
          ? null
          : { message: `requests no ${lacks.join(" and no ")}`, path: [...path, "resources", "requests"] };
      }),
    ),
});

const SERVICES = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"]);

const probes = rule({
  id: "SW-K8S-PROBES",
  subject: "manifest",
  title: "Nobody asks whether it is ready and alive",
  severity: "low",
  risk: "Without a readiness probe it gets requests before it can answer; without a liveness probe one that hangs keeps its place.",
  countermeasure: "Probe the service itself, readiness first; a liveness probe only where a restart helps.",
  remediation: inManifest("readinessProbe and livenessProbe at the container"),
  aliases: ["CKV_K8S_8", "CKV_K8S_9", "no-liveness-probe", "no-readiness-probe"],
  presets: STRICT,
  references: [PROBES],
  examples: {
    bad: "containers: [{name: web}]",
    good: "readinessProbe: {httpGet: {path: /ready, port: 8080}}",
  },
  judge: (manifest) =>
    judged(
      manifest,
      ofContainers(manifest, ({ spec, path, role }) => {
        if (role !== "container" || !SERVICES.has(manifest.kind)) return null;
        const lacks = ["readinessProbe", "livenessProbe"].filter((name) => spec[name] === undefined);
        return lacks.length === 0 ? null : { message: `has no ${lacks.join(" and no ")}`, path };
      }),
    ),
});

const secretEnv = rule({
  id: "SW-K8S-SECRET-ENV",
  subject: "manifest",
  title: "A Secret becomes an environment variable",
  severity: "info",
  risk: "Variables are read by every child process, printed into crash reports, and do not change when the Secret does.",
  countermeasure: "Mount the Secret as a volume; programs read the file.",
  remediation: inManifest("volumes: [{name: s, secret: {secretName: …}}] with a volumeMount"),
  aliases: ["CKV_K8S_35", "read-secret-from-env-var"],
  presets: STRICT,
  references: [page("Kubernetes: Secrets", "https://kubernetes.io/docs/concepts/configuration/secret/")],
  examples: {
    bad: "env: [{name: P, valueFrom: {secretKeyRef: {name: db, key: p}}}]",
    good: "volumeMounts: [{name: db, mountPath: /run/secrets/db, readOnly: true}]",
  },
  judge: (manifest) => {
    const { pod } = manifest;
    const breaches = (pod?.containers ?? []).flatMap((container) => {
      const single = list(container.spec.env).flatMap((entry, at) => {
        const { name, valueFrom } = object(entry);
        const path: ManifestPath = [...container.path, "env", at, "name"];
        return object(valueFrom).secretKeyRef === undefined
          ? []
          : [
              {
                message: `${text(name)} is filled from a Secret`,
                path,
                key: `${container.name} ${text(name)}`,
              },
            ];
      });
      const whole = list(container.spec.envFrom).flatMap((entry, at) => {
        const name = text(object(object(entry).secretRef).name);
        const path: ManifestPath = [...container.path, "envFrom", at, "secretRef"];
        return name === ""
          ? []
          : [
              {
                message: `all of the Secret ${name} becomes variables`,
                path,
                key: `${container.name} ${name}`,
              },
            ];
      });
      return [...single, ...whole];
    });
    return judged(manifest, breaches);
  },
});

const namespace = rule({
  id: "SW-K8S-NAMESPACE",
  subject: "manifest",
  title: "In the default namespace",
  severity: "info",
  risk: "Rights, network policies and quotas hold per namespace: what shares the default one shares them all.",
  countermeasure: "Give each application a namespace of its own.",
  remediation: inManifest("metadata: {namespace: NAME}, or -n NAME when it is applied"),
  aliases: ["KSV110", "CKV_K8S_21", "use-namespace"],
  presets: STRICT,
  references: [
    page(
      "Kubernetes: namespaces",
      "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
    ),
  ],
  examples: { bad: "metadata: {name: web}", good: "metadata: {name: web, namespace: shop}" },
  judge: (manifest) => {
    if (manifest.pod === null || !["", "default"].includes(manifest.namespace)) return [];
    const said = manifest.namespace === "" ? "names no namespace" : "is in the default namespace";
    const path = ["metadata", manifest.namespace === "" ? "name" : "namespace"];
    return judged(manifest, [{ message: said, path }]);
  },
});

const hostAliases = rule({
  id: "SW-K8S-HOST-ALIASES",
  subject: "manifest",
  title: "Writes names of its own into /etc/hosts",
  severity: "info",
  risk: "Names that stand here go before those of the cluster's DNS: traffic for a service can be led elsewhere, and nobody looks for it in a Pod.",
  countermeasure: "Use DNS, or a Service of type ExternalName.",
  remediation: inManifest("remove hostAliases"),
  aliases: ["KSV007"],
  presets: STRICT,
  references: [
    page(
      "Kubernetes: HostAliases",
      "https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/",
    ),
  ],
  examples: {
    bad: "hostAliases: [{ip: 10.0.0.5, hostnames: [db]}]",
    good: "kind: Service, type: ExternalName",
  },
  judge: (manifest) => {
    const { pod } = manifest;
    if (pod === null || list(pod.spec.hostAliases).length === 0) return [];
    return judged(manifest, [{ message: "has hostAliases", path: [...pod.path, "hostAliases"] }]);
  },
});

const lowPort = rule({
  id: "SW-K8S-LOW-PORT",
  subject: "manifest",
  title: "Listens on a port below 1024",
  severity: "low",
  risk: "Ports below 1024 are why programs are started as root, or with NET_BIND_SERVICE.",
  countermeasure: "Listen on a port from 1024 up; the Service maps the usual one to it.",
  remediation: inManifest("containerPort: 8080, and targetPort: 8080 in the Service"),
  aliases: ["KSV117", "privileged-ports", "ssh-port"],
  presets: STRICT,
  references: [
    page("Kubernetes: Service", "https://kubernetes.io/docs/concepts/services-networking/service/"),
  ],
  examples: { bad: "ports: [{containerPort: 80}]", good: "ports: [{containerPort: 8080}]" },
  judge: (manifest: Manifest) =>
    judged(
      manifest,
      (manifest.pod?.containers ?? []).flatMap((container) =>
        list(container.spec.ports).flatMap((entry, at) => {
          const { containerPort } = object(entry);
          if (typeof containerPort !== "number" || containerPort < 1 || containerPort > 1023) return [];
          const path = [...container.path, "ports", at, "containerPort"];
          return [
            { message: `listens on port ${containerPort}`, path, key: `${container.name} ${containerPort}` },
          ];
        }),
      ),
    ),
});

export default [
  token,
  rootGroup,
  lowUser,
  requests,
  probes,
  secretEnv,
  namespace,
  hostAliases,
  lowPort,
] satisfies Rule<"manifest">[];
