import type { DeclaredContainer } from "#model/evidence/container.ts";
import { capabilityName } from "../engine/inspect.ts";
import { describeEnv, maskSecrets, maskValue } from "../env.ts";
import { object, textMap } from "../json.ts";
import type { RunOption } from "./arguments.ts";
import { type Draft, placed, placedItem, unknown, valueOf } from "./draft.ts";
import { optionMount, tmpfsMount, volumeMount } from "./mounts.ts";
import { portBindings } from "./ports.ts";
import { securityOption } from "./security-options.ts";
import { assignment, bytesOf, cleanPath, integerOf, isOpen, switchOf, withDefaults } from "./values.ts";

type Handler = (draft: Draft, option: RunOption) => void;
type Keys<T> = {
  [K in keyof DeclaredContainer]: DeclaredContainer[K] extends T ? K : never;
}[keyof DeclaredContainer];

function word(field: Keys<string>, path: string): Handler {
  return (draft, option) => {
    const value = valueOf(draft, path, option);
    draft.declared[field] = value ?? option.value ?? "";
    placed(draft, path, option);
  };
}

function toggle(field: Keys<boolean>, path: string): Handler {
  return (draft, option) => {
    const on = option.static ? switchOf(option.value) : null;
    if (on === null) unknown(draft, path, option);
    else draft.declared[field] = on;
    placed(draft, path, option);
  };
}

/** An amount that only the run tells. */
const SOME = 1;

function amount(field: Keys<number>, path: string, read: (value: string) => number | null): Handler {
  return (draft, option) => {
    const value = valueOf(draft, path, option);
    const number = value === null ? null : read(value);
    if (value !== null && number === null) unknown(draft, path, option);
    // Somebody asks for a limit; nothing must say that there is none because its amount is a variable.
    draft.declared[field] = number ?? SOME;
    placed(draft, path, option);
  };
}

// Podman takes lists with commas in one option, Docker says that there is no such capability.
function capabilities(field: "capAdd" | "capDrop"): Handler {
  const path = "HostConfig.CapAdd/CapDrop";
  return (draft, option) => {
    const value = valueOf(draft, path, option);
    for (const name of (value ?? "").split(",").filter((part) => part !== "")) {
      const full = capabilityName(name);
      if (!draft.declared[field].includes(full)) draft.declared[field].push(full);
      if (field === "capAdd") placedItem(draft, path, full, option);
      placedItem(draft, field === "capAdd" ? "HostConfig.CapAdd" : "HostConfig.CapDrop", full, option);
    }
  };
}

function mount(read: (text: string) => DeclaredContainer["mounts"][number] | null): Handler {
  return (draft, option) => {
    const text = withDefaults(option.value ?? "");
    const found = read(text);
    if (found === null || (!option.static && /^[$`]/.test(found.target))) {
      unknown(draft, "Mounts", option);
      return;
    }
    draft.declared.mounts.push(found);
    placedItem(draft, "Mounts", found.target, option);
  };
}

const devices = "HostConfig.Devices, DeviceCgroupRules";

/** What each option asks for, by the field that `docker inspect` shows it in. Options without effect on rules are left out. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  user: word("user", "Config.User"),
  workdir: word("workingDir", "Config.WorkingDir"),
  pid: word("pidMode", "HostConfig.PidMode"),
  ipc: word("ipcMode", "HostConfig.IpcMode"),
  uts: word("utsMode", "HostConfig.UTSMode"),
  userns: word("usernsMode", "HostConfig.UsernsMode"),
  cgroupns: word("cgroupnsMode", "HostConfig.CgroupnsMode"),
  "cgroup-parent": word("cgroupParent", "HostConfig.CgroupParent"),
  runtime: word("runtime", "HostConfig.Runtime"),
  "log-driver": word("logDriver", "HostConfig.LogConfig.Type"),
  "cpuset-cpus": word("cpusetCpus", "HostConfig.CpusetCpus"),
  privileged: toggle("privileged", "HostConfig.Privileged"),
  "read-only": toggle("readonlyRootfs", "HostConfig.ReadonlyRootfs"),
  init: toggle("init", "HostConfig.Init"),
  "oom-kill-disable": toggle("oomKillDisable", "HostConfig.OomKillDisable"),
  "publish-all": toggle("publishAllPorts", "HostConfig.PublishAllPorts"),
  memory: amount("memory", "HostConfig.Memory", bytesOf),
  "memory-swap": amount("memorySwap", "HostConfig.MemorySwap", bytesOf),
  cpus: amount("nanoCpus", "HostConfig.NanoCpus", (value) =>
    /^\d*\.?\d+$/.test(value) ? Math.round(Number(value) * 1e9) : null,
  ),
  "cpu-quota": amount("cpuQuota", "HostConfig.CpuQuota", integerOf),
  "cpu-shares": amount("cpuShares", "HostConfig.CpuShares", integerOf),
  "pids-limit": amount("pidsLimit", "HostConfig.PidsLimit", integerOf),
  "oom-score-adj": amount("oomScoreAdj", "HostConfig.OomScoreAdj", integerOf),
  "cap-add": capabilities("capAdd"),
  "cap-drop": capabilities("capDrop"),
  "security-opt": securityOption,
  volume: mount(volumeMount),
  mount: mount(optionMount),
  "use-api-socket": (draft, option) => {
    if (switchOf(option.value) === false) return;
    const socket = "/var/run/docker.sock";
    draft.declared.mounts.push({
      type: "bind",
      source: socket,
      target: socket,
      writable: true,
      mode: "",
      propagation: "",
    });
    placedItem(draft, "Mounts", socket, option);
  },
  tmpfs: (draft, option) => {
    const { target, options } = tmpfsMount(withDefaults(option.value ?? ""));
    draft.declared.tmpfs[target] = options;
    placedItem(draft, "HostConfig.Tmpfs", target, option);
  },
  "volumes-from": (draft, option) => {
    const value = option.value ?? "";
    draft.declared.volumesFrom.push(value);
    placedItem(draft, "HostConfig.VolumesFrom", value, option);
  },
  link: (draft, option) => {
    const value = option.value ?? "";
    draft.declared.links.push(value);
    placedItem(draft, "HostConfig.Links", value.split(":")[0] ?? value, option);
  },
  device: (draft, option) => {
    const parts = withDefaults(option.value ?? "").split(":");
    const host = cleanPath(parts[0] ?? "");
    const mode = parts.at(-1) ?? "";
    const permissions = parts.length > 1 && /^[rwm]{1,3}$/.test(mode) ? mode : "rwm";
    const inside = parts[1]?.startsWith("/") === true ? parts[1] : host;
    draft.declared.devices.push({ host, container: inside, permissions });
    placedItem(draft, devices, `c ? ${host}`, option);
  },
  "device-cgroup-rule": (draft, option) => {
    const value = (option.value ?? "").trim();
    draft.declared.deviceCgroupRules.push(value);
    placedItem(draft, devices, `${value.split(" ").slice(0, 2).join(" ")} null`, option);
    if (value.includes("*:*")) placedItem(draft, devices, "all", option);
  },
  publish: (draft, option) => {
    const bindings = portBindings(withDefaults(option.value ?? ""), draft.budget);
    if (bindings === null) {
      unknown(draft, "NetworkSettings.Ports", option);
      return;
    }
    draft.declared.ports.push(...bindings);
    // Several options may publish one port; this is the place of each of them.
    placedItem(draft, "NetworkSettings.Ports", `${option.written} ${option.value ?? ""}`, option);
    const [first] = bindings;
    if (first === undefined) return;
    const last = bindings.at(-1)?.container ?? first.container;
    const span = first.container === last ? `${last}` : `${first.container}-${last}`;
    placedItem(draft, "NetworkSettings.Ports", `${span}/${first.protocol}`, option);
    for (const { container, hostPort, protocol } of bindings) {
      placedItem(draft, "NetworkSettings.Ports", `${container}/${protocol}`, option);
      if (hostPort > 0 && hostPort < 1024) {
        placedItem(draft, "NetworkSettings.Ports", `${hostPort}/${protocol}`, option);
      }
    }
  },
  expose: (draft, option) => {
    draft.declared.exposedPorts.push(option.value ?? "");
    placed(draft, "Config.ExposedPorts", option);
  },
  env: (draft, option) => {
    const [variable] = describeEnv([withDefaults(option.value ?? "")]);
    if (variable === undefined) return;
    const { value } = assignment(withDefaults(option.value ?? ""));
    // Whatever stands in a variable of the shell is not in the file: it cannot be told whether it is a secret.
    const open = !option.static && isOpen(value);
    const { env } = draft.declared;
    const described = open ? { name: variable.name, shape: "variable", length: 0 } : variable;
    const before = env.findIndex(({ name }) => name === variable.name);
    if (before < 0) env.push(described);
    else env[before] = described;
    placedItem(draft, "Config.Env", variable.name, option);
  },
  "env-file": (draft, option) => placed(draft, "Config.Env", option),
  label: (draft, option) => {
    const { name, value } = assignment(option.value ?? "");
    Object.assign(draft.declared.labels, textMap(maskValue(object({ [name]: value }))));
  },
  "log-opt": (draft, option) => {
    const { name, value } = assignment(withDefaults(option.value ?? ""));
    Object.assign(draft.declared.logOptions, textMap(maskValue(object({ [name]: value }))));
    placed(draft, `HostConfig.LogConfig.Config.${name}`, option);
  },
  sysctl: (draft, option) => {
    for (const part of draft.engine === "podman" ? (option.value ?? "").split(",") : [option.value ?? ""]) {
      const { name, value } = assignment(withDefaults(part));
      const path = `HostConfig.Sysctls.${name}`;
      if (isOpen(value)) unknown(draft, path, option);
      draft.declared.sysctls[name] = value;
      placed(draft, path, option);
      draft.places["HostConfig.Sysctls"] ??= { field: option.written, ...option.range };
    }
  },
  ulimit: (draft, option) => {
    const { name, value } = assignment(withDefaults(option.value ?? ""));
    const [soft, hard] = value.split(":").map((part) => integerOf(part.replace(/^unlimited$/, "-1")));
    if (soft === null || soft === undefined || hard === null) {
      unknown(draft, "HostConfig.Ulimits", option);
      return;
    }
    draft.declared.ulimits.push({ name, soft, hard: hard ?? soft });
    placedItem(draft, "HostConfig.Ulimits", name, option);
  },
  restart: (draft, option) => {
    const path = "HostConfig.RestartPolicy";
    const [name = "", max = "0"] = (valueOf(draft, path, option) ?? "").split(":");
    draft.declared.restart = { name, max: integerOf(max) ?? 0 };
    placed(draft, path, option);
  },
  network: (draft, option) => {
    const value = valueOf(draft, "HostConfig.NetworkMode", option);
    if (value === null) unknown(draft, "NetworkSettings.Networks", option);
    const name = value === null ? (option.value ?? "") : networkName(value);
    const { networks } = draft.declared;
    if (networks.length === 0) draft.declared.networkMode = name;
    networks.push({ name: bridged(name, draft), id: "", ip: "" });
    placed(draft, "HostConfig.NetworkMode", option);
    placedItem(draft, "NetworkSettings.Networks", name, option);
  },
  "group-add": (draft, option) => {
    draft.declared.groupAdd.push(option.value ?? "");
  },
  entrypoint: (draft, option) => {
    draft.declared.entrypoint = [maskSecrets(option.value ?? "")];
    placed(draft, "Config.Cmd", option);
  },
  "health-cmd": (draft, option) => {
    draft.declared.healthcheck =
      option.value === "none" ? ["NONE"] : ["CMD-SHELL", maskSecrets(option.value ?? "")];
    placed(draft, "Config.Healthcheck", option);
  },
  "no-healthcheck": (draft, option) => {
    if (switchOf(option.value) !== false) draft.declared.healthcheck = ["NONE"];
    placed(draft, "Config.Healthcheck", option);
  },
};

/** Puts one option into the draft; options that no rule looks at leave it as it is. */
export function declare(draft: Draft, option: RunOption): void {
  if (Object.hasOwn(HANDLERS, option.name)) HANDLERS[option.name]?.(draft, option);
}

/** `name=app,alias=web` (docker run reference, "--network") names its network among other things. */
function networkName(value: string): string {
  if (!value.includes("=")) return value;
  const field = value.split(",").find((part) => part.startsWith("name="));
  return field === undefined ? value : field.slice("name=".length);
}

/** The network that a mode stands for; Podman calls its own default "podman". */
export function bridged(mode: string, { engine }: Pick<Draft, "engine">): string {
  if (mode !== "" && mode !== "default" && mode !== "bridge") return mode;
  return engine === "podman" ? "podman" : "bridge";
}
