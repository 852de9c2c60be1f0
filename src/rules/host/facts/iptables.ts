/** A connection that a stranger opens from outside to a published port. */
export interface Connection {
  protocol: string;
  hostPort: number;
  containerPort: number;
  /** Addresses of the container in the engine's networks. */
  addresses: readonly string[];
  /** Bridges that lead to it. */
  bridges: readonly string[];
}

/** What the rules do with a connection; `unclear` names the rule that could not be understood. */
export type Fate = { kind: "dropped" } | { kind: "open" } | { kind: "unclear"; rule: string };

interface Rule {
  words: string[];
  text: string;
}

/** Chains by table and name, as iptables-save(8) prints them. */
export type Tables = ReadonlyMap<string, ReadonlyMap<string, readonly Rule[]>>;

/** Reads what iptables-save(8) prints; lines of other tools are passed over. */
export function parseIptables(lines: readonly string[]): Tables {
  const tables = new Map<string, Map<string, Rule[]>>();
  let name = "filter";
  for (const line of lines) {
    const table = /^\*([a-z]+)$/.exec(line)?.[1];
    if (table !== undefined) name = table;
    const rule = /^(?:\[\d+:\d+\] )?(-A (\S+) ?.*)$/.exec(line);
    const chain = rule?.[2] ?? /^:(\S+) /.exec(line)?.[1];
    if (chain === undefined) continue;
    const chains = tables.get(name) ?? new Map<string, Rule[]>();
    const rules = chains.get(chain) ?? [];
    if (rule?.[1] !== undefined) rules.push({ words: wordsOf(rule[1]).slice(2), text: rule[1] });
    tables.set(name, chains.set(chain, rules));
  }
  return tables;
}

/**
 * What happens to a new connection before the engine's own rules let it pass: in the chains that see it first,
 * and in FORWARD up to DOCKER-USER, where the engine leaves the decision to the administrator.
 */
export function fateOf(connection: Connection, tables: Tables): Fate {
  const filter = tables.get("filter") ?? new Map<string, readonly Rule[]>();
  const forward = filter.get("FORWARD") ?? [];
  const at = forward.findIndex(({ words }) => ENGINE_CHAIN.test(words.at(-1) ?? ""));
  const before = new Map(filter).set("FORWARD", at < 0 ? forward : forward.slice(0, at));
  const ways: [ReadonlyMap<string, readonly Rule[]> | undefined, string][] = [
    [tables.get("raw"), "PREROUTING"],
    [tables.get("mangle"), "PREROUTING"],
    [before, "FORWARD"],
    [filter, "DOCKER-USER"],
  ];
  const budget = { steps: MAX_STEPS };
  for (const [chains, chain] of ways) {
    const look = { chains, connection, beforeNat: chain === "PREROUTING", budget };
    const step = walk(look, chain, 0);
    if (step.kind === "dropped" || step.kind === "unclear") return step;
    // PREROUTING accepts for its own table only; FORWARD decides.
    if (step.kind === "accepted" && chain === "FORWARD") return { kind: "open" };
  }
  return { kind: "open" };
}

type Step = { kind: "dropped" } | { kind: "accepted" | "fallen" } | { kind: "unclear"; rule: string };

interface Look {
  chains: ReadonlyMap<string, readonly Rule[]> | undefined;
  connection: Connection;
  /** Before the engine's DNAT the port is the published one. */
  beforeNat: boolean;
  budget: { steps: number };
}

const MAX_DEPTH = 16;
const MAX_STEPS = 200_000;
const DROPS = new Set(["DROP", "REJECT", "TARPIT"]);
// Where the engines' own rules begin: Docker, podman by netavark and by CNI.
const ENGINE_CHAIN = /^(?:DOCKER|NETAVARK|CNI-)/;

function walk(look: Look, chain: string, depth: number): Step {
  const { chains, connection, beforeNat, budget } = look;
  let unclear: Step | null = null;
  for (const { words, text } of chains?.get(chain) ?? []) {
    budget.steps -= 1;
    if (budget.steps < 0 || depth > MAX_DEPTH) return { kind: "unclear", rule: text };
    const at = words.findIndex((word) => word === "-j" || word === "-g");
    const target = at < 0 ? undefined : words[at + 1];
    if (target === undefined) continue;
    const hit = matches(words.slice(0, at), connection, beforeNat);
    if (hit === false) continue;
    if (DROPS.has(target)) {
      if (hit) return { kind: "dropped" };
      unclear ??= { kind: "unclear", rule: text };
    } else if (target === "ACCEPT" || target === "RETURN") {
      // Who may pass by a rule that cannot be understood is no stranger.
      if (hit) return unclear ?? { kind: target === "ACCEPT" ? "accepted" : "fallen" };
    } else if (chains?.has(target)) {
      const inner = walk(look, target, depth + 1);
      if (inner.kind === "fallen") {
        if (hit && words[at] === "-g") return unclear ?? inner;
      } else if (hit) return inner;
      else if (inner.kind !== "accepted") unclear ??= { kind: "unclear", rule: text };
    }
  }
  return unclear ?? { kind: "fallen" };
}

// Interfaces behind which nobody from outside is: bridges of engines, tunnels, loopback.
const INNER_INTERFACE = /^(?:docker|br-|veth|lo$|cni|podman|virbr|wg|tun|tap|tailscale|zt)/;

/** Whether a rule's conditions hold for the connection; null = they could not be understood. */
function matches(words: readonly string[], connection: Connection, beforeNat: boolean): boolean | null {
  let sure = true;
  let negated = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    if (word === "!") {
      negated = true;
      continue;
    }
    const value = words[at + 1] ?? "";
    const { holds, length } = condition(word, value, words[at + 2], connection, beforeNat);
    at += length;
    if (holds === null) sure = false;
    else if (holds === negated) return false;
    negated = false;
  }
  return sure ? true : null;
}

interface Condition {
  /** Without the negation before it. */
  holds: boolean | null;
  /** Words after the first. */
  length: number;
}

function condition(
  word: string,
  value: string,
  second: string | undefined,
  { protocol, hostPort, containerPort, addresses, bridges }: Connection,
  beforeNat: boolean,
): Condition {
  const one = (holds: boolean | null): Condition => ({ holds, length: 1 });
  switch (word) {
    case "-m":
    case "--comment":
      return one(true);
    case "-p":
      return one(value === protocol || value === "all");
    // A stranger is in no range that an administrator would name.
    case "-s":
    case "--src-range":
    case "--mac-source":
      return one(value === "0.0.0.0/0");
    case "--match-set":
      return { holds: second?.startsWith("src") ? false : null, length: 2 };
    case "-d":
      if (beforeNat || addresses.length === 0) return one(null);
      return one(addresses.some((address) => inRange(address, value)));
    case "-i":
      return one(!INNER_INTERFACE.test(value));
    case "-o":
      return one(leadsOut(value, bridges));
    case "--dport":
    case "--dports":
      return one(inPorts(beforeNat ? hostPort : containerPort, value));
    case "--ctorigdstport":
      return one(inPorts(hostPort, value));
    case "--ctdir":
      return one(value === "ORIGINAL");
    case "--ctstate":
    case "--state":
      return one(/(?:^|,)(?:NEW|DNAT)(?:,|$)/.test(value));
    case "--syn":
      return { holds: protocol === "tcp", length: 0 };
    case "--tcp-flags":
      return { holds: protocol === "tcp" && second === "SYN", length: 2 };
    case "--connlimit-above":
      return one(false);
    default:
      return { holds: null, length: value.startsWith("-") || value === "!" || value === "" ? 0 : 1 };
  }
}

function leadsOut(name: string, bridges: readonly string[]): boolean | null {
  const prefix = name.endsWith("+") ? name.slice(0, -1) : null;
  if (bridges.some((bridge) => (prefix === null ? bridge === name : bridge.startsWith(prefix)))) return true;
  return /^(?:docker0|br-[0-9a-f]{12})$/.test(name) ? false : null;
}

function inPorts(port: number, list: string): boolean {
  return list.split(",").some((part) => {
    const [first = "", last = first] = part.split(":");
    return port >= Number(first || 0) && port <= Number(last || 65535);
  });
}

function inRange(address: string, range: string): boolean {
  const [base = "", bits = "32"] = range.split("/");
  const [own, network] = [numberOf(address), numberOf(base)];
  if (own === null || network === null || !/^\d{1,2}$/.test(bits)) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(own / size) === Math.floor(network / size);
}

function numberOf(address: string): number | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1);
  return parts === undefined ? null : parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

// iptables-save puts words with blanks in double quotes and escapes quotes in them.
function wordsOf(text: string): string[] {
  return (text.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? []).map((word) => word.replaceAll(/^"|"$/g, ""));
}
