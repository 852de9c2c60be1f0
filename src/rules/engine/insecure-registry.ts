import type { EngineEvidence } from "#model/evidence/engine.ts";
import type { Seen } from "#model/finding.ts";
import { declared, fail, type Judgement, page, pass, rule, unknown } from "../rule.ts";
import { DOCKERD } from "./facts/references.ts";
import { settingOf, textsOf, withoutDaemon } from "./facts/settings.ts";
import { isLoopback } from "./facts/tcp.ts";

export default rule({
  id: "SW-ENGINE-INSECURE-REGISTRY",
  subject: "engine",
  title: "Images come from a registry that is not verified",
  severity: "high",
  risk: "The registry is reached over plain HTTP, or with a certificate that nobody checks. Whoever sits on the way can hand out another image in its place, and reads the password of the login.",
  countermeasure:
    "Give the registry a certificate, and put its CA into /etc/docker/certs.d/HOST:PORT/ca.crt. Registries on 127.0.0.0/8 and ::1 need none: nobody sits on the way.",
  remediation: { daemon: 'remove the entry from "insecure-registries"; then systemctl reload docker' },
  cis: ["2.5"],
  references: [
    DOCKERD,
    page("Docker docs: certificates for registries", "https://docs.docker.com/engine/security/certificates/"),
  ],
  examples: {
    bad: '{ "insecure-registries": ["registry.example.com:5000"] }',
    good: "/etc/docker/certs.d/registry.example.com:5000/ca.crt",
  },
  judge: (engine) => withoutDaemon(engine) ?? judge(engine),
});

function judge(engine: EngineEvidence): Judgement | Judgement[] {
  const entries: [entry: string, seen: Seen][] = [];
  if (engine.info.ok) {
    const { insecureRegistries, insecureRegistryCidrs } = engine.info.value;
    for (const name of insecureRegistries) {
      entries.push([name, declared("GET /info", name, "RegistryConfig.IndexConfigs")]);
    }
    for (const range of insecureRegistryCidrs) {
      entries.push([range, declared("GET /info", range, "RegistryConfig.InsecureRegistryCIDRs")]);
    }
  } else {
    const setting = settingOf(engine, "insecure-registries", []);
    if (!setting.known) return unknown(`${setting.why}; ${engine.info.why}`);
    for (const name of textsOf(setting.value)) entries.push([name, setting.seen]);
  }
  const remote = entries.filter(([entry]) => !isLocal(entry));
  if (remote.length === 0) {
    return pass(
      "every registry beyond this machine is verified",
      entries.map(([, seen]) => seen),
    );
  }
  return remote.map(([entry, seen]) =>
    fail(
      entry.endsWith("/0")
        ? `no registry at all is verified (${entry})`
        : `the registry ${entry} is not verified`,
      [seen],
      { key: entry },
    ),
  );
}

/** True for a host, `host:port` or range (CIDR) that lies on this machine. */
function isLocal(entry: string): boolean {
  if (isLoopback(entry)) return true;
  const [, bracketed, plain = ""] = /^(?:\[([0-9a-f:.]+)\]|(.*?))(?::\d+)?$/i.exec(entry) ?? [];
  const [address = "", bits] = (entry.includes("/") ? entry : (bracketed ?? plain)).split("/");
  if (!isLoopback(address)) return false;
  return bits === undefined || Number(bits) >= (address.includes(":") ? 128 : 8);
}
