import { at, isOpen, pairsOf, textOf } from "#evidence/compose/tree.ts";
import type { Severity } from "#model/severity.ts";
import { page, rule } from "../rule.ts";
import { type Fault, failures, rangeOf } from "./facts/findings.ts";

interface Switch {
  /** Names of the variable, lower case. */
  name: RegExp;
  value: RegExp;
  what: string;
  severity?: Severity;
}

const YES = /^(?:yes|true|1|on)$/i;
const NO = /^(?:no|false|0|off)$/i;

/** Variables of well-known images that leave a service without a password, from the images' own documentation. */
const SWITCHES: readonly Switch[] = [
  { name: /^postgres_host_auth_method$/, value: /^trust$/i, what: "lets everybody in as any user" },
  {
    name: /^(?:mysql|mariadb)_allow_empty_(?:root_)?password$/,
    value: /./,
    what: "leaves root without a password",
  },
  { name: /^allow_empty_password$/, value: YES, what: "leaves it without a password" },
  { name: /^allow_anonymous_login$/, value: YES, what: "lets everybody in" },
  { name: /^xpack[._]security[._]enabled$/, value: NO, what: "switches its users and passwords off" },
  {
    name: /^disable_security_plugin$|^plugins[._]security[._]disabled$/,
    value: YES,
    what: "switches its users and passwords off",
  },
  { name: /^neo4j_auth$/, value: /^none$/i, what: "leaves it without a password" },
  {
    name: /^me_config_basicauth(?:_enabled)?$/,
    value: NO,
    what: "opens the database's admin page to everybody",
  },
  {
    name: /^gf_auth_anonymous_enabled$/,
    value: YES,
    what: "lets everybody read the dashboards",
    severity: "low",
  },
  {
    name: /^docker_tls_certdir$/,
    value: /^$/,
    what: "leaves the engine inside without TLS, open to whoever reaches it",
    severity: "high",
  },
];

export default rule({
  id: "SW-CMP-AUTH-OFF",
  subject: "compose",
  title: "A service is told to let everybody in",
  severity: "medium",
  risk: "Whoever reaches the service owns its data: every container of its networks, and everybody outside once a port is published.",
  countermeasure:
    "Set a password, from a Compose secret. For development keep the setting in an override file that production does not read.",
  remediation: { compose: "set the password through a secret (NAME_FILE) in place of the switch" },
  references: [
    page("postgres image: POSTGRES_HOST_AUTH_METHOD", "https://hub.docker.com/_/postgres"),
    page("mysql image: MYSQL_ALLOW_EMPTY_PASSWORD", "https://hub.docker.com/_/mysql"),
    page("CWE-306: missing authentication", "https://cwe.mitre.org/data/definitions/306.html"),
  ],
  examples: {
    bad: "environment: {POSTGRES_HOST_AUTH_METHOD: trust}",
    good: "environment: {POSTGRES_PASSWORD_FILE: /run/secrets/db}",
  },
  judge: (file) =>
    failures(
      file.declared.flatMap((service) =>
        pairsOf(at(service.settings, "environment")).flatMap(({ name, value, place }): Fault[] => {
          // `NAME:` without a value takes it from the environment, `NAME=` sets it to nothing.
          if (value === null || isOpen(value)) return [];
          const found = SWITCHES.find(
            (each) => each.name.test(name.toLowerCase()) && each.value.test(textOf(value)),
          );
          return found === undefined
            ? []
            : [
                {
                  message: `${service.name}: ${name}=${textOf(value).slice(0, 20)} ${found.what}`,
                  range: rangeOf(file, place, service),
                  key: `${service.name} ${name}`,
                  ...(found.severity === undefined ? {} : { severity: found.severity }),
                },
              ];
        }),
      ),
    ),
});
