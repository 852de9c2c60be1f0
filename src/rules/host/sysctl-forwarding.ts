import { actual, declared, fail, notApplicable, pass, type Rule, rule, unknown } from "../rule.ts";
import { isRootless, localEngines } from "./facts/engines.ts";
import { setSysctl, sysctlPath, sysctlReference, sysctlRuleId, sysctlValue } from "./facts/sysctl.ts";

const KEY = "net.ipv4.ip_forward";

export default rule({
  id: sysctlRuleId(KEY),
  subject: "host",
  title: "Packets of containers are not forwarded",
  severity: "medium",
  risk: "Containers reach nothing and are not reached. The engine switches forwarding on when it starts: if it is off, another program or a hardening script has switched it off again, and the next restart of the engine undoes that unseen.",
  countermeasure:
    "A host of containers is a router: it needs 1, against the general advice for servers. Decide by the firewall what is forwarded (chain DOCKER-USER, policy DROP of FORWARD).",
  remediation: { host: setSysctl(KEY, "1") },
  cis: ["1.2.1"],
  references: [sysctlReference("ip")],
  examples: { bad: `${KEY} = 0`, good: `${KEY} = 1` },
  judge: (host, context) => {
    // A rootless engine forwards in a network namespace of its own.
    const engines = localEngines(context).filter((engine) => isRootless(engine) === false);
    if (engines.length === 0) return notApplicable("no engine on this host needs it");
    const value = sysctlValue(host, KEY);
    if (!value.ok) return unknown(value.why);
    if (value.value === null) return notApplicable("this kernel has no IPv4");
    const seen = actual(sysctlPath(KEY), value.value);
    if (value.value === "1") return pass("packets of containers are forwarded", [seen]);
    const refused = engines.flatMap(({ name, daemon }) =>
      daemon.ok && daemon.value.settings["ip-forward"]?.value === false
        ? [declared(`${name}: dockerd`, "false", "ip-forward")]
        : [],
    );
    if (refused.length === engines.length) return notApplicable("the engine is told not to forward packets");
    return fail(`${KEY} is ${value.value}, so containers on bridges have no network`, [seen, ...refused]);
  },
}) satisfies Rule<"host">;
