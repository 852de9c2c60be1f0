import type { ContainerEvidence, DeclaredContainer } from "#model/evidence/container.ts";
import type { Seen } from "#model/finding.ts";
import { actual, declared, fail, notApplicable, page, pass, type Rule, rule, unknown } from "../rule.ts";
import { listed } from "./facts/amounts.ts";
import { namespaceSharing } from "./facts/namespaces.ts";
import { addressName, bareRanges, isLoopback, plainProtocol, portRanges, rangeSeen } from "./facts/ports.ts";
import { withoutKernel } from "./facts/state.ts";
import { declaredSource, procPath } from "./facts/witness.ts";

const dead = rule({
  id: "SW-CTR-PORT-DEAD",
  subject: "container",
  title: "Published although nothing listens there",
  severity: "low",
  risk: "The way in stays open for whoever listens there next: an attacker inside gets a port to the outside for nothing. Or the service is not up, or listens on 127.0.0.1 only, and nobody has noticed.",
  countermeasure: "Publish only ports that the program opens.",
  remediation: { run: "drop the -p of that port", compose: "remove the entry from ports:" },
  cis: ["5.9"],
  references: [
    page("Docker docs: publishing ports", "https://docs.docker.com/engine/network/port-publishing/"),
  ],
  examples: { bad: "docker run -p 8080:80 -p 9000:9000 nginx", good: "docker run -p 8080:80 nginx" },
  judge: (container) => {
    if (!container.declared.ok) return unknown(container.declared.why);
    // Other protocols (sctp) have no table that was read.
    const ports = container.declared.value.ports.filter(({ protocol }) => /^(?:tcp|udp)$/.test(protocol));
    if (ports.length === 0) return notApplicable("it publishes no port");
    if (!container.actual.ok) return withoutKernel(container, container.actual.why);
    const { listeners } = container.actual.value;
    if (!listeners.ok) return unknown(listeners.why);
    if (container.health === "starting") return unknown("it is starting; look again when it is up");
    const heard = listeners.value.filter(({ address }) => !isLoopback(address));
    const alive = new Set(heard.map((listener) => `${listener.port}/${plainProtocol(listener)}`));
    const silent = ports.filter(({ container: port, protocol }) => !alive.has(`${port}/${protocol}`));
    const source = procPath(container, "net");
    const seen = actual(source, listed([...alive], 20) || "no listeners");
    if (silent.length === 0) return pass("something listens on every published port", [seen]);
    return portRanges(silent).map((range) => {
      const inside = listeners.value.some(
        (listener) => listener.port === range.first && plainProtocol(listener) === range.protocol,
      );
      return fail(
        `publishes ${range.name}, where ${inside ? "the program listens on 127.0.0.1 only" : "nothing listens"}`,
        [seen, ...rangeSeen(container, range)],
        { key: range.name },
      );
    });
  },
});

// Clients use ports from here up for their own end (ip_local_port_range, ip(7)); a UDP socket there is
// one that waits for an answer, not a service.
const EPHEMERAL = 32_768;

// An SSH server is told of by SW-CTR-SSHD.
const SSH = 22;

const undeclared = rule({
  id: "SW-CTR-PORT-UNDECLARED",
  subject: "container",
  title: "Listens on a port that nobody declared",
  severity: "low",
  risk: "Every container in the same network reaches it. It may be a debugger, an admin page or a database that should be private, or a back door.",
  countermeasure:
    "Find out which program listens. Declare the port (EXPOSE) if it is meant, bind it to 127.0.0.1 if it is not for others, or switch it off.",
  remediation: {
    dockerfile: "EXPOSE the port if it is meant",
    run: "docker exec NAME ss -lntup shows which program listens",
  },
  cis: ["5.9"],
  references: [page("Dockerfile: EXPOSE", "https://docs.docker.com/reference/dockerfile/#expose")],
  examples: { bad: "an image that EXPOSEs 80 and opens 80 and 9229", good: "an image that opens 80 only" },
  judge: (container, context) => {
    if (!container.actual.ok) return withoutKernel(container, container.actual.why);
    if (!container.declared.ok) return unknown(container.declared.why);
    const { listeners } = container.actual.value;
    if (!listeners.ok) return unknown(listeners.why);
    const sharing = namespaceSharing(container, "net", context);
    if (!sharing.known) return unknown(sharing.why);
    if (sharing.value.with !== "nobody") {
      return notApplicable("it shares its network, where listeners may be those of others");
    }
    const known = declaredPorts(container.declared.value);
    const strange = listeners.value
      .filter(({ address }) => !isLoopback(address))
      .map((listener) => ({ port: listener.port, protocol: plainProtocol(listener) }))
      .filter(({ port, protocol }) => (protocol === "tcp" ? port !== SSH : port < EPHEMERAL))
      .filter(
        (found) =>
          !known.some(
            ({ first, last, protocol }) =>
              protocol === found.protocol && found.port >= first && found.port <= last,
          ),
      );
    const unique = [...new Map(strange.map((found) => [`${found.port}/${found.protocol}`, found])).values()];
    if (unique.length === 0) return pass("listens on declared ports only", listenersSeen(container));
    // An image that declares nothing at all is careless rather than suspicious.
    const severity = known.length === 0 ? "info" : "low";
    const asked = listed([...new Set(known.map(({ text }) => text))], 20) || "none";
    return bareRanges(unique).map(({ name }) =>
      fail(
        `listens on ${name}, which is neither exposed nor published`,
        [
          actual(procPath(container, "net"), name),
          declared(declaredSource(container), asked, "Config.ExposedPorts"),
        ],
        { key: name, severity },
      ),
    );
  },
});

/** Ports that the image exposes or the container publishes. */
interface DeclaredPorts {
  first: number;
  last: number;
  protocol: string;
  /** As it is written. */
  text: string;
}

export default [dead, undeclared] satisfies Rule<"container">[];

function declaredPorts({ exposedPorts, ports }: DeclaredContainer): DeclaredPorts[] {
  const exposed = exposedPorts.flatMap((entry): DeclaredPorts[] => {
    const [range = "", protocol = "tcp"] = entry.split("/");
    const [first = NaN, last = first] = range.split("-").map(Number);
    return first > 0 && last >= first ? [{ first, last, protocol, text: entry }] : [];
  });
  const published = ports.map(({ container, protocol }) => ({
    first: container,
    last: container,
    protocol,
    text: `${container}/${protocol}`,
  }));
  return [...exposed, ...published];
}

function listenersSeen(container: ContainerEvidence): Seen[] {
  const listeners = container.actual.ok && container.actual.value.listeners;
  if (!listeners || !listeners.ok) return [];
  const text = listeners.value.map(
    ({ protocol, address, port }) => `${protocol} ${addressName(address)}:${port}`,
  );
  return [actual(procPath(container, "net"), listed(text, 20) || "none")];
}
