import { createHash } from "node:crypto";
import type { SeccompProfile, SpecifiedContainer } from "#model/evidence/container.ts";
import type { IdRange } from "#model/evidence/process.ts";
import { flag, list, number, object, text, texts } from "../json.ts";

/** A `config.json` read, and its seccomp profile under the key that the container refers to. */
export interface ParsedBundle {
  container: SpecifiedContainer;
  seccomp: { key: string; profile: SeccompProfile } | null;
}

/**
 * Reads an OCI `config.json` (runtime-spec, config.md and config-linux.md).
 *
 * @param source path that the findings name
 * @throws SyntaxError if the text is not JSON
 */
export function parseBundle(json: string, source: string): ParsedBundle {
  const config = object(JSON.parse(json));
  const process = object(config.process);
  const user = object(process.user);
  const capabilities = object(process.capabilities);
  const linux = object(config.linux);
  const resources = object(linux.resources);
  const seccomp = linux.seccomp === undefined || linux.seccomp === null ? null : readSeccomp(linux.seccomp);
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

function readSeccomp(value: unknown): { key: string; profile: SeccompProfile } {
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
