import { list, object, text, texts } from "#evidence/json.ts";
import { containerSetting, podSetting, type Setting } from "#evidence/kubernetes/security.ts";
import { cleanPath } from "#evidence/runline/values.ts";
import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { Manifest, ManifestPath, ManifestPod, PodContainer } from "#model/evidence/manifest.ts";
import type { Fix, TextEdit } from "#model/text.ts";
import { addItem, dropItems, dropPair, setValue, type YamlValue } from "./splice.ts";

/** Where a finding stands. */
interface Target {
  manifest: Manifest;
  pod: ManifestPod;
  /** null for a finding on the whole Pod. */
  container: PodContainer | null;
  key: string;
}

type Mend = (target: Target) => { title: string; edits: TextEdit[] } | null;

function contextOf({ container, pod }: Target): ManifestPath {
  return [...(container ?? pod).path, "securityContext"];
}

/** The setting of the container, else of its Pod: whichever is in force. */
function setting(target: Target, field: string): Setting {
  const own =
    target.container === null ? podSetting(target.pod, field) : containerSetting(target.container, field);
  return own.path === null ? podSetting(target.pod, field) : own;
}

/** Sets fields of the security context of the container. */
function secure(title: string, fields: Readonly<Record<string, YamlValue>>): Mend {
  return (target) => {
    const context = contextOf(target);
    const place = target.manifest.place(context);
    // one edit makes the whole context; of one that stands, each field is its own
    const edits = place.found
      ? Object.entries(fields).flatMap(([field, value]) =>
          setValue(target.manifest, [...context, field], value),
        )
      : setValue(target.manifest, context, fields);
    return { title, edits };
  };
}

/** Sets a field of the Pod's spec. */
function podField(field: string, value: YamlValue): Mend {
  return ({ manifest, pod }) => ({
    title: `Set ${field}: ${String(value)}`,
    edits: setValue(manifest, [...pod.path, field], value),
  });
}

const escalation: Mend = (target) => {
  // The API server refuses it beside privileged and SYS_ADMIN, which need new privileges.
  if (target.container === null || setting(target, "privileged").value === true) return null;
  const { add } = object(containerSetting(target.container, "capabilities").value);
  if (texts(add).some((name) => /^(?:CAP_)?SYS_ADMIN$|^ALL$/i.test(name))) return null;
  return secure("Set allowPrivilegeEscalation: false", { allowPrivilegeEscalation: false })(target);
};

const dropAll: Mend = (target) => {
  if (target.container === null) return null;
  const title = "Drop all capabilities";
  const { value, path } = containerSetting(target.container, "capabilities");
  if (path === null) return secure(title, { capabilities: { drop: ["ALL"] } })(target);
  if (target.key.endsWith(" add")) return onlyBind(target);
  if (texts(object(value).drop).some((name) => name.toUpperCase() === "ALL")) return null;
  return list(object(value).drop).length > 0
    ? { title, edits: addItem(target.manifest, [...path, "drop"], "ALL") }
    : { title, edits: setValue(target.manifest, [...path, "drop"], ["ALL"]) };
};

/** Leaves the one capability that the restricted level lets a container add. */
const onlyBind: Mend = ({ manifest, container }) => {
  if (container === null) return null;
  const { value, path } = containerSetting(container, "capabilities");
  const added = texts(object(value).add);
  const goes = (at: number): boolean => !/^(?:CAP_)?NET_BIND_SERVICE$/i.test(added[at] ?? "");
  const edits = path === null ? [] : dropItems(manifest, [...path, "add"], goes);
  return { title: "Add NET_BIND_SERVICE at most", edits };
};

/** Capabilities that the rule of the baseline lets pass. */
const DEFAULT =
  /^(?:CAP_)?(?:AUDIT_WRITE|CHOWN|DAC_OVERRIDE|FOWNER|FSETID|KILL|MKNOD|NET_BIND_SERVICE|SETFCAP|SETGID|SETPCAP|SETUID|SYS_CHROOT)$/i;

const dangerous: Mend = ({ manifest, container, key }) => {
  if (container === null) return null;
  const { value, path } = containerSetting(container, "capabilities");
  const added = texts(object(value).add);
  const named = new Set(key.split(",").filter((name) => name.startsWith("CAP_")));
  const goes = (name: string): boolean =>
    named.size > 0 && !added.some((one) => one.toUpperCase() === "ALL")
      ? named.has(`CAP_${name.toUpperCase().replace(/^CAP_/, "")}`)
      : !DEFAULT.test(name);
  const names = added.filter((name) => goes(name));
  if (path === null || names.length === 0) return null;
  const edits = dropItems(manifest, [...path, "add"], (at) => goes(added[at] ?? ""));
  return { title: `Drop ${names.slice(0, 5).join(", ")}`, edits };
};

const seccomp: Mend = (target) => {
  const { manifest, pod } = target;
  const title = "Ask for the runtime's seccomp filter";
  const { path } = setting(target, "seccompProfile");
  if (path !== null) return { title, edits: setValue(manifest, [...path, "type"], "RuntimeDefault") };
  const context = [...pod.path, "securityContext"];
  return { title, edits: setValue(manifest, [...context, "seccompProfile", "type"], "RuntimeDefault") };
};

const apparmor: Mend = (target) => {
  const { manifest, pod, container } = target;
  const title = "Use the runtime's AppArmor profile";
  const { path, value } = setting(target, "appArmorProfile");
  if (path !== null) {
    return text(object(value).type) === "Unconfined"
      ? { title, edits: setValue(manifest, [...path, "type"], "RuntimeDefault") }
      : null;
  }
  const name = `container.apparmor.security.beta.kubernetes.io/${container?.name ?? target.key}`;
  return { title, edits: setValue(manifest, [...pod.metadataPath, "annotations", name], "runtime/default") };
};

const procMount: Mend = (target) => {
  const { path } = setting(target, "procMount");
  return path === null
    ? null
    : { title: "Mask kernel files", edits: setValue(target.manifest, path, "Default") };
};

const hostProcess: Mend = (target) => {
  const { path } = setting(target, "windowsOptions");
  if (path === null) return null;
  return {
    title: "Set hostProcess: false",
    edits: setValue(target.manifest, [...path, "hostProcess"], false),
  };
};

const privileged: Mend = (target) => {
  const { path } = setting(target, "privileged");
  return path === null
    ? null
    : { title: "Set privileged: false", edits: setValue(target.manifest, path, false) };
};

const user: Mend = (target) => {
  const uid = setting(target, "runAsUser");
  const title = "Run as user 10001";
  if (uid.value === 0 && uid.path !== null)
    return { title, edits: setValue(target.manifest, uid.path, 10_001) };
  return secure(title, { runAsNonRoot: true, runAsUser: 10_001 })(target);
};

const nonRoot: Mend = (target) => {
  const { path } = setting(target, "runAsNonRoot");
  const title = "Refuse to run as root";
  return path === null
    ? secure(title, { runAsNonRoot: true })(target)
    : { title, edits: setValue(target.manifest, path, true) };
};

const limit =
  (name: string, amount: string | number): Mend =>
  ({ manifest, container }) =>
    container === null
      ? null
      : {
          title: `Limit ${name} to ${amount}`,
          edits: setValue(manifest, [...container.path, "resources", "limits", name], amount),
        };

const hostPort: Mend = ({ manifest, container, key }) => {
  if (container === null) return null;
  const edits = list(container.spec.ports).flatMap((entry, at) => {
    const { containerPort, hostPort: taken, protocol } = object(entry);
    const name = `${Number(containerPort)}/${(text(protocol) || "TCP").toLowerCase()}`;
    if (taken === undefined || (key !== name && key !== `${container.name} ${Number(taken)}`)) return [];
    return dropPair(manifest, [...container.path, "ports", at, "hostPort"]);
  });
  return { title: "Take no port of the node", edits };
};

const mount: Mend = ({ manifest, container, key }) => {
  if (container === null) return null;
  const mounts = list(container.spec.volumeMounts).map((entry) => cleanPath(text(object(entry).mountPath)));
  const edits = dropItems(manifest, [...container.path, "volumeMounts"], (at) => mounts[at] === key);
  return { title: `Do not mount ${key}`, edits };
};

const namespaces: Mend = (target) =>
  /^host(?:PID|IPC|Network)$/.test(target.key) ? podField(target.key, false)(target) : null;

const MENDS: Readonly<Record<string, Mend>> = {
  "SW-CTR-PRIVILEGED": privileged,
  "SW-K8S-PSS-PRIVILEGED": privileged,
  "SW-CTR-NNP": escalation,
  "SW-K8S-PSS-PRIVILEGE-ESCALATION": escalation,
  "SW-CTR-CAP-DEFAULT": dropAll,
  "SW-K8S-PSS-DROP-CAPABILITIES": dropAll,
  "SW-CTR-CAP-DANGEROUS": dangerous,
  "SW-K8S-PSS-CAPABILITIES": dangerous,
  "SW-CTR-ROOTFS-WRITABLE": secure("Make the root file system read-only", { readOnlyRootFilesystem: true }),
  "SW-CTR-USER-ROOT": user,
  "SW-K8S-PSS-ROOT-USER": user,
  "SW-K8S-PSS-NON-ROOT": nonRoot,
  "SW-CTR-SECCOMP-OFF": seccomp,
  "SW-K8S-PSS-SECCOMP": seccomp,
  "SW-K8S-PSS-SECCOMP-UNCONFINED": seccomp,
  "SW-CTR-APPARMOR": apparmor,
  "SW-K8S-PSS-APPARMOR": apparmor,
  "SW-CTR-MASKS": procMount,
  "SW-K8S-PSS-PROC-MOUNT": procMount,
  "SW-K8S-PSS-HOST-PROCESS": hostProcess,
  "SW-CTR-PID-HOST": podField("hostPID", false),
  "SW-CTR-NET-HOST": podField("hostNetwork", false),
  "SW-CTR-IPC-HOST": podField("hostIPC", false),
  "SW-K8S-PSS-HOST-NAMESPACES": namespaces,
  "SW-CTR-MEMORY": limit("memory", "256Mi"),
  "SW-CTR-CPU": limit("cpu", 1),
  "SW-CTR-PORT-WILDCARD": hostPort,
  "SW-K8S-PSS-HOST-PORTS": hostPort,
  "SW-CTR-ENGINE-SOCKET": mount,
  "SW-CTR-MOUNT-SENSITIVE": mount,
  "SW-K8S-SERVICE-TOKEN": podField("automountServiceAccountToken", false),
};

/** Same fields under another name: what was refused before is taken, and means the same. */
const RENAMED: Readonly<Record<string, string>> = {
  "batch/v1beta1": "batch/v1",
  "rbac.authorization.k8s.io/v1beta1": "rbac.authorization.k8s.io/v1",
};

/** The current version is a safe fix where nothing else has changed, and one where the selector is named already. */
function currentVersion(manifest: Manifest): Fix[] {
  const renamed = RENAMED[manifest.apiVersion];
  const selected = object(object(manifest.object.spec).selector).matchLabels !== undefined;
  if (renamed === undefined && !(manifest.pod !== null && selected)) return [];
  const edits = setValue(manifest, ["apiVersion"], renamed ?? "apps/v1");
  if (edits.length === 0) return [];
  const title = `Write it as ${renamed ?? "apps/v1"}`;
  return [{ title, safety: renamed === undefined ? "unsafe" : "safe", edits }];
}

/**
 * Ways to mend a finding on an object, or on a container of its Pod, as splices of the file's text. Those that take
 * something away from a program are unsafe.
 *
 * @param container the one that the finding is about; null for a finding on the object
 */
export function kubernetesFixes(
  manifest: Manifest,
  { ruleId, key = "" }: { ruleId: string; key?: string },
  container: ContainerEvidence | null,
): Fix[] {
  if (ruleId === "SW-K8S-API-REMOVED") return currentVersion(manifest);
  const { pod } = manifest;
  if (pod === null || !Object.hasOwn(MENDS, ruleId)) return [];
  const target = { manifest, pod, key, container: containerOf(manifest, pod, { key, container }) };
  const mended = MENDS[ruleId]?.(target) ?? null;
  if (mended === null || mended.edits.length === 0) return [];
  return [{ title: mended.title, safety: "unsafe", edits: mended.edits }];
}

// Rules on the object name the container at the start of their key.
function containerOf(
  manifest: Manifest,
  { containers }: ManifestPod,
  { key, container }: { key: string; container: ContainerEvidence | null },
): PodContainer | null {
  if (container === null) {
    return containers.find(({ name }) => key === name || key.startsWith(`${name} `)) ?? null;
  }
  const at = manifest.containers.findIndex(({ id }) => id === container.id);
  return containers[at] ?? null;
}
