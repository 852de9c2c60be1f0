import type { EngineEvidence } from "#model/evidence/engine.ts";
import type { HostEvidence } from "#model/evidence/host.ts";
import { got, missing, type Reading } from "#model/reading.ts";
import type { JudgeContext } from "../../rule.ts";

/** The engines that run on the judged host. */
export function localEngines({ evidence }: Pick<JudgeContext, "evidence">): EngineEvidence[] {
  return evidence.engines.filter(({ local }) => local);
}

/** True if the engine runs without root, as an ordinary user; null where neither it nor the kernel tells. */
export function isRootless({ info, daemon, endpoint }: EngineEvidence): boolean | null {
  if (info.ok && info.value.securityOptions.some(({ name }) => name === "rootless")) return true;
  if (daemon.ok && daemon.value.uid > 0) return true;
  // Sockets of rootless engines lie in the runtime folder of their user (systemd, pam_systemd(8)).
  if (/^unix:\/\/(?:\/var)?\/run\/user\/\d+\//.test(endpoint)) return true;
  return info.ok || daemon.ok ? false : null;
}

/**
 * For an engine whose containers live in a user namespace: whose subordinate ids it uses, as subuid(5) names
 * owners. null = it uses none; `owner` null = it does, but nobody tells whose.
 */
export function subordinateIdOwner(
  engine: EngineEvidence,
  host: HostEvidence,
): Reading<{ owner: string | null; uid: number | null } | null> {
  const { info, daemon, name } = engine;
  const rootless = isRootless(engine);
  if (rootless === null) return missing(`${name}: neither the engine nor its process could be asked`);
  if (rootless) {
    if (!daemon.ok || daemon.value.uid <= 0) return got({ owner: null, uid: null });
    const { uid } = daemon.value;
    return got({ owner: accountOf(host, ({ uid: other }) => other === uid), uid });
  }
  const setting = daemon.ok ? daemon.value.settings["userns-remap"]?.value : undefined;
  if (typeof setting === "string" && setting !== "") {
    const user = setting.split(":")[0] ?? "";
    // `default` stands for a user that the daemon creates itself (dockerd(8), userns-remap).
    const owner = user === "default" ? "dockremap" : user;
    const uid = /^\d+$/.test(owner) ? Number(owner) : null;
    const named = uid === null ? owner : accountOf(host, (account) => account.uid === uid);
    return got({ owner: named, uid });
  }
  const remapped = info.ok && info.value.securityOptions.some(({ name: option }) => option === "userns");
  if (remapped) return got({ owner: null, uid: null });
  return info.ok || daemon.ok ? got(null) : missing(`${name}: could not be asked`);
}

type Account = Extract<HostEvidence["accounts"], { ok: true }>["value"][number];

function accountOf(host: HostEvidence, test: (account: Account) => boolean): string | null {
  return (host.accounts.ok ? host.accounts.value.find(test)?.name : undefined) ?? null;
}
