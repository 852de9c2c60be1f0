import { at, entriesOf, entryOf, itemsOf, textOf, textsOf } from "#evidence/compose/tree.ts";
import type { ComposeEntry, ComposeNode, ComposeService } from "#model/evidence/compose.ts";
import { page, type Reference, type Rule, rule } from "../rule.ts";
import { type Fault, failures, named, rangeOf, servicePage } from "./facts/findings.ts";

interface Carrier extends Pick<
  Rule,
  "id" | "title" | "severity" | "risk" | "countermeasure" | "examples" | "presets"
> {
  remediation: string;
  references: Reference[];
  /** What the service asks for, as the end of "SERVICE …"; null = nothing. */
  find(
    settings: ComposeService["settings"],
  ): { what: string; where: ComposeNode | ComposeEntry | undefined } | null;
}

/** Settings by which a service gets something that no other setting of a container shows. */
const TABLE: Carrier[] = [
  {
    id: "SW-CMP-PROVIDER",
    title: "Hands a service to a program of the host",
    severity: "low",
    risk: "Compose starts the program that the type names, on your machine and as you, with the options of the file: no container holds it. Which program that is decides whoever can put one into your PATH or among the CLI's plug-ins.",
    countermeasure:
      "Use providers that you have installed yourself and trust, and none from a project that you do not know.",
    remediation: "make it a service with an image, or keep the provider in a file of your own",
    presets: {},
    references: [
      servicePage("provider"),
      page("Compose: provider services", "https://docs.docker.com/compose/how-tos/provider-services/"),
    ],
    examples: { bad: "provider: {type: awesomecloud}", good: "image: postgres:17.2" },
    find: (settings) => {
      const type = textOf(at(settings, "provider", "type"));
      // Built into Compose itself.
      if (type === "" || type === "model") return null;
      return { what: `is run by the program ${type} on the host`, where: entryOf(settings, "provider") };
    },
  },
  {
    id: "SW-CMP-GPU",
    title: "Uses the graphics cards of the host",
    severity: "low",
    risk: "The card's driver is a large piece of the host's kernel that code inside talks to, and its memory may still hold what others computed.",
    countermeasure:
      "Give single cards (device_ids) to the services that compute, and keep their driver updated.",
    remediation: "name the cards: gpus: [{device_ids: ['0']}]",
    presets: { recommended: "off" },
    references: [
      servicePage("gpus"),
      page("Compose: GPU support", "https://docs.docker.com/compose/how-tos/gpu-support/"),
    ],
    examples: { bad: "gpus: all", good: "gpus: [{device_ids: ['0']}]" },
    find: (settings) => {
      const gpus = entryOf(settings, "gpus");
      if (gpus !== undefined) {
        const all = textOf(gpus.value) === "all";
        return { what: all ? "may use all graphics cards" : "may use graphics cards", where: gpus };
      }
      const devices = itemsOf(at(settings, "deploy", "resources", "reservations", "devices"));
      const wanted = devices.filter((item) => textsOf(at(item, "capabilities")).includes("gpu"));
      return wanted.length === 0 ? null : { what: "may use graphics cards", where: wanted[0] };
    },
  },
  {
    id: "SW-CMP-CREDENTIAL-SPEC",
    title: "Acts as an account of the domain",
    severity: "low",
    risk: "Code inside can do in the domain whatever the managed service account may: read shares, log in to databases, ask for tickets.",
    countermeasure: "Use an account for this one service, with the rights that it needs.",
    remediation: "name an account that is made for the service",
    presets: { recommended: "off" },
    references: [servicePage("credential_spec")],
    examples: {
      bad: "credential_spec: {file: domain-admin.json}",
      good: "credential_spec: {file: web-service.json}",
    },
    find: (settings) => {
      const entry = entryOf(settings, "credential_spec");
      return entry === undefined
        ? null
        : { what: "acts as an account of the domain (credential_spec)", where: entry };
    },
  },
  {
    id: "SW-CMP-MODEL",
    title: "Reaches the model runner of the host",
    severity: "info",
    risk: "The endpoint answers whoever is in the container: an attacker inside computes at your cost, and reads what the model was given in common caches.",
    countermeasure: "Give models to the services that ask them, and no others.",
    remediation: "remove the models: that the service does not ask",
    presets: { recommended: "off" },
    references: [servicePage("models")],
    examples: { bad: "models: [llm, embeddings]", good: "models: [llm]" },
    find: (settings) => {
      const entry = entryOf(settings, "models");
      if (entry === undefined) return null;
      const names =
        entry.value.kind === "map" ? entriesOf(entry.value).map(({ key }) => key) : textsOf(entry.value);
      return { what: `is given the endpoint of ${named(names.slice(0, 5))}`, where: entry };
    },
  },
  {
    id: "SW-CMP-IPC-SHAREABLE",
    title: "Lets other containers join its shared memory",
    severity: "low",
    risk: "Any container that names it may read and change its shared memory and its message queues.",
    countermeasure: "Leave it private unless another service of the project joins it.",
    remediation: "remove ipc: shareable",
    presets: { recommended: "off" },
    references: [servicePage("ipc")],
    examples: { bad: "ipc: shareable", good: "ipc: private" },
    find: (settings) =>
      textOf(at(settings, "ipc")) === "shareable"
        ? { what: "lets other containers join its shared memory", where: entryOf(settings, "ipc") }
        : null,
  },
];

export default TABLE.map(({ remediation, find, ...entry }) =>
  rule({
    ...entry,
    subject: "compose",
    remediation: { compose: remediation },
    judge: (file) =>
      failures(
        file.declared.flatMap((service): Fault[] => {
          const found = find(service.settings);
          return found === null
            ? []
            : [
                {
                  message: `${service.name} ${found.what}`,
                  range: rangeOf(file, found.where, service),
                  key: service.name,
                },
              ];
        }),
      ),
  }),
) satisfies Rule<"compose">[];
