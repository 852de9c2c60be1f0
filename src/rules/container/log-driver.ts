import { declared, fail, notApplicable, page, pass, rule, unknown } from "../rule.ts";
import { isOnlyDeclared } from "./facts/state.ts";
import { declaredSource } from "./facts/witness.ts";

// podman calls its own form k8s-file; both grow without end unless told otherwise.
const GROWING = new Set(["json-file", "k8s-file"]);

export default rule({
  id: "SW-CTR-LOG",
  subject: "container",
  title: "Logs are lost, or grow without end",
  severity: "low",
  risk: "Without a log nobody can tell what happened after an attack. A log without a limit lets anybody who can make the program write fill the disk of the host.",
  countermeasure:
    "Limit the size, or send the log to a collector on another machine, where an attacker cannot change it.",
  remediation: {
    run: "add --log-opt max-size=10m --log-opt max-file=3",
    compose: 'logging: {options: {max-size: "10m", max-file: "3"}}',
    daemon: '"log-opts": {"max-size": "10m", "max-file": "3"}',
  },
  cis: ["2.14"],
  aliases: ["CL-0014"],
  references: [page("Docker docs: logging drivers", "https://docs.docker.com/engine/logging/configure/")],
  examples: { bad: "docker run --log-driver none IMAGE", good: "docker run --log-opt max-size=10m IMAGE" },
  judge: (container, { settings }) => {
    if (!container.declared.ok) return unknown(container.declared.why);
    const { logDriver, logOptions } = container.declared.value;
    const source = declaredSource(container);
    const driver = declared(source, logDriver || '""', "HostConfig.LogConfig.Type");
    if (logDriver === "" && isOnlyDeclared(container)) {
      return settings.preset === "strict"
        ? fail("its log grows without end unless the engine's own settings limit it", [driver])
        : notApplicable("the engine's own log settings apply");
    }
    if (logDriver === "") return unknown("the engine does not tell its log driver", [driver]);
    if (logDriver === "none") {
      return fail("keeps no log (log driver none)", [driver], {
        severity: "high",
        remediation: "docker run: drop --log-driver none\nCompose: remove logging: {driver: none}",
      });
    }
    const size = logOptions["max-size"] ?? "";
    if (!GROWING.has(logDriver)) return pass(`logs to ${logDriver}`, [driver]);
    const limit = declared(source, size || "not set", "HostConfig.LogConfig.Config.max-size");
    return size === "" || size === "-1"
      ? fail(`its log (${logDriver}) grows without end`, [driver, limit])
      : pass(`its log is limited to ${size}`, [driver, limit]);
  },
});
