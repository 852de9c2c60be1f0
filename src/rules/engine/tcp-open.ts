import type { DaemonEvidence, EngineEvidence } from "#model/evidence/engine.ts";
import type { Seen } from "#model/finding.ts";
import { actual, declared, fail, type Judgement, pass, rule, unknown } from "../rule.ts";
import { DOCKERD, PROTECT_SOCKET } from "./facts/references.ts";
import { settingOf, withoutDaemon } from "./facts/settings.ts";
import {
  apiAddresses,
  isLoopback,
  isWildcard,
  joined,
  parseHost,
  tlsDeclared,
  warnedAddresses,
} from "./facts/tcp.ts";

export default rule({
  id: "SW-ENGINE-TCP-OPEN",
  subject: "engine",
  title: "The engine's API answers over TCP without client certificates",
  severity: "critical",
  risk: "Whoever reaches the port is root on the host: one call starts a container with the host's disk in it. Port 2375 is searched for all over the internet and found within minutes. On 127.0.0.1 every user of the host, every container with the host's network and every web page that can make a browser send a request reach it. TLS without client verification hides the traffic and lets everybody in.",
  countermeasure:
    "Close the TCP port and use the unix socket, or ssh (docker -H ssh://user@host) from afar. If it must be TCP: TLS that demands a client certificate, on one address, behind a firewall. Ports 2377 and 7946 belong to the swarm and have TLS of their own.",
  remediation: {
    daemon:
      'remove the tcp:// entry from "hosts", or set "tlsverify": true with "tlscacert", "tlscert" and "tlskey"',
    host: "remove -H tcp://… from ExecStart (systemctl edit docker.service) and ListenStream=PORT from docker.socket, then systemctl restart docker",
  },
  cis: ["2.8"],
  references: [PROTECT_SOCKET, DOCKERD],
  examples: {
    bad: "dockerd -H tcp://0.0.0.0:2375",
    good: "dockerd -H tcp://10.0.0.5:2376 --tlsverify --tlscacert=ca.pem --tlscert=cert.pem --tlskey=key.pem",
  },
  judge: (engine) => withoutDaemon(engine) ?? judge(engine),
});

function judge(engine: EngineEvidence): Judgement | Judgement[] {
  const warned = engine.info.ok ? warnedAddresses(engine.info.value.warnings) : [];
  if (!engine.daemon.ok) {
    if (warned.length > 0) {
      return warned.map(({ address, port, tls, warning }) =>
        open(address, port, tls, [declared("GET /info", warning, "Warnings")]),
      );
    }
    return fromAfar(engine, engine.daemon.why);
  }
  const daemon = engine.daemon.value;
  const addresses = apiAddresses(engine, daemon);
  const unseen = warned.filter((entry) => !addresses.some(({ port }) => port === entry.port));
  if (addresses.length + unseen.length === 0) {
    return pass("the daemon listens on no TCP address", [
      actual(`/proc/${daemon.pid}/net/tcp`, "no listening socket of the API"),
    ]);
  }
  const answers = addresses.map(({ address, port, seen }) => {
    const probes = probesOf(engine, port);
    const answered = probes.find((probe) => probe.answered);
    if (answered !== undefined) {
      return open(address, port, answered.tls, [
        seen,
        actual(answered.endpoint, "answered without a client certificate"),
      ]);
    }
    if (probes.length > 0) {
      return pass(`${joined(address, port)} does not answer without a client certificate`, [
        seen,
        actual(probes[0]?.endpoint ?? "", "refused"),
      ]);
    }
    const warning = warned.find((entry) => entry.port === port);
    if (warning !== undefined) {
      return open(address, port, warning.tls, [seen, declared("GET /info", warning.warning, "Warnings")]);
    }
    return bySettings(engine, daemon, address, port, seen);
  });
  answers.push(
    ...unseen.map(({ address, port, tls, warning }) =>
      open(address, port, tls, [declared("GET /info", warning, "Warnings")]),
    ),
  );
  const bad = answers.filter(({ verdict }) => verdict !== "pass");
  return bad.length > 0
    ? bad
    : pass(
        answers.map(({ message }) => message).join("; "),
        answers.flatMap(({ evidence }) => evidence),
      );
}

function bySettings(
  engine: EngineEvidence,
  daemon: DaemonEvidence,
  address: string,
  port: number,
  seen: Seen,
): Judgement {
  const tls = tlsDeclared(engine);
  const verify = settingOf(engine, "tlsverify", false);
  if (tls === null) {
    const why = verify.known ? `${daemon.configFile.path} could not be read` : verify.why;
    return {
      ...unknown(`it listens on ${joined(address, port)}; ${why}`, [seen]),
      key: joined(address, port),
    };
  }
  const evidence = verify.known ? [seen, verify.seen] : [seen];
  return tls === "verified"
    ? pass(`${joined(address, port)} demands a client certificate`, evidence)
    : open(address, port, tls === "unverified", evidence);
}

function fromAfar(engine: EngineEvidence, why: string): Judgement | Judgement[] {
  const probes = engine.openTcp.ok ? engine.openTcp.value : [];
  const answered = probes.filter((probe) => probe.answered);
  if (answered.length > 0) {
    return answered.map(({ endpoint, tls }) => {
      const host = parseHost(endpoint, tls);
      const seen = actual(endpoint, "answered without a client certificate");
      return open(host?.address ?? endpoint, host?.port ?? 0, tls, [seen]);
    });
  }
  if (probes.length > 0 && engine.info.ok) {
    return pass("no known address answers without a client certificate, and the engine warns of none", [
      ...probes.map(({ endpoint }) => actual(endpoint, "refused without a client certificate")),
      declared("GET /info", "no warning of an open API", "Warnings"),
    ]);
  }
  return unknown(`which TCP addresses the daemon listens on is not known: ${why}`);
}

function probesOf(engine: EngineEvidence, port: number) {
  return engine.openTcp.ok
    ? engine.openTcp.value.filter(({ endpoint, tls }) => parseHost(endpoint, tls)?.port === port)
    : [];
}

function open(address: string, port: number, tls: boolean, evidence: Seen[]): Judgement {
  const where = `${joined(address, port)}${isWildcard(address) ? " (every interface)" : ""}`;
  return fail(
    tls
      ? `its API answers on ${where} over TLS, but asks no client for a certificate`
      : `its API answers on ${where} without TLS`,
    evidence,
    { key: joined(address, port), severity: isLoopback(address) ? "high" : "critical" },
  );
}
