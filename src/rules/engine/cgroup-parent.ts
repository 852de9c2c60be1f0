import { fail, pass, rule, unknown } from "../rule.ts";
import { DOCKERD } from "./facts/references.ts";
import { settingOf, show, withoutDaemon } from "./facts/settings.ts";

export default rule({
  id: "SW-ENGINE-CGROUP-PARENT",
  subject: "engine",
  title: "Containers run below another cgroup than the default",
  severity: "low",
  risk: "Limits and accounting of the other group apply to all containers together, without anything in their own settings showing it. A parent such as / takes them out of the bounds that the host has for the engine.",
  countermeasure:
    "Leave the default, unless the group was made for this purpose and is known to whoever runs the host.",
  remediation: { daemon: 'remove "cgroup-parent"; then systemctl restart docker' },
  cis: ["2.11"],
  references: [DOCKERD],
  examples: { bad: '{ "cgroup-parent": "/" }', good: "{}" },
  judge: (engine) => {
    const excused = withoutDaemon(engine);
    if (excused !== null) return excused;
    const setting = settingOf(engine, "cgroup-parent", "");
    if (!setting.known) return unknown(setting.why);
    return setting.value === ""
      ? pass("the cgroup parent is the default", [setting.seen])
      : fail(`containers run below the cgroup ${show(setting.value)}`, [setting.seen]);
  },
});
