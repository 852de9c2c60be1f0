import { describe, expect, test } from "vitest";
import { manifestOf, podDeclares, podText, type PodLines } from "./testing.ts";

function places(lines: PodLines): (path: string) => string {
  const text = podText(lines);
  const found = manifestOf(text).containers[0]?.declaredIn?.places ?? {};
  return (path) => {
    const place = found[path];
    return place === undefined ? "" : `${place.field} | ${text.slice(place.start, place.end)}`;
  };
}

describe("the security context", () => {
  test("of the container goes before that of the Pod", () => {
    const spec = ["securityContext:", "  runAsUser: 1000", "  runAsGroup: 1000", "  runAsNonRoot: true"];
    expect(podDeclares({ spec }).user).toBe("1000:1000");
    expect(podDeclares({ spec, container: ["securityContext: {runAsUser: 0}"] }).user).toBe("0:1000");
    expect(podDeclares({ spec, container: ["securityContext: {runAsUser: null}"] }).user).toBe("1000:1000");
    expect(podDeclares({ spec: ["securityContext: {runAsNonRoot: true}"] }).user).toBe("non-root");
    expect(podDeclares({}).user).toBe("");
    expect(places({ spec })("Config.User")).toBe("spec.securityContext.runAsUser | runAsUser: 1000");
  });

  test("becomes what the engine would be told", () => {
    const container = [
      "securityContext:",
      "  privileged: yes",
      "  readOnlyRootFilesystem: true",
      "  allowPrivilegeEscalation: false",
      "  procMount: Unmasked",
      "  seccompProfile: {type: Unconfined}",
      "  appArmorProfile: {type: Localhost, localhostProfile: mine}",
      "  seLinuxOptions: {type: spc_t}",
      "  capabilities:",
      "    add: [SYS_ADMIN, CAP_BPF]",
      "    drop: [all]",
    ];
    expect(podDeclares({ container })).toMatchObject({
      privileged: true,
      readonlyRootfs: true,
      maskedPaths: [],
      capAdd: ["CAP_SYS_ADMIN", "CAP_BPF"],
      capDrop: ["ALL"],
      securityOpt: ["seccomp=unconfined", "apparmor=mine", "label=type:spc_t", "no-new-privileges"],
    });
    const at = places({ container });
    expect(at("HostConfig.Privileged")).toBe(
      "spec.containers[0].securityContext.privileged | privileged: yes",
    );
    expect(at("HostConfig.CapAdd/CapDrop CAP_BPF")).toContain("capabilities.add[1] | CAP_BPF");
    expect(at("HostConfig.SecurityOpt")).toContain("seccompProfile: {type: Unconfined}");
    expect(at("HostConfig.CapAdd/CapDrop")).toContain("add: [SYS_ADMIN, CAP_BPF]");
  });

  test("has AppArmor in an annotation on older clusters", () => {
    const annotations = (profile: string): PodLines => ({
      metadata: ["annotations:", `  container.apparmor.security.beta.kubernetes.io/app: ${profile}`],
    });
    expect(podDeclares(annotations("unconfined")).securityOpt).toEqual(["apparmor=unconfined"]);
    expect(podDeclares(annotations("localhost/mine")).securityOpt).toEqual(["apparmor=mine"]);
    expect(podDeclares(annotations("runtime/default")).securityOpt).toEqual([]);
    const both = {
      ...annotations("unconfined"),
      container: ["securityContext: {appArmorProfile: {type: RuntimeDefault}}"],
    };
    expect(podDeclares(both).securityOpt).toEqual([]);
  });
});

test("namespaces of the node, and those of the Pod", () => {
  expect(
    podDeclares({ spec: ["hostNetwork: true", "hostPID: true", "hostIPC: true", "hostUsers: false"] }),
  ).toMatchObject({
    networkMode: "host",
    pidMode: "host",
    ipcMode: "host",
    usernsMode: "private",
  });
  expect(podDeclares({})).toMatchObject({ networkMode: "", pidMode: "", networks: [] });
  expect(places({ spec: ["hostPID: true"] })("HostConfig.PidMode")).toBe("spec.hostPID | hostPID: true");
});

test("volumes are mounts of what they show", () => {
  const spec = [
    "volumes:",
    "  - {name: run, hostPath: {path: /var/run/}}",
    "  - {name: mem, emptyDir: {medium: Memory}}",
    "  - {name: data, persistentVolumeClaim: {claimName: d}}",
  ];
  const container = [
    "volumeMounts:",
    "  - {name: run, mountPath: /host/run, subPath: docker.sock, readOnly: true}",
    "  - {name: run, mountPath: /r/, mountPropagation: Bidirectional}",
    "  - {name: mem, mountPath: /m}",
    "  - {name: data, mountPath: /d}",
    "  - {name: missing, mountPath: /x}",
  ];
  expect(podDeclares({ spec, container }).mounts).toMatchObject([
    { type: "bind", source: "/var/run/docker.sock", target: "/host/run", writable: false },
    { type: "bind", source: "/var/run", target: "/r", writable: true, propagation: "rshared" },
    { type: "tmpfs", source: "", target: "/m" },
    { type: "volume", source: "data", volume: "data", target: "/d" },
    { type: "volume", source: "missing", target: "/x" },
  ]);
  expect(places({ spec, container })("Mounts /m")).toContain("volumeMounts[2].mountPath | mountPath: /m");
});

test("limits are those of the container, else of the Pod", () => {
  const own = ["resources: {limits: {memory: 128Mi, cpu: 500m}}"];
  expect(podDeclares({ container: own })).toMatchObject({ memory: 128 * 2 ** 20, nanoCpus: 5e8 });
  const shared = ["resources: {limits: {memory: 1Gi, cpu: 2}}"];
  expect(podDeclares({ spec: shared })).toMatchObject({ memory: 2 ** 30, nanoCpus: 2e9 });
  expect(podDeclares({ spec: shared, container: own }).memory).toBe(128 * 2 ** 20);
  expect(podDeclares({})).toMatchObject({ memory: 0, nanoCpus: 0 });
  expect(places({ container: own })("HostConfig.Memory")).toBe(
    "spec.containers[0].resources.limits.memory | memory: 128Mi",
  );
});

test("ports count where they are the node's", () => {
  const container = [
    "ports:",
    "  - {containerPort: 80}",
    "  - {containerPort: 53, hostPort: 5353, protocol: UDP, hostIP: 10.0.0.1}",
  ];
  expect(podDeclares({ container })).toMatchObject({
    ports: [{ container: 53, hostPort: 5353, protocol: "udp", hostIp: "10.0.0.1" }],
    exposedPorts: ["80/tcp", "53/udp"],
  });
  expect(places({ container })("NetworkSettings.Ports 53/udp")).toContain("hostPort: 5353");
});

test("no value of the environment, nor of arguments that are secret, enters the evidence", () => {
  const container = [
    "env:",
    "  - {name: A_PASSWORD, value: verysecret}",
    "  - {name: B, valueFrom: {secretKeyRef: {name: s, key: k}}}",
    "args: [--password, verysecret]",
    "command: [app, --token=verysecret]",
  ];
  const { containers } = manifestOf(podText({ container }));
  expect(JSON.stringify(containers)).not.toContain("verysecret");
  expect(podDeclares({ container }).env).toEqual([
    { name: "A_PASSWORD", shape: "text", length: 10 },
    { name: "B", shape: "reference", length: 0 },
  ]);
  expect(places({ container })("Config.Env A_PASSWORD")).toContain("env[0].value | value: verysecret");
});

test("sysctls, runtime, probes", () => {
  const spec = [
    "runtimeClassName: gvisor",
    "securityContext: {sysctls: [{name: kernel.msgmax, value: '1'}]}",
  ];
  expect(podDeclares({ spec, container: ["livenessProbe: {httpGet: {port: 80}}"] })).toMatchObject({
    runtime: "gvisor",
    sysctls: { "kernel.msgmax": "1" },
    healthcheck: ["CMD", "httpGet"],
  });
  expect(places({ spec })("HostConfig.Sysctls.kernel.msgmax")).toContain("name: kernel.msgmax");
});

test("what the kubelet decides is not read here", () => {
  const [container] = manifestOf(podText()).containers;
  expect(Object.keys(container?.declaredIn?.unread ?? {})).toContain("HostConfig.PidsLimit");
});
