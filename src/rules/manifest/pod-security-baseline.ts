import { list, object, text, texts } from "#evidence/json.ts";
import { containerSetting, podSetting, type Setting } from "#evidence/kubernetes/security.ts";
import { cleanPath } from "#evidence/runline/values.ts";
import type { Manifest, ManifestPath, ManifestPod, PodContainer } from "#model/evidence/manifest.ts";
import { sensitivityOf } from "../container/facts/sensitive-paths.ts";
import { type Breach, naming, ofContainers } from "./facts/breach.ts";
import { controls } from "./facts/standard.ts";

/** Capabilities that may be added: those that a runtime gives by default. */
const MAY_ADD = new Set(
  "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(
    " ",
  ),
);

/** Kernel parameters that belong to one Pod alone (policy version 1.32 and newer). */
const SAFE_SYSCTLS = new Set(
  `kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.ip_unprivileged_port_start net.ipv4.tcp_syncookies
   net.ipv4.ping_group_range net.ipv4.ip_local_reserved_ports net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout
   net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes net.ipv4.tcp_rmem net.ipv4.tcp_wmem`.split(
    /\s+/,
  ),
);

const SELINUX_TYPES = new Set([
  "",
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
]);

/** A field of the security context of the Pod, and of each container. */
function everywhere(
  pod: ManifestPod,
  field: string,
  fault: (setting: Setting) => { message: string; at?: ManifestPath } | null,
): Breach[] {
  const breaches: Breach[] = [];
  const look = (setting: Setting, prefix: string, key: string): void => {
    const found = setting.path === null ? null : fault(setting);
    if (found === null) return;
    breaches.push({
      message: prefix + found.message,
      path: [...(setting.path ?? []), ...(found.at ?? [])],
      key,
    });
  };
  look(podSetting(pod, field), "for the whole Pod, ", "(pod)");
  for (const container of pod.containers) {
    look(containerSetting(container, field), naming(pod, container), container.name);
  }
  return breaches;
}

const HOOKS = ["livenessProbe", "readinessProbe", "startupProbe"] as const;

/** Probes and hooks that name a host of their own, as ways from the container. */
function hostedProbes({ spec }: PodContainer): { path: ManifestPath; host: string; what: string }[] {
  const handlers: [ManifestPath, unknown][] = [
    ...HOOKS.map((name): [ManifestPath, unknown] => [[name], spec[name]]),
    ...["postStart", "preStop"].map((name): [ManifestPath, unknown] => [
      ["lifecycle", name],
      object(spec.lifecycle)[name],
    ]),
  ];
  return handlers.flatMap(([way, handler]) =>
    ["httpGet", "tcpSocket"].flatMap((kind) => {
      const host = text(object(object(handler)[kind]).host);
      return host === "" ? [] : [{ path: [...way, kind, "host"], host, what: String(way.at(-1)) }];
    }),
  );
}

/** Folders of the node of which SW-CTR-MOUNT-SENSITIVE or SW-CTR-ENGINE-SOCKET tell more. */
function sensitivePaths({ containers }: Manifest): Set<string> {
  const mounts = containers.flatMap(({ declared }) => (declared.ok ? declared.value.mounts : []));
  const told = mounts.filter(({ type, source, writable }) => {
    if (type !== "bind") return false;
    const sensitivity = sensitivityOf(source, writable, []);
    return source.endsWith(".sock") || (sensitivity?.[writable ? "writable" : "readable"] ?? null) !== null;
  });
  return new Set(told.map(({ source }) => source));
}

function hostNamespaces(_: Manifest, { spec, path }: ManifestPod): Breach[] {
  return ["hostNetwork", "hostPID", "hostIPC"]
    .filter((field) => spec[field] === true)
    .map((field) => ({ message: `${field} is true`, path: [...path, field], key: field }));
}

export default controls("baseline", [
  {
    id: "HOST-PROCESS",
    title: "Runs as a process of a Windows host",
    severity: "critical",
    risk: "A HostProcess container is no container: its program runs on the node, as one of the node's users.",
    countermeasure: "Use it only for what must manage the node, in a namespace of its own.",
    remediation: "remove hostProcess: true from windowsOptions",
    aliases: ["KSV103"],
    examples: { bad: "windowsOptions: {hostProcess: true}", good: "windowsOptions: {}" },
    find: (_, pod) =>
      everywhere(pod, "windowsOptions", ({ value }) =>
        object(value).hostProcess === true
          ? { message: "hostProcess is true, so its program runs on the node itself", at: ["hostProcess"] }
          : null,
      ),
  },
  {
    id: "HOST-NAMESPACES",
    title: "Shares namespaces of the node",
    severity: "high",
    twin: "SW-CTR-PID-HOST, SW-CTR-NET-HOST, SW-CTR-IPC-HOST",
    risk: "With the node's network the Pod reaches what listens on 127.0.0.1 of the node; with its process ids it sees, and as root ends or traces, what runs there; with its IPC it reads shared memory.",
    countermeasure:
      "Leave the Pod namespaces of its own; agents of the node are the exception, in a namespace of their own.",
    remediation: "remove hostNetwork, hostPID and hostIPC",
    aliases: [
      "KSV008",
      "KSV009",
      "KSV010",
      "CKV_K8S_17",
      "CKV_K8S_18",
      "CKV_K8S_19",
      "host-network",
      "host-pid",
      "host-ipc",
    ],
    examples: { bad: "hostPID: true", good: "hostPID: false" },
    find: hostNamespaces,
  },
  {
    id: "PRIVILEGED",
    title: "Privileged container",
    severity: "critical",
    twin: "SW-CTR-PRIVILEGED",
    risk: "A privileged container has all devices and capabilities of the node, no seccomp filter and no AppArmor profile: root inside is root on the node.",
    countermeasure: "Drop it; give the one capability or device that is needed.",
    remediation: "remove privileged: true from securityContext",
    aliases: ["KSV017", "CKV_K8S_16", "privileged-container"],
    examples: { bad: "securityContext: {privileged: true}", good: "securityContext: {privileged: false}" },
    find: (manifest) =>
      ofContainers(manifest, (container) => {
        const { value, path } = containerSetting(container, "privileged");
        return value === true && path !== null ? { message: "privileged is true", path } : null;
      }),
  },
  {
    id: "CAPABILITIES",
    title: "Adds capabilities beyond the runtime's default",
    severity: "medium",
    risk: "What a runtime does not give by default it has left out for a reason: NET_RAW forges packets, NET_ADMIN changes routes, SYS_ADMIN mounts.",
    countermeasure:
      "Add none beyond the default; a Pod that needs one belongs into a namespace that allows it.",
    remediation: "remove it from securityContext.capabilities.add",
    aliases: ["KSV022", "KSV005", "KSV119", "KSV120", "CKV_K8S_25", "CKV_K8S_39"],
    examples: {
      bad: "capabilities: {add: [NET_ADMIN]}",
      good: "capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}",
    },
    find: (manifest) =>
      ofContainers(manifest, (container) => {
        const { value, path } = containerSetting(container, "capabilities");
        const added = texts(object(value).add);
        const more = added.filter((name) => !MAY_ADD.has(name.toUpperCase().replace(/^CAP_/, "")));
        if (more.length === 0 || path === null) return null;
        const at = more.length === 1 ? [...path, "add", added.indexOf(more[0] ?? "")] : [...path, "add"];
        return { message: `adds ${more.slice(0, 8).join(", ")}`, path: at };
      }),
  },
  {
    id: "HOST-PATH",
    title: "Mounts folders of the node",
    severity: "medium",
    risk: "What the Pod writes there stays on the node and meets other Pods; a folder of the system, or a link in it, leads to root on the node.",
    countermeasure:
      "Use a PersistentVolumeClaim, a ConfigMap or an emptyDir; agents that must see the node mount the one folder, read-only.",
    remediation: "replace hostPath by a volume of another type",
    aliases: ["KSV023", "KSV121"],
    examples: {
      bad: "volumes: [{name: data, hostPath: {path: /data}}]",
      good: "volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]",
    },
    find: (manifest, { spec, path }, strict) => {
      const told = strict ? new Set<string>() : sensitivePaths(manifest);
      return list(spec.volumes).flatMap((entry, at) => {
        const { name, hostPath } = object(entry);
        if (hostPath === undefined || hostPath === null) return [];
        const folder = object(hostPath);
        if (told.has(cleanPath(text(folder.path)))) return [];
        const made = text(folder.type).endsWith("OrCreate")
          ? ", and makes it as root where it is missing"
          : "";
        return [
          {
            message: `the volume ${text(name)} shows ${text(folder.path)} of the node${made}`,
            path: [...path, "volumes", at, "hostPath"],
            key: text(name),
          },
        ];
      });
    },
  },
  {
    id: "HOST-PORTS",
    title: "Takes ports of the node",
    severity: "medium",
    twin: "SW-CTR-PORT-WILDCARD",
    risk: "The port answers on every node that runs the Pod, past Services and network policies, and keeps a second Pod from starting there.",
    countermeasure: "Publish it by a Service, and leave the choice of the node's port to that.",
    remediation: "remove hostPort; make a Service",
    aliases: ["KSV024", "CKV_K8S_26"],
    examples: { bad: "ports: [{containerPort: 80, hostPort: 80}]", good: "ports: [{containerPort: 80}]" },
    find: (_, pod) =>
      pod.containers.flatMap((container) =>
        list(container.spec.ports).flatMap((entry, at) => {
          const { hostPort } = object(entry);
          if (typeof hostPort !== "number" || hostPort === 0) return [];
          const path = [...container.path, "ports", at, "hostPort"];
          return [
            {
              message: `${naming(pod, container)}hostPort is ${hostPort}`,
              path,
              key: `${container.name} ${hostPort}`,
            },
          ];
        }),
      ),
  },
  {
    id: "PROBE-HOST",
    title: "A probe or hook goes to another host",
    severity: "medium",
    risk: "The kubelet makes the request, from the node and with its place in the network: whoever may write a Pod has it call addresses that the Pod itself may not reach.",
    countermeasure: "Probe the Pod's own address, which is the default.",
    remediation: "remove host from httpGet or tcpSocket",
    aliases: [],
    examples: {
      bad: "livenessProbe: {httpGet: {host: 169.254.169.254, port: 80}}",
      good: "livenessProbe: {httpGet: {port: 8080}}",
    },
    find: (_, pod) =>
      pod.containers.flatMap((container) =>
        hostedProbes(container).map(({ path, host, what }) => ({
          message: `${naming(pod, container)}${what} asks ${host.slice(0, 80)} in place of the Pod`,
          path: [...container.path, ...path],
          key: `${container.name} ${what}`,
        })),
      ),
  },
  {
    id: "APPARMOR",
    title: "AppArmor is switched off",
    severity: "medium",
    risk: "The runtime's profile stops mounts and writes below /proc and /sys when a capability or a mount has gone wrong.",
    countermeasure: "Leave the runtime's default, or load a profile of your own and name it.",
    remediation: "set appArmorProfile: {type: RuntimeDefault}, or remove the annotation",
    aliases: ["KSV002"],
    examples: { bad: "appArmorProfile: {type: Unconfined}", good: "appArmorProfile: {type: RuntimeDefault}" },
    find: (_, pod) => {
      const fields = everywhere(pod, "appArmorProfile", ({ value }) => {
        const { type } = object(value);
        const fine = type === undefined || type === "RuntimeDefault" || type === "Localhost";
        return fine ? null : { message: `AppArmor's profile is ${text(type)}`, at: ["type"] };
      });
      const annotations = Object.entries(object(pod.metadata.annotations)).flatMap(([name, value]) => {
        const container = /^container\.apparmor\.security\.beta\.kubernetes\.io\/(.+)$/.exec(name)?.[1];
        const profile = text(value);
        if (container === undefined || profile === "" || /^(?:runtime\/default|localhost\/.*)$/.test(profile))
          return [];
        const message = `${container}: AppArmor's profile is ${profile.slice(0, 40)}`;
        return [{ message, path: [...pod.metadataPath, "annotations", name], key: container }];
      });
      return [...fields, ...annotations];
    },
  },
  {
    id: "SELINUX",
    title: "Sets SELinux options of its own",
    severity: "medium",
    risk: "Another type, user or role can lift the container out of the policy that keeps it from the node's files.",
    countermeasure: "Leave the runtime's label; among types only those for containers are allowed.",
    remediation: "remove seLinuxOptions, or keep type: container_t",
    aliases: ["KSV025"],
    examples: { bad: "seLinuxOptions: {type: spc_t}", good: "seLinuxOptions: {type: container_t}" },
    find: (_, pod) =>
      everywhere(pod, "seLinuxOptions", ({ value }) => {
        const { type, user, role } = object(value);
        if (!SELINUX_TYPES.has(text(type)))
          return { message: `the SELinux type is ${text(type)}`, at: ["type"] };
        const [name, set] = text(user) === "" ? ["role", text(role)] : ["user", text(user)];
        return set === "" ? null : { message: `the SELinux ${name} is ${set}`, at: [name ?? ""] };
      }),
  },
  {
    id: "PROC-MOUNT",
    title: "Kernel files are not masked",
    severity: "high",
    twin: "SW-CTR-MASKS",
    risk: "Without the masks root inside reads /proc/kcore and writes /proc/sys, which are those of the node.",
    countermeasure:
      "Leave procMount at Default; Unmasked is for containers within a user namespace that start containers.",
    remediation: "remove procMount: Unmasked",
    aliases: ["KSV027"],
    examples: {
      bad: "securityContext: {procMount: Unmasked}",
      good: "securityContext: {procMount: Default}",
    },
    find: (manifest) =>
      ofContainers(manifest, (container) => {
        const { value, path } = containerSetting(container, "procMount");
        return path === null || value === "Default" ? null : { message: `procMount is ${text(value)}`, path };
      }),
  },
  {
    id: "SECCOMP-UNCONFINED",
    title: "The seccomp filter is switched off",
    severity: "high",
    twin: "SW-CTR-SECCOMP-OFF",
    risk: "All system calls of the kernel can be reached, among them those that most kernel exploits start from.",
    countermeasure: "Use the runtime's filter, or one made for the program.",
    remediation: "set seccompProfile: {type: RuntimeDefault}",
    aliases: ["KSV104"],
    examples: { bad: "seccompProfile: {type: Unconfined}", good: "seccompProfile: {type: RuntimeDefault}" },
    find: (_, pod) =>
      everywhere(pod, "seccompProfile", ({ value }) => {
        const { type } = object(value);
        const fine = type === undefined || type === "RuntimeDefault" || type === "Localhost";
        return fine ? null : { message: `the seccomp profile is ${text(type)}`, at: ["type"] };
      }),
  },
  {
    id: "SYSCTLS",
    title: "Sets kernel parameters that are not the Pod's own",
    severity: "medium",
    risk: "Parameters outside the Pod's namespaces hold for the node; others can starve the Pods beside it, which is why the kubelet refuses them unless told otherwise.",
    countermeasure:
      "Set only the parameters that the standard names; those of the node belong to whoever runs it.",
    remediation: "remove it from securityContext.sysctls",
    aliases: ["KSV026", "unsafe-sysctls"],
    examples: {
      bad: "sysctls: [{name: kernel.msgmax, value: '65536'}]",
      good: "sysctls: [{name: net.ipv4.tcp_syncookies, value: '1'}]",
    },
    find: (_, pod) => {
      const { value, path } = podSetting(pod, "sysctls");
      return list(value).flatMap((entry, at) => {
        const name = text(object(entry).name);
        return SAFE_SYSCTLS.has(name) || path === null
          ? []
          : [
              {
                message: `sets ${name}, which is not among those that are the Pod's own`,
                path: [...path, at, "name"],
                key: name,
              },
            ];
      });
    },
  },
]);
