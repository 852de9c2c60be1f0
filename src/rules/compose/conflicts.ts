import { bytesOf } from "#evidence/compose/amounts.ts";
import { parsePort } from "#evidence/compose/ports.ts";
import { at, entriesOf, entryOf, flagOf, isOpen, itemsOf, numberOf, textOf } from "#evidence/compose/tree.ts";
import { parseVolume } from "#evidence/compose/volumes.ts";
import type { ComposeEntry, ComposeFile, ComposeNode, ComposeService } from "#model/evidence/compose.ts";
import { page, rule } from "../rule.ts";
import { type Fault, failures, isPart, named, rangeOf, servicePage } from "./facts/findings.ts";

/** Two settings that do not go together, and where the second one stands. */
interface Conflict {
  what: string;
  where: ComposeNode | ComposeEntry | undefined;
  key: string;
}

export default rule({
  id: "SW-CMP-CONFLICT",
  subject: "compose",
  title: "Has settings that exclude each other",
  severity: "medium",
  risk: "Compose or the engine refuses to start the service, or one of the two settings has no effect.",
  countermeasure: "Keep the one that is meant.",
  remediation: { compose: "remove one of the two settings" },
  references: [
    servicePage("network_mode"),
    servicePage("container_name"),
    page("Compose Deploy Specification", "https://docs.docker.com/reference/compose-file/deploy/"),
  ],
  examples: {
    bad: "services: {web: {image: nginx, network_mode: host, networks: [front]}}",
    good: "services: {web: {image: nginx, networks: [front]}}",
  },
  judge: (file) =>
    failures([
      ...file.declared.flatMap((service) =>
        conflictsOf(service).map(({ what, where, key }): Fault => ({
          message: `${service.name}: ${what}`,
          range: rangeOf(file, where, service),
          key: `${service.name} ${key}`,
        })),
      ),
      ...sourcesOf(file),
    ]),
});

function conflictsOf({ settings }: ComposeService): Conflict[] {
  const found: Conflict[] = [];
  const add = (key: string, what: string): void => {
    found.push({ what, key, where: entryOf(settings, key.split(".")[0] ?? key) });
  };
  const mode = textOf(at(settings, "network_mode"));
  if (mode !== "" && at(settings, "networks") !== undefined) {
    add("network_mode", `network_mode: ${mode} excludes networks`);
  }
  if (mode === "host" && itemsOf(at(settings, "ports")).length > 0) {
    add("ports", "ports are ignored with network_mode: host, where every port is open already");
  }
  if (textOf(at(settings, "uts")) === "host" && at(settings, "hostname") !== undefined) {
    add("hostname", "hostname excludes uts: host, which takes the host's own");
  }
  if (
    at(settings, "build", "dockerfile") !== undefined &&
    at(settings, "build", "dockerfile_inline") !== undefined
  ) {
    add("build", "build.dockerfile excludes build.dockerfile_inline");
  }
  const replicas = Math.max(
    numberOf(at(settings, "scale")) || 0,
    numberOf(at(settings, "deploy", "replicas")) || 0,
  );
  if (replicas > 1 && at(settings, "container_name") !== undefined) {
    add("container_name", `container_name allows one container, and ${replicas} are asked for`);
  }
  const fixed = itemsOf(at(settings, "ports")).find((item) => {
    const port = parsePort(item);
    // A range of ports on the host gives each container one of its own.
    return (
      port !== null &&
      port.host[0] > 0 &&
      port.host[1] - port.host[0] <= port.container[1] - port.container[0]
    );
  });
  if (
    replicas > 1 &&
    fixed !== undefined &&
    mode === "" &&
    textOf(at(settings, "deploy", "endpoint_mode")) === ""
  ) {
    found.push({
      what: `${replicas} containers cannot share one port of the host`,
      where: fixed,
      key: "ports",
    });
  }
  return [...found, ...differingLimits(settings), ...doubleMounts(settings)];
}

/** Limits that stand twice must agree (compose-spec, 05-services.md, "mem_limit", "cpus", "pids_limit", "scale"). */
function differingLimits(settings: ComposeService["settings"]): Conflict[] {
  const limits = at(settings, "deploy", "resources", "limits");
  const reservations = at(settings, "deploy", "resources", "reservations");
  const both: [key: string, other: string, node: ComposeNode | undefined, read: (text: string) => number][] =
    [
      ["mem_limit", "deploy.resources.limits.memory", at(limits, "memory"), bytesOf],
      ["mem_reservation", "deploy.resources.reservations.memory", at(reservations, "memory"), bytesOf],
      ["cpus", "deploy.resources.limits.cpus", at(limits, "cpus"), Number],
      ["pids_limit", "deploy.resources.limits.pids", at(limits, "pids"), Number],
      ["scale", "deploy.replicas", at(settings, "deploy", "replicas"), Number],
    ];
  return both.flatMap(([key, other, second, read]): Conflict[] => {
    const first = at(settings, key);
    if (first === undefined || second === undefined || isOpen(first) || isOpen(second)) return [];
    const [a, b] = [read(textOf(first)), read(textOf(second))];
    return Number.isNaN(a) || Number.isNaN(b) || a === b
      ? []
      : [
          {
            what: `${key} is ${textOf(first)}, and ${other} is ${textOf(second)}`,
            where: entryOf(settings, key),
            key,
          },
        ];
  });
}

function doubleMounts(settings: ComposeService["settings"]): Conflict[] {
  const seen = new Set<string>();
  return itemsOf(at(settings, "volumes")).flatMap((item): Conflict[] => {
    const { target, open } = parseVolume(item);
    if (target === "" || open) return [];
    if (!seen.has(target)) {
      seen.add(target);
      return [];
    }
    return [{ what: `two volumes are mounted at ${target}`, where: item, key: `volumes ${target}` }];
  });
}

/** Secrets and configs come from one place each. */
function sourcesOf(file: ComposeFile): Fault[] {
  return (["secrets", "configs"] as const).flatMap((kind) =>
    entriesOf(at(file.written, kind)).flatMap((entry): Fault[] => {
      if (entry.value.kind !== "map") return [];
      const given = ["file", "environment", "content", "external"].filter(
        (key) => at(entry.value, key) !== undefined && (key !== "external" || isExternal(entry.value)),
      );
      const one = kind.slice(0, -1);
      const fault = { range: rangeOf(file, entry), key: `${one} ${entry.key}` };
      if (given.length > 1)
        return [{ message: `the ${one} ${entry.key} has more than one source: ${named(given)}`, ...fault }];
      if (given.length > 0 || isPart(file) || at(entry.value, "driver") !== undefined) return [];
      return [
        {
          message: `the ${one} ${entry.key} has no source: neither file, environment nor external`,
          ...fault,
        },
      ];
    }),
  );
}

function isExternal(node: ComposeNode): boolean {
  const external = at(node, "external");
  return external?.kind === "map" || flagOf(external);
}
