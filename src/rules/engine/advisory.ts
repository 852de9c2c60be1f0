import { cve, fail, notApplicable, page, pass, rule, unknown } from "../rule.ts";
import { CHAIN_ADVISORIES } from "./advisories-table.ts";
import { hitBy } from "./facts/advisories.ts";

export default rule({
  id: "SW-ENGINE-ADVISORY",
  subject: "engine",
  title: "A known vulnerability of the engine, containerd or runc is not fixed",
  severity: "high",
  risk: "The programs that build the walls around containers have vulnerabilities themselves. The known ones are described in public, often with a program that uses them from an image or from inside a container.",
  countermeasure:
    "Keep the engine, containerd and runc at the newest release of a maintained line, and restart the daemon after the update; containers that run have what runc fixed only once they are started anew. Distributions fix without raising the number: the changelog of their package is asked first.",
  remediation: { host: "update docker, containerd and runc, then systemctl restart docker" },
  cis: ["1.2.2"],
  references: [
    cve("CVE-2025-31133"),
    cve("CVE-2024-21626"),
    page("runc: security advisories", "https://github.com/opencontainers/runc/security/advisories"),
    page("containerd: security advisories", "https://github.com/containerd/containerd/security/advisories"),
    page("moby: security advisories", "https://github.com/moby/moby/security/advisories"),
  ],
  examples: { bad: "runc 1.1.11 from docker.com", good: "runc 1.3.6" },
  judge: (engine, context) => {
    const hits = CHAIN_ADVISORIES.map((advisory) => ({ advisory, hit: hitBy(advisory, engine, context) }));
    const open = hits.flatMap(({ advisory, hit }) =>
      hit.state !== "vulnerable"
        ? []
        : [
            fail(`${advisory.cve}: ${advisory.title}; ${hit.why}`, hit.seen, {
              key: advisory.cve,
              severity: advisory.severity,
              remediation: `host: update ${advisory.component === "moby" ? "Docker" : advisory.component} to ${advisory.fixed.join(", ")} or newer, or to the distribution's package that lists ${advisory.cve}; then systemctl restart docker`,
            }),
          ],
    );
    // Many CVEs are not known for one reason, such as a changelog that could not be read: say it once.
    const reasons = new Map<string, { cves: string[]; seen: Parameters<typeof unknown>[1] }>();
    for (const { advisory, hit } of hits) {
      if (hit.state !== "unknown") continue;
      const entry = reasons.get(hit.why) ?? { cves: [], seen: hit.seen };
      entry.cves.push(advisory.cve);
      reasons.set(hit.why, entry);
    }
    const unclear = [...reasons].map(([why, { cves, seen }]) => ({
      ...unknown(`${why} (${cves.join(", ")})`, seen),
      key: `unknown ${cves[0] ?? ""}`,
    }));
    if (open.length + unclear.length > 0) return [...open, ...unclear];
    const judged = hits.filter(({ hit }) => hit.state === "fixed");
    if (judged.length === 0) return notApplicable("none of the listed advisories is about this engine");
    const seen = judged.flatMap(({ hit }) => (hit.state === "fixed" ? hit.seen : []));
    return pass(
      `none of ${CHAIN_ADVISORIES.length} listed advisories is open`,
      seen.filter((entry, at) => seen.findIndex(({ value }) => value === entry.value) === at),
    );
  },
});
