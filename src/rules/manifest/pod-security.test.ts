import { describe, expect, test } from "vitest";
import type { PodLines } from "#evidence/kubernetes/testing.ts";
import { presetSeverity } from "../rule.ts";
import { findings, inPod } from "./facts/testing.ts";
import baseline from "./pod-security-baseline.ts";
import restricted from "./pod-security-restricted.ts";

const context = (...lines: string[]): PodLines => ({
  container: ["securityContext:", ...lines.map((line) => `  ${line}`)],
});

/** What the restricted level wants of a container. */
const HARDENED = [
  "allowPrivilegeEscalation: false",
  "runAsNonRoot: true",
  "seccompProfile: {type: RuntimeDefault}",
  "capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}",
];

describe("the baseline", () => {
  test("lets a plain Pod pass, and one that is hardened", () => {
    expect(inPod(baseline, {}, "strict")).toEqual([]);
    expect(inPod(baseline, context(...HARDENED), "strict")).toEqual([]);
  });

  test.each<[string, PodLines, string[]]>([
    [
      "host namespaces",
      { spec: ["hostNetwork: true", "hostPID: true", "hostIPC: false"] },
      [
        "PSS-HOST-NAMESPACES hostNetwork: hostNetwork is true @ hostNetwork: true",
        "PSS-HOST-NAMESPACES hostPID: hostPID is true @ hostPID: true",
      ],
    ],
    [
      "privileged",
      context("privileged: true"),
      ["PSS-PRIVILEGED app: privileged is true @ privileged: true"],
    ],
    [
      "capabilities",
      context("capabilities: {add: [CHOWN, CAP_NET_RAW, kill]}"),
      ["PSS-CAPABILITIES app: adds CAP_NET_RAW @ CAP_NET_RAW"],
    ],
    [
      "folders of the node",
      {
        spec: [
          "volumes:",
          "  - {name: a, emptyDir: {}}",
          "  - name: b",
          "    hostPath: {path: /srv, type: DirectoryOrCreate}",
        ],
      },
      [
        "PSS-HOST-PATH b: the volume b shows /srv of the node, and makes it as root where it is missing @ hostPath: {path: /srv, type: DirectoryOrCreate}",
      ],
    ],
    [
      "ports of the node",
      {
        container: [
          "ports: [{containerPort: 80}, {containerPort: 1, hostPort: 0}, {containerPort: 2, hostPort: 22}]",
        ],
      },
      ["PSS-HOST-PORTS app 22: hostPort is 22 @ hostPort: 22"],
    ],
    [
      "probes of other hosts",
      {
        container: [
          "livenessProbe: {httpGet: {host: 10.0.0.1, port: 80}}",
          "lifecycle: {preStop: {tcpSocket: {host: x, port: 1}}}",
          "readinessProbe: {httpGet: {port: 80}}",
        ],
      },
      [
        "PSS-PROBE-HOST app livenessProbe: livenessProbe asks 10.0.0.1 in place of the Pod @ host: 10.0.0.1",
        "PSS-PROBE-HOST app preStop: preStop asks x in place of the Pod @ host: x",
      ],
    ],
    [
      "AppArmor",
      context("appArmorProfile: {type: Unconfined}"),
      ["PSS-APPARMOR app: AppArmor's profile is Unconfined @ type: Unconfined"],
    ],
    [
      "AppArmor by annotation",
      { metadata: ["annotations:", "  container.apparmor.security.beta.kubernetes.io/app: unconfined"] },
      [
        "PSS-APPARMOR app: app: AppArmor's profile is unconfined @ container.apparmor.security.beta.kubernetes.io/app: unconfined",
      ],
    ],
    [
      "SELinux",
      {
        spec: ["securityContext: {seLinuxOptions: {type: spc_t}}"],
        ...context("seLinuxOptions: {user: system_u}"),
      },
      [
        "PSS-SELINUX (pod): for the whole Pod, the SELinux type is spc_t @ type: spc_t",
        "PSS-SELINUX app: the SELinux user is system_u @ user: system_u",
      ],
    ],
    [
      "masks",
      context("procMount: Unmasked"),
      ["PSS-PROC-MOUNT app: procMount is Unmasked @ procMount: Unmasked"],
    ],
    [
      "seccomp",
      { spec: ["securityContext: {seccompProfile: {type: Unconfined}}"] },
      [
        "PSS-SECCOMP-UNCONFINED (pod): for the whole Pod, the seccomp profile is Unconfined @ type: Unconfined",
      ],
    ],
    [
      "sysctls",
      {
        spec: [
          "securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies, value: '1'}, {name: kernel.sem, value: '1'}]}",
        ],
      },
      [
        "PSS-SYSCTLS kernel.sem: sets kernel.sem, which is not among those that are the Pod's own @ name: kernel.sem",
      ],
    ],
    [
      "host processes, on Windows too",
      { spec: ["os: {name: windows}", "securityContext: {windowsOptions: {hostProcess: true}}"] },
      [
        "PSS-HOST-PROCESS (pod): for the whole Pod, hostProcess is true, so its program runs on the node itself @ hostProcess: true",
      ],
    ],
  ])("forbids %s", (_, lines, found) => {
    expect(inPod(baseline, lines, "strict")).toEqual(found);
  });

  test("lets what it allows pass", () => {
    expect(
      inPod(
        baseline,
        {
          spec: [
            "securityContext: {seLinuxOptions: {type: container_engine_t}, seccompProfile: {type: Localhost}}",
          ],
          ...context(
            "appArmorProfile: {type: Localhost}",
            "procMount: Default",
            "privileged: false",
            "capabilities: {add: null}",
          ),
        },
        "strict",
      ),
    ).toEqual([]);
  });

  test("leaves folders of which rules for containers tell more to them, unless it is wanted to the letter", () => {
    const lines = {
      spec: [
        "volumes: [{name: s, hostPath: {path: /var/run/docker.sock}}, {name: e, hostPath: {path: /etc}}]",
      ],
      container: ["volumeMounts: [{name: s, mountPath: /s}, {name: e, mountPath: /e}]"],
    };
    expect(inPod(baseline, lines)).toEqual([]);
    expect(inPod(baseline, lines, "strict")).toHaveLength(2);
  });
});

describe("the restricted level", () => {
  test("lets a hardened Pod pass, whoever of Pod and container says it", () => {
    expect(inPod(restricted, context(...HARDENED), "strict")).toEqual([]);
    const spec = ["securityContext: {runAsNonRoot: true, seccompProfile: {type: Localhost}}"];
    const own = context("allowPrivilegeEscalation: false", "capabilities: {drop: [all]}");
    expect(inPod(restricted, { spec, ...own }, "strict")).toEqual([]);
  });

  test("wants more than a plain Pod says, and points at its name", () => {
    expect(inPod(restricted, {}, "strict")).toEqual([
      "PSS-PRIVILEGE-ESCALATION app: allowPrivilegeEscalation is not set to false @ name: app",
      "PSS-NON-ROOT app: runAsNonRoot is not set to true @ name: app",
      "PSS-SECCOMP app: seccompProfile is not set, so there is no filter unless the kubelet has a default @ name: app",
      "PSS-DROP-CAPABILITIES app: capabilities.drop does not name ALL @ name: app",
    ]);
  });

  test("names what is set wrongly", () => {
    const lines = context(
      "allowPrivilegeEscalation: true",
      "runAsNonRoot: false",
      "runAsUser: 0",
      "seccompProfile: {type: Unconfined}",
      "capabilities: {drop: [ALL], add: [CHOWN]}",
    );
    expect(inPod(restricted, lines, "strict")).toEqual([
      "PSS-PRIVILEGE-ESCALATION app: allowPrivilegeEscalation is true @ allowPrivilegeEscalation: true",
      "PSS-NON-ROOT app: runAsNonRoot is false @ runAsNonRoot: false",
      "PSS-ROOT-USER app: runAsUser is 0 @ runAsUser: 0",
      "PSS-SECCOMP app: the seccomp profile is Unconfined @ seccompProfile: {type: Unconfined}",
      "PSS-DROP-CAPABILITIES app add: adds CHOWN; only NET_BIND_SERVICE may be added @ add: [CHOWN]",
    ]);
  });

  test("allows the cluster's own volumes, images among them", () => {
    const spec = [
      "volumes:",
      "  - {name: a, image: {reference: x}}",
      "  - {name: b, nfs: {server: s}}",
      "  - {name: c}",
      "  - {name: d, hostPath: {path: /d}}",
    ];
    expect(inPod(restricted, { spec, ...context(...HARDENED) }, "strict")).toEqual([
      "PSS-VOLUME-TYPES b: the volume b is of type nfs @ nfs: {server: s}",
    ]);
  });

  test("asks nothing of Windows that only Linux has", () => {
    const spec = ["os: {name: windows}"];
    expect(inPod(restricted, { spec }, "strict")).toEqual([
      "PSS-NON-ROOT app: runAsNonRoot is not set to true @ name: app",
    ]);
    expect(inPod(restricted, { spec: [...spec, "securityContext: {runAsNonRoot: true}"] }, "strict")).toEqual(
      [],
    );
  });

  test("tells of the user only where no rule for containers has the answer", () => {
    const text = (image: string): string =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: ${image}, securityContext: {seccompProfile: {type: RuntimeDefault}}}]}`;
    expect(findings(restricted, text("nginx:1")).filter((line) => line.startsWith("PSS-NON-ROOT"))).toEqual(
      [],
    );
    expect(
      findings(restricted, text("mine/x:1")).filter((line) => line.startsWith("PSS-NON-ROOT")),
    ).toHaveLength(1);
  });
});

test("controls that a rule for containers tells as well are for the strict preset", () => {
  const on = [...baseline, ...restricted].filter((rule) => presetSeverity(rule, "recommended") !== "off");
  expect(on.map(({ id }) => id.replace("SW-K8S-PSS-", ""))).toEqual([
    "HOST-PROCESS",
    "CAPABILITIES",
    "HOST-PATH",
    "PROBE-HOST",
    "APPARMOR",
    "SELINUX",
    "SYSCTLS",
    "VOLUME-TYPES",
    "NON-ROOT",
    "SECCOMP",
  ]);
});

test("several containers are told apart by name", () => {
  const text =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  initContainers: [{name: i, securityContext: {privileged: true}}]\n  containers: [{name: a}, {name: b, securityContext: {privileged: true}}]\n";
  expect(findings(baseline, text, "strict")).toEqual([
    "PSS-PRIVILEGED i: i: privileged is true @ privileged: true",
    "PSS-PRIVILEGED b: b: privileged is true @ privileged: true",
  ]);
});

test("objects without Pods have nothing to judge", () => {
  const text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n";
  expect(findings([...baseline, ...restricted], text, "strict")).toEqual([]);
});
