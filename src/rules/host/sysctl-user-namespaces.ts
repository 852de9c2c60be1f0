import type { HostEvidence } from "#model/evidence/host.ts";
import {
  actual,
  fail,
  type JudgeContext,
  type Judgement,
  man,
  notApplicable,
  pass,
  type Rule,
  rule,
  unknown,
} from "../rule.ts";
import { isRootless, localEngines, subordinateIdOwner } from "./facts/engines.ts";
import { setSysctl, sysctlPath, sysctlReference, sysctlRuleId, sysctlValue } from "./facts/sysctl.ts";

const LIMIT = "user.max_user_namespaces";
// A patch of Debian, Ubuntu and Arch; other kernels do not have it.
const SWITCH = "kernel.unprivileged_userns_clone";

const RISK =
  "In a user namespace every user is root over networks, mounts and firewall rules of their own, and so reaches kernel code that was written for root: many faults that gave root needed just that (CVE-2022-0185, CVE-2023-32233, CVE-2024-1086). Docker's seccomp filter blocks it in containers; containers without it and users of the host can do it.";

const limit = rule({
  id: sysctlRuleId(LIMIT),
  subject: "host",
  title: "User namespaces are open to everybody, or closed to an engine that needs them",
  severity: "low",
  risk: RISK,
  countermeasure:
    "Rootless engines and userns-remap are made of user namespaces and protect more than the setting does: where one runs, it must stay above 0. Elsewhere 0 closes them; browsers, Flatpak, bubblewrap and systemd's PrivateUsers need them too.",
  remediation: { host: setSysctl(LIMIT, "0") },
  cis: ["1.2.1"],
  references: [sysctlReference("user"), man("user_namespaces.7")],
  examples: { bad: `${LIMIT} = 96365`, good: `${LIMIT} = 0` },
  judge: (host, context) => judgeSwitch(host, context, LIMIT, SWITCH, "10000"),
});

const unprivileged = rule({
  id: sysctlRuleId(SWITCH),
  subject: "host",
  title: "Every user may make user namespaces, or the user of a rootless engine may not",
  severity: "low",
  risk: RISK,
  countermeasure:
    "A rootless engine needs 1; an engine of root with userns-remap works with 0. Browsers, Flatpak and bubblewrap on the host need 1 too.",
  remediation: { host: setSysctl(SWITCH, "0") },
  cis: ["1.2.1"],
  references: [man("user_namespaces.7")],
  examples: { bad: `${SWITCH} = 1`, good: `${SWITCH} = 0` },
  judge: (host, context) => judgeSwitch(host, context, SWITCH, LIMIT, "1"),
});

export default [limit, unprivileged] satisfies Rule<"host">[];

function judgeSwitch(
  host: HostEvidence,
  context: JudgeContext,
  key: string,
  other: string,
  open: string,
): Judgement {
  const value = sysctlValue(host, key);
  if (!value.ok) return unknown(value.why);
  if (value.value === null) return notApplicable(`this kernel has no ${key}`);
  const seen = actual(sysctlPath(key), value.value);
  const isOpen = value.value !== "0";
  const users: string[] = [];
  for (const engine of localEngines(context)) {
    const owner = subordinateIdOwner(engine, host);
    if (!owner.ok) return unknown(owner.why);
    if (owner.value === null) continue;
    // Only who is not root needs the switch for unprivileged users.
    if (key === LIMIT || isRootless(engine) === true) users.push(engine.name);
  }
  if (users.length > 0) {
    if (isOpen) return pass(`${users.join(", ")} needs user namespaces, and ${key} allows them`, [seen]);
    return fail(
      `${key} is 0, but ${users.join(", ")} needs user namespaces: its containers do not start`,
      [seen],
      {
        severity: "medium",
        remediation: setSysctl(key, open),
      },
    );
  }
  if (!isOpen) return pass(`${key} is 0`, [seen]);
  const twin = sysctlValue(host, other);
  if (twin.ok && twin.value === "0") {
    return pass(`${other} closes them already`, [seen, actual(sysctlPath(other), "0")]);
  }
  return fail(`${key} is ${value.value}, and no engine here needs user namespaces`, [seen]);
}
