import type { HostEvidence } from "#model/evidence/host.ts";
import { got, missing, type Reading } from "#model/reading.ts";

const MAX_RULES = 20_000;

/**
 * Puts the answers of `iptables-save` and `nft list ruleset` together. Both are kept where both answered:
 * Docker writes the former, firewalld and nftables.service the latter, and neither shows the other's whole.
 */
export function readFirewall(iptables: Reading<string>, nft: Reading<string>): HostEvidence["firewall"] {
  const answers = [
    ["iptables-save", iptables],
    ["nft list ruleset", nft],
  ] as const;
  const tools: string[] = [];
  const rules: string[] = [];
  for (const [tool, answer] of answers) {
    if (!answer.ok) continue;
    tools.push(tool);
    for (const line of answer.value.split("\n")) {
      const rule = line.trimEnd();
      if (rule !== "" && !rule.trimStart().startsWith("#") && rules.length < MAX_RULES) rules.push(rule);
    }
  }
  if (tools.length > 0) return got({ tool: tools.join(" and "), rules });
  return missing([iptables, nft].flatMap((answer) => (answer.ok ? [] : [answer.why])).join("; "));
}
