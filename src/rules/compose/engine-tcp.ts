import { parsePort } from "#evidence/compose/ports.ts";
import { at, flagOf, itemsOf, pairsOf, textOf } from "#evidence/compose/tree.ts";
import type { ComposeFile, ComposeService } from "#model/evidence/compose.ts";
import { page, rule } from "../rule.ts";
import { type Fault, failures, rangeOf } from "./facts/findings.ts";

/** The port of the engine's API without TLS (IANA: docker). */
const PLAIN = 2375;

export default rule({
  id: "SW-CMP-ENGINE-TCP",
  subject: "compose",
  title: "An engine is reached over the network without TLS",
  severity: "high",
  risk: "The port knows no password: whoever reaches it can start a container that mounts the host's root. Everybody on the way can read and change what is sent.",
  countermeasure:
    "Use the engine's port 2376 with certificates on both sides, or SSH. A filter that shares a network with its one client needs neither, and must not be published.",
  remediation: {
    compose: "DOCKER_HOST: ssh://user@host, or tcp://host:2376 with DOCKER_TLS_VERIFY: 1 and a certificate",
  },
  references: [
    page("Docker docs: protect the daemon socket", "https://docs.docker.com/engine/security/protect-access/"),
  ],
  examples: {
    bad: "environment: {DOCKER_HOST: tcp://host.docker.internal:2375}",
    good: "environment: {DOCKER_HOST: ssh://deploy@host}",
  },
  judge: (file) =>
    failures(
      file.declared.flatMap((service) => [...clientFaults(file, service), ...portFaults(file, service)]),
    ),
});

function clientFaults(file: ComposeFile, service: ComposeService): Fault[] {
  const environment = pairsOf(at(service.settings, "environment"));
  const verified = environment.some(
    ({ name, value }) => name === "DOCKER_TLS_VERIFY" && textOf(value) !== "",
  );
  return environment.flatMap(({ name, value, place }): Fault[] => {
    const host = /^(?:tcp|http):\/\/([^/:]+)(?::(\d+))?/.exec(textOf(value));
    if (name !== "DOCKER_HOST" || host === null || verified || host[2] === "2376") return [];
    // A filter before the socket is a service of the same project.
    const near = file.declared.some(
      (other) => other.name === host[1] || textOf(at(other.settings, "container_name")) === host[1],
    );
    return near
      ? []
      : [
          {
            message: `${service.name} talks to the engine at ${host[0]} without TLS`,
            range: rangeOf(file, place, service),
            key: `${service.name} DOCKER_HOST`,
          },
        ];
  });
}

function portFaults(file: ComposeFile, service: ComposeService): Fault[] {
  return itemsOf(at(service.settings, "ports")).flatMap((item): Fault[] => {
    const port = parsePort(item);
    if (port === null || port.container[0] > PLAIN || port.container[1] < PLAIN) return [];
    const loopback = /^(?:127\.|::1$|localhost$)/.test(port.hostIp);
    return [
      {
        message: `${service.name} publishes ${PLAIN}, the port of an engine's API without TLS${loopback ? ", on this host" : ""}`,
        range: rangeOf(file, item, service),
        key: `${service.name} ${PLAIN}`,
        severity: loopback ? "medium" : flagOf(at(service.settings, "privileged")) ? "critical" : "high",
      },
    ];
  });
}
