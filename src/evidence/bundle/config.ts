import { createHash } from "node:crypto";
import type { SeccompProfile, SpecifiedContainer } from "#model/evidence/container.ts";
import type { IdRange } from "#model/evidence/process.ts";
import { flag, type Json, list, number, object, text, texts } from "../json.ts";

/** A seccomp profile under the key that containers refer to. */
interface KeyedProfile {
  key: string;
  profile: SeccompProfile;
}

/** A `config.json` read, and its seccomp profile. */
export interface ParsedBundle {
  container: SpecifiedContainer;
  seccomp: KeyedProfile | null;
}

/** Profiles that were read before, by their JSON: most containers of a host have the same one. */
export type KnownProfiles = Map<string, KeyedProfile>;

const MAX_KNOWN = 8;

/**
 * Reads an OCI `config.json` (runtime-spec, config.md and config-linux.md).
 *
 * @param source path that the findings name
 * @param known profiles that need not be read again; new ones are added
 * @throws SyntaxError if the text is not JSON
 */
export function parseBundle(json: string, source: string, known: KnownProfiles = new Map()): ParsedBundle {
  const { config, known: profile } = parse(json, known);
  const process = object(config.process);
  const user = object(process.user);
  const capabilities = object(process.capabilities);
  const linux = object(config.linux);
  const resources = object(linux.resources);
  const none = linux.seccomp === undefined || linux.seccomp === null;
  const seccomp = none ? null : (profile ?? rememberSeccomp(linux.seccomp, known));
  return {
    seccomp,
    container: {
      source,
      uid: number(user.uid),
      gid: number(user.gid),
      args: texts(process.args).slice(0, 1),
      cwd: text(process.cwd),
      noNewPrivileges: flag(process.noNewPrivileges),
      capabilities: {
        bounding: texts(capabilities.bounding),
        effective: texts(capabilities.effective),
        inheritable: texts(capabilities.inheritable),
        permitted: texts(capabilities.permitted),
        ambient: texts(capabilities.ambient),
      },
      apparmorProfile: text(process.apparmorProfile),
      selinuxLabel: text(process.selinuxLabel),
      readonlyRootfs: flag(object(config.root).readonly),
      namespaces: list(linux.namespaces).map((entry) => {
        const { type, path } = object(entry);
        return { type: text(type), path: text(path) };
      }),
      mounts: list(config.mounts).map((entry) => {
        const mount = object(entry);
        return {
          target: text(mount.destination),
          type: text(mount.type),
          source: text(mount.source),
          options: texts(mount.options),
        };
      }),
      maskedPaths: texts(linux.maskedPaths),
      readonlyPaths: texts(linux.readonlyPaths),
      deviceRules: list(resources.devices).map(deviceRule),
      devices: list(linux.devices).map((entry) => {
        const device = object(entry);
        return {
          path: text(device.path),
          type: text(device.type),
          device: `${number(device.major)}:${number(device.minor)}`,
        };
      }),
      cgroupsPath: text(linux.cgroupsPath),
      uidMappings: idRanges(linux.uidMappings),
      gidMappings: idRanges(linux.gidMappings),
      seccomp: seccomp?.key ?? null,
      memoryLimit: positive(object(resources.memory).limit),
      pidsLimit: positive(object(resources.pids).limit),
      cpuQuota: positive(object(resources.cpu).quota),
    },
  };
}

function deviceRule(entry: unknown): string {
  const rule = object(entry);
  const part = (value: unknown): string => (typeof value === "number" && value >= 0 ? String(value) : "*");
  const verb = flag(rule.allow) ? "allow" : "deny";
  return `${verb} ${text(rule.type) || "a"} ${part(rule.major)}:${part(rule.minor)} ${text(rule.access) || "rwm"}`;
}

const MARK = "\0 known";

/**
 * Parses a config. A profile is most of its text, and mostly one that is known: that is cut out before, if it
 * stands where profiles do.
 */
function parse(json: string, known: KnownProfiles): { config: Json; known: KeyedProfile | null } {
  for (const [text, profile] of known) {
    const at = json.indexOf(text);
    if (at < 0) continue;
    const cut = json.slice(0, at) + JSON.stringify(MARK) + json.slice(at + text.length);
    const config = object(JSON.parse(cut));
    if (object(config.linux).seccomp === MARK) return { config, known: profile };
  }
  return { config: object(JSON.parse(json)), known: null };
}

function rememberSeccomp(value: unknown, known: KnownProfiles): KeyedProfile {
  const profile = readSeccomp(value);
  // As encoding/json of Go writes it too, which is what most runtimes are written in.
  if (known.size < MAX_KNOWN) known.set(JSON.stringify(value), profile);
  return profile;
}

function readSeccomp(value: unknown): KeyedProfile {
  const seccomp = object(value);
  const profile: SeccompProfile = {
    defaultAction: text(seccomp.defaultAction),
    architectures: texts(seccomp.architectures),
    syscalls: list(seccomp.syscalls).map((entry) => {
      const rule = object(entry);
      return {
        names: texts(rule.names),
        action: text(rule.action),
        ...(typeof rule.errnoRet === "number" ? { errno: rule.errnoRet } : {}),
        args: list(rule.args).map((argument) => {
          const { index, value: operand, valueTwo, op } = object(argument);
          return {
            index: number(index),
            value: number(operand),
            ...(typeof valueTwo === "number" ? { valueTwo } : {}),
            op: text(op),
          };
        }),
      };
    }),
    ...(typeof seccomp.defaultErrnoRet === "number" ? { defaultErrno: seccomp.defaultErrnoRet } : {}),
  };
  const key = createHash("sha256").update(JSON.stringify(profile)).digest("hex").slice(0, 16);
  return { key, profile };
}

function idRanges(value: unknown): IdRange[] {
  return list(value).map((entry) => {
    const { containerID, hostID, size } = object(entry);
    return { inside: number(containerID), outside: number(hostID), count: number(size) };
  });
}

function positive(value: unknown): number | null {
  return typeof value === "number" && value > 0 ? value : null;
}
