import type { Evidence } from "#model/evidence/evidence.ts";
import type { Finding, Seen, Verdict } from "#model/finding.ts";
import type { Compliance, Recommendation, Report, ReportSubject } from "#model/report.ts";
import type { Severity } from "#model/severity.ts";
import type { Subject, SubjectKind } from "#model/subject.ts";
import { buildReport } from "../build.ts";

/** Made-up reports for tests and pictures: a host with an engine and as many containers as asked for. */

/** One finding; a failed one of medium severity on container `web` unless changed. */
export function sampleFinding(changes: Partial<Finding> = {}): Finding {
  const ruleId = changes.ruleId ?? "SW-CTR-MEMORY";
  const subject = changes.subject ?? sampleSubject("web");
  const name = [ruleId, subject.kind, subject.name, changes.message ?? ""].join("/");
  const verdict = changes.verdict ?? "fail";
  return {
    id: `F-${name}`,
    ruleId,
    aliases: [],
    verdict,
    severity: "medium",
    title: "May use all memory of the host",
    subject,
    location: null,
    evidence: [],
    message: "may use all memory of the host, which has 16 GiB",
    remediation:
      verdict === "fail"
        ? "docker run: add --memory 256m --memory-swap 256m\nCompose: set mem_limit: 256m and memswap_limit: 256m"
        : "",
    fingerprint: name,
    exception: null,
    known: false,
    fixes: [],
    ...changes,
  };
}

/** A container that runs nginx. */
export function sampleSubject(name: string, changes: Partial<Subject> = {}): Subject {
  return { kind: "container", name, id: `id-of-${name}`, image: "nginx:1.25", ...changes };
}

/** A report of these findings; their subjects come from them. */
export function sampleReport(findings: Finding[], changes: Partial<Report> = {}): Report {
  const subjects = new Map<string, ReportSubject>(
    findings.map(({ subject }) => [
      `${subject.kind}/${subject.name}/${subject.id}`,
      { ...subject, facts: FACTS[subject.kind] },
    ]),
  );
  const report = buildReport({
    evidence: {
      tool: { version: "0.1.0" },
      collectedAt: "2026-11-21T23:39:56.648Z",
      problems: [],
    } as unknown as Evidence,
    subjects: [...subjects.values()],
    findings,
    notices: [],
    compliance: null,
    gate: "high",
    source: "live",
    durationMs: 312,
  });
  return { ...report, ...changes };
}

const FACTS: Record<SubjectKind, string[]> = {
  host: ["Debian 12", "kernel 6.18.44"],
  engine: ["20.10.24", "containerd 1.6.20", "runc 1.1.5"],
  container: ["running 3 h"],
  image: ["142 MB", "used by 1 container"],
  network: [],
  swarm: [],
  dockerfile: [],
  compose: [],
  manifest: [],
};

/** A whole host: engine, images, one container that is open, `count - 1` plain ones. */
export function sampleHost(count: number): Report {
  const host: Subject = { kind: "host", name: "ship", id: "ship" };
  const engine: Subject = { kind: "engine", name: "docker", id: "XD7W:KJVJ" };
  const image: Subject = { kind: "image", name: "nginx:1.25", id: `sha256:${"b".repeat(64)}` };
  const network: Subject = { kind: "network", name: "bridge", id: "f".repeat(64) };
  const names = Array.from({ length: count }, (_, at) => NAMES[at] ?? `worker-${at - NAMES.length + 1}`);
  const findings = [
    ...names.flatMap((name, at) => plainContainer(sampleSubject(name), at)),
    ...openContainer(sampleSubject("web")),
    ...hostFindings(host),
    ...engineFindings(engine),
    sampleFinding({
      subject: image,
      ruleId: "SW-IMAGE-AGE",
      severity: "low",
      title: "Has not been rebuilt for long",
      message: "was built 212 days ago, more than 90",
      evidence: [seen("declared", "docker image inspect nginx:1.25", "2026-04-23T10:11:12Z", "Created")],
      remediation: "Dockerfile: pull the base image again and rebuild: docker build --pull",
    }),
    verdictOf("pass", image, "SW-IMAGE-USER", "names a user: 101"),
    verdictOf("not-applicable", network, "SW-NET-ICC", "no container is on it"),
  ];
  return sampleReport(findings, { compliance: sampleCompliance() });
}

const NAMES = ["web", "db", "cache", "search", "queue", "mail", "auth", "metrics"];

function seen(witness: Seen["witness"], source: string, value: string, path?: string): Seen {
  return { witness, source, value, ...(path === undefined ? {} : { path }) };
}

function verdictOf(verdict: Verdict, subject: Subject, ruleId: string, message: string): Finding {
  return sampleFinding({ verdict, subject, ruleId, message, title: message, severity: "medium" });
}

/** What every container has that was started without options. */
function plainContainer(subject: Subject, at: number): Finding[] {
  const pid = 3303 + 7 * at;
  const table: [
    ruleId: string,
    severity: Severity,
    title: string,
    message: string,
    Seen,
    fix: string,
    cis: string,
  ][] = [
    [
      "SW-CTR-USER-ROOT",
      "high",
      "Runs as root",
      "runs as root (nginx)",
      seen("actual", `/proc/${pid}/status`, "0 0 0 0", "Uid"),
      'docker run: add --user 10001:10001\nCompose: user: "10001:10001"\nDockerfile: USER 10001:10001 before CMD, after the files that it needs have been given to it',
      "4.1",
    ],
    [
      "SW-CTR-MEMORY",
      "medium",
      "May use all memory of the host",
      "may use all memory of the host, which has 16 GiB",
      seen("actual", `/sys/fs/cgroup/memory/docker/${at}/memory.limit_in_bytes`, "unlimited"),
      "docker run: add --memory 256m --memory-swap 256m, with the amount that it needs\nCompose: set mem_limit: 256m and memswap_limit: 256m",
      "5.11",
    ],
    [
      "SW-CTR-PIDS",
      "medium",
      "May start any number of processes",
      `has no limit of processes; it runs ${at + 2} processes now`,
      seen("actual", `/sys/fs/cgroup/pids/docker/${at}/pids.max`, "max"),
      "docker run: add --pids-limit 200, with the number that it needs\nCompose: set pids_limit: 200",
      "5.29",
    ],
    [
      "SW-CTR-ROOTFS-WRITABLE",
      "medium",
      "Root file system is writable",
      "its root file system is writable",
      seen("actual", `/proc/${pid}/mountinfo`, "/ rw,relatime overlay"),
      "docker run: add --read-only --tmpfs /tmp\nCompose: set read_only: true and tmpfs: [/tmp]",
      "5.13",
    ],
    [
      "SW-CTR-CAP-DEFAULT",
      "medium",
      "Has capabilities that it does not need",
      "has 14 capabilities, the engine's default",
      seen("actual", `/proc/${pid}/status`, "00000000a80425fb", "CapBnd"),
      "docker run: add --cap-drop ALL, then --cap-add for each that it needs\nCompose: cap_drop: [ALL]",
      "5.4",
    ],
    [
      "SW-CTR-NNP",
      "low",
      "Programs may gain new privileges",
      "nginx may gain new privileges (it runs as root already)",
      seen("actual", `/proc/${pid}/status`, "0", "NoNewPrivs"),
      "docker run: add --security-opt no-new-privileges\nCompose: security_opt: [no-new-privileges:true]",
      "5.26",
    ],
    [
      "SW-CTR-CGROUPNS-HOST",
      "low",
      "Shares the host's cgroup tree",
      "shares the host's cgroup tree",
      seen("actual", `/proc/${pid}/ns/cgroup`, "cgroup:[4026531835]"),
      "docker run: add --cgroupns=private\nCompose: set cgroup: private",
      "",
    ],
    [
      "SW-CTR-HEALTH",
      "low",
      "Has no health check",
      "has no health check",
      seen("declared", `docker inspect ${subject.name}`, "null", "Config.Healthcheck"),
      "Dockerfile: HEALTHCHECK CMD curl -f http://localhost/ || exit 1",
      "5.27",
    ],
  ];
  return [
    ...table.map(([ruleId, severity, title, message, evidence, remediation, cis]) =>
      sampleFinding({
        subject,
        ruleId,
        severity,
        title,
        message,
        evidence: [evidence],
        remediation,
        aliases: cis === "" ? [] : ["1.8", "1.7", "1.6"].map((version) => `cis-docker-${version}:${cis}`),
      }),
    ),
    verdictOf("pass", subject, "SW-CTR-PID-HOST", "has its own pid namespace"),
    verdictOf("pass", subject, "SW-CTR-IPC-HOST", "has its own ipc namespace"),
    verdictOf("pass", subject, "SW-CTR-SECCOMP-OFF", "every process is filtered"),
    verdictOf("not-applicable", subject, "SW-CTR-SELINUX", "SELinux is not active on this host"),
    sampleFinding({
      subject,
      verdict: "unknown",
      ruleId: "SW-CTR-NET-HOST",
      severity: "high",
      title: "Shares the host's network",
      message: `/proc/${pid}/ns/net: permission denied`,
    }),
  ];
}

function openContainer(subject: Subject): Finding[] {
  return [
    sampleFinding({
      subject,
      ruleId: "SW-CTR-ENGINE-SOCKET",
      severity: "critical",
      title: "The engine's socket can be reached from inside",
      message: "the engine's socket can be reached at /hostrun/docker.sock, and 2 more",
      aliases: ["cis-docker-1.8:5.32", "cis-docker-1.7:5.32", "cis-docker-1.6:5.31", "kics:d6355c88"],
      evidence: [
        seen("actual", "/proc/3303/root/hostrun/docker.sock", "/run/docker.sock of the host (same inode)"),
        seen(
          "actual",
          "/proc/3303/root/hostrun/containerd/containerd.sock",
          "/run/containerd/containerd.sock of the host (same inode)",
        ),
        seen("specified", "/run/containerd/…/config.json", "/run:/hostrun:ro", "mounts[7]"),
        seen("declared", "docker inspect web", "names no socket, but /run:/hostrun:ro", "Mounts"),
      ],
      remediation:
        "docker run: drop the -v of the socket, or of the folder that holds it (/run, /var/run, /)\nCompose: remove the socket, or the folder that holds it, from volumes: (and use_api_socket: true)",
    }),
    sampleFinding({
      subject,
      ruleId: "SW-CTR-PID-HOST",
      severity: "high",
      title: "Shares the host's process ids",
      message: "shares the host's process ids",
      aliases: ["cis-docker-1.8:5.16", "cis-docker-1.7:5.16", "cis-docker-1.6:5.15"],
      evidence: [seen("actual", "/proc/3303/ns/pid", "pid:[4026531836], that of the host")],
      remediation: "docker run: drop --pid=host\nCompose: remove pid: host",
    }),
    sampleFinding({
      subject,
      ruleId: "SW-CTR-SECRET-ENV",
      severity: "high",
      title: "A secret stands in the environment",
      message: "DB_PASSWORD holds what looks like a password",
      evidence: [seen("declared", "docker inspect web", "DB_PASSWORD (text, 24 characters)", "Config.Env")],
      remediation: "Compose: secrets: with a file, and DB_PASSWORD_FILE",
      exception: {
        reason: "rotated every hour by the vault agent",
        owner: "platform",
        expires: "2027-03-31",
        source: "seaworthy.yaml:12",
      },
    }),
  ];
}

function hostFindings(subject: Subject): Finding[] {
  const watches = ["dockerd", "containerd", "runc", "docker.sock", "daemon.json"];
  return [
    ...watches.map((what) =>
      sampleFinding({
        subject,
        ruleId: `SW-HOST-AUDIT-${what.toUpperCase().replace(".", "-")}`,
        severity: "medium",
        title: `No audit watch on ${what}`,
        message: `nothing records who changes ${what}`,
        evidence: [seen("actual", "auditctl -l", "no rule")],
        remediation: `host: echo '-w /usr/bin/${what} -p wa -k docker' >> /etc/audit/rules.d/docker.rules && augenrules --load`,
      }),
    ),
    sampleFinding({
      subject,
      verdict: "unknown",
      ruleId: "SW-HOST-SHADOW",
      severity: "high",
      title: "Others may read /etc/shadow",
      message: "/etc/shadow: permission denied",
    }),
    verdictOf("pass", subject, "SW-HOST-KERNEL", "kernel 6.18.44 has the fixes that we know of"),
  ];
}

function engineFindings(subject: Subject): Finding[] {
  return [
    sampleFinding({
      subject,
      ruleId: "SW-ENGINE-TCP",
      severity: "critical",
      title: "The API listens on TCP without TLS",
      message: "anybody who reaches 0.0.0.0:2375 is root on this host",
      aliases: ["cis-docker-1.8:2.8", "cis-docker-1.7:2.7", "cis-docker-1.6:2.7"],
      evidence: [
        seen("actual", "/proc/net/tcp", "0.0.0.0:2375 LISTEN, inode 18231 of dockerd (pid 812)"),
        seen("declared", "/etc/docker/daemon.json", '["fd://","tcp://0.0.0.0:2375"]', "hosts"),
      ],
      remediation:
        'daemon.json: "hosts": ["fd://"], or keep TCP with\n{\n  "tlsverify": true,\n  "tlscacert": "/etc/docker/ca.pem"\n}\nhost: systemctl restart docker',
    }),
    sampleFinding({
      subject,
      ruleId: "SW-ENGINE-ICC",
      severity: "medium",
      title: "Containers on the default bridge reach each other",
      message: "containers on the default bridge reach each other",
      aliases: ["cis-docker-1.8:2.2", "cis-docker-1.7:2.2", "cis-docker-1.6:2.2"],
      evidence: [seen("declared", "GET /networks/bridge", "true", "com.docker.network.bridge.enable_icc")],
      remediation: 'daemon.json: "icc": false',
      known: true,
    }),
    verdictOf("pass", subject, "SW-ENGINE-IPTABLES", "manages its firewall rules"),
  ];
}

/** Three sections of a benchmark in every state. */
export function sampleCompliance(): Compliance {
  const section = (id: string, title: string, states: string): Compliance["sections"][number] => ({
    id,
    title,
    recommendations: Array.from(states, (letter, at): Recommendation => {
      const state = STATES[letter] ?? "pass";
      return {
        id: `${id}.${at + 1}`,
        title: `Own words for recommendation ${id}.${at + 1}`,
        level: at % 3 === 0 ? 2 : 1,
        state,
        ruleIds: state === "manual" ? [] : [`SW-HOST-RULE-${at + 1}`],
        failures: state === "fail" ? 3 : 0,
        lookAt: state === "manual" ? "GET /info, and who may read it" : "",
      };
    }),
  });
  return {
    benchmark: "cis-docker-1.8",
    title: "CIS Docker Benchmark 1.8.0",
    sections: [
      section("1", "Host configuration", "pfpffpuunm"),
      section("2", "Docker daemon configuration", "ppppppfpnnum"),
      section("3", "Docker daemon configuration files", "ppppppppnn"),
      section("4", "Container images and build files", "pfm"),
      section("5", "Container runtime", "pfpffpfffppppfppumnp"),
      section("7", "Docker swarm configuration", "nnnnnn"),
    ],
  };
}

const STATES: Record<string, Recommendation["state"]> = {
  p: "pass",
  f: "fail",
  u: "unknown",
  m: "manual",
  n: "not-applicable",
};
