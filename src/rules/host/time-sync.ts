import { actual, fail, man, pass, type Rule, rule, unknown } from "../rule.ts";
import { runsAny } from "./facts/services.ts";

const CLOCKS = [
  "chronyd",
  "systemd-timesyncd",
  "ntpd",
  "openntpd",
  "ntp-daemon", // ntpd-rs
  "ptp4l",
  "phc2sys",
  "timemaster",
  "VBoxService", // sets the clock of a VirtualBox guest
];

export default rule({
  id: "SW-HOST-TIME-SYNC",
  subject: "host",
  title: "Nothing keeps the clock right",
  severity: "low",
  risk: "Containers share the host's clock. A wrong one makes certificates and tokens count too long or not at all, and logs of several hosts do not fit together.",
  countermeasure:
    "Run one time service; virtual machines need it too unless the hypervisor sets their clock.",
  remediation: { host: "systemctl enable --now systemd-timesyncd; or install chrony" },
  cis: ["1.2.1"],
  aliases: ["lynis:TIME-3104"],
  references: [man("systemd-timesyncd.service.8")],
  examples: { bad: "timedatectl\nNTP service: inactive", good: "timedatectl\nNTP service: active" },
  judge: (host) => {
    if (host.services.length === 0) return unknown("the programs that run on the host could not be read");
    const clock = runsAny(host, CLOCKS);
    if (clock !== null) return pass(`${clock} keeps the clock right`, [actual("processes", clock)]);
    return fail("no time service runs", [
      actual("processes", "none of chronyd, systemd-timesyncd, ntpd, ptp4l"),
    ]);
  },
}) satisfies Rule<"host">;
