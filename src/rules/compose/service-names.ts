import { at, entryOf, isOpen, textOf } from "#evidence/compose/tree.ts";
import type { ComposeService } from "#model/evidence/compose.ts";
import { type Rule, rule } from "../rule.ts";
import { type Fault, failures, isPart, rangeOf, servicePage } from "./facts/findings.ts";

const noImage = rule({
  id: "SW-CMP-NO-IMAGE",
  subject: "compose",
  title: "A service has neither image nor build",
  severity: "medium",
  risk: "Compose refuses the file: there is nothing that it could start.",
  countermeasure: "Name the image, or say where it is built.",
  remediation: { compose: "add image: or build: to the service" },
  references: [servicePage("image"), servicePage("build")],
  examples: {
    bad: "services: {web: {ports: ['80']}}",
    good: "services: {web: {image: 'nginx:1.29', ports: ['80']}}",
  },
  judge: (file) =>
    isPart(file)
      ? []
      : failures(
          file.declared
            .filter(({ complete, written }) => !complete && !(written?.entries.has("extends") ?? false))
            .map((service): Fault => ({
              message: `${service.name} has neither an image nor a build`,
              range: service.place,
              key: service.name,
            })),
        ),
});

const badName = rule({
  id: "SW-CMP-NAME",
  subject: "compose",
  title: "A container has a name that the engine refuses",
  severity: "medium",
  risk: "The service does not start.",
  countermeasure: "Use letters, digits, dots, dashes and underscores, and begin with a letter or a digit.",
  remediation: { compose: "container_name: web-1" },
  aliases: ["dclint:service-container-name-regex"],
  references: [servicePage("container_name")],
  examples: { bad: "container_name: web@1", good: "container_name: web-1" },
  judge: (file) =>
    failures(
      file.declared.flatMap((service): Fault[] => {
        const name = nameOf(service);
        if (name === "" || /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) return [];
        return [
          {
            message: `${service.name} has the container name ${name.slice(0, 60)}, which the engine refuses`,
            range: rangeOf(file, at(service.settings, "container_name"), service),
            key: service.name,
          },
        ];
      }),
    ),
});

const sameName = rule({
  id: "SW-CMP-NAME-DUPLICATE",
  subject: "compose",
  title: "Two services want the same container name",
  severity: "medium",
  risk: "Only one of them can start; the other fails, or takes the place of the first.",
  countermeasure: "Give each its own name, or leave the names to Compose.",
  remediation: { compose: "change or remove one container_name" },
  aliases: ["dclint:no-duplicate-container-names"],
  references: [servicePage("container_name")],
  examples: {
    bad: "services: {a: {image: x, container_name: app}, b: {image: y, container_name: app}}",
    good: "services: {a: {image: x, container_name: app-a}, b: {image: y, container_name: app-b}}",
  },
  judge: (file) => {
    const owners = new Map<string, string>();
    return failures(
      file.declared.flatMap((service): Fault[] => {
        const name = nameOf(service);
        const owner = owners.get(name);
        if (name === "") return [];
        if (owner === undefined) {
          owners.set(name, service.name);
          return [];
        }
        return [
          {
            message: `${service.name} has the container name ${name}, which ${owner} has as well`,
            range: rangeOf(file, entryOf(service.settings, "container_name"), service),
            key: `${owner} ${service.name}`,
          },
        ];
      }),
    );
  },
});

export default [noImage, badName, sameName] satisfies Rule<"compose">[];

function nameOf({ settings }: ComposeService): string {
  const node = at(settings, "container_name");
  return isOpen(node) ? "" : textOf(node);
}
