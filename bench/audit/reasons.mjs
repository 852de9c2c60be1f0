// Why we say something else than Docker Bench for Security 1.6, by ids of CIS Docker 1.6 and the two verdicts.
// Each reason is a fact of its source (tests/*.sh, functions/*.sh) or of what was measured beside it; a pair of
// verdicts that is not listed here has no known reason.

const ANY = ["pass", "fail", "unknown", "not-applicable", "manual"];

const NOTHING_TESTED =
  "they print a line for a person and test nothing; ours is what the evidence shows of it";

const OTHER_DAEMON =
  "they take the flags of the newest process whose command line contains dockerd, which with a second engine on the host is another one; ours are of the process that holds the engine's socket";

/** @type {{ ids: string[], theirs: string[], ours: string[], why: string }[]} */
const REASONS = [
  {
    ids: ["1.2.1", "2.1", "4.2", "4.3", "4.4", "4.8", "4.10", "4.11", "4.12", "5.23", "5.24", "5.28"],
    theirs: ["INFO", "NOTE"],
    ours: ANY,
    why: NOTHING_TESTED,
  },
  {
    ids: ["1.1.1"],
    theirs: ["PASS"],
    ours: ["fail"],
    why: "they ask whether the data folder is a mount point; dockerd binds the folder onto itself, so it always is. stat gives it the device number of /: no partition of its own",
  },
  {
    ids: ["1.1.2"],
    theirs: ["INFO"],
    ours: ANY,
    why: "without a list of trusted users (-u) they only print who is in the group docker; we judge who reaches the engine, by groups, sudo rules and the socket's mode",
  },
  {
    ids: ["1.1.5"],
    theirs: ["PASS", "WARN", "INFO"],
    ours: ["pass", "fail", "not-applicable"],
    why: "they ask for a rule on /var/lib/docker, also where the engine keeps its data elsewhere; ours is about the data folder that the engine names",
  },
  {
    ids: Array.from({ length: 16 }, (_, at) => `1.1.${at + 3}`),
    theirs: ["PASS"],
    ours: ["fail"],
    why: "they look for the path anywhere in the list of rules: one on /usr/bin/containerd-shim counts for /usr/bin/containerd, and so does a rule that never fires; we read path and permissions of each rule",
  },
  {
    ids: ["1.1.8"],
    theirs: ["INFO"],
    ours: ["pass", "fail"],
    why: "they look for a unit of systemd called containerd.socket, which containerd does not have; we look whether its socket is watched, at the path where it listens",
  },
  {
    ids: ["1.1.3", "1.1.4"],
    theirs: ["PASS", "WARN"],
    ours: ["not-applicable"],
    why: "they want a rule also for a path that does not exist on this host",
  },
  {
    ids: ["1.2.2"],
    theirs: ["INFO", "PASS"],
    ours: ["fail", "pass", "unknown"],
    why: "they compare with today's date written as a version (the scheme of 2017 to 2019) and pass in both branches; we compare with the end of support and with the advisories that the installed package leaves open",
  },
  {
    ids: ["2.7"],
    theirs: ["INFO"],
    ours: ANY,
    why: "a non-breaking space after || makes their whole test for TCP a command that does not exist, so it is never true; we read the sockets that the engine holds",
  },
  {
    ids: ["2.10"],
    theirs: ["PASS"],
    ours: ["fail"],
    why: "they never see cgroup-parent in daemon.json: grep -v '' keeps no line at all",
  },
  {
    ids: ["2.13"],
    theirs: ["PASS"],
    ours: ["fail"],
    why: "they know one driver that keeps logs on the host, json-file; with local they stay there as well, and none writes nothing",
  },
  {
    ids: ["2.2", "2.3", "2.4", "2.5", "2.8", "2.9", "2.10", "2.12", "2.14", "2.15", "2.16"],
    theirs: ["PASS", "WARN"],
    ours: ["pass", "fail"],
    why: OTHER_DAEMON,
  },
  {
    ids: ["2.8"],
    theirs: ["INFO"],
    ours: ANY,
    why: "they only say whether default-ulimit is set; we read the limits that bind the engine's containers",
  },
  {
    ids: ["2.11"],
    theirs: ["PASS"],
    ours: ["not-applicable"],
    why: "a base size exists with the storage driver devicemapper only; with another one there is nothing to pass",
  },
  {
    ids: ["2.17"],
    theirs: ["INFO"],
    ours: ["pass", "fail"],
    why: "they look for profile=default in docker info, which Docker 23 and newer calls profile=builtin, and have no other verdict than INFO; we read the profile that containers were given",
  },
  {
    ids: ["2.18"],
    theirs: ["INFO"],
    ours: ["pass", "fail"],
    why: "after Docker 19.03 they ask no more; GET /version still says whether experimental features are on",
  },
  {
    ids: ["3.1", "3.2", "3.3", "3.4"],
    theirs: ["INFO"],
    ours: ["pass", "fail"],
    why: "they look for the unit in two folders of systemd; we look in all of them, and at drop-ins",
  },
  {
    ids: ["3.14"],
    theirs: ["WARN"],
    ours: ["pass"],
    why: "they want the mode to be 400; we take what gives less as well",
  },
  {
    ids: ["3.7", "3.8"],
    theirs: ["PASS"],
    ours: ["fail"],
    why: "they look at files called *.crt, their user and a decimal mode; we look at all that lies there, at the group too, and compare modes bit by bit",
  },
  {
    ids: ["3.2", "3.4", "3.6", "3.8", "3.10", "3.12", "3.14", "3.16", "3.18", "3.20", "3.21", "3.24"],
    theirs: ["PASS", "WARN"],
    ours: ["pass", "fail"],
    why: "they compare modes as decimal numbers: 602 counts as stricter than 644; we compare bit by bit",
  },
  {
    ids: ["3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.17", "3.18"],
    theirs: ["INFO"],
    ours: ["pass", "fail"],
    why: "they know a configuration file elsewhere only from --config-file=FILE with an equals sign; we take the one that the daemon was started with",
  },
  {
    ids: ["3.23", "3.24"],
    theirs: ["INFO"],
    ours: ["pass", "fail"],
    why: "they look at /run/containerd/containerd.sock only; a dockerd that starts containerd itself has it below its own exec-root, where we look too",
  },
  {
    ids: ["4.1"],
    theirs: ["PASS", "WARN"],
    ours: ["pass", "fail"],
    why: "they compare the declared user with root, 0 and nothing; 0:0 passes, and an entrypoint that gives root up fails. We read the user ids of the processes",
  },
  {
    ids: ["4.5"],
    theirs: ["WARN", "PASS"],
    ours: ["manual"],
    why: "they test DOCKER_CONTENT_TRUST in the auditor's own environment, which says nothing of those who pull",
  },
  {
    ids: ["4.6"],
    theirs: ["PASS"],
    ours: ["fail"],
    why: "they ask whether the image says something of health checks; NONE, which switches that of the base off, passes",
  },
  {
    ids: ["4.7", "4.9"],
    theirs: ["INFO"],
    ours: ["fail"],
    why: "they have no other verdict than INFO where they find one",
  },
  {
    ids: ["4.7"],
    theirs: ["INFO", "PASS"],
    ours: ["pass", "fail"],
    why: "they look for the word update in the first 45 columns of each step; we ask whether a step brings a package index up to date and installs nothing",
  },
  {
    ids: ["4.9"],
    theirs: ["INFO", "PASS"],
    ours: ["pass", "fail"],
    why: "they look for the letters ADD in any step but the first, also within a word; we read the instruction, and let the step that adds a base's own files pass",
  },
  {
    ids: ["5.2", "5.3"],
    theirs: ["PASS", "WARN"],
    ours: ["not-applicable"],
    why: "the kernel has no such security module active, so no option could put it in force",
  },
  {
    ids: ["5.3"],
    theirs: ["PASS", "WARN"],
    ours: ["pass", "fail"],
    why: "they pass any security option; --pid=host and --privileged make the engine write label=disable, so the worst containers pass",
  },
  {
    ids: ["5.4"],
    theirs: ["PASS"],
    ours: ["fail"],
    why: "they read the list of added capabilities, which --privileged leaves empty; we read what the processes hold",
  },
  {
    ids: ["5.5"],
    theirs: ["PASS"],
    ours: ["fail"],
    why: "they read the flag; all its powers given one by one make the same container",
  },
  {
    ids: ["5.6"],
    theirs: ["PASS"],
    ours: ["fail"],
    why: "they know eight exact paths, and only where they can be written; /etc read-only holds the password hashes, /run the engine's socket, which a read-only mount does not close",
  },
  {
    ids: ["5.7"],
    theirs: ["WARN"],
    ours: ["pass", "not-applicable"],
    why: "they run ps by docker exec and count lines with sshd; with --pid=host ps lists the host, and their own `grep -c sshd` is among its processes",
  },
  {
    ids: ["5.7"],
    theirs: ["PASS"],
    ours: ["fail", "unknown"],
    why: "they run ps by docker exec; an image without ps passes",
  },
  {
    ids: ["5.8", "5.14"],
    theirs: ["PASS", "WARN"],
    ours: ["pass", "fail"],
    why: "they cut the lines of docker port at the first colon, which loses addresses of IPv6, and count 1024 as privileged",
  },
  {
    ids: ["5.10", "5.16", "5.17"],
    theirs: ["PASS"],
    ours: ["fail"],
    why: "they look for the word host; container:ID leads into the host's namespace as well. We compare inodes",
  },
  {
    ids: ["5.11", "5.29"],
    theirs: ["PASS"],
    ours: ["fail"],
    why: "they read what was asked for; a rootless engine on cgroup v1 accepts limits and applies none",
  },
  {
    ids: ["5.11", "5.12", "5.29"],
    theirs: ["WARN"],
    ours: ["pass"],
    why: "they read what was asked for; a limit on a cgroup above binds the container as well, and so does --cpu-quota",
  },
  {
    ids: ["5.15"],
    theirs: ["PASS"],
    ours: ["fail"],
    why: "they fail a retry count above 5; --restart=always has the count 0 and restarts for ever",
  },
  {
    ids: ["5.18"],
    theirs: ["INFO"],
    ours: ["pass", "fail"],
    why: "they list the containers with an entry in the list of devices, and have no other verdict for them than INFO; we read the device rules that are in force",
  },
  {
    ids: ["5.18"],
    theirs: ["PASS"],
    ours: ["fail"],
    why: "they read the list of devices, which --privileged and --device-cgroup-rule leave empty; we read the device rules that are in force",
  },
  {
    ids: ["5.19"],
    theirs: ["INFO"],
    ours: ["pass", "fail"],
    why: "they list the containers without an ulimit of their own, and have no other verdict for them than INFO; we read the limits of the processes",
  },
  {
    ids: ["5.30"],
    theirs: ["INFO"],
    ours: ["pass", "fail"],
    why: "they list the containers on docker0, and have no other verdict for them than INFO",
  },
  {
    ids: ["5.22"],
    theirs: ["PASS"],
    ours: ["fail"],
    why: "they look for the words seccomp=unconfined; a profile that allows everything, of the container or of the daemon, passes. We read the filter",
  },
  {
    ids: ["5.26"],
    theirs: ["PASS", "WARN"],
    ours: ["pass", "fail"],
    why: "they look for the words no-new-privileges, also where :false follows, and do not see the daemon's own default; we read NoNewPrivs of the processes",
  },
  {
    ids: ["5.31"],
    theirs: ["PASS"],
    ours: ["fail"],
    why: "they look for UsernsMode=host; without userns-remap every container is in the host's user namespace, with an empty UsernsMode",
  },
  {
    ids: ["5.32"],
    theirs: ["PASS"],
    ours: ["fail"],
    why: "they look for the name docker.sock among the mounts; a mount of /run or / shows the socket as well",
  },
  {
    ids: ["6.1", "6.2"],
    theirs: ["INFO"],
    ours: ["pass", "fail"],
    why: "they print numbers and have no other verdict than INFO",
  },
  {
    ids: ["7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "7.7", "7.8", "7.9"],
    theirs: ["PASS"],
    ours: ["not-applicable", "manual"],
    why: "swarm is off: they count a pass for each of the nine, we have nothing to judge",
  },
  {
    ids: ["7.1"],
    theirs: ["PASS"],
    ours: ["fail"],
    why: "they count managers that are called Leader, of which there is always one",
  },
  {
    ids: ["7.6", "7.8", "7.9"],
    theirs: ["INFO", "NOTE"],
    ours: ANY,
    why: NOTHING_TESTED,
  },
];

/** The reason for this pair of verdicts on one id, or null if none is known. */
export function reasonFor(id, theirs, ours) {
  const known = REASONS.find(
    (entry) => entry.ids.includes(id) && entry.theirs.includes(theirs) && entry.ours.includes(ours),
  );
  return known?.why ?? null;
}
