import type { ContainerEvidence, DeclaredContainer, DeclaredIn } from "#model/evidence/container.ts";
import type { ManifestPath, ManifestPlace, ManifestPod, PodContainer } from "#model/evidence/manifest.ts";
import type { Range } from "#model/text.ts";
import { capabilityName } from "../engine/inspect.ts";
import { describeEnv, maskArguments } from "../env.ts";
import { list, object, text, texts } from "../json.ts";
import { declaredOnly, nothingDeclared } from "../runline/blank.ts";
import { quantity } from "./quantity.ts";
import { apparmorSetting, securitySetting, type Setting } from "./security.ts";
import { addMounts } from "./volumes.ts";

/** What is known of the object that a container stands in. */
export interface PodContext {
  /** As the user names the file. */
  file: string;
  pod: ManifestPod;
  place(path: ManifestPath): ManifestPlace;
}

/** A declaration while it is read, and the notes of where its settings stand. */
export interface PodDraft {
  declared: DeclaredContainer;
  places: DeclaredIn["places"];
  unread: Record<string, string>;
  /** Notes that the value at `path` is what rules call `name`. */
  note(name: string, path: ManifestPath | null): void;
}

/**
 * The declaration of a container in a Pod, in the form of `docker inspect`, so that the rules for containers judge it.
 * Where nothing is said, Kubernetes' defaults stand, which are not all Docker's: no seccomp filter, which the rule of the
 * Pod Security Standards tells; as many processes as the kubelet allows.
 *
 * @param name of the container within the file
 */
export function podContainer(name: string, container: PodContainer, context: PodContext): ContainerEvidence {
  const { pod, place, file } = context;
  const { spec, path } = container;
  const draft = newDraft(file, place);
  addSecurity(draft, pod, container);
  addNamespaces(draft, pod);
  addProgram(draft, container);
  addEnvironment(draft, container);
  addPorts(draft, container);
  addResources(draft, pod, container);
  addSysctls(draft, pod);
  addMounts(draft, pod, container);
  addHealth(draft, container);
  draft.unread["HostConfig.PidsLimit"] =
    "how many processes a Pod may have is set by the kubelet (podPidsLimit)";
  for (const field of ["Type", "Config.max-size"]) {
    draft.unread[`HostConfig.LogConfig.${field}`] = "the kubelet keeps logs and rotates them";
  }
  const title = place([...path, "name"]);
  const whole = title.found ? pairRange(title) : place(path).key;
  draft.note("Image", [...path, "image"]);
  return declaredOnly({
    name,
    image: text(spec.image),
    declared: draft.declared,
    declaredIn: {
      path: file,
      carrier: "kubernetes",
      place: { field: fieldName(path), ...whole },
      places: draft.places,
      unread: draft.unread,
    },
  });
}

function newDraft(file: string, place: PodContext["place"]): PodDraft {
  const places: DeclaredIn["places"] = {};
  return {
    declared: nothingDeclared(file),
    places,
    unread: {},
    note(name, path) {
      if (path === null || Object.hasOwn(places, name)) return;
      const at = place(path);
      if (at.found) places[name] = { field: fieldName(path), ...pairRange(at) };
    },
  };
}

/** `spec.containers[0].image`, as kubectl explain and error messages write it. */
export function fieldName(path: ManifestPath): string {
  return path
    .map((step, at) => (typeof step === "number" ? `[${step}]` : `${at === 0 ? "" : "."}${step}`))
    .join("");
}

/** Key and value of a short setting; the key alone of a long one. */
export function pairRange({ key, value, node }: ManifestPlace): Range {
  const short = node === null || "source" in node || ("flow" in node && node.flow === true);
  return short && value.end >= key.end ? { start: key.start, end: value.end } : key;
}

function addSecurity(draft: PodDraft, pod: ManifestPod, container: PodContainer): void {
  const { declared } = draft;
  const get = (field: string): Setting => securitySetting(pod, container, field);
  const flagged = (field: string, name: string): boolean => {
    const { value, path } = get(field);
    draft.note(name, path);
    return value === true;
  };
  declared.privileged = flagged("privileged", "HostConfig.Privileged");
  declared.readonlyRootfs = flagged("readOnlyRootFilesystem", "HostConfig.ReadonlyRootfs");
  addUser(draft, get);
  const capabilities = get("capabilities");
  const { add, drop } = object(capabilities.value);
  if (capabilities.path !== null) addCapabilities(draft, capabilities.path, texts(add), texts(drop));
  const procMount = get("procMount");
  if (procMount.value === "Unmasked") {
    declared.maskedPaths = [];
    declared.readonlyPaths = [];
    draft.note("HostConfig.MaskedPaths", procMount.path);
  }
  addSecurityOptions(draft, get, apparmorSetting(pod, container));
}

function addUser({ declared, note }: PodDraft, get: (field: string) => Setting): void {
  const uid = get("runAsUser");
  const gid = get("runAsGroup");
  const nonRoot = get("runAsNonRoot");
  if (typeof uid.value === "number") {
    declared.user = typeof gid.value === "number" ? `${uid.value}:${gid.value}` : String(uid.value);
  } else if (nonRoot.value === true) {
    // The kubelet starts nothing as root then; which user it is, the image says.
    declared.user = NON_ROOT;
  }
  note("Config.User", uid.path ?? nonRoot.path);
}

/** Stands for any user but root: `runAsNonRoot: true` without a number. */
const NON_ROOT = "non-root";

function addCapabilities(draft: PodDraft, path: ManifestPath, add: string[], drop: string[]): void {
  const { declared, note } = draft;
  declared.capAdd = add.map((name) => capabilityName(name));
  declared.capDrop = drop.map((name) => capabilityName(name));
  for (const [at, name] of declared.capAdd.entries()) {
    note(`HostConfig.CapAdd/CapDrop ${name}`, [...path, "add", at]);
    note(`HostConfig.CapAdd ${name}`, [...path, "add", at]);
  }
  if (add.length > 0) note("HostConfig.CapAdd/CapDrop", [...path, "add"]);
  note("HostConfig.CapDrop", [...path, "drop"]);
}

function addSecurityOptions(draft: PodDraft, get: (field: string) => Setting, apparmor: Setting): void {
  const { securityOpt } = draft.declared;
  const option = (text: string, path: ManifestPath | null, weak: boolean): void => {
    securityOpt.push(text);
    draft.note(`HostConfig.SecurityOpt ${text}`, path);
    if (weak) draft.note("HostConfig.SecurityOpt", path);
  };
  const seccomp = get("seccompProfile");
  const { type, localhostProfile } = object(seccomp.value);
  if (type === "Localhost") option(`seccomp=${String(localhostProfile)}`, seccomp.path, false);
  else if (type === "Unconfined") option("seccomp=unconfined", seccomp.path, true);
  if (apparmor.value === "unconfined") option("apparmor=unconfined", apparmor.path, true);
  else if (String(apparmor.value).startsWith("localhost/")) {
    option(`apparmor=${String(apparmor.value).slice("localhost/".length)}`, apparmor.path, false);
  }
  const label = get("seLinuxOptions");
  const domain = object(label.value).type;
  if (typeof domain === "string" && domain !== "") option(`label=type:${domain}`, label.path, false);
  const escalation = get("allowPrivilegeEscalation");
  if (escalation.value === false) option("no-new-privileges", escalation.path, false);
  else draft.note("HostConfig.SecurityOpt", escalation.path);
}

function addNamespaces({ declared, note }: PodDraft, { spec, path, containers }: ManifestPod): void {
  const host = (field: string, name: string): string => {
    if (spec[field] !== true) return "";
    note(name, [...path, field]);
    return "host";
  };
  declared.pidMode = host("hostPID", "HostConfig.PidMode");
  declared.ipcMode = host("hostIPC", "HostConfig.IpcMode");
  declared.networkMode = host("hostNetwork", "HostConfig.NetworkMode");
  if (declared.pidMode === "" && spec.shareProcessNamespace === true && containers.length > 1) {
    note("HostConfig.PidMode", [...path, "shareProcessNamespace"]);
    declared.pidMode = "container:its Pod";
  }
  if (spec.hostUsers === false) declared.usernsMode = "private";
  note("HostConfig.UsernsMode", [...path, "hostUsers"]);
  declared.runtime = text(spec.runtimeClassName);
}

function addProgram({ declared, note }: PodDraft, { spec, path }: PodContainer): void {
  declared.entrypoint = maskArguments(texts(spec.command));
  declared.command = maskArguments(texts(spec.args)).slice(0, 1);
  declared.workingDir = text(spec.workingDir);
  note("Config.Cmd", [...path, spec.command === undefined ? "args" : "command"]);
  note("Config.WorkingDir", [...path, "workingDir"]);
}

// What comes from a Secret or ConfigMap is no value in this file.
function addEnvironment({ declared, note }: PodDraft, { spec, path }: PodContainer): void {
  for (const [at, entry] of list(spec.env).entries()) {
    const { name, value } = object(entry);
    if (typeof name !== "string") continue;
    const written = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    declared.env.push(
      ...(written ? describeEnv([`${name}=${String(value)}`]) : [{ name, shape: "reference", length: 0 }]),
    );
    note(`Config.Env ${name}`, [...path, "env", at, written ? "value" : "name"]);
  }
  note("Config.Env", [...path, "env"]);
}

function addPorts({ declared, note }: PodDraft, { spec, path }: PodContainer): void {
  for (const [at, entry] of list(spec.ports).slice(0, 1000).entries()) {
    const { containerPort, hostPort, hostIP, protocol } = object(entry);
    const inside = Number(containerPort) || 0;
    const kind = (text(protocol) || "TCP").toLowerCase();
    declared.exposedPorts.push(`${inside}/${kind}`);
    if (typeof hostPort !== "number" || hostPort <= 0) continue;
    declared.ports.push({ container: inside, protocol: kind, hostIp: text(hostIP), hostPort });
    const way = [...path, "ports", at, "hostPort"];
    note(`NetworkSettings.Ports ${inside}/${kind}`, way);
    note(`NetworkSettings.Ports ${hostPort}/${kind}`, way);
    note("NetworkSettings.Ports", way);
  }
  note("Config.ExposedPorts", [...path, "ports"]);
}

/** Limits of the container, else those of the whole Pod (Kubernetes 1.34, "Pod-level resources"). */
function addResources({ declared, note }: PodDraft, pod: ManifestPod, { spec, path }: PodContainer): void {
  const own = object(object(spec.resources).limits);
  const shared = object(object(pod.spec.resources).limits);
  const limit = (name: string): { amount: number; path: ManifestPath } => {
    const mine = quantity(own[name]);
    const way = mine === null ? pod.path : path;
    return { amount: mine ?? quantity(shared[name]) ?? 0, path: [...way, "resources", "limits", name] };
  };
  const memory = limit("memory");
  declared.memory = Math.floor(memory.amount);
  note("HostConfig.Memory", memory.path);
  const cpu = limit("cpu");
  declared.nanoCpus = Math.round(cpu.amount * 1e9);
  note("HostConfig.NanoCpus", cpu.path);
}

function addSysctls({ declared, note }: PodDraft, { spec, path }: ManifestPod): void {
  const entries = list(object(spec.securityContext).sysctls);
  const way = [...path, "securityContext", "sysctls"];
  for (const [at, entry] of entries.entries()) {
    const { name, value } = object(entry);
    if (typeof name !== "string") continue;
    declared.sysctls[name] = String(value as string);
    note(`HostConfig.Sysctls.${name}`, [...way, at, "name"]);
  }
  if (entries.length > 0) note("HostConfig.Sysctls", way);
}

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"] as const;

function addHealth({ declared, note, unread }: PodDraft, { spec, path, role }: PodContainer): void {
  const probe = PROBES.find((name) => Object.keys(object(spec[name])).length > 0);
  if (probe !== undefined) {
    const how = Object.keys(object(spec[probe])).find((key) => /^(?:exec|httpGet|tcpSocket|grpc)$/.test(key));
    declared.healthcheck = ["CMD", how ?? probe];
    note("Config.Healthcheck", [...path, probe]);
  } else if (role !== "container") unread["Config.Healthcheck"] = "it ends by itself, which nobody probes";
}
