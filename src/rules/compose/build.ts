import { at, flagOf, isOpen, itemsOf, pairsOf, textOf } from "#evidence/compose/tree.ts";
import type { ComposeNode, ComposeService } from "#model/evidence/compose.ts";
import type { Severity } from "#model/severity.ts";
import { page, type Reference, type Rule, rule } from "../rule.ts";
import { type Fault, failures, rangeOf } from "./facts/findings.ts";

interface BuildFault {
  what: string;
  where: ComposeNode | { place: ComposeNode["place"] };
  key: string;
  severity?: Severity;
}

interface BuildRule extends Pick<Rule, "id" | "title" | "severity" | "risk" | "countermeasure" | "examples"> {
  remediation: string;
  references: Reference[];
  find(service: ComposeService): BuildFault[];
}

const BUILD = (key: string): Reference =>
  page(`Compose: build.${key}`, `https://docs.docker.com/reference/compose-file/build/#${key}`);

/** What a build is given beyond its context; the builder runs whatever the Dockerfile and its base images say. */
const TABLE: BuildRule[] = [
  {
    id: "SW-CMP-BUILD-PRIVILEGED",
    title: "Builds with all privileges",
    severity: "high",
    risk: "Every RUN of the Dockerfile, and so every package script that it starts, has the host's devices and all capabilities: one bad dependency is root on the machine that builds.",
    countermeasure:
      "Build without. What needs a device or a mount belongs into the start of the container, not into its image.",
    remediation: "remove build.privileged",
    references: [BUILD("privileged")],
    examples: { bad: "build: {context: ., privileged: true}", good: "build: {context: .}" },
    find: ({ settings }) => {
      const node = at(settings, "build", "privileged");
      return node !== undefined && flagOf(node)
        ? [{ what: "is built with all privileges", where: node, key: "" }]
        : [];
    },
  },
  {
    id: "SW-CMP-BUILD-ENTITLEMENT",
    title: "Builds with powers over the host",
    severity: "high",
    risk: "security.insecure lets RUN --security=insecure work without any sandbox; network.host lets it reach what listens on the host; device gives it hardware. A script of a dependency has them as well.",
    countermeasure: "Build without them, or on a machine that is made for it and holds no secrets.",
    remediation: "remove the entry from build.entitlements",
    references: [
      BUILD("entitlements"),
      page("docker buildx build --allow", "https://docs.docker.com/reference/cli/docker/buildx/build/#allow"),
    ],
    examples: { bad: "build: {context: ., entitlements: [security.insecure]}", good: "build: {context: .}" },
    find: ({ settings }) =>
      itemsOf(at(settings, "build", "entitlements")).map((item) => {
        const name = textOf(item);
        return {
          what: `is built with the entitlement ${name}`,
          where: item,
          key: name,
          ...(name === "security.insecure" ? {} : { severity: "medium" }),
        };
      }),
  },
  {
    id: "SW-CMP-BUILD-NETWORK-HOST",
    title: "Builds in the host's network",
    severity: "medium",
    risk: "Every RUN reaches what listens on 127.0.0.1 of the machine that builds: databases, metadata services, the engine.",
    countermeasure: "Leave the builder its own network.",
    remediation: "remove network: host from build",
    references: [BUILD("network")],
    examples: { bad: "build: {context: ., network: host}", good: "build: {context: .}" },
    find: ({ settings }) => {
      const node = at(settings, "build", "network");
      return node !== undefined && textOf(node) === "host"
        ? [{ what: "is built in the host's network", where: node, key: "" }]
        : [];
    },
  },
  {
    id: "SW-CMP-BUILD-SSH",
    title: "Lends SSH keys to the build",
    severity: "low",
    risk: "A RUN that mounts the agent can log in wherever your keys can, for as long as the build runs; a script of a dependency in the same RUN can, too.",
    countermeasure:
      "Give the build a deploy key of its own that reads one repository, and mount it in the one RUN that fetches.",
    remediation: "name a key that is made for it: ssh: [deploy=./deploy_key]",
    references: [
      BUILD("ssh"),
      page("Build secrets: SSH mounts", "https://docs.docker.com/build/building/secrets/#ssh-mounts"),
    ],
    examples: {
      bad: "build: {context: ., ssh: [default]}",
      good: "build: {context: ., ssh: [deploy=./deploy_key]}",
    },
    find: ({ settings }) => {
      const node = at(settings, "build", "ssh");
      const single = node?.kind === "scalar" ? [{ name: textOf(node), value: null, place: node.place }] : [];
      // A key that is named is lent alone; without one it is the agent with all that it holds.
      return [...single, ...pairsOf(node)]
        .filter(
          ({ name, value }) => name !== "" && (value === null || isAgent(textOf(value))) && !isOpen(value),
        )
        .map((pair) => ({
          what: `lends the SSH agent to its build (${pair.name})`,
          where: pair,
          key: pair.name,
        }));
    },
  },
];

export default TABLE.map(({ remediation, find, ...entry }) =>
  rule({
    ...entry,
    subject: "compose",
    remediation: { compose: remediation },
    judge: (file) =>
      failures(
        file.declared.flatMap((service) =>
          find(service).map(({ what, where, key, severity }): Fault => ({
            message: `${service.name} ${what}`,
            range: rangeOf(file, where.place, service),
            key: `${service.name} ${key}`.trim(),
            ...(severity === undefined ? {} : { severity }),
          })),
        ),
      ),
  }),
) satisfies Rule<"compose">[];

function isAgent(path: string): boolean {
  return /SSH_AUTH_SOCK|\.sock$|agent/i.test(path);
}
