import { declared, fail, notApplicable, page, pass, rule } from "../rule.ts";
import { secretReason } from "../secrets.ts";

export default rule({
  id: "SW-SWARM-SECRETS",
  subject: "swarm",
  title: "Service carries secrets in its environment",
  severity: "high",
  risk: "Variables of a service stand in the swarm's state in the clear, are shown to everybody who may inspect it, and are inherited by every process of its containers, into whose logs and crash reports they find their way.",
  countermeasure:
    "Hand secrets over as swarm secrets: files in memory that only the service's containers see. Most images read NAME_FILE in place of NAME.",
  remediation: {
    swarm:
      "docker secret create NAME FILE; docker service update --secret-add NAME --env-rm NAME --env-add NAME_FILE=/run/secrets/NAME SERVICE; then change the secret, since the old one was visible",
    compose: "secrets: [NAME] for the service, and NAME_FILE: /run/secrets/NAME in its environment",
  },
  cis: ["7.4"],
  references: [page("Docker docs: swarm secrets", "https://docs.docker.com/engine/swarm/secrets/")],
  examples: {
    bad: "docker service create --env DB_PASSWORD=… postgres",
    good: "docker service create --secret db_password --env POSTGRES_PASSWORD_FILE=/run/secrets/db_password postgres",
  },
  judge: ({ services }) => {
    if (services.length === 0) return notApplicable("the swarm has no services");
    const bad = services.flatMap(({ name, env }) => {
      const found = env.flatMap((entry) => {
        const reason = secretReason(entry);
        return reason === null ? [] : [{ variable: entry.name.slice(0, 100), reason }];
      });
      const [first] = found;
      if (first === undefined) return [];
      const others = found.slice(1).map(({ variable }) => variable);
      return [
        fail(
          `service ${name}: ${first.variable} ${first.reason}${others.length === 0 ? "" : `; also ${others.slice(0, 10).join(", ")}`}`,
          found
            .slice(0, 10)
            .map(({ variable, reason }) => declared(`GET /services/${name}`, `${variable} ${reason}`, "Env")),
          { key: name },
        ),
      ];
    });
    if (bad.length > 0) return bad;
    const secrets = services.reduce((sum, service) => sum + service.secrets.length, 0);
    return pass("no service carries a secret in its environment", [
      declared("GET /services", `${services.length} services, ${secrets} uses of swarm secrets`),
    ]);
  },
});
