import { at, flagOf, itemsOf, textOf } from "#evidence/compose/tree.ts";
import type { ComposeFile, ComposeNode, ComposeService } from "#model/evidence/compose.ts";
import { page, type Rule, rule } from "../rule.ts";
import { type Fault, failures, rangeOf, servicePage } from "./facts/findings.ts";

const LIFECYCLE = page("Compose: lifecycle hooks", "https://docs.docker.com/compose/how-tos/lifecycle/");

const HOOKS = ["pre_start", "post_start", "pre_stop"] as const;

const privileged = rule({
  id: "SW-CMP-HOOK-PRIVILEGED",
  subject: "compose",
  title: "A lifecycle hook runs privileged",
  severity: "high",
  risk: "The command gets every capability and every device, whatever the service was denied: cap_drop, no-new-privileges and the rest do not hold it, and docker inspect of the container shows nothing of it.",
  countermeasure:
    "Do what needs the host outside of Compose, or in a service of its own that gets only what it needs.",
  remediation: { compose: "remove privileged: true from the hook" },
  references: [servicePage("post_start"), LIFECYCLE],
  examples: {
    bad: "post_start: [{command: ./setup.sh, privileged: true}]",
    good: "post_start: [{command: ./setup.sh}]",
  },
  judge: (file) =>
    overHooks(file, ({ service, hook, name, key }): Fault[] => {
      const node = at(hook, "privileged");
      return flagOf(node)
        ? [
            {
              message: `${service.name} runs its ${name} hook privileged`,
              range: rangeOf(file, node, service),
              key,
            },
          ]
        : [];
    }),
});

const root = rule({
  id: "SW-CMP-HOOK-ROOT",
  subject: "compose",
  title: "A lifecycle hook runs as root, though its service does not",
  severity: "low",
  risk: "The command is root in the container and in its volumes, where the service has given root up; what it leaves behind belongs to root.",
  countermeasure:
    "Run it as the user of the service. Where it gives a volume to that user, do so once in the image or in a step before the start.",
  remediation: { compose: "remove user: root from the hook" },
  references: [servicePage("post_start"), LIFECYCLE],
  examples: {
    bad: 'user: "1000"\npost_start: [{command: ./setup.sh, user: root}]',
    good: 'user: "1000"\npost_start: [{command: ./setup.sh}]',
  },
  judge: (file) =>
    overHooks(file, ({ service, hook, name, key }): Fault[] => {
      const node = at(hook, "user");
      const own = textOf(at(service.settings, "user"));
      return isRoot(textOf(node)) && own !== "" && !isRoot(own)
        ? [
            {
              message: `${service.name} runs as ${own}, but its ${name} hook as root`,
              range: rangeOf(file, node, service),
              key,
            },
          ]
        : [];
    }),
});

export default [privileged, root] satisfies Rule<"compose">[];

function overHooks(
  file: ComposeFile,
  judge: (hook: { service: ComposeService; hook: ComposeNode; name: string; key: string }) => Fault[],
) {
  return failures(
    file.declared.flatMap((service) =>
      HOOKS.flatMap((name) =>
        itemsOf(at(service.settings, name)).flatMap((hook, index) =>
          judge({ service, hook, name, key: `${service.name} ${name} ${index}` }),
        ),
      ),
    ),
  );
}

function isRoot(user: string): boolean {
  return /^(?:root|0)(?::|$)/.test(user);
}
