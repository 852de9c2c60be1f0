import type { EngineEvidence } from "#model/evidence/engine.ts";
import type { Severity } from "#model/severity.ts";
import {
  actual,
  declared,
  fail,
  type JudgeContext,
  notApplicable,
  page,
  pass,
  type Rule,
  rule,
  unknown,
} from "../rule.ts";
import { isRootless, localEngines } from "./facts/engines.ts";
import { type Connection, type Fate, fateOf, parseIptables, type Tables } from "./facts/iptables.ts";
import { nftDropRule } from "./facts/nftables.ts";

/** A port that every address of the host answers on. */
interface OpenPort extends Connection {
  container: string;
  engine: EngineEvidence;
}

const WILDCARDS = new Set(["", "0.0.0.0", "::", "[::]"]);
const SHOWN = 5;

export default rule({
  id: "SW-HOST-FIREWALL-DOCKER-USER",
  subject: "host",
  title: "Published ports pass the host's firewall by",
  severity: "medium",
  risk: "The engine forwards published ports before INPUT is asked: ufw, firewalld and hand-made INPUT rules say closed, and the port is open to everybody who reaches the host.",
  countermeasure:
    "Publish on one address (127.0.0.1 behind a proxy), or drop in DOCKER-USER what does not come from where it should; --ctorigdstport names the published port. Rules there are kept by the engine, but not over a restart of the host.",
  remediation: {
    host: "iptables -I DOCKER-USER -i eth0 ! -s 10.0.0.0/8 -p tcp -m conntrack --ctorigdstport 5432 --ctdir ORIGINAL -j DROP; netfilter-persistent save",
    run: "publish on one address: -p 127.0.0.1:5432:5432",
  },
  cis: ["1.2.1"],
  aliases: ["lynis:FIRE-4508"],
  references: [
    page(
      "Docker docs: packet filtering and firewalls",
      "https://docs.docker.com/engine/network/packet-filtering-firewalls/",
    ),
    page("Docker docs: Docker with iptables", "https://docs.docker.com/engine/network/firewall-iptables/"),
  ],
  examples: {
    bad: "-A DOCKER-USER -j RETURN",
    good: "-A DOCKER-USER -i eth0 ! -s 10.0.0.0/8 -j DROP\n-A DOCKER-USER -j RETURN",
  },
  judge: (host, context) => {
    const engines = localEngines(context).filter((engine) => isRootless(engine) !== true);
    if (engines.length === 0) return notApplicable("no engine here publishes ports by the host's firewall");
    const { ports, unread } = openPorts(engines, context);
    if (ports.length === 0) {
      return unread.length > 0
        ? unknown(`ports of ${unread.slice(0, SHOWN).join(", ")}: could not be read`)
        : notApplicable("no port is published on every address");
    }
    const { firewall } = host;
    if (!firewall.ok) return unknown(firewall.why);
    const { rules, tool } = firewall.value;
    const tables = parseIptables(rules);
    const fates = ports.map((port) => ({ port, fate: fate(port, tables) }));
    const open = fates.filter((entry) => entry.fate.kind === "open").map(({ port }) => port);
    const unclear = fates.flatMap((entry) => (entry.fate.kind === "unclear" ? [entry.fate.rule] : []));
    if (open.length > 0) {
      const drop = nftDropRule(rules, tool.includes("iptables"));
      if (drop !== null) return unknown(`whether this rule keeps strangers out is not known: ${drop}`);
      return fail(message(open, ports.length), [...seenPorts(open), actual(tool, dockerUser(tables))], {
        severity: severityOf(open, context),
        remediation: remediation(open),
      });
    }
    if (unclear[0] !== undefined) {
      return unknown(`whether this rule keeps strangers out is not known: ${unclear[0]}`);
    }
    if (unread.length > 0) return unknown(`ports of ${unread.slice(0, SHOWN).join(", ")}: could not be read`);
    return pass("the firewall keeps strangers from every published port", seenPorts(ports));
  },
}) satisfies Rule<"host">;

function openPorts(
  engines: readonly EngineEvidence[],
  { evidence }: JudgeContext,
): { ports: OpenPort[]; unread: string[] } {
  const ports = new Map<string, OpenPort>();
  const unread: string[] = [];
  for (const container of evidence.containers) {
    const engine = engines.find(({ name }) => name === container.engine);
    if (engine === undefined || container.state !== "running") continue;
    if (!container.declared.ok) {
      unread.push(container.name);
      continue;
    }
    const { networks, ports: published } = container.declared.value;
    const addresses = networks.map(({ ip }) => ip).filter((ip) => ip !== "");
    // Names of bridges as libnetwork gives them: docker0, and br- with the network's id.
    const bridges = networks.map(({ name, id }) => (name === "bridge" ? "docker0" : `br-${id.slice(0, 12)}`));
    for (const { container: containerPort, protocol, hostIp, hostPort } of published) {
      if (!WILDCARDS.has(hostIp) || hostPort === 0) continue;
      const port = {
        protocol,
        hostPort,
        containerPort,
        addresses,
        bridges,
        engine,
        container: container.name,
      };
      ports.set(`${engine.name} ${hostPort}/${protocol}`, port);
    }
  }
  return { ports: [...ports.values()].toSorted((a, b) => a.hostPort - b.hostPort), unread };
}

function fate(port: OpenPort, tables: Tables): Fate {
  const { daemon, name } = port.engine;
  if (daemon.ok && daemon.value.settings.iptables?.value === false) {
    return { kind: "unclear", rule: `${name} is told to write no rules (iptables: false)` };
  }
  return fateOf(port, tables);
}

// Ports that the policy lets anybody publish are meant for the public.
function severityOf(ports: readonly OpenPort[], { settings }: JudgeContext): Severity {
  return ports.every(({ hostPort }) => settings.privilegedPorts.includes(hostPort)) ? "low" : "medium";
}

function message(open: readonly OpenPort[], all: number): string {
  const names = open.slice(0, SHOWN).map(portText);
  const more = open.length > SHOWN ? ` and ${open.length - SHOWN} more` : "";
  const share = open.length === all ? "" : `; ${all - open.length} of ${all} published ports are filtered`;
  return `no rule keeps strangers from ${names.join(", ")}${more}${share}`;
}

function remediation(open: readonly OpenPort[]): string {
  const rules = open
    .slice(0, SHOWN)
    .map(
      ({ hostPort, protocol }) =>
        `iptables -I DOCKER-USER -i eth0 ! -s 10.0.0.0/8 -p ${protocol} -m conntrack --ctorigdstport ${hostPort} --ctdir ORIGINAL -j DROP`,
    );
  const [first] = open;
  return `${rules.join("; ")}; with your outer interface and the range that may come in; or publish on one address: -p 127.0.0.1:${first?.hostPort}:${first?.containerPort}`;
}

function seenPorts(ports: readonly OpenPort[]) {
  return ports
    .slice(0, SHOWN)
    .map((port) => declared(`docker inspect ${port.container}`, portText(port), "NetworkSettings.Ports"));
}

function portText({ hostPort, protocol, container }: OpenPort): string {
  return `${hostPort}/${protocol} of ${container}`;
}

function dockerUser(tables: Tables): string {
  const rules = tables.get("filter")?.get("DOCKER-USER");
  if (rules === undefined) return "no chain DOCKER-USER";
  return (
    rules
      .slice(0, SHOWN)
      .map(({ text }) => text)
      .join("; ") || "DOCKER-USER is empty"
  );
}
