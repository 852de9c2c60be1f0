import type { ComposeMap, ComposeNode, ComposeService } from "#model/evidence/compose.ts";
import type { ContainerEvidence, DeclaredContainer, DeclaredIn } from "#model/evidence/container.ts";
import { got, missing } from "#model/reading.ts";
import type { LineStarts } from "#model/text.ts";
import { capabilityName } from "../engine/inspect.ts";
import { maskArguments, maskSecrets, maskValue } from "../env.ts";
import { textMap } from "../json.ts";
import { splitCommand } from "./amounts.ts";
import { readEnvironment } from "./environment.ts";
import { readLimits, readRestart, readUlimits } from "./limits.ts";
import { readMounts } from "./mounts.ts";
import { collectPlaces, type Places } from "./places.ts";
import { bindingsOf, parsePort } from "./ports.ts";
import { at, entryOf, flagOf, isOpen, itemsOf, numberOf, pairsOf, textOf, textsOf } from "./tree.ts";

/** What surrounds the services of a project. */
export interface ServiceContext {
  /** The file, as the user names it. */
  path: string;
  project: ComposeMap;
  otherLines: ReadonlyMap<string, LineStarts>;
}

const NOTHING_RUNS = "nothing runs yet: judged by its declaration";

/** The container that a service asks for, as one that the engine would describe; null if no engine runs it. */
export function serviceContainer(service: ComposeService, context: ServiceContext): ContainerEvidence | null {
  if (service.settings.entries.has("provider")) return null;
  const places = collectPlaces(context.path, service.place, context.otherLines);
  const declared = declaredContainer(service, context, places);
  const declaredIn: DeclaredIn = {
    path: context.path,
    carrier: "compose",
    place: { field: `services.${service.name}`, ...service.place },
    places: places.all,
  };
  return {
    id: `${context.path}#${service.name}`,
    name: service.name,
    engine: null,
    manager: "compose",
    image: textOf(at(service.settings, "image")),
    state: "",
    createdAt: "",
    startedAt: "",
    finishedAt: "",
    health: "none",
    self: false,
    declared: got(declared),
    specified: missing(NOTHING_RUNS),
    actual: missing(NOTHING_RUNS),
    execs: missing(NOTHING_RUNS),
    declaredIn,
  };
}

function declaredContainer(
  service: ComposeService,
  context: ServiceContext,
  places: Places,
): DeclaredContainer {
  const { settings, name } = service;
  const get = (...keys: string[]): ComposeNode | undefined => at(settings, ...keys);
  const noteKey = (key: string, ...paths: string[]): void =>
    places.entry(paths, `services.${name}.${key}`, entryOf(settings, key));

  noteKey("image", "Image");
  noteKey("user", "Config.User");
  noteKey("working_dir", "Config.WorkingDir");
  noteKey("command", "Config.Cmd");
  noteKey("entrypoint", "Config.Cmd");
  noteKey("privileged", "HostConfig.Privileged");
  noteKey("cap_add", "HostConfig.CapAdd/CapDrop");
  noteKey("cap_drop", "HostConfig.CapAdd/CapDrop");
  noteKey("security_opt", "HostConfig.SecurityOpt", "HostConfig.MaskedPaths");
  noteKey("read_only", "HostConfig.ReadonlyRootfs");
  noteKey("pid", "HostConfig.PidMode");
  noteKey("ipc", "HostConfig.IpcMode");
  noteKey("uts", "HostConfig.UTSMode");
  noteKey("userns_mode", "HostConfig.UsernsMode");
  noteKey("cgroup", "HostConfig.CgroupnsMode");
  noteKey("network_mode", "HostConfig.NetworkMode", "NetworkSettings.Networks");
  noteKey("networks", "NetworkSettings.Networks");
  noteKey("cgroup_parent", "HostConfig.CgroupParent");
  noteKey("cpuset", "HostConfig.CpusetCpus");
  noteKey("cpu_shares", "HostConfig.CpuShares");
  noteKey("cpu_quota", "HostConfig.CpuQuota");
  noteKey("oom_kill_disable", "HostConfig.OomKillDisable");
  noteKey("oom_score_adj", "HostConfig.OomScoreAdj");
  noteKey("ulimits", "HostConfig.Ulimits");
  noteKey("healthcheck", "Config.Healthcheck");
  noteKey("logging", "HostConfig.LogConfig.Type", "HostConfig.LogConfig.Config.max-size");
  for (const option of itemsOf(get("security_opt"))) {
    places.note(`HostConfig.SecurityOpt ${textOf(option)}`, `services.${name}.security_opt`, option.place);
  }

  const securityOpt = textsOf(get("security_opt"));
  const unmasked = securityOpt.some((option) => /^systempaths[=:]unconfined$/.test(option));
  const limits = readLimits(service, places);
  const networkMode = sharedMode(textOf(get("network_mode")));
  const declared: DeclaredContainer = {
    source: context.path,
    imageId: "",
    user: isOpen(get("user")) ? "" : textOf(get("user")),
    workingDir: textOf(get("working_dir")),
    entrypoint: maskArguments(commandOf(get("entrypoint"))),
    // The program alone: arguments hold secrets of every form.
    command: commandOf(get("command")).slice(0, 1),
    env: readEnvironment(service, places),
    labels: maskedPairs(get("labels")),
    privileged: flagOf(get("privileged")),
    capAdd: textsOf(get("cap_add")).map(capabilityName),
    capDrop: textsOf(get("cap_drop")).map(capabilityName),
    securityOpt,
    pidMode: sharedMode(textOf(get("pid"))),
    ipcMode: sharedMode(textOf(get("ipc"))),
    networkMode: networkMode || `${name}_default`,
    utsMode: textOf(get("uts")),
    usernsMode: textOf(get("userns_mode")),
    cgroupnsMode: textOf(get("cgroup")),
    readonlyRootfs: flagOf(get("read_only")),
    ...readMounts(service, context, places),
    // `container:NAME` is one that Compose does not manage.
    volumesFrom: noted("volumes_from", "HostConfig.VolumesFrom", (text) => linked(outside(text))).map(
      outside,
    ),
    links: [
      ...noted("links", "HostConfig.Links", linked),
      ...noted("external_links", "HostConfig.Links", linked),
    ],
    devices: readDevices(service, places),
    deviceCgroupRules: textsOf(get("device_cgroup_rules")),
    ports: networkMode === "host" ? [] : readPorts(service, places),
    publishAllPorts: false,
    exposedPorts: textsOf(get("expose")),
    ...limits,
    ulimits: readUlimits(get("ulimits")),
    oomKillDisable: flagOf(get("oom_kill_disable")),
    oomScoreAdj: numberOf(get("oom_score_adj")) || 0,
    restart: readRestart(service, places),
    cgroupParent: textOf(get("cgroup_parent")),
    sysctls: readSysctls(service, places),
    runtime: textOf(get("runtime")),
    init: flagOf(get("init")),
    logDriver:
      textOf(get("logging", "driver")) || (get("logging", "options") === undefined ? "" : "json-file"),
    logOptions: maskedPairs(get("logging", "options")),
    maskedPaths: unmasked ? [] : null,
    readonlyPaths: unmasked ? [] : null,
    healthcheck: readHealthcheck(get("healthcheck")),
    groupAdd: textsOf(get("group_add")),
    networks: networksOf(settings, context.project, networkMode),
  };
  return service.complete ? declared : withBenefitOfDoubt(declared);

  function noted(key: string, path: string, nameOf: (text: string) => string): string[] {
    noteKey(key, path);
    for (const item of itemsOf(get(key))) {
      places.note(`${path} ${nameOf(textOf(item))}`, `services.${name}.${key}`, item.place);
    }
    return textsOf(get(key));
  }
}

/**
 * A service without image and build is a part that another file completes, so what it leaves out may stand there.
 * Only what it says itself can then be at fault.
 */
function withBenefitOfDoubt(declared: DeclaredContainer): DeclaredContainer {
  return {
    ...declared,
    readonlyRootfs: true,
    capDrop: declared.capDrop.length > 0 ? declared.capDrop : ["ALL"],
    securityOpt: declared.securityOpt.some((option) => option.startsWith("no-new-privileges"))
      ? declared.securityOpt
      : [...declared.securityOpt, "no-new-privileges:true"],
    memory: declared.memory || 1,
    nanoCpus: declared.nanoCpus || 1,
    pidsLimit: declared.pidsLimit || 1,
  };
}

/** `service:db` joins the container of that service. */
function sharedMode(mode: string): string {
  return mode.replace(/^service:/, "container:");
}

function outside(text: string): string {
  return text.replace(/^container:/, "");
}

function linked(link: string): string {
  return link.split(":")[0] ?? link;
}

function commandOf(node: ComposeNode | undefined): string[] {
  return node?.kind === "scalar" ? splitCommand(textOf(node)) : textsOf(node);
}

function maskedPairs(node: ComposeNode | undefined): Record<string, string> {
  const all = pairsOf(node).map(({ name, value }) => [name, textOf(value)] as const);
  return textMap(maskValue(Object.fromEntries(all)));
}

function readPorts(service: ComposeService, places: Places): DeclaredContainer["ports"] {
  const field = `services.${service.name}.ports`;
  const ports: DeclaredContainer["ports"] = [];
  for (const item of itemsOf(at(service.settings, "ports"))) {
    const port = parsePort(item);
    if (port === null) continue;
    const { container, host, protocol } = port;
    const one = container[0] === container[1];
    const names = [
      `${one ? container[0] : container.join("-")}/${protocol}`,
      ...(one
        ? []
        : Array.from(
            { length: Math.min(container[1] - container[0] + 1, 64) },
            (_, index) => `${container[0] + index}/${protocol}`,
          )),
      ...(host[0] > 0 && host[0] < 1024 ? [`${host[0]}/${protocol}`] : []),
    ];
    places.note(
      [...names.map((each) => `NetworkSettings.Ports ${each}`), "NetworkSettings.Ports"],
      field,
      item.place,
    );
    ports.push(...bindingsOf(port).slice(0, 65_536 - ports.length));
  }
  return ports;
}

function readDevices(service: ComposeService, places: Places): DeclaredContainer["devices"] {
  const path = "HostConfig.Devices, DeviceCgroupRules";
  const field = `services.${service.name}.devices`;
  for (const rule of itemsOf(at(service.settings, "device_cgroup_rules"))) {
    const [type, number] = textOf(rule).split(" ");
    const key = number === "*:*" ? "all" : `${type} ${number} null`;
    places.note([`${path} ${key}`, path], `services.${service.name}.device_cgroup_rules`, rule.place);
  }
  return itemsOf(at(service.settings, "devices")).flatMap((item) => {
    const [short = "", inside = short, access = "rwm"] = textOf(item).split(":");
    const host = item.kind === "map" ? textOf(at(item, "source")) : short;
    if (host === "") return [];
    places.note([`${path} c ? ${host}`, path], field, item.place);
    return [
      {
        host,
        container: item.kind === "map" ? textOf(at(item, "target")) || host : inside,
        permissions: item.kind === "map" ? textOf(at(item, "permissions")) || "rwm" : access,
      },
    ];
  });
}

function readSysctls({ settings, name }: ComposeService, places: Places): Record<string, string> {
  return Object.fromEntries(
    pairsOf(at(settings, "sysctls")).map(({ name: key, value, place }) => {
      places.note(
        [`HostConfig.Sysctls.${key} ${key}`, `HostConfig.Sysctls.${key}`],
        `services.${name}.sysctls.${key}`,
        place,
      );
      return [key, textOf(value)];
    }),
  );
}

function readHealthcheck(node: ComposeNode | undefined): string[] | null {
  if (node?.kind !== "map") return null;
  if (flagOf(at(node, "disable"))) return ["NONE"];
  const test = at(node, "test");
  const words = test?.kind === "scalar" ? ["CMD-SHELL", textOf(test)] : textsOf(test);
  return words.length === 0 ? null : words.map((word) => maskSecrets(word));
}

function networksOf(settings: ComposeMap, project: ComposeMap, mode: string): DeclaredContainer["networks"] {
  if (mode !== "") return mode === "bridge" ? [{ name: "bridge", id: "", ip: "" }] : [];
  const networks = at(settings, "networks");
  const names = networks?.kind === "map" ? [...networks.entries.keys()] : textsOf(networks);
  return (names.length === 0 ? ["default"] : names).map((name) => {
    // Compose puts the project's name before that of a network which it makes itself.
    const outside = at(project, "networks", name, "external");
    const real = textOf(at(project, "networks", name, "name"));
    return { name: outside === undefined ? `project_${name}` : real || name, id: "", ip: "" };
  });
}
