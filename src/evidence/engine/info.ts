import type { EngineInfo, EngineVersion } from "#model/evidence/engine.ts";
import { flag, list, number, object, text, textMap, texts } from "../json.ts";

/** Reads `GET /info`. */
export function readInfo(answer: unknown): EngineInfo {
  const info = object(answer);
  const registries = object(info.RegistryConfig);
  const swarm = object(info.Swarm);
  return {
    id: text(info.ID),
    hostName: text(info.Name),
    rootDir: text(info.DockerRootDir),
    storageDriver: text(info.Driver),
    cgroupDriver: text(info.CgroupDriver),
    cgroupVersion: text(info.CgroupVersion),
    securityOptions: texts(info.SecurityOptions).map(readSecurityOption),
    loggingDriver: text(info.LoggingDriver),
    liveRestore: flag(info.LiveRestoreEnabled),
    debug: flag(info.Debug),
    experimental: flag(info.ExperimentalBuild),
    insecureRegistries: Object.entries(object(registries.IndexConfigs))
      .filter(([, entry]) => object(entry).Secure === false)
      .map(([name]) => name),
    insecureRegistryCidrs: texts(registries.InsecureRegistryCIDRs),
    authorizationPlugins: texts(object(info.Plugins).Authorization),
    defaultRuntime: text(info.DefaultRuntime),
    runtimes: Object.fromEntries(
      Object.entries(object(info.Runtimes)).map(([name, entry]) => [name, text(object(entry).path)]),
    ),
    swarmState: text(swarm.LocalNodeState) || "inactive",
    swarmManager: flag(swarm.ControlAvailable),
    swarmNodeAddress: text(swarm.NodeAddr),
    swarmNodes: number(swarm.Nodes),
    swarmManagers: number(swarm.Managers),
    warnings: texts(info.Warnings),
    memoryTotal: number(info.MemTotal),
    cpus: number(info.NCPU),
    osType: text(info.OSType) || "linux",
    operatingSystem: text(info.OperatingSystem),
    kernel: text(info.KernelVersion),
    containers: number(info.Containers),
    images: number(info.Images),
  };
}

/** `name=seccomp,profile=builtin` as name and options; a bare word is a name without options. */
export function readSecurityOption(option: string): EngineInfo["securityOptions"][number] {
  const options: Record<string, string> = {};
  for (const part of option.split(",")) {
    const equals = part.indexOf("=");
    if (equals > 0) options[part.slice(0, equals)] = part.slice(equals + 1);
    else if (part !== "") options.name ??= part;
  }
  const { name = "", ...rest } = options;
  return { name, options: rest };
}

/** Reads `GET /version`. */
export function readVersion(answer: unknown): EngineVersion {
  const version = object(answer);
  const components = list(version.Components).map((entry) => {
    const { Name, Version, Details } = object(entry);
    // Distributions put their package revision into the commit field; it says more than the version.
    const commit = textMap(Details).GitCommit ?? "";
    const precise = commit.startsWith(text(Version)) && commit !== "" ? commit : text(Version);
    return [text(Name), precise] as const;
  });
  return {
    version: text(version.Version),
    apiVersion: text(version.ApiVersion),
    minApiVersion: text(version.MinAPIVersion),
    platform: text(object(version.Platform).Name),
    components: Object.fromEntries(components),
  };
}
