import { parsePort } from "#evidence/compose/ports.ts";
import { at, itemsOf } from "#evidence/compose/tree.ts";
import type { ComposeNode, ComposeService } from "#model/evidence/compose.ts";
import { rule } from "../rule.ts";
import { type Fault, failures, rangeOf, servicePage } from "./facts/findings.ts";

interface Taken {
  service: ComposeService;
  node: ComposeNode;
  address: string;
  first: number;
  last: number;
  protocol: string;
}

export default rule({
  id: "SW-CMP-PORT-DUPLICATE",
  subject: "compose",
  title: "Two services want the same port of the host",
  severity: "medium",
  risk: "Only the first of them starts.",
  countermeasure: "Publish on different ports or addresses, or put the services into different profiles.",
  remediation: { compose: "change the host's port of one of them" },
  aliases: ["dclint:no-duplicate-exported-ports"],
  references: [servicePage("ports")],
  examples: {
    bad: 'services: {a: {image: x, ports: ["8080:80"]}, b: {image: y, ports: ["8080:80"]}}',
    good: 'services: {a: {image: x, ports: ["8080:80"]}, b: {image: y, ports: ["8081:80"]}}',
  },
  judge: (file) => {
    const all = file.declared.flatMap(takenBy).toSorted((a, b) => a.first - b.first || a.last - b.last);
    const faults: Fault[] = [];
    // Sorted by their first port, only the latest few can still reach into the next one.
    let open: Taken[] = [];
    for (const port of all) {
      open = open.filter(({ last }) => last >= port.first).slice(-50);
      const other = open.find((taken) => clash(taken, port));
      if (other !== undefined && faults.length < 50) {
        const both = other.service.name === port.service.name;
        faults.push({
          message: both
            ? `${port.service.name} publishes port ${port.first} of the host twice`
            : `${port.service.name} publishes port ${port.first} of the host, as ${other.service.name} does`,
          range: rangeOf(file, port.node, port.service),
          key: `${other.service.name} ${port.service.name} ${port.first}/${port.protocol}`,
        });
      }
      open.push(port);
    }
    return failures(faults);
  },
});

function takenBy(service: ComposeService): Taken[] {
  return itemsOf(at(service.settings, "ports")).flatMap((node): Taken[] => {
    const port = parsePort(node);
    // The engine looks for a free one where the host has a range for a single port.
    if (port === null || port.open || port.host[0] === 0) return [];
    if (port.host[1] > port.host[0] && port.container[0] === port.container[1]) return [];
    const [first, last] = port.host;
    return [{ service, node, address: port.hostIp, first, last, protocol: port.protocol }];
  });
}

function clash(a: Taken, b: Taken): boolean {
  if (a.protocol !== b.protocol || a.last < b.first || b.last < a.first) return false;
  if (a.address !== b.address && !isEvery(a.address) && !isEvery(b.address)) return false;
  // Services of different profiles need not run together.
  const shared = a.service.profiles.some((profile) => b.service.profiles.includes(profile));
  return a.service.profiles.length === 0 || b.service.profiles.length === 0 || shared;
}

function isEvery(address: string): boolean {
  return ["", "0.0.0.0", "::", "*"].includes(address);
}
