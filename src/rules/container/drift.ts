import type { ContainerEvidence, DeclaredContainer } from "#model/evidence/container.ts";
import type { Severity } from "#model/severity.ts";
import {
  actual,
  declared,
  fail,
  type JudgeContext,
  type Judgement,
  notApplicable,
  page,
  pass,
  type Rule,
  rule,
  specified,
  unknown,
} from "../rule.ts";
import { capabilityFact, declaredCapabilities } from "./facts/capabilities.ts";
import { deviceGrants, deviceNodesSeen } from "./facts/devices.ts";
import { isEngineMount, mountFacts } from "./facts/mounts.ts";
import { namespaceSharing } from "./facts/namespaces.ts";
import { isOpenByDefault, seccompProfile } from "./facts/seccomp.ts";
import { sensitivityOf } from "./facts/sensitive-paths.ts";
import { isOnlyDeclared, NOT_YET } from "./facts/state.ts";
import { procPath } from "./facts/witness.ts";
import { dataRoots } from "./mounts.ts";

/**
 * Rules of drift: what the engine's description says of a container, and what the kernel or the runtime's own
 * order says otherwise. Every tool that reads `docker inspect` alone is misled where one of these fails.
 */
interface DriftRule {
  id: string;
  title: string;
  severity: Severity;
  /** Who is misled, and by what. */
  risk: string;
  remediation: Rule["remediation"];
  examples: Rule["examples"];
  compare(
    container: ContainerEvidence,
    asked: DeclaredContainer,
    context: JudgeContext,
  ): Judgement | Judgement[];
}

const DRIFTS: DriftRule[] = [
  {
    id: "SW-CTR-DRIFT-USERNS",
    title: "User ids: the description says nothing of the mapping in force",
    severity: "info",
    risk: "The description reads the same whether ids are mapped or not: an empty UsernsMode stands for the host's own ids on one engine, and for a full mapping on another.",
    remediation: { host: "judge by /proc/PID/uid_map, not by UsernsMode" },
    examples: { bad: 'UsernsMode: "" and uid_map 0 0 4294967295', good: "UsernsMode: host, said openly" },
    compare: (container, asked, context) => {
      if (!container.actual.ok || !container.actual.value.uidMap.ok) {
        return unknown("uid_map of its first process could not be read");
      }
      const sharing = namespaceSharing(container, "user", context);
      if (!sharing.known) return unknown(sharing.why);
      const map = container.actual.value.uidMap.value.map(
        ({ inside, outside, count }) => `${inside} ${outside} ${count}`,
      );
      const seen = [
        actual(procPath(container, "uid_map"), map.join("; ")),
        declared(asked.source, asked.usernsMode || '""', "HostConfig.UsernsMode"),
      ];
      if (asked.usernsMode !== "") return pass("the description says which ids are in force", seen);
      return sharing.value.with === "host"
        ? fail("the description is silent, and ids are those of the host", seen)
        : fail(
            `the description is silent, and ids are mapped: root inside is ${container.actual.value.uidMap.value[0]?.outside} outside`,
            seen,
          );
    },
  },
  {
    id: "SW-CTR-DRIFT-NNP",
    title: "New privileges: the description and the kernel disagree",
    severity: "medium",
    risk: "Tools look for the words no-new-privileges. They stand there also when the option says false, and are missing when the daemon switches it on for all.",
    remediation: { run: "--security-opt no-new-privileges (without :false)" },
    examples: { bad: "--security-opt no-new-privileges:false", good: "--security-opt no-new-privileges" },
    compare: (container, asked) => {
      if (!container.actual.ok) return notApplicable("it does not run");
      const first = container.actual.value.processes[0];
      if (first === undefined || first.noNewPrivs === null)
        return unknown("the kernel does not print NoNewPrivs");
      const option = asked.securityOpt.find((entry) => entry.startsWith("no-new-privileges"));
      const says = option !== undefined && !/[:=]false$/.test(option);
      const seen = [
        actual(`/proc/${first.pid}/status`, first.noNewPrivs ? 1 : 0, "NoNewPrivs"),
        declared(asked.source, option ?? "none", "HostConfig.SecurityOpt"),
      ];
      if (option !== undefined && !says && !first.noNewPrivs) {
        return fail("the option is named but switched off (:false), and programs may gain privileges", seen);
      }
      if (says === first.noNewPrivs) return pass("both say the same", seen);
      return first.noNewPrivs
        ? fail("in force, though the description does not say so (the daemon's default)", seen, {
            severity: "info",
          })
        : fail("asked for, but not in force", seen, { severity: "high" });
    },
  },
  {
    id: "SW-CTR-DRIFT-SECCOMP",
    title: "Seccomp: the description shows no option, and the filter is open",
    severity: "high",
    risk: "A daemon-wide profile does not show in the description of a container: everything looks like the default, while the filter lets every call pass.",
    remediation: { daemon: 'remove "seccomp-profile", or have it forbid by default' },
    examples: {
      bad: '"seccomp-profile": "/etc/docker/allow-all.json"',
      good: "no seccomp-profile (the engine's default)",
    },
    compare: (container, asked, { evidence }) => {
      const profile = seccompProfile(container, evidence);
      if (profile === undefined)
        return unknown("the runtime's config.json, where the profile stands, could not be read");
      const option = asked.securityOpt.find((entry) => entry.startsWith("seccomp"));
      const source = container.specified.ok ? container.specified.value.source : "";
      const seen = [
        specified(source, profile === null ? "no filter" : profile.defaultAction, "linux.seccomp"),
        declared(asked.source, option ?? "none", "HostConfig.SecurityOpt"),
      ];
      if (option !== undefined || asked.privileged)
        return pass("the description names what is in force", seen);
      if (profile === null) return fail("no option switches it off, but there is no filter", seen);
      return isOpenByDefault(profile)
        ? fail("no option is shown, but the filter in force lets every call pass", seen)
        : pass("the filter forbids by default", seen);
    },
  },
  {
    id: "SW-CTR-DRIFT-CAPABILITIES",
    title: "Capabilities: more than the description lists",
    severity: "high",
    risk: "--privileged leaves the lists of added and dropped capabilities empty, and beats --cap-drop ALL: who reads the lists sees a harmless container.",
    remediation: { run: "drop --privileged; ask for single capabilities" },
    examples: {
      bad: "docker run --privileged --cap-drop ALL IMAGE",
      good: "docker run --cap-drop ALL --cap-add NET_BIND_SERVICE IMAGE",
    },
    compare: (container, asked) => {
      if (!container.actual.ok) return notApplicable("it does not run");
      const fact = capabilityFact(container);
      if (!fact.known) return unknown(fact.why);
      const listed = declaredCapabilities(false, asked.capAdd, asked.capDrop);
      const more = [...fact.value.bounding].filter((name) => !listed.has(name));
      const seen = [
        fact.seen,
        declared(
          asked.source,
          `CapAdd [${asked.capAdd.join(" ")}] CapDrop [${asked.capDrop.join(" ")}] Privileged ${asked.privileged}`,
          "HostConfig",
        ),
      ];
      if (more.length === 0) return pass("no capability beyond the listed ones", seen);
      return fail(
        `the kernel grants ${more.length} capabilities that the lists do not name: ${more
          .slice(0, 5)
          .map((name) => name.replace(/^CAP_/, ""))
          .join(", ")}${more.length > 5 ? ", …" : ""}`,
        seen,
      );
    },
  },
  {
    id: "SW-CTR-DRIFT-PRIVILEGED",
    title: "Privileged: the flag is off, the powers are there",
    severity: "high",
    risk: "Privileged is a bundle of settings. Given one by one they make the same container, and the flag that every tool looks at stays false.",
    remediation: {
      run: "drop the single powers: --cap-add ALL, seccomp=unconfined, --device-cgroup-rule 'a *:* rwm'",
    },
    examples: {
      bad: "docker run --cap-add ALL --security-opt seccomp=unconfined --device-cgroup-rule 'a *:* rwm' IMAGE",
      good: "docker run --cap-drop ALL IMAGE",
    },
    compare: (container, asked) => {
      if (asked.privileged) return notApplicable("the flag is on");
      if (!container.actual.ok) return notApplicable("it does not run");
      const capabilities = capabilityFact(container);
      const devices = deviceGrants(container);
      if (!capabilities.known) return unknown(capabilities.why);
      if (!devices.known) return unknown(devices.why);
      const everything =
        ["CAP_SYS_ADMIN", "CAP_SYS_MODULE", "CAP_SYS_RAWIO"].every((name) =>
          capabilities.value.bounding.has(name),
        ) &&
        devices.value.some(({ number }) => number === "*:*") &&
        container.actual.value.processes.some(({ seccomp }) => seccomp === 0);
      const seen = [capabilities.seen, devices.seen, declared(asked.source, false, "HostConfig.Privileged")];
      return everything
        ? fail(
            "the flag is off, but capabilities, devices and system calls are those of a privileged container",
            seen,
          )
        : pass("the flag is off, and so are the powers", seen);
    },
  },
  {
    id: "SW-CTR-DRIFT-LABEL",
    title: "Labels: switched off by the engine, not by a person",
    severity: "info",
    risk: "Sharing the host's processes or IPC, and privileged, make the engine add label=disable: the container loses SELinux, and a tool that only asks whether some security option is set takes it for hardened.",
    remediation: { run: "drop --pid=host, --ipc=host or --privileged, which bring it" },
    examples: { bad: "docker run --pid=host IMAGE", good: "docker run IMAGE" },
    compare: (_container, asked) => {
      const option = asked.securityOpt.find((entry) => /^label[=:]disable$/.test(entry));
      const cause = asked.privileged
        ? "--privileged"
        : asked.pidMode === "host"
          ? "--pid=host"
          : asked.ipcMode === "host"
            ? "--ipc=host"
            : null;
      const seen = [
        declared(asked.source, asked.securityOpt.join(" ") || "none", "HostConfig.SecurityOpt"),
        ...(cause === null ? [] : [declared(asked.source, cause, "HostConfig")]),
      ];
      return option !== undefined && cause !== null
        ? fail(`${cause} made the engine switch SELinux labels off (label=disable)`, seen)
        : pass("the engine has switched no label off", seen);
    },
  },
  {
    id: "SW-CTR-DRIFT-MASKS",
    title: "Masks: gone, though no security option says so",
    severity: "medium",
    risk: "systempaths=unconfined leaves the list of security options empty: it only shows as two empty lists further down.",
    remediation: { run: "drop --security-opt systempaths=unconfined" },
    examples: { bad: "docker run --security-opt systempaths=unconfined IMAGE", good: "docker run IMAGE" },
    compare: (container, asked) => {
      if (!container.specified.ok) return unknown(container.specified.why);
      const { maskedPaths, source } = container.specified.value;
      const seen = [
        specified(
          source,
          maskedPaths.length === 0 ? "[]" : `${maskedPaths.length} paths`,
          "linux.maskedPaths",
        ),
        declared(asked.source, asked.securityOpt.join(" ") || "none", "HostConfig.SecurityOpt"),
      ];
      return maskedPaths.length === 0 && !asked.privileged
        ? fail("no security option is shown, but no kernel file is masked", seen)
        : pass("masks are as the description says", seen);
    },
  },
  {
    id: "SW-CTR-DRIFT-DEVICES",
    title: "Devices: more than the description lists",
    severity: "high",
    risk: "Device rules and privileged open devices without an entry in the list of devices: with the default MKNOD capability root inside makes the node itself.",
    remediation: {
      run: "drop --device-cgroup-rule; name single devices with --device",
      compose: "remove device_cgroup_rules",
    },
    examples: {
      bad: "docker run --device-cgroup-rule 'b *:* rwm' IMAGE",
      good: "docker run --device /dev/video0 IMAGE",
    },
    compare: (container, asked) => {
      if (!container.actual.ok && !container.specified.ok) return notApplicable("it does not run");
      const grants = deviceGrants(container);
      if (!grants.known) return unknown(grants.why);
      const listed = new Set(asked.devices.map((device) => device.container));
      const more = grants.value.filter(
        ({ path, number }) => path === null || number.includes("*") || !listed.has(path),
      );
      const seen = [
        grants.seen,
        ...deviceNodesSeen(container),
        declared(asked.source, asked.devices.map(({ host }) => host).join(" ") || "[]", "HostConfig.Devices"),
      ];
      return more.length === 0
        ? pass("the devices are the listed ones", seen)
        : fail(
            `the list of devices has ${asked.devices.length} entries, but ${more
              .map(({ type, number }) => `${type} ${number}`)
              .slice(0, 4)
              .join(", ")} may be used`,
            seen,
          );
    },
  },
  {
    id: "SW-CTR-DRIFT-MOUNT-SOURCE",
    title: "Mounts: the source shows something else than its name",
    severity: "high",
    risk: "A symbolic link or a volume with bind options shows a folder of the host under a harmless name; the description keeps the name.",
    remediation: {
      run: "mount the folder by its own path, or remove the link",
      compose: "remove driver_opts type/o/device of the volume",
    },
    examples: {
      bad: "docker volume create --opt type=none --opt o=bind --opt device=/etc data",
      good: "docker volume create data",
    },
    compare: (container, asked, context) => {
      if (!container.actual.ok) return notApplicable("it does not run");
      const mounts = mountFacts(container);
      if (!mounts.known) return unknown(mounts.why);
      const roots = dataRoots(context);
      const misled = asked.mounts.flatMap(({ target, source, type }) => {
        const mount = mounts.value.findLast((entry) => entry.target === target);
        if (mount === undefined || mount.hostPath === null || type === "tmpfs" || isEngineMount(mount))
          return [];
        if (sameFolder(mount.hostPath, source)) return [];
        const seen = [mount.seen, declared(asked.source, `${source}:${target}`, "Mounts")];
        const worse =
          sensitivityOf(mount.hostPath, mount.writable, roots) !== null &&
          sensitivityOf(source, mount.writable, roots) === null;
        return [
          fail(`${target} is described as ${source}, but shows ${mount.hostPath} of the host`, seen, {
            key: target,
            severity: worse ? "high" : "info",
          }),
        ];
      });
      return misled.length > 0 ? misled : pass("every mount shows what the description names", []);
    },
  },
  {
    id: "SW-CTR-DRIFT-NETWORK",
    title: "Network: described as another container's, is the host's",
    severity: "high",
    risk: "network: container:NAME joins whatever that container has. If that one is on the host's network, this one is too, and the word host appears nowhere.",
    remediation: {
      run: "give it a network of its own",
      compose: "network_mode: bridge, or a network of the project",
    },
    examples: {
      bad: "docker run --network container:monitor IMAGE, with monitor on --network host",
      good: "docker run --network app IMAGE",
    },
    compare: (container, asked, context) => {
      const modes = [
        ["net", asked.networkMode, "HostConfig.NetworkMode"],
        ["pid", asked.pidMode, "HostConfig.PidMode"],
        ["ipc", asked.ipcMode, "HostConfig.IpcMode"],
      ] as const;
      const joined = modes.filter(([, mode]) => mode.startsWith("container:"));
      if (joined.length === 0) return notApplicable("it joins no other container");
      if (!container.actual.ok) return notApplicable("it does not run");
      return joined.map(([type, mode, path]) => {
        const sharing = namespaceSharing(container, type, context);
        if (!sharing.known) return { ...unknown(sharing.why), key: type };
        const seen = [sharing.seen, declared(asked.source, mode, path)];
        const whose = { host: "the host's", daemon: "the engine's own" }[String(sharing.value.with)];
        return whose !== undefined
          ? fail(`joins another container's ${type} namespace, which is ${whose}`, seen, { key: type })
          : { ...pass("joins a container that is apart from the host", seen), key: type };
      });
    },
  },
];

export default DRIFTS.map((entry) =>
  rule({
    id: entry.id,
    subject: "container",
    title: entry.title,
    severity: entry.severity,
    risk: entry.risk,
    countermeasure:
      "Trust the kernel before the runtime's order, and that before the description; put the setting right where it was made.",
    remediation: entry.remediation,
    references: [
      page(
        "OCI runtime specification",
        "https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md",
      ),
    ],
    examples: entry.examples,
    judge: (container, context) =>
      isOnlyDeclared(container)
        ? notApplicable(NOT_YET)
        : container.declared.ok
          ? entry.compare(container, container.declared.value, context)
          : notApplicable(`there is no description to compare with: ${container.declared.why}`),
  }),
) satisfies Rule<"container">[];

/** /var/run is a link to /run on every current distribution; that difference misleads nobody. */
function sameFolder(a: string, b: string): boolean {
  const plain = (path: string): string =>
    path.replace(/^\/var\/run(?=\/|$)/, "/run").replace(/\/+$/, "") || "/";
  return plain(a) === plain(b);
}
