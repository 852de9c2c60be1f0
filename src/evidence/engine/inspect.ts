import type { DeclaredContainer } from "#model/evidence/container.ts";
import { describeEnv, maskArguments, maskSecrets, maskValue } from "../env.ts";
import { flag, type Json, list, number, object, text, textMap, texts } from "../json.ts";

/**
 * Puts the answer of `GET /containers/ID/json` (Docker Engine API 1.41 and up, podman's compatible API) into
 * the common form of what somebody declared. What the answer lacks reads as its default.
 */
export function readInspect(inspect: Json): DeclaredContainer {
  const config = object(inspect.Config);
  const host = object(inspect.HostConfig);
  const network = object(inspect.NetworkSettings);
  const restart = object(host.RestartPolicy);
  const log = object(host.LogConfig);
  return {
    source: `docker inspect ${text(inspect.Name).replace(/^\//, "")}`,
    imageId: text(inspect.Image),
    user: text(config.User),
    workingDir: text(config.WorkingDir),
    entrypoint: maskArguments(texts(config.Entrypoint)),
    command: texts(config.Cmd).slice(0, 1),
    env: describeEnv(texts(config.Env)),
    labels: textMap(maskValue(config.Labels)),
    privileged: flag(host.Privileged),
    capAdd: texts(host.CapAdd).map(capabilityName),
    capDrop: texts(host.CapDrop).map(capabilityName),
    securityOpt: texts(host.SecurityOpt).map(shortenSecurityOption),
    pidMode: text(host.PidMode),
    ipcMode: text(host.IpcMode),
    networkMode: text(host.NetworkMode),
    utsMode: text(host.UTSMode),
    usernsMode: text(host.UsernsMode),
    cgroupnsMode: text(host.CgroupnsMode),
    readonlyRootfs: flag(host.ReadonlyRootfs),
    mounts: list(inspect.Mounts).map((entry) => {
      const mount = object(entry);
      return {
        type: text(mount.Type),
        source: text(mount.Source),
        target: text(mount.Destination),
        writable: flag(mount.RW),
        mode: text(mount.Mode),
        propagation: text(mount.Propagation),
        ...(text(mount.Name) === "" ? {} : { volume: text(mount.Name) }),
      };
    }),
    tmpfs: textMap(host.Tmpfs),
    volumesFrom: texts(host.VolumesFrom),
    links: texts(host.Links),
    devices: list(host.Devices).map((entry) => {
      const device = object(entry);
      return {
        host: text(device.PathOnHost),
        container: text(device.PathInContainer),
        permissions: text(device.CgroupPermissions),
      };
    }),
    deviceCgroupRules: texts(host.DeviceCgroupRules),
    ports: publishedPorts(flag(object(inspect.State).Running) ? network.Ports : host.PortBindings),
    publishAllPorts: flag(host.PublishAllPorts),
    exposedPorts: Object.keys(object(config.ExposedPorts)),
    memory: number(host.Memory),
    memorySwap: number(host.MemorySwap),
    nanoCpus: number(host.NanoCpus),
    cpuQuota: number(host.CpuQuota),
    cpuShares: number(host.CpuShares),
    cpusetCpus: text(host.CpusetCpus),
    pidsLimit: number(host.PidsLimit),
    ulimits: list(host.Ulimits).map((entry) => {
      const limit = object(entry);
      return { name: text(limit.Name), soft: number(limit.Soft), hard: number(limit.Hard) };
    }),
    oomKillDisable: flag(host.OomKillDisable),
    oomScoreAdj: number(host.OomScoreAdj),
    restart: { name: text(restart.Name), max: number(restart.MaximumRetryCount) },
    cgroupParent: text(host.CgroupParent),
    sysctls: textMap(host.Sysctls),
    runtime: text(host.Runtime),
    init: flag(host.Init),
    logDriver: text(log.Type),
    logOptions: textMap(maskValue(log.Config)),
    maskedPaths: Array.isArray(host.MaskedPaths) ? texts(host.MaskedPaths) : null,
    readonlyPaths: Array.isArray(host.ReadonlyPaths) ? texts(host.ReadonlyPaths) : null,
    healthcheck: healthcheck(config.Healthcheck),
    groupAdd: texts(host.GroupAdd),
    networks: Object.entries(object(network.Networks)).map(([name, entry]) => {
      const { NetworkID, IPAddress } = object(entry);
      return { name, id: text(NetworkID), ip: text(IPAddress) };
    }),
  };
}

/** `CAP_NET_RAW`, whatever the spelling: engines and people write it with and without the prefix. */
export function capabilityName(name: string): string {
  const upper = name.toUpperCase();
  return upper === "ALL" || upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
}

/** The command of a health check, null for none (`Healthcheck` absent or without a test). */
export function healthcheck(value: unknown): string[] | null {
  const test = texts(object(value).Test);
  return test.length === 0 ? null : test.map((part) => maskSecrets(part));
}

// The engine stores a custom seccomp profile with its whole JSON text in the option.
function shortenSecurityOption(option: string): string {
  return /^seccomp[=:]\s*\{/.test(option) ? "seccomp=<profile>" : option;
}

// `bindings` are the live ports of a running container: what was asked for may not be in force (host network).
// A stopped one has none; there what was asked for tells what a start would publish.
function publishedPorts(bindings: unknown): DeclaredContainer["ports"] {
  const ports: DeclaredContainer["ports"] = [];
  for (const [key, hosts] of Object.entries(object(bindings))) {
    const [port, protocol] = key.split("/");
    for (const binding of list(hosts)) {
      const { HostIp, HostPort } = object(binding);
      ports.push({
        container: Number(port) || 0,
        protocol: protocol ?? "tcp",
        hostIp: text(HostIp),
        hostPort: Number(text(HostPort)) || 0,
      });
    }
  }
  return ports;
}
