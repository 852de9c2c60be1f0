import { declared, fail, page, pass, rule, unknown } from "../rule.ts";

// Raft agrees by majority: a fourth manager bears no more failures than three do, and each one adds traffic.
const MOST = 7;

export default rule({
  id: "SW-SWARM-MANAGERS",
  subject: "swarm",
  title: "Number of managers is even, or large",
  severity: "low",
  risk: "Every manager holds all secrets and the keys of the swarm. An even number bears no more failures than one less, and splits into halves of which neither can decide.",
  countermeasure: "Keep 1, 3, 5 or 7 managers, and make the rest workers.",
  remediation: { swarm: "docker node demote NODE" },
  cis: ["7.1"],
  references: [page("Docker docs: administer a swarm", "https://docs.docker.com/engine/swarm/admin_guide/")],
  examples: { bad: "4 managers", good: "3 managers" },
  judge: ({ nodes }) => {
    const managers = nodes.filter(({ role }) => role === "manager").length;
    const seen = [declared("GET /nodes", `${managers} of ${nodes.length}`, "Spec.Role=manager")];
    if (managers === 0) return unknown("the swarm did not tell its managers: ask again on a manager");
    if (managers > MOST) return fail(`${managers} managers hold the keys of the swarm`, seen);
    return managers % 2 === 0
      ? fail(`${managers} managers bear no more failures than ${managers - 1}`, seen)
      : pass(`${managers} manager${managers === 1 ? "" : "s"}`, seen);
  },
});
