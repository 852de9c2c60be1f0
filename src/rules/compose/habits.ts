import { at, entriesOf, entryOf, itemsOf } from "#evidence/compose/tree.ts";
import type { ComposeNode } from "#model/evidence/compose.ts";
import { page, type Rule, rule } from "../rule.ts";
import { type Fault, failures, isPart, rangeOf, servicePage } from "./facts/findings.ts";

const VERSION = page(
  "Compose: version and name",
  "https://docs.docker.com/reference/compose-file/version-and-name/",
);

const version = rule({
  id: "SW-CMP-VERSION",
  subject: "compose",
  title: "Has a version that nobody reads",
  severity: "info",
  risk: "Compose warns at every start that the key is obsolete, and people believe that it chooses between features.",
  countermeasure: "Remove it: every version of Compose since 1.27 reads all features without it.",
  remediation: { compose: "remove version:" },
  aliases: ["dclint:no-version-field"],
  references: [VERSION],
  examples: { bad: 'version: "3.8"\nservices: {…}', good: "services: {…}" },
  judge: (file) => {
    const entry = entryOf(file.written, "version");
    return entry === undefined
      ? []
      : failures([
          { message: "version is obsolete and ignored", range: rangeOf(file, entry), key: "version" },
        ]);
  },
});

const projectName = rule({
  id: "SW-CMP-PROJECT-NAME",
  subject: "compose",
  title: "Does not name its project",
  severity: "info",
  risk: "The project is called after its folder: a copy in another folder starts second containers beside the first, with empty volumes.",
  countermeasure: "Name the project in the file.",
  remediation: { compose: "name: myapp, at the top" },
  aliases: ["dclint:require-project-name-field"],
  presets: { recommended: "off" },
  references: [VERSION],
  examples: { bad: "services: {…}", good: "name: myapp\nservices: {…}" },
  judge: (file) =>
    file.written === null || isPart(file) || entryOf(file.written, "name") !== undefined
      ? []
      : failures([{ message: "the project has no name", range: { start: 0, end: 0 }, key: "name" }]),
});

const buildAndImage = rule({
  id: "SW-CMP-BUILD-AND-IMAGE",
  subject: "compose",
  title: "A service has an image and builds it",
  severity: "info",
  risk: "Whether the image is pulled or built depends on what lies on the machine: two machines may run two programs under one name.",
  countermeasure: "Build it (pull_policy: build), or pull it, but do not leave it to chance.",
  remediation: { compose: "add pull_policy: build, or remove build: or image:" },
  aliases: ["dclint:no-build-and-image"],
  presets: { recommended: "off" },
  references: [servicePage("pull_policy")],
  examples: { bad: "image: acme/app:1\nbuild: .", good: "image: acme/app:1\nbuild: .\npull_policy: build" },
  judge: (file) =>
    failures(
      file.declared.flatMap((service): Fault[] => {
        const { settings } = service;
        const both = settings.entries.has("image") && settings.entries.has("build");
        return both && !settings.entries.has("pull_policy")
          ? [
              {
                message: `${service.name} has both image and build`,
                range: rangeOf(file, entryOf(settings, "image"), service),
                key: service.name,
              },
            ]
          : [];
      }),
    ),
});

const oneNetwork = rule({
  id: "SW-CMP-ONE-NETWORK",
  subject: "compose",
  title: "All services share one network",
  severity: "low",
  risk: "Whoever takes over the service that faces the outside reaches the ports of all others, published or not: the database as well as the cache.",
  countermeasure:
    "Give the front and the back a network each, and put only the services between them on both; internal: true cuts a network off from the outside.",
  remediation: {
    compose: "networks: [front] and networks: [back] at the services, both declared at the top",
  },
  presets: { recommended: "off" },
  aliases: ["kics:ce14a68b-1668-41a0-ab7d-facd9f784742"],
  references: [
    servicePage("networks"),
    page("Compose: networking", "https://docs.docker.com/compose/how-tos/networking/"),
  ],
  examples: {
    bad: "services: {proxy: {ports: ['443:443']}, app: {…}, db: {…}}",
    good: "services: {proxy: {networks: [front]}, app: {networks: [front, back]}, db: {networks: [back]}}",
  },
  judge: (file) => {
    const own = file.declared.filter(({ settings }) => !settings.entries.has("network_mode"));
    const open = own.find(({ settings }) => itemsOf(at(settings, "ports")).length > 0);
    if (own.length < 3 || open === undefined || own.some(({ settings }) => settings.entries.has("networks")))
      return [];
    return failures([
      {
        message: `all ${own.length} services share one network with ${open.name}, which publishes ports`,
        range: rangeOf(file, entryOf(file.project, "services")),
        key: "default",
      },
    ]);
  },
});

const unset = rule({
  id: "SW-CMP-VARIABLE-UNSET",
  subject: "compose",
  title: "Uses a variable that may be empty",
  severity: "info",
  risk: "Compose puts the empty text in its place, with a warning that scrolls by: an image without its tag, a mount of /, a password that is none.",
  countermeasure: "Give it a default, or let Compose stop without it.",
  remediation: { compose: "${NAME:-default}, or ${NAME:?say why it is needed}" },
  presets: { recommended: "off" },
  references: [
    page("Compose: interpolation", "https://docs.docker.com/reference/compose-file/interpolation/"),
  ],
  examples: { bad: "image: acme/app:${TAG}", good: "image: acme/app:${TAG:?which release}" },
  judge: (file) => {
    const told = new Set<string>();
    const faults: Fault[] = [];
    const stack: ComposeNode[] = file.written === null ? [] : [file.written];
    for (let node = stack.pop(); node !== undefined && faults.length < 50; node = stack.pop()) {
      if (node.kind === "list") for (const item of node.items.toReversed()) stack.push(item);
      else if (node.kind === "map") for (const { value } of entriesOf(node).toReversed()) stack.push(value);
      else {
        const text = String(node.written ?? "");
        for (const { name, from } of node.variables) {
          if (
            from !== "nothing" ||
            told.has(name) ||
            text.includes(`\${${name}:?`) ||
            text.includes(`\${${name}?`)
          )
            continue;
          told.add(name);
          faults.push({
            message: `${name} is not set and has no default`,
            range: rangeOf(file, node),
            key: name,
          });
        }
      }
    }
    return failures(faults);
  },
});

export default [version, projectName, buildAndImage, oneNetwork, unset] satisfies Rule<"compose">[];
