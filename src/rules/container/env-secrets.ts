import type { EnvEvidence } from "#model/evidence/container.ts";
import type { ImageEvidence } from "#model/evidence/engine.ts";
import { declared, fail, page, pass, rule, unknown } from "../rule.ts";
import { secretReason } from "../secrets.ts";
import { counted } from "./facts/amounts.ts";
import { declaredSource } from "./facts/witness.ts";

export default rule({
  id: "SW-CTR-ENV-SECRET",
  subject: "container",
  title: "A secret stands in an environment variable",
  severity: "high",
  risk: "Environment variables are read by docker inspect, by /proc/PID/environ, by every child process and by linked containers; programs print them into logs and crash reports.",
  countermeasure:
    "Hand the secret over as a file: a Compose or swarm secret, read by the program through the NAME_FILE variable that most official images know. Then change it, since it may have been read.",
  remediation: {
    run: "mount a file: -v /secure/name:/run/secrets/name:ro -e NAME_FILE=/run/secrets/name",
    compose: "secrets: [name] at the service, and NAME_FILE: /run/secrets/name in environment:",
    swarm: "docker secret create NAME FILE, then --secret NAME",
  },
  aliases: ["CL-0020", "CL-0021"],
  references: [
    page("Compose: secrets", "https://docs.docker.com/compose/how-tos/use-secrets/"),
    page("Swarm: secrets", "https://docs.docker.com/engine/swarm/secrets/"),
    page("CWE-526: secrets in environment variables", "https://cwe.mitre.org/data/definitions/526.html"),
  ],
  examples: {
    bad: "docker run -e POSTGRES_PASSWORD=… postgres",
    good: "docker run -e POSTGRES_PASSWORD_FILE=/run/secrets/db postgres",
  },
  judge: (container, { engine }) => {
    if (!container.declared.ok) return unknown(container.declared.why);
    const { env, imageId } = container.declared.value;
    const image = engine?.images.ok ? engine.images.value.find(({ id }) => id === imageId) : undefined;
    const source = declaredSource(container);
    const told = new Set<string>();
    const found = env.flatMap((variable) => {
      const reason = secretReason(variable);
      // A name may stand twice; /proc/PID/environ shows both.
      if (reason === null || told.has(variable.name)) return [];
      told.add(variable.name);
      const { name, shape, length } = variable;
      const file = `/run/secrets/${name.toLowerCase()}`;
      const baked = comesWith(image, variable);
      return [
        fail(
          `${name} ${reason}${baked ? ", and comes with the image" : ""}`,
          [declared(source, `${name} (${shape}, ${length} characters)`, "Config.Env")],
          {
            key: name,
            remediation: baked
              ? `Dockerfile: remove ENV ${name} and build the image again; then change the secret`
              : `docker run: mount the secret at ${file}, and set ${name}_FILE=${file} in place of ${name}\nCompose: secrets: [${name.toLowerCase()}] and environment: {${name}_FILE: ${file}}`,
          },
        ),
      ];
    });
    return found.length > 0
      ? found
      : pass("no environment variable looks like a secret", [
          declared(source, counted(env.length, "variable", "variables"), "Config.Env"),
        ]);
  },
});

function comesWith(image: ImageEvidence | undefined, { name, shape, length }: EnvEvidence): boolean {
  if (!image?.detail.ok) return false;
  return image.detail.value.env.some(
    (other) => other.name === name && other.shape === shape && other.length === length,
  );
}
