import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { Seen } from "#model/finding.ts";
import { actual, declared, specified } from "../../rule.ts";
import { type Fact, fact, nobodyKnows, procPath } from "./witness.ts";

/** A device that a container may use beyond the default ones. */
export interface DeviceGrant {
  type: "a" | "b" | "c";
  /** `8:0`, `8:*`, `*:*`. */
  number: string;
  /** Letters of `rwm`. */
  access: string;
  /** Path inside, where a node is known. */
  path: string | null;
}

// Devices that runtimes allow everybody: null, zero, full, random, urandom, tty, console, ptmx, terminals,
// and tun on older runc (libcontainer/specconv, AllowedDevices).
const DEFAULT_NUMBERS = new Set(["1:3", "1:5", "1:7", "1:8", "1:9", "5:0", "5:1", "5:2", "136:*", "10:200"]);

// Four rules ask for the same. Evidence does not change while it is judged.
const workedOut = new WeakMap<ContainerEvidence, Fact<DeviceGrant[]>>();

/** The devices that the device controller lets a container use, beyond those that every container has. */
export function deviceGrants(container: ContainerEvidence): Fact<DeviceGrant[]> {
  const known = workedOut.get(container);
  if (known !== undefined) return known;
  const grants = workOut(container);
  workedOut.set(container, grants);
  return grants;
}

function workOut(container: ContainerEvidence): Fact<DeviceGrant[]> {
  const nodes = nodePaths(container);
  if (container.actual.ok && container.actual.value.cgroup.ok) {
    const { devices } = container.actual.value.cgroup.value;
    if (devices.ok) {
      const rules = devices.value.map((line) => parseRule(line)).filter((rule) => rule !== null);
      return fact(
        interesting(rules, nodes),
        actual("devices.list of its cgroup", devices.value.join("; ").slice(0, 400) || "empty"),
      );
    }
  }
  if (container.specified.ok) {
    const { deviceRules, source } = container.specified.value;
    const rules: DeviceGrant[] = [];
    for (const text of deviceRules) {
      const [verb, ...rest] = text.split(" ");
      const rule = parseRule(rest.join(" "));
      if (rule === null) continue;
      if (verb === "allow") rules.push(rule);
      else if (rule.number === "*:*") rules.length = 0;
    }
    const extra = deviceRules.filter((text) => text.startsWith("allow"));
    return fact(
      interesting(rules, nodes),
      specified(source, extra.join("; ").slice(0, 400) || "none", "linux.resources.devices"),
    );
  }
  if (container.declared.ok) {
    const { devices, deviceCgroupRules, privileged, source } = container.declared.value;
    const rules = deviceCgroupRules.map((line) => parseRule(line)).filter((rule) => rule !== null);
    const named = devices.map((device): DeviceGrant => ({
      type: "c",
      number: "?",
      access: device.permissions,
      path: device.host,
    }));
    const all: DeviceGrant[] = privileged ? [{ type: "a", number: "*:*", access: "rwm", path: null }] : [];
    return fact(
      [...all, ...named, ...interesting(rules, nodes)],
      declared(
        source,
        [...devices.map(({ host }) => host), ...deviceCgroupRules].join("; ") || "none",
        "HostConfig.Devices, DeviceCgroupRules",
      ),
    );
  }
  return nobodyKnows(container);
}

/** Device nodes inside that are not the default ones, as evidence; empty where /dev cannot be read. */
export function deviceNodesSeen(container: ContainerEvidence): Seen[] {
  if (!container.actual.ok || !container.actual.value.deviceNodes.ok) return [];
  const nodes = container.actual.value.deviceNodes.value;
  if (nodes.length === 0) return [];
  const shown = nodes.slice(0, 8).join("; ") + (nodes.length > 8 ? `; and ${nodes.length - 8} more` : "");
  return [actual(procPath(container, "root/dev"), shown)];
}

/** Reads `b 8:* rwm`, the form of devices.list and of --device-cgroup-rule. */
function parseRule(line: string): DeviceGrant | null {
  const match = /^([abc]) (\d+|\*):(\d+|\*) ([rwm]+)$/.exec(line.trim());
  if (match === null) return null;
  const [, type, major, minor, access] = match as unknown as [
    string,
    DeviceGrant["type"],
    string,
    string,
    string,
  ];
  return { type, number: `${major}:${minor}`, access, path: null };
}

function interesting(rules: readonly DeviceGrant[], nodes: ReadonlyMap<string, string>): DeviceGrant[] {
  return (
    rules
      // "m" alone lets a node be made, not used.
      .filter(({ access }) => access !== "m")
      .filter(({ type, number }) => !(type === "c" && DEFAULT_NUMBERS.has(number)))
      .map((rule) => ({ ...rule, path: nodes.get(`${rule.type} ${rule.number}`) ?? null }))
  );
}

function nodePaths(container: ContainerEvidence): Map<string, string> {
  const paths = new Map<string, string>();
  if (container.actual.ok && container.actual.value.deviceNodes.ok) {
    for (const node of container.actual.value.deviceNodes.value) {
      const [path, type, number] = node.split(" ");
      if (path !== undefined) paths.set(`${type} ${number}`, path);
    }
  }
  if (container.specified.ok) {
    for (const { path, type, device } of container.specified.value.devices)
      paths.set(`${type} ${device}`, path);
  }
  return paths;
}
