import { declared, fail, page, pass, rule, unknown } from "../rule.ts";
import { counted } from "./facts/amounts.ts";
import { isOnlyDeclared } from "./facts/state.ts";
import { declaredSource } from "./facts/witness.ts";

export default rule({
  id: "SW-CTR-RESTART",
  subject: "container",
  title: "Restarts without end",
  severity: "low",
  risk: "A program that crashes at once is started again for ever: it fills the log and the processors, hides the fault, and gives an exploit that works one time in a hundred all the tries it needs.",
  countermeasure:
    "Give up after a few failures, and let monitoring tell somebody. Note that on-failure does not start the container again when the daemon or the machine restarts.",
  remediation: {
    run: "--restart on-failure:5",
    compose: 'restart: "on-failure:5"',
    host: "docker update --restart on-failure:5 NAME",
  },
  cis: ["5.15"],
  aliases: ["kics:2fc99041-ddad-49d5-853f-e35e70a48391"],
  references: [
    page(
      "Docker docs: restart policies",
      "https://docs.docker.com/engine/containers/start-containers-automatically/",
    ),
  ],
  examples: { bad: "docker run --restart always nginx", good: "docker run --restart on-failure:5 nginx" },
  judge: (container, { settings }) => {
    if (!container.declared.ok) return unknown(container.declared.why);
    const { name, max } = container.declared.value.restart;
    const policy = name === "on-failure" && max > 0 ? `${name}:${max}` : name || "no";
    const seen = declared(declaredSource(container), policy, "HostConfig.RestartPolicy");
    if (name === "always" || name === "unless-stopped") {
      // In a file it is the usual setting, and often the right one: a note there, unless everything is asked for.
      const note = isOnlyDeclared(container) && settings.preset !== "strict";
      return fail(`restarts without end (${name})`, [seen], note ? { severity: "info" } : {});
    }
    if (name !== "on-failure") return pass("does not restart by itself", [seen]);
    if (max === 0) return fail("restarts after every failure, without end (on-failure)", [seen]);
    return max > settings.maxRestarts
      ? fail(
          `gives up only after ${counted(max, "restart", "restarts")}; the policy allows ${settings.maxRestarts}`,
          [seen],
        )
      : pass(`gives up after ${counted(max, "restart", "restarts")}`, [seen]);
  },
});
