import { declared, fail, notApplicable, page, pass, rule, unknown } from "../rule.ts";
import { userFact } from "./facts/user.ts";
import { declaredSource } from "./facts/witness.ts";

export default rule({
  id: "SW-CTR-USER-DRIFT",
  subject: "container",
  title: "Runs as root although another user is declared",
  severity: "medium",
  risk: "Whoever reads the image or the Compose file believes that the container has given root away. A setuid program, an exec, or an entrypoint has taken it back.",
  countermeasure:
    "Find the process that is root. Switch new privileges off, so that setuid files cannot give root again.",
  remediation: {
    run: "add --security-opt no-new-privileges",
    compose: "security_opt: [no-new-privileges:true]",
  },
  references: [page("no_new_privs", "https://docs.kernel.org/userspace-api/no_new_privs.html")],
  examples: {
    bad: "docker run --user 1000 IMAGE-WITH-SETUID-SHELL",
    good: "docker run --user 1000 --security-opt no-new-privileges IMAGE",
  },
  judge: (container) => {
    if (!container.declared.ok) return unknown(container.declared.why);
    if (!container.actual.ok) return notApplicable("its processes cannot be seen, so nothing can differ");
    const { user } = container.declared.value;
    const name = user.split(":")[0] ?? "";
    if (name === "" || name === "root" || name === "0") return notApplicable("root is what is declared");
    const fact = userFact(container);
    if (!fact.known) return unknown(fact.why);
    const asked = declared(declaredSource(container), user, "Config.User");
    return fact.value.rootProcesses.length > 0
      ? fail(
          `declared as user ${user}, but ${[...new Set(fact.value.rootProcesses)].join(", ")} runs as root`,
          [fact.seen, asked],
        )
      : pass(`runs as declared (${user})`, [fact.seen, asked]);
  },
});
