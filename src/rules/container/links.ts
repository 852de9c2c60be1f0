import type { ContainerEvidence } from "#model/evidence/container.ts";
import { declared, fail, type JudgeContext, page, pass, rule, unknown } from "../rule.ts";
import { secretReason } from "../secrets.ts";
import { listed } from "./facts/amounts.ts";
import { declaredSource } from "./facts/witness.ts";

export default rule({
  id: "SW-CTR-LINKS",
  subject: "container",
  title: "Uses legacy links",
  severity: "low",
  risk: "A link copies all environment variables of the linked container into this one, passwords included (ALIAS_ENV_…), and opens its ports even where containers are cut off from each other.",
  countermeasure: "Put both on a network of their own, where they find each other by name.",
  remediation: {
    run: "docker network create app, then --network app for both, and drop --link",
    compose: "remove links:, services of a project find each other by name",
  },
  references: [page("Docker docs: legacy links", "https://docs.docker.com/engine/network/links/")],
  examples: { bad: "docker run --link db IMAGE", good: "docker run --network app IMAGE" },
  judge: (container, context) => {
    if (!container.declared.ok) return unknown(container.declared.why);
    const { links, networkMode } = container.declared.value;
    const source = declaredSource(container);
    if (links.length === 0) {
      return pass("has no legacy links", [declared(source, "none", "HostConfig.Links")]);
    }
    return links.map((link) => {
      const { target, alias } = readLink(link);
      const seen = declared(source, link, "HostConfig.Links");
      // On networks that users made, a link is but another name (docs: "differences from legacy links").
      if (!["", "default", "bridge"].includes(networkMode)) {
        return fail(`is linked to ${target}, on a network where names do the same`, [seen], {
          key: target,
          severity: "info",
        });
      }
      const secrets = secretsOf(target, container, context);
      const what =
        secrets.length === 0
          ? `gets all environment variables of ${target} by a link`
          : `gets the secrets of ${target} by a link: ${listed(secrets.map((name) => `${alias.toUpperCase()}_ENV_${name}`))}`;
      return fail(what, [seen], { key: target, severity: secrets.length === 0 ? "low" : "medium" });
    });
  },
});

/** `/db:/web/mysql` is a link to `db` under the name `mysql`. */
function readLink(link: string): { target: string; alias: string } {
  const [from = "", to = from] = link.split(":");
  return { target: from.replace(/^\//, ""), alias: to.split("/").at(-1) ?? "" };
}

function secretsOf(target: string, container: ContainerEvidence, { evidence }: JudgeContext): string[] {
  const linked = evidence.containers.find(
    ({ name, id, engine }) => engine === container.engine && (name === target || id.startsWith(target)),
  );
  if (!linked?.declared.ok) return [];
  return linked.declared.value.env
    .filter((variable) => secretReason(variable) !== null)
    .map(({ name }) => name);
}
