import { at, entriesOf } from "#evidence/compose/tree.ts";
import type { ComposeFile, ComposeMap, ComposeNode } from "#model/evidence/compose.ts";
import { page, type Rule, rule } from "../rule.ts";
import { type Fault, failures, servicePage } from "./facts/findings.ts";
import { alphabetical, firstDifference, portOrder, sectionOrder, serviceKeyOrder } from "./facts/order.ts";

interface OrderRule extends Pick<Rule, "id" | "title" | "examples"> {
  what: string;
  alias: string;
  remediation: string;
  find(file: ComposeFile): Fault[];
}

const REFERENCE = page("Compose file reference", "https://docs.docker.com/reference/compose-file/");

/** Rules of style: the same things in the same order in every file. Only what this file writes itself is looked at. */
const TABLE: OrderRule[] = [
  {
    id: "SW-CMP-ORDER-TOP",
    title: "Sections stand in an unusual order",
    what: "sections",
    alias: "dclint:top-level-properties-order",
    remediation: "order the sections: x-…, name, include, services, networks, volumes, secrets, configs",
    examples: { bad: "volumes: {data: {}}\nservices: {…}", good: "services: {…}\nvolumes: {data: {}}" },
    find: (file) =>
      outOfOrder(file, file.written, "", sectionOrder, (key) => `the section ${key} stands out of order`),
  },
  {
    id: "SW-CMP-ORDER-SERVICES",
    title: "Services do not stand by the alphabet",
    what: "services",
    alias: "dclint:services-alphabetical-order",
    remediation: "order the services by their names",
    examples: { bad: "services: {web: {…}, db: {…}}", good: "services: {db: {…}, web: {…}}" },
    find: (file) =>
      outOfOrder(
        file,
        at(file.written, "services"),
        "services",
        alphabetical,
        (key) => `the service ${key} stands out of order`,
      ),
  },
  {
    id: "SW-CMP-ORDER-KEYS",
    title: "Keys of a service stand in an unusual order",
    what: "keys",
    alias: "dclint:service-keys-order",
    remediation: "order the keys: image, build, depends_on, volumes, environment, ports, command, …",
    examples: { bad: "web: {ports: [80], image: nginx}", good: "web: {image: nginx, ports: [80]}" },
    find: (file) =>
      servicesOf(file).flatMap(([name, service]) =>
        outOfOrder(file, service, name, serviceKeyOrder, (key) => `${name}: ${key} stands out of order`),
      ),
  },
  {
    id: "SW-CMP-ORDER-DEPENDS",
    title: "Dependencies do not stand by the alphabet",
    what: "dependencies",
    alias: "dclint:service-dependencies-alphabetical-order",
    remediation: "order depends_on by the names",
    examples: { bad: "depends_on: [redis, db]", good: "depends_on: [db, redis]" },
    find: (file) =>
      servicesOf(file).flatMap(([name, service]) => {
        const node = at(service, "depends_on");
        const say = (key: string): string => `${name}: ${key} stands out of order in depends_on`;
        if (node?.kind === "map") return outOfOrder(file, node, name, alphabetical, say);
        const items = ownItems(file, node);
        const names = items.map((item) => (item.kind === "scalar" ? String(item.value) : ""));
        const index = firstDifference(names, alphabetical(names));
        return index < 0 ? [] : [itemFault(items[index], say(names[index] ?? ""), name)];
      }),
  },
  {
    id: "SW-CMP-ORDER-PORTS",
    title: "Ports do not stand in order",
    what: "ports",
    alias: "dclint:service-ports-alphabetical-order",
    remediation: "order ports by the port of the host",
    examples: { bad: 'ports: ["8080:80", "443:443"]', good: 'ports: ["443:443", "8080:80"]' },
    find: (file) =>
      servicesOf(file).flatMap(([name, service]) => {
        const items = ownItems(file, at(service, "ports"));
        const order = portOrder(items);
        const index = order.findIndex((position, place) => position !== place);
        return index < 0 ? [] : [itemFault(items[index], `${name}: ports stand out of order`, name)];
      }),
  },
];

export default TABLE.map(({ id, title, what, alias, remediation, examples, find }) =>
  rule({
    id,
    subject: "compose",
    title,
    severity: "info",
    risk: `Whoever reads several files looks for the ${what} in the same place, and differences between two versions are hard to see where they have moved.`,
    countermeasure: "Keep one order in all files; --fix brings it about.",
    remediation: { compose: remediation },
    aliases: [alias],
    presets: { recommended: "off" },
    references: [REFERENCE, servicePage("depends_on")],
    examples,
    judge: (file) => failures(find(file)),
  }),
) satisfies Rule<"compose">[];

/** Services as this file writes them. */
function servicesOf(file: ComposeFile): [name: string, service: ComposeMap][] {
  return entriesOf(at(file.written, "services")).flatMap(({ key, value }) =>
    value.kind === "map" && !value.place.shared ? [[key, value]] : [],
  );
}

function outOfOrder(
  file: ComposeFile,
  node: ComposeNode | null | undefined,
  key: string,
  order: (keys: readonly string[]) => string[],
  say: (key: string) => string,
): Fault[] {
  if (node?.kind !== "map") return [];
  // What a merge key brings stands elsewhere.
  const own = entriesOf(node).filter(
    ({ keyPlace }) =>
      keyPlace.path === file.path && keyPlace.start >= node.place.start && keyPlace.end <= node.place.end,
  );
  const keys = own.map((entry) => entry.key);
  const index = firstDifference(keys, order(keys));
  const entry = own[index];
  if (entry === undefined) return [];
  const { start, end } = entry.keyPlace;
  return [{ message: say(entry.key), range: { start, end }, key }];
}

function ownItems(file: ComposeFile, node: ComposeNode | undefined): readonly ComposeNode[] {
  return node?.kind === "list" && node.place.path === file.path && !node.place.shared ? node.items : [];
}

function itemFault(item: ComposeNode | undefined, message: string, key: string): Fault {
  const { start = 0, end = 0 } = item?.place ?? {};
  return { message, range: { start, end }, key };
}
