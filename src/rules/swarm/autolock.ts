import { declared, fail, page, pass, rule } from "../rule.ts";

export default rule({
  id: "SW-SWARM-AUTOLOCK",
  subject: "swarm",
  title: "Managers are not locked",
  severity: "medium",
  risk: "The key that opens the swarm's state, with all secrets in it, lies on each manager's disk beside the state. A stolen disk or backup of one manager gives everything.",
  countermeasure:
    "Switch autolock on: a manager that restarts asks for the key. Somebody must be there to give it, so keep it where it is found at night, away from the managers.",
  remediation: { swarm: "docker swarm update --autolock=true; keep the key that it prints" },
  cis: ["7.5"],
  references: [
    page("Docker docs: lock a swarm", "https://docs.docker.com/engine/swarm/swarm_manager_locking/"),
  ],
  examples: { bad: "docker swarm init", good: "docker swarm init --autolock" },
  judge: ({ autolock }) => {
    const seen = [declared("GET /swarm", autolock, "Spec.EncryptionConfig.AutoLockManagers")];
    return autolock
      ? pass("a manager that restarts asks for its key", seen)
      : fail("the key of the swarm's state lies on the managers' disks", seen);
  },
});
