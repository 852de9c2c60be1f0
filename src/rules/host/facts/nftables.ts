interface Chain {
  table: string;
  name: string;
  lines: string[];
}

/**
 * A rule of nft(8) outside of what iptables shows that may keep strangers from published ports: one that drops
 * in a chain of its own on the way to containers. Rules are not worked out in full: null means that nothing
 * drops there, an answer that something might.
 *
 * @param mirrored iptables-save has shown the tables that it keeps in nftables, so they are passed over
 */
export function nftDropRule(lines: readonly string[], mirrored: boolean): string | null {
  for (const { table, name, lines: rules } of chainsOf(lines)) {
    const isIptables = /^ip6? (?:filter|nat|mangle|raw|security)$/.test(table);
    if (isIptables && (mirrored || name !== "DOCKER-USER")) continue;
    // The engine's own tables since Docker 29 (docs.docker.com, "Docker with nftables").
    if (table.endsWith(" docker-bridges")) continue;
    const isOnTheWay = rules.some((rule) => /\bhook (?:forward|prerouting)\b/.test(rule));
    if (!isOnTheWay && name !== "DOCKER-USER") continue;
    // firewalld lets everything pass that a port was published for.
    if (rules.some((rule) => /\bct status dnat accept\b/.test(rule))) continue;
    const drop = rules.find(
      (rule) => /\bpolicy drop\b|\b(?:drop|reject)\b/.test(rule) && !/\bct state invalid\b/.test(rule),
    );
    if (drop !== undefined) return `${table} ${name}: ${drop}`;
  }
  return null;
}

function chainsOf(lines: readonly string[]): Chain[] {
  const chains: Chain[] = [];
  let table = "";
  let chain: Chain | null = null;
  for (const raw of lines) {
    const line = raw.trim();
    const opened = /^table (\S+ \S+) \{$/.exec(line)?.[1];
    const named = /^chain (\S+) \{$/.exec(line)?.[1];
    if (opened !== undefined) table = opened;
    else if (named !== undefined) chains.push((chain = { table, name: named, lines: [] }));
    else if (line === "}") chain = null;
    else if (chain !== null) chain.lines.push(line);
  }
  return chains;
}
