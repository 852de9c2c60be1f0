import { at, entriesOf, entryOf, isOpen, itemsOf, textOf, textsOf } from "#evidence/compose/tree.ts";
import { parseVolume } from "#evidence/compose/volumes.ts";
import type { ComposeFile, ComposeNode, ComposePlace, ComposeService } from "#model/evidence/compose.ts";
import { type Rule, rule } from "../rule.ts";
import { type Fault, failures, isPart, rangeOf, servicePage } from "./facts/findings.ts";

/** Something that a service names. */
interface Reference {
  kind: "service" | "network" | "volume" | "secret" | "config" | "model";
  name: string;
  /** The setting that names it. */
  by: string;
  place: ComposePlace;
}

const undeclared = rule({
  id: "SW-CMP-REFERENCE",
  subject: "compose",
  title: "Names something that is not declared",
  severity: "medium",
  risk: "Compose refuses the file: no service of it starts.",
  countermeasure:
    "Declare the network, volume, secret, config, model or service, or name the one that was meant.",
  remediation: { compose: "declare it at the top of the file, or put the name right" },
  references: [servicePage("depends_on"), servicePage("networks"), servicePage("volumes")],
  examples: {
    bad: "services: {web: {image: nginx, networks: [front]}}",
    good: "services: {web: {image: nginx, networks: [front]}}\nnetworks: {front: {}}",
  },
  judge: (file) => {
    // What another file may bring cannot be missed here.
    if (isPart(file) || file.includes.some(({ services }) => services === null)) return [];
    const known = declaredNames(file);
    return failures(
      file.declared.flatMap((service) =>
        referencesOf(service)
          .filter(({ kind, name }) => name !== "" && known[kind]?.has(name) === false)
          .map((reference): Fault => ({
            message: `${service.name} names the ${reference.kind} ${reference.name} (${reference.by}), which is declared nowhere`,
            range: rangeOf(file, reference.place, service),
            key: `${service.name} ${reference.kind} ${reference.name}`,
          })),
      ),
    );
  },
});

const cycle = rule({
  id: "SW-CMP-CYCLE",
  subject: "compose",
  title: "Services wait for each other in a circle",
  severity: "medium",
  risk: "Compose refuses the file: there is no order in which the services could be started.",
  countermeasure: "Let one of them start without the other, and try again until it is there.",
  remediation: { compose: "remove one of the depends_on entries of the circle" },
  references: [servicePage("depends_on")],
  examples: {
    bad: "services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, depends_on: [a]}",
    good: "services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x}",
  },
  judge: (file) => {
    const waits = new Map(file.declared.map((service) => [service.name, waitsFor(service)]));
    return failures(
      circlesOf(waits).map((circle): Fault => {
        const first = file.declared.find(({ name }) => name === circle[0]);
        return {
          message: `these wait for each other: ${[...circle, circle[0]].join(" → ")}`,
          range: rangeOf(file, entryOf(first?.settings, "depends_on"), first),
          key: circle.toSorted().join(" "),
        };
      }),
    );
  },
});

export default [undeclared, cycle] satisfies Rule<"compose">[];

/** All references of a service that Compose resolves within the project. */
function referencesOf(service: ComposeService): Reference[] {
  const { settings } = service;
  const found: Reference[] = [];
  const add = (kind: Reference["kind"], by: string, node: ComposeNode, name = textOf(node)): void => {
    if (!isOpen(node)) found.push({ kind, name, by, place: node.place });
  };
  const names = (kind: Reference["kind"], key: string): void => {
    const node = at(settings, key);
    for (const { key: name, keyPlace } of entriesOf(node))
      found.push({ kind, name, by: key, place: keyPlace });
    if (node?.kind === "list") for (const item of node.items) add(kind, key, item);
  };
  names("service", "depends_on");
  names("network", "networks");
  names("model", "models");
  for (const item of itemsOf(at(settings, "links")))
    add("service", "links", item, textOf(item).split(":")[0]);
  for (const item of itemsOf(at(settings, "volumes_from"))) {
    const text = textOf(item);
    if (!text.startsWith("container:")) add("service", "volumes_from", item, text.split(":")[0]);
  }
  for (const key of ["network_mode", "pid", "ipc"]) {
    const node = at(settings, key);
    const joined = /^service:(.+)$/.exec(textOf(node))?.[1];
    if (node !== undefined && joined !== undefined) add("service", key, node, joined);
  }
  for (const item of itemsOf(at(settings, "volumes"))) {
    const { type, source, open } = parseVolume(item);
    if (type === "volume" && source !== "" && !open) {
      found.push({ kind: "volume", name: source, by: "volumes", place: item.place });
    }
  }
  for (const [key, kind] of [
    ["secrets", "secret"],
    ["configs", "config"],
  ] as const) {
    for (const item of itemsOf(at(settings, key))) add(kind, key, item, mountedName(item));
  }
  for (const item of itemsOf(at(settings, "build", "secrets")))
    add("secret", "build.secrets", item, mountedName(item));
  return found;
}

function mountedName(item: ComposeNode): string {
  return item.kind === "map" ? textOf(at(item, "source")) : textOf(item);
}

/** The declared names of each kind; null = included files may declare more, and only their services are known. */
function declaredNames(file: ComposeFile): Record<Reference["kind"], ReadonlySet<string> | null> {
  const top = (key: string): string[] => entriesOf(at(file.project, key)).map((entry) => entry.key);
  const alone = (names: string[]): ReadonlySet<string> | null =>
    file.includes.length === 0 ? new Set(names) : null;
  return {
    service: new Set([...top("services"), ...file.includes.flatMap(({ services }) => services ?? [])]),
    network: alone([...top("networks"), "default"]),
    volume: alone(top("volumes")),
    secret: alone(top("secrets")),
    config: alone(top("configs")),
    model: alone(top("models")),
  };
}

function waitsFor({ settings }: ComposeService): string[] {
  const node = at(settings, "depends_on");
  return node?.kind === "map" ? [...node.entries.keys()] : textsOf(node);
}

/** Circles in a graph, each told once: a walk that keeps its way, without recursion. */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const done = new Set<string>();
  const circles: string[][] = [];
  for (const start of graph.keys()) {
    const way: { name: string; next: number }[] = done.has(start) ? [] : [{ name: start, next: 0 }];
    const on = new Set(way.map(({ name }) => name));
    while (way.length > 0) {
      const top = way.at(-1);
      const next = top === undefined ? undefined : graph.get(top.name)?.[top.next];
      if (top === undefined || next === undefined) {
        if (top !== undefined) {
          done.add(top.name);
          on.delete(top.name);
        }
        way.pop();
        continue;
      }
      top.next += 1;
      if (on.has(next))
        circles.push(way.slice(way.findIndex(({ name }) => name === next)).map(({ name }) => name));
      else if (!done.has(next) && graph.has(next)) {
        way.push({ name: next, next: 0 });
        on.add(next);
      }
    }
  }
  return circles.slice(0, 20);
}
