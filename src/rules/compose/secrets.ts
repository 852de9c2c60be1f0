import { describeEnv, isSecretName, maskArguments, shapeOf } from "#evidence/env.ts";
import { splitCommand } from "#evidence/compose/amounts.ts";
import { at, entriesOf, itemsOf, pairsOf, textAlone } from "#evidence/compose/tree.ts";
import type { ComposeNode, ComposeService } from "#model/evidence/compose.ts";
import { secretReason } from "../secrets.ts";
import { page, type Rule, rule } from "../rule.ts";
import { type Fault, failures, named, rangeOf, servicePage } from "./facts/findings.ts";

const SECRETS = page("Compose: secrets", "https://docs.docker.com/compose/how-tos/use-secrets/");

const buildArgument = rule({
  id: "SW-CMP-BUILD-SECRET",
  subject: "compose",
  title: "A secret is handed to the build as an argument",
  severity: "high",
  risk: "Build arguments stay in the image: docker history shows them to everybody who can pull it, and so does its provenance, wherever the value came from.",
  countermeasure:
    "Hand it over as a build secret, which the Dockerfile mounts in the one RUN that needs it. Then change it, since it may have been read.",
  remediation: {
    compose: "build: {secrets: [name]} with secrets: {name: {environment: NAME}} at the top",
    dockerfile: "RUN --mount=type=secret,id=name … in place of ARG NAME",
  },
  references: [page("Build secrets", "https://docs.docker.com/build/building/secrets/"), SECRETS],
  examples: {
    bad: "build: {context: ., args: {NPM_TOKEN: $NPM_TOKEN}}",
    good: "build: {context: ., secrets: [npm_token]}",
  },
  judge: (file) =>
    failures(
      file.declared.flatMap((service) =>
        pairsOf(at(service.settings, "build", "args")).flatMap((pair): Fault[] => {
          const alone = textAlone(pair.value);
          // What a variable brings is a secret by its name alone: nobody can see the value here.
          const [described] = describeEnv([`${pair.name}=${alone === "" ? "from outside" : alone}`]);
          const reason = described === undefined ? null : secretReason(described);
          if (reason === null) return [];
          return [
            {
              message: `${service.name} hands the build argument ${pair.name} to the image, which ${reason}`,
              range: rangeOf(file, pair.place, service),
              key: `${service.name} ${pair.name}`,
            },
          ];
        }),
      ),
    ),
});

const command = rule({
  id: "SW-CMP-COMMAND-SECRET",
  subject: "compose",
  title: "A secret stands in a command",
  severity: "high",
  risk: "Arguments are shown by ps on the host, by docker inspect and docker ps, and stand in the file for everybody who can read it.",
  countermeasure: "Let the program read it from a file: a Compose secret below /run/secrets.",
  remediation: {
    compose: "secrets: [name] at the service, and the option that reads a file (--requirepass-file …)",
  },
  references: [SECRETS, servicePage("command")],
  examples: {
    bad: "command: redis-server --requirepass hunter2-hunter2",
    good: "command: sh -c 'exec redis-server --requirepass \"$$(cat /run/secrets/redis)\"'",
  },
  judge: (file) =>
    failures(
      file.declared.flatMap((service) =>
        commandsOf(service).flatMap(({ field, node }): Fault[] => {
          const words = node.kind === "scalar" ? splitCommand(textAlone(node)) : itemsOf(node).map(textAlone);
          const option = secretOption(words);
          return option === null
            ? []
            : [
                {
                  message: `${service.name} has a secret in its ${field} (${option})`,
                  range: rangeOf(file, node, service),
                  key: `${service.name} ${field}`,
                },
              ];
        }),
      ),
    ),
});

const config = rule({
  id: "SW-CMP-CONFIG-SECRET",
  subject: "compose",
  title: "A config holds a credential",
  severity: "high",
  risk: "The content of a config stands in the file for everybody who can read it, and in the container it may be read by every user.",
  countermeasure: "Make it a secret from a file or an environment variable that is not in the repository.",
  remediation: { compose: "secrets: {name: {file: ./name.txt}}, with the file left out of the repository" },
  references: [SECRETS, page("Compose: configs", "https://docs.docker.com/reference/compose-file/configs/")],
  examples: {
    bad: "configs: {key: {content: '-----BEGIN PRIVATE KEY-----…'}}",
    good: "secrets: {key: {file: ./key.pem}}",
  },
  judge: (file) =>
    failures(
      entriesOf(at(file.written, "configs")).flatMap((entry): Fault[] => {
        const node = at(entry.value, "content");
        if (node === undefined) return [];
        const shapes = textAlone(node)
          .slice(0, 64 << 10)
          .split(/[\s"'=,;]+/)
          .map((word) => shapeOf(word));
        const whole = shapeOf(textAlone(node).slice(0, 64 << 10));
        const found = [whole, ...shapes].find(
          (shape) => shape.startsWith("token:") || shape === "url-with-password",
        );
        return found === undefined
          ? []
          : [
              {
                message: `the config ${entry.key} holds a credential (${found.replace("token:", "")})`,
                range: rangeOf(file, entry),
                key: entry.key,
              },
            ];
      }),
    ),
});

const envFile = rule({
  id: "SW-CMP-ENV-FILE-SECRET",
  subject: "compose",
  title: "A file of variables puts secrets into the environment",
  severity: "medium",
  risk: "Environment variables are read by docker inspect, by /proc/PID/environ and by every child process, and programs print them into logs. A file of them is committed by mistake more often than one that is called a secret.",
  countermeasure:
    "Leave the settings in the file, and hand the secrets over as Compose secrets, which most official images read through NAME_FILE.",
  remediation: {
    compose: "secrets: [name] at the service, and NAME_FILE: /run/secrets/name in environment:",
  },
  aliases: ["CL-0020", "CL-0021"],
  references: [SECRETS, servicePage("env_file")],
  examples: {
    bad: "env_file: db.env with POSTGRES_PASSWORD=…",
    good: "secrets: [db_password], POSTGRES_PASSWORD_FILE: /run/secrets/db_password",
  },
  judge: (file) =>
    failures(
      file.envFiles.flatMap(({ service, path, variables, range }): Fault[] => {
        const secret = (variables ?? []).filter((variable) => secretReason(variable) !== null);
        if (secret.length === 0) return [];
        const names = named(secret.slice(0, 4).map(({ name }) => name));
        const more = secret.length > 4 ? ` and ${secret.length - 4} more` : "";
        return [
          {
            message: `${service} gets secrets into its environment from ${path}: ${names}${more}`,
            range,
            key: `${service} ${path}`,
          },
        ];
      }),
    ),
});

const variable = rule({
  id: "SW-CMP-ENV-SECRET",
  subject: "compose",
  title: "A variable puts a secret into the environment",
  severity: "low",
  risk: "The value is not in the file, but in the running container it is read by docker inspect, by /proc/PID/environ and by every child process.",
  countermeasure: "Hand it over as a Compose secret, from a file or from the same variable.",
  remediation: {
    compose:
      "secrets: {name: {environment: NAME}} at the top, and NAME_FILE: /run/secrets/name at the service",
  },
  presets: { recommended: "off" },
  references: [SECRETS, servicePage("environment")],
  examples: {
    bad: "environment: {POSTGRES_PASSWORD: $DB_PASSWORD}",
    good: "secrets: [db], environment: {POSTGRES_PASSWORD_FILE: /run/secrets/db}",
  },
  judge: (file) =>
    failures(
      file.declared.flatMap((service) =>
        pairsOf(at(service.settings, "environment")).flatMap(({ name, value, place }): Fault[] => {
          // A value of the file itself is told of by SW-CTR-ENV-SECRET.
          if (textAlone(value) !== "" || !isSecretName(`_${name}`)) return [];
          if (value !== null && value.variables.length === 0) return [];
          return [
            {
              message: `${service.name} gets ${name} into its environment`,
              range: rangeOf(file, place, service),
              key: `${service.name} ${name}`,
            },
          ];
        }),
      ),
    ),
});

export default [buildArgument, command, config, envFile, variable] satisfies Rule<"compose">[];

function commandsOf({ settings }: ComposeService): { field: string; node: ComposeNode }[] {
  const hooks = ["pre_start", "post_start", "pre_stop"].flatMap((name) =>
    itemsOf(at(settings, name)).map((hook) => ({ field: name, node: at(hook, "command") })),
  );
  return [
    { field: "command", node: at(settings, "command") },
    { field: "entrypoint", node: at(settings, "entrypoint") },
    { field: "healthcheck", node: at(settings, "healthcheck", "test") },
    ...hooks,
  ].flatMap(({ field, node }) => (node === undefined ? [] : [{ field, node }]));
}

/** Options of well-known programs whose value is a password, beside those that say so. */
const PASSWORD_OPTIONS = new Set(["requirepass", "masterauth", "pass", "pwd", "authtoken", "auth-token"]);

/** The option whose value looks like a credential, never the value; null = none. */
function secretOption(words: readonly string[]): string | null {
  const masked = maskArguments(words);
  for (const [index, word] of words.entries()) {
    const option = /^--?([A-Za-z][\w.-]{0,60})(?:=(.*))?$/s.exec(word);
    const name = option?.[1] ?? "";
    if (option !== null && (PASSWORD_OPTIONS.has(name.toLowerCase()) || isSecretName(`_${name}`))) {
      const value = option[2] ?? words[index + 1] ?? "";
      if (isLiteral(value)) return `--${name}`;
    }
    const hidden = masked[index] ?? "";
    if (hidden === word || !isLiteral(word) || hidden === "****") continue;
    if (hidden.includes(":****@")) return "a URL with a password";
    return /([\w.-]{1,60})["']?[=:\s"']{0,9}\*{4}/.exec(hidden)?.[1] ?? "a credential";
  }
  return null;
}

/** Something that stands there itself: no variable of the shell, no path, no other option. */
function isLiteral(value: string): boolean {
  return value !== "" && !/^[-/]|\$[({A-Za-z_]|^(?:true|false|yes|no|\d{1,3})$/i.test(value);
}
