import { actual, declared, fail, page, pass, rule, specified, unknown } from "../rule.ts";
import { asksForNoNewPrivileges } from "./facts/security-options.ts";
import { isOnlyDeclared } from "./facts/state.ts";
import { userFact } from "./facts/user.ts";
import { nobodyKnows } from "./facts/witness.ts";

export default rule({
  id: "SW-CTR-NNP",
  subject: "container",
  title: "Programs may gain new privileges",
  severity: "medium",
  risk: "A setuid file in the image (su, mount, passwd, or one that an attacker finds a way to make) turns any user into root again.",
  countermeasure:
    "Switch new privileges off. Programs that drop root (gosu, setpriv) keep working; sudo, su and setuid ping stop.",
  remediation: {
    run: "add --security-opt no-new-privileges",
    compose: "security_opt: [no-new-privileges:true]",
    daemon: '"no-new-privileges": true',
  },
  cis: ["5.26"],
  aliases: [
    "CL-0003",
    "kics:27fcc7d6-c49b-46e0-98f1-6c082a6a2750",
    "kics:610e266e-6c12-4bca-9925-1ed0cd29742b",
    "semgrep:no-new-privileges",
  ],
  references: [page("no_new_privs", "https://docs.kernel.org/userspace-api/no_new_privs.html")],
  examples: { bad: "docker run nginx", good: "docker run --security-opt no-new-privileges nginx" },
  judge: (container) => {
    if (
      container.actual.ok &&
      container.actual.value.processes.some(({ noNewPrivs }) => noNewPrivs !== null)
    ) {
      const open = container.actual.value.processes.find(({ noNewPrivs }) => noNewPrivs === false);
      if (open === undefined) {
        const first = container.actual.value.processes[0];
        return pass("in force on every process", [actual(`/proc/${first?.pid}/status`, 1, "NoNewPrivs")]);
      }
      const user = userFact(container);
      const root = user.known && user.value.rootProcesses.length > 0;
      return fail(
        root
          ? `${open.comm} may gain new privileges (it runs as root already)`
          : `${open.comm} may become root through a setuid file`,
        [actual(`/proc/${open.pid}/status`, 0, "NoNewPrivs")],
        root ? { severity: "low" } : {},
      );
    }
    if (container.specified.ok) {
      const { noNewPrivileges, source } = container.specified.value;
      const seen = specified(source, noNewPrivileges, "process.noNewPrivileges");
      return noNewPrivileges ? pass("asked for", [seen]) : fail("not asked for", [seen]);
    }
    if (container.declared.ok) {
      const { securityOpt, source } = container.declared.value;
      const option = securityOpt.find((entry) => entry.startsWith("no-new-privileges"));
      const seen = declared(source, option ?? "none", "HostConfig.SecurityOpt");
      if (asksForNoNewPrivileges(securityOpt)) return pass("asked for", [seen]);
      return isOnlyDeclared(container)
        ? fail("does not set no-new-privileges, so a setuid file can make any user root", [seen])
        : fail("not asked for", [seen]);
    }
    return unknown(nobodyKnows(container).why);
  },
});
