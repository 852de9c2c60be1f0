import { actual, fail, man, pass, rule, unknown } from "../rule.ts";
import { withoutDaemon } from "./facts/settings.ts";

export default rule({
  id: "SW-ENGINE-BINARY-REPLACED",
  subject: "engine",
  title: "The daemon runs a program that was replaced since",
  severity: "high",
  risk: "An update is installed but not in force: the daemon still has the vulnerabilities that it fixed, while every look at the installed packages says otherwise.",
  countermeasure: "Restart the daemon after an update; with live-restore containers run on meanwhile.",
  remediation: { host: "systemctl restart docker" },
  references: [man("proc_pid_exe.5")],
  examples: { bad: "/proc/700/exe -> /usr/bin/dockerd (deleted)", good: "/proc/700/exe -> /usr/bin/dockerd" },
  judge: (engine) => {
    const excused = withoutDaemon(engine);
    if (excused !== null) return excused;
    if (!engine.daemon.ok) return unknown(`what the daemon runs is not known: ${engine.daemon.why}`);
    const { pid, executable, executableDeleted } = engine.daemon.value;
    const source = `/proc/${pid}/exe`;
    if (executable === null) return unknown(`${source} could not be read; run as root`);
    return executableDeleted
      ? fail(`the daemon still runs the ${executable} from before the last update`, [
          actual(source, `${executable} (deleted)`),
        ])
      : pass("the daemon runs the program that is installed", [actual(source, executable)]);
  },
});
