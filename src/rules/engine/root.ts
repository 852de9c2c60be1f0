import { hostId } from "../container/facts/user.ts";
import { actual, declared, fail, page, pass, rule, unknown } from "../rule.ts";

export default rule({
  id: "SW-ENGINE-ROOT",
  subject: "engine",
  title: "The engine runs as root",
  severity: "low",
  risk: "Whoever controls the engine, or breaks out of a container through a vulnerability of it, is root on the host.",
  countermeasure:
    "Run the engine rootless: daemon and containers belong to an ordinary user, and an escape ends with that user's rights. It costs: no ports below 1024 without a setting, resource limits only on cgroup v2 with systemd, slower networking. Where that is too much, map user ids (userns-remap).",
  remediation: {
    host: "as an ordinary user: dockerd-rootless-setuptool.sh install; then docker context use rootless, and disable the system-wide daemon",
  },
  cis: ["2.1"],
  references: [page("Docker docs: rootless mode", "https://docs.docker.com/engine/security/rootless/")],
  examples: { bad: "systemctl enable docker", good: "systemctl --user enable docker" },
  judge: (engine) => {
    const told = engine.info.ok
      ? engine.info.value.securityOptions.some(({ name }) => name === "rootless")
      : null;
    if (engine.daemon.ok && engine.daemon.value.uid >= 0) {
      const { pid, uid, uidMap } = engine.daemon.value;
      const seen = actual(`/proc/${pid}/status`, uid, "Uid");
      // Seen from inside its own user namespace a rootless daemon is user 0 as well; its map tells them apart.
      const mapped = uidMap.length > 0 && hostId(0, uidMap) !== 0;
      return uid === 0 && !mapped
        ? fail("the daemon is root on this host", [seen])
        : pass(mapped ? "the daemon runs in a user namespace" : `the daemon is user ${uid}`, [seen]);
    }
    if (told === null) {
      return unknown(`who the engine runs as is not known: ${engine.info.ok ? "" : engine.info.why}`);
    }
    const seen = declared("GET /info", told ? "name=rootless" : "no name=rootless", "SecurityOptions");
    return told ? pass("runs rootless", [seen]) : fail("runs as root", [seen]);
  },
});
