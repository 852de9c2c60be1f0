import { actual, fail, notApplicable, page, pass, type Rule, rule, unknown } from "../rule.ts";
import { compareReleases, sameFlavour } from "./facts/kernel-release.ts";

export default rule({
  id: "SW-HOST-KERNEL-REBOOT",
  subject: "host",
  title: "A newer kernel is installed than the one that runs",
  severity: "medium",
  risk: "All containers share this kernel. Faults that the update has fixed stay open until the host starts again.",
  countermeasure:
    "Restart the host, or patch the running kernel (livepatch, kpatch). With live-restore only containers survive a restart of the engine, not that of the host: drain it first.",
  remediation: { host: "systemctl reboot, after the host's containers have been moved or stopped" },
  cis: ["1.2.1"],
  aliases: ["lynis:KRNL-5830"],
  references: [page("Debian wiki: kernel update and restart", "https://wiki.debian.org/AutomatedUpgrade")],
  examples: {
    bad: "uname -r\n6.1.0-40-amd64\nls /lib/modules\n6.1.0-40-amd64  6.1.0-41-amd64",
    good: "uname -r\n6.1.0-41-amd64",
  },
  judge: (host) => {
    const { installed, release } = host.kernel;
    if (!installed.ok) return unknown(installed.why);
    if (release === "") return unknown("the release of the running kernel could not be read");
    const rivals = installed.value.filter((other) => sameFlavour(other, release));
    if (rivals.length === 0) {
      return notApplicable(
        `no installed kernel is of the kind of ${release}: it comes from outside (a container, a micro VM), or was built by hand`,
      );
    }
    const newest = rivals.toSorted(compareReleases).at(-1) ?? release;
    const seen = [actual("uname -r", release), actual("/lib/modules", newest, "newest")];
    if (compareReleases(newest, release) > 0) {
      return fail(`${release} runs, ${newest} is installed and waits for a restart`, seen);
    }
    return pass(`${release} is the newest installed kernel`, seen);
  },
}) satisfies Rule<"host">;
