import type { ComposeNode, ComposeService } from "#model/evidence/compose.ts";
import type { DeclaredContainer } from "#model/evidence/container.ts";
import { bytesOf } from "./amounts.ts";
import type { Places } from "./places.ts";
import { at, entriesOf, entryOf, isOpen, numberOf, textOf } from "./tree.ts";

/** Limits by the keys of a service or by `deploy.resources.limits`, which Compose takes for the same. */
export function readLimits(
  { settings, name }: ComposeService,
  places: Places,
): Pick<
  DeclaredContainer,
  "memory" | "memorySwap" | "nanoCpus" | "cpuQuota" | "cpuShares" | "cpusetCpus" | "pidsLimit"
> {
  const limits = at(settings, "deploy", "resources", "limits");
  const pick = (key: string, other: string, path: string): ComposeNode | undefined => {
    places.entry(path, `services.${name}.${key}`, entryOf(settings, key));
    places.entry(path, `services.${name}.deploy.resources.limits.${other}`, entryOf(limits, other));
    const own = at(settings, key);
    return own ?? at(limits, other);
  };
  const memory = pick("mem_limit", "memory", "HostConfig.Memory");
  const cpus = pick("cpus", "cpus", "HostConfig.NanoCpus");
  const pids = pick("pids_limit", "pids", "HostConfig.PidsLimit");
  // A limit that a variable without value sets is a limit all the same.
  const amount = (node: ComposeNode | undefined, value: number): number =>
    Number.isNaN(value) ? (isOpen(node) ? 1 : 0) : value;
  return {
    memory: amount(memory, bytesOf(textOf(memory))),
    memorySwap: amount(undefined, bytesOf(textOf(at(settings, "memswap_limit")))),
    nanoCpus: Math.round(amount(cpus, numberOf(cpus) * 1e9)),
    cpuQuota: numberOf(at(settings, "cpu_quota")) || 0,
    cpuShares: numberOf(at(settings, "cpu_shares")) || 0,
    cpusetCpus: textOf(at(settings, "cpuset")),
    pidsLimit: amount(pids, numberOf(pids)),
  };
}

/** `ulimits` in both forms: one number for both limits, or two. */
export function readUlimits(node: ComposeNode | undefined): DeclaredContainer["ulimits"] {
  return entriesOf(node).map(({ key, value }) => {
    const soft = numberOf(value.kind === "map" ? at(value, "soft") : value);
    const hard = numberOf(value.kind === "map" ? at(value, "hard") : value);
    return { name: key, soft: Number.isNaN(soft) ? 0 : soft, hard: Number.isNaN(hard) ? 0 : hard };
  });
}

const CONDITIONS: Readonly<Record<string, string>> = {
  none: "no",
  any: "always",
  "on-failure": "on-failure",
};

/** The restart policy by `restart`, or by `deploy.restart_policy`, which wins (deploy.md). */
export function readRestart(
  { settings, name }: ComposeService,
  places: Places,
): DeclaredContainer["restart"] {
  const policy = at(settings, "deploy", "restart_policy");
  if (policy?.kind === "map") {
    places.entry(
      "HostConfig.RestartPolicy",
      `services.${name}.deploy.restart_policy`,
      entryOf(at(settings, "deploy"), "restart_policy"),
    );
    const condition = textOf(at(policy, "condition")) || "any";
    const max = numberOf(at(policy, "max_attempts")) || 0;
    // Attempts count for every condition (deploy.md, "restart_policy").
    return {
      name: max > 0 && condition === "any" ? "on-failure" : (CONDITIONS[condition] ?? condition),
      max,
    };
  }
  places.entry("HostConfig.RestartPolicy", `services.${name}.restart`, entryOf(settings, "restart"));
  const [mode = "", max = "0"] = textOf(at(settings, "restart")).split(":");
  return { name: mode === "" || mode === "false" ? "no" : mode, max: Number(max) || 0 };
}
