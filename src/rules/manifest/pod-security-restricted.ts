import { parseReference } from "#evidence/dockerfile/reference.ts";
import { list, object, text, texts } from "#evidence/json.ts";
import { containerSetting, podSetting, securitySetting } from "#evidence/kubernetes/security.ts";
import { startUser } from "../dockerfile/facts/image-names.ts";
import { ofContainers } from "./facts/breach.ts";
import { controls } from "./facts/standard.ts";

/** Volumes that are allowed; `image` since 1.33 (kubernetes/kubernetes#130394). */
const VOLUMES = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

export default controls("restricted", [
  {
    id: "VOLUME-TYPES",
    title: "Mounts storage past the cluster's own volumes",
    severity: "low",
    risk: "Volumes such as nfs, iscsi or flexVolume carry addresses and options that whoever writes the Pod chooses, and the node mounts them as root.",
    countermeasure: "Let a PersistentVolume describe the storage, and mount the claim.",
    remediation: "replace it by a persistentVolumeClaim",
    aliases: ["KSV028"],
    examples: {
      bad: "volumes: [{name: data, nfs: {server: nas, path: /}}]",
      good: "volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]",
    },
    find: (_, { spec, path }) =>
      list(spec.volumes).flatMap((entry, at) => {
        const volume = object(entry);
        const type = Object.keys(volume).find((key) => key !== "name" && volume[key] !== null);
        // hostPath is told by the rule of the baseline; a volume without type is an emptyDir
        if (type === undefined || VOLUMES.has(type) || type === "hostPath") return [];
        const name = text(volume.name);
        return [
          {
            message: `the volume ${name} is of type ${type}`,
            path: [...path, "volumes", at, type],
            key: name,
          },
        ];
      }),
  },
  {
    id: "PRIVILEGE-ESCALATION",
    linux: true,
    title: "Programs may gain new privileges",
    severity: "medium",
    twin: "SW-CTR-NNP",
    risk: "A setuid file in the image turns any user into root again.",
    countermeasure: "Switch it off; sudo, su and setuid ping stop, programs that drop root go on.",
    remediation: "set allowPrivilegeEscalation: false in securityContext",
    aliases: ["KSV001", "CKV_K8S_20", "privilege-escalation-container"],
    examples: { bad: "securityContext: {}", good: "securityContext: {allowPrivilegeEscalation: false}" },
    find: (manifest) =>
      ofContainers(manifest, (container) => {
        const { value, path } = containerSetting(container, "allowPrivilegeEscalation");
        if (value === false) return null;
        const message =
          path === null ? "allowPrivilegeEscalation is not set to false" : "allowPrivilegeEscalation is true";
        return { message, path: path ?? [...container.path, "securityContext"] };
      }),
  },
  {
    id: "NON-ROOT",
    title: "May run as root",
    severity: "medium",
    risk: "Root inside is root on the node unless user namespaces are on: what escapes owns the node.",
    countermeasure: "Demand another user; the kubelet then refuses to start an image that would run as root.",
    remediation: "set runAsNonRoot: true in the securityContext of the Pod or of each container",
    aliases: ["KSV012", "CKV_K8S_23", "run-as-non-root"],
    examples: { bad: "securityContext: {}", good: "securityContext: {runAsNonRoot: true}" },
    find: (manifest, _, strict) =>
      ofContainers(manifest, (container, pod) => {
        const { value, path } = securitySetting(pod, container, "runAsNonRoot");
        if (value === true) return null;
        const user = securitySetting(pod, container, "runAsUser").value;
        // with a number, or an image of which the user is known, SW-CTR-USER-ROOT has the answer
        if (
          !strict &&
          (user !== undefined || startUser(parseReference(text(container.spec.image))) !== null)
        ) {
          return null;
        }
        const message = path === null ? "runAsNonRoot is not set to true" : "runAsNonRoot is false";
        return { message, path: path ?? [...container.path, "securityContext"] };
      }),
  },
  {
    id: "ROOT-USER",
    title: "Runs as user 0",
    severity: "high",
    twin: "SW-CTR-USER-ROOT",
    risk: "Root inside is root on the node unless user namespaces are on: what escapes owns the node.",
    countermeasure: "Run as another user, by number.",
    remediation: "set runAsUser to another number than 0",
    aliases: ["KSV105"],
    examples: { bad: "securityContext: {runAsUser: 0}", good: "securityContext: {runAsUser: 10001}" },
    find: (manifest, pod) => {
      const whole = podSetting(pod, "runAsUser");
      return [
        ...(whole.value === 0 && whole.path !== null
          ? [{ message: "for the whole Pod, runAsUser is 0", path: whole.path, key: "(pod)" }]
          : []),
        ...ofContainers(manifest, (container) => {
          const { value, path } = containerSetting(container, "runAsUser");
          return value === 0 && path !== null ? { message: "runAsUser is 0", path } : null;
        }),
      ];
    },
  },
  {
    id: "SECCOMP",
    linux: true,
    title: "No seccomp filter is asked for",
    severity: "medium",
    risk: "Without seccompProfile Kubernetes starts the container with none: all system calls can be reached.",
    countermeasure: "Ask for the runtime's filter, or for one made for the program.",
    remediation: "set seccompProfile: {type: RuntimeDefault} in the Pod's securityContext",
    aliases: ["KSV030", "CKV_K8S_31"],
    examples: {
      bad: "securityContext: {}",
      good: "securityContext: {seccompProfile: {type: RuntimeDefault}}",
    },
    find: (manifest, _, strict) =>
      ofContainers(manifest, (container, pod) => {
        const { value, path } = securitySetting(pod, container, "seccompProfile");
        const { type } = object(value);
        if (type === "RuntimeDefault" || type === "Localhost") return null;
        // told by SW-CTR-SECCOMP-OFF, and by SW-CTR-PRIVILEGED
        const told = type === "Unconfined" || containerSetting(container, "privileged").value === true;
        if (told && !strict) return null;
        const message =
          type === undefined
            ? "seccompProfile is not set, so there is no filter unless the kubelet has a default"
            : `the seccomp profile is ${text(type)}`;
        return { message, path: path ?? [...container.path, "securityContext"] };
      }),
  },
  {
    id: "DROP-CAPABILITIES",
    linux: true,
    title: "Keeps capabilities that it was given by default",
    severity: "low",
    twin: "SW-CTR-CAP-DEFAULT",
    risk: "The default set lets root inside forge packets, make device nodes, read any file and become any user.",
    countermeasure: "Drop all, and add back NET_BIND_SERVICE at most.",
    remediation: "set capabilities: {drop: [ALL]} in securityContext",
    aliases: ["KSV003", "KSV004", "KSV106", "CKV_K8S_28", "CKV_K8S_37", "drop-net-raw-capability"],
    examples: { bad: "securityContext: {}", good: "securityContext: {capabilities: {drop: [ALL]}}" },
    find: (manifest) =>
      ofContainers(manifest, (container) => {
        const { value, path } = containerSetting(container, "capabilities");
        const { add, drop } = object(value);
        const way = path ?? [...container.path, "securityContext"];
        if (!texts(drop).some((name) => name.toUpperCase() === "ALL")) {
          return { message: "capabilities.drop does not name ALL", path: way };
        }
        const more = texts(add).filter((name) => !/^(?:CAP_)?NET_BIND_SERVICE$/i.test(name));
        if (more.length === 0) return null;
        const shown = more.slice(0, 8).join(", ");
        return {
          message: `adds ${shown}; only NET_BIND_SERVICE may be added`,
          path: [...way, "add"],
          key: "add",
        };
      }),
  },
]);
