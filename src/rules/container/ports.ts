import type { ContainerEvidence, DeclaredContainer } from "#model/evidence/container.ts";
import type { Seen } from "#model/finding.ts";
import { declared, fail, type JudgeContext, page, pass, type Rule, rule, unknown } from "../rule.ts";
import { listed } from "./facts/amounts.ts";
import { portRanges, rangeSeen } from "./facts/ports.ts";
import { isOnlyDeclared } from "./facts/state.ts";
import { declaredSource } from "./facts/witness.ts";

type Binding = DeclaredContainer["ports"][number];

const PUBLISH = page(
  "Docker docs: publishing ports",
  "https://docs.docker.com/engine/network/port-publishing/",
);

const privileged = rule({
  id: "SW-CTR-PORT-PRIVILEGED",
  subject: "container",
  title: "Published on a host port below 1024",
  severity: "medium",
  risk: "Ports below 1024 are those of the host's own services, which only root may open: clients take whoever answers there for the host itself. The engine opens them for anybody who may start containers.",
  countermeasure:
    "Publish on a port from 1024 up, behind a reverse proxy where the usual port is needed. List the ports that you mean to use in settings.privilegedPorts.",
  remediation: {
    run: "publish on a port from 1024 up, for example -p 127.0.0.1:8022:22",
    compose: 'ports: ["127.0.0.1:8022:22"]',
  },
  cis: ["5.8"],
  aliases: ["kics:bc2908f3-f73c-40a9-8793-c1b7d5544f79"],
  references: [PUBLISH],
  examples: { bad: "docker run -p 22:22 IMAGE", good: "docker run -p 8022:22 IMAGE" },
  judge: (container, { settings }) => {
    if (!container.declared.ok) return unknown(container.declared.why);
    const low = container.declared.value.ports.filter(
      ({ hostPort }) => hostPort > 0 && hostPort < 1024 && !settings.privilegedPorts.includes(hostPort),
    );
    if (low.length === 0) return pass("publishes no privileged port", portsSeen(container));
    const nameOf = ({ hostPort, protocol }: Binding): string => `${hostPort}/${protocol}`;
    // The same port is bound once per address, IPv4 and IPv6.
    const first = new Map(low.toReversed().map((binding) => [nameOf(binding), binding]));
    return [...first].toReversed().map(([key, { hostPort, container: inside, protocol }]) => {
      const target = `127.0.0.1:${hostPort + 8000}:${inside}${suffix(protocol)}`;
      const bindings = low.filter((binding) => nameOf(binding) === key);
      return fail(
        `publishes ${key}, a privileged port of the host`,
        portRanges(bindings).flatMap((range) => rangeSeen(container, range)),
        {
          key,
          remediation: `docker run: -p ${target}\nCompose: ports: ["${target}"]\nor list ${hostPort} in settings.privilegedPorts`,
        },
      );
    });
  },
});

const wildcard = rule({
  id: "SW-CTR-PORT-WILDCARD",
  subject: "container",
  title: "Published on every address of the host",
  severity: "medium",
  risk: "Everybody who reaches any interface of the host reaches the port, and the engine's own firewall rules let it pass before those of ufw or firewalld are asked.",
  countermeasure:
    "Publish on 127.0.0.1 for a reverse proxy on the same host, or on the one address that clients use.",
  remediation: {
    run: "name the address: -p 127.0.0.1:8080:80",
    compose: 'ports: ["127.0.0.1:8080:80"]',
    daemon: '"ip": "127.0.0.1" makes that the default for all containers',
  },
  cis: ["5.14"],
  aliases: ["CL-0005", "kics:451d79dc-0588-476a-ad03-3c7f0320abb3", "dclint:no-unbound-port-interfaces"],
  references: [PUBLISH],
  examples: { bad: "docker run -p 8080:80 nginx", good: "docker run -p 127.0.0.1:8080:80 nginx" },
  judge: (container, context) => {
    if (!container.declared.ok) return unknown(container.declared.why);
    const { ports } = container.declared.value;
    const open = ports.filter(({ hostIp }) => isEveryAddress(hostIp, context));
    if (open.length === 0) {
      return ports.length === 0
        ? pass("publishes no port", portsSeen(container))
        : pass(
            `publishes on single addresses only: ${listed(portRanges(ports).flatMap(({ bindings }) => bindings))}`,
            portsSeen(container),
          );
    }
    return portRanges(open).map((range) => {
      const from = range.hostPort === 0 ? "" : span(range.hostPort, range.last - range.first);
      const target = `127.0.0.1:${from}:${span(range.first, range.last - range.first)}${suffix(range.protocol)}`;
      return fail(
        isOnlyDeclared(container)
          ? `publishes ${range.name} on every address of the host`
          : `publishes ${range.name} on every address of the host (${range.bindings.join(", ")})`,
        rangeSeen(container, range),
        { key: range.name, remediation: `docker run: -p ${target}\nCompose: ports: ["${target}"]` },
      );
    });
  },
});

const publishAll = rule({
  id: "SW-CTR-PORT-PUBLISH-ALL",
  subject: "container",
  title: "Publishes whatever the image exposes",
  severity: "low",
  risk: "The image decides which ports open, on every address of the host and on random ports: the next version of the image may open more.",
  countermeasure: "Name each port that is to be published, with its address.",
  remediation: { run: "replace -P by -p 127.0.0.1:8080:80, one per port", compose: "list them under ports:" },
  cis: ["5.9"],
  references: [PUBLISH],
  examples: { bad: "docker run -P nginx", good: "docker run -p 127.0.0.1:8080:80 nginx" },
  judge: (container) => {
    if (!container.declared.ok) return unknown(container.declared.why);
    const { publishAllPorts, exposedPorts } = container.declared.value;
    const seen = declared(declaredSource(container), publishAllPorts, "HostConfig.PublishAllPorts");
    return publishAllPorts
      ? fail(`publishes all ports that its image exposes (${listed(exposedPorts) || "none now"})`, [seen])
      : pass("publishes only what is listed", [seen]);
  },
});

export default [privileged, wildcard, publishAll] satisfies Rule<"container">[];

// An empty address means the daemon's default one (dockerd --ip).
function isEveryAddress(address: string, { engine }: JudgeContext): boolean {
  const usual = engine?.daemon.ok ? engine.daemon.value.settings.ip?.value : undefined;
  const effective = address === "" && typeof usual === "string" ? usual : address;
  return ["", "0.0.0.0", "::", "*"].includes(effective);
}

function span(first: number, more: number): string {
  return more > 0 ? `${first}-${first + more}` : String(first);
}

function suffix(protocol: string): string {
  return protocol === "tcp" ? "" : `/${protocol}`;
}

function portsSeen(container: ContainerEvidence): Seen[] {
  const ports = container.declared.ok ? portRanges(container.declared.value.ports) : [];
  const text = ports.map(({ name, bindings }) => `${bindings.join(", ")} -> ${name}`);
  return [declared(declaredSource(container), listed(text, 20) || "none", "NetworkSettings.Ports")];
}
