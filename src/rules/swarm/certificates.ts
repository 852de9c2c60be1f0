import { declared, fail, page, pass, type Rule, rule, unknown } from "../rule.ts";

const DAY = 24 * 60 * 60 * 1000;
const NANOSECONDS = 1e6;
/** What a swarm has unless it is told otherwise (moby api/types/swarm). */
const DEFAULT_DAYS = 90;
const CA_DAYS = 365;

const DOCS = page(
  "Docker docs: manage the swarm's keys",
  "https://docs.docker.com/engine/swarm/how-swarm-mode-works/pki/",
);

const expiry = rule({
  id: "SW-SWARM-CERT-EXPIRY",
  subject: "swarm",
  title: "Node certificates live long",
  severity: "low",
  risk: "The certificate of a node is what it speaks in the swarm with. A copied one is good until it ends, since nothing else takes it back short of a new CA.",
  countermeasure: "Let certificates end early; nodes renew them by themselves while they are up.",
  remediation: { swarm: "docker swarm update --cert-expiry 720h" },
  cis: ["7.7"],
  references: [DOCS],
  examples: {
    bad: "docker swarm update --cert-expiry 8760h",
    good: "docker swarm update --cert-expiry 720h",
  },
  judge: ({ nodeCertExpiry }) => {
    const days = nodeCertExpiry / NANOSECONDS / DAY;
    if (!(days > 0)) return unknown("the swarm did not tell how long node certificates live");
    const seen = [declared("GET /swarm", `${Math.round(days * 24)}h`, "Spec.CAConfig.NodeCertExpiry")];
    return days > DEFAULT_DAYS
      ? fail(`node certificates live ${Math.round(days)} days (the default is ${DEFAULT_DAYS})`, seen)
      : pass(`node certificates live ${Math.round(days)} days`, seen);
  },
});

const rotation = rule({
  id: "SW-SWARM-CA-ROTATION",
  subject: "swarm",
  title: "The swarm's CA was not replaced for long",
  severity: "low",
  risk: "Whoever once got the CA's key, from an old backup or a manager that left, can make himself a node whenever he likes.",
  countermeasure:
    "Replace the CA each year, and when a manager was lost or somebody who could reach its disk left. Nodes move over by themselves.",
  remediation: { swarm: "docker swarm ca --rotate" },
  cis: ["7.8"],
  references: [DOCS],
  examples: { bad: "a CA of the day the swarm was made, years ago", good: "docker swarm ca --rotate" },
  judge: ({ rootCa }, { now }) => {
    const since = Date.parse(rootCa?.notBefore ?? "");
    if (Number.isNaN(since)) return unknown("the swarm did not tell its root certificate: ask on a manager");
    const days = Math.floor((now - since) / DAY);
    const seen = [declared("GET /swarm", rootCa?.notBefore ?? "", "TLSInfo.TrustRoot notBefore")];
    return days > CA_DAYS
      ? fail(`its CA is ${days} days old`, seen)
      : pass(`its CA is ${Math.max(0, days)} days old`, seen);
  },
});

export default [expiry, rotation] satisfies Rule<"swarm">[];
