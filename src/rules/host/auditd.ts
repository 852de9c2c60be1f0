import { actual, fail, man, pass, type Rule, rule, unknown } from "../rule.ts";

export default rule({
  id: "SW-HOST-AUDITD",
  subject: "host",
  title: "auditd does not run",
  severity: "medium",
  risk: "Nobody writes down who changed the engine's files, became root or failed to: after an attack there is nothing to look at.",
  countermeasure:
    "Run auditd with rules for the engine's programs, settings and sockets. Its load follows from the rules: file watches cost next to nothing, rules on every system call much.",
  remediation: {
    host: "apt-get install auditd (dnf install audit on Red Hat); systemctl enable --now auditd",
  },
  cis: ["1.2.1"],
  aliases: ["lynis:ACCT-9628"],
  references: [man("auditd.8")],
  examples: { bad: "systemctl is-active auditd\ninactive", good: "systemctl is-active auditd\nactive" },
  judge: (host) => {
    const { running } = host.audit;
    if (!running.ok) return unknown(running.why);
    if (running.value) return pass("auditd runs", [actual("processes", "auditd")]);
    return fail("auditd does not run, so no audit record is kept", [actual("processes", "no auditd")]);
  },
}) satisfies Rule<"host">;
