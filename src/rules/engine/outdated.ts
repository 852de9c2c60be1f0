import type { EngineEvidence } from "#model/evidence/engine.ts";
import type { PackageEvidence } from "#model/evidence/host.ts";
import type { Seen } from "#model/finding.ts";
import {
  actual,
  declared,
  fail,
  type JudgeContext,
  type Judgement,
  page,
  pass,
  rule,
  unknown,
} from "../rule.ts";
import { DISTRIBUTION_PACKAGES, DISTRIBUTIONS, DOCKER_LINES, TABLE_DATE } from "./eol.ts";
import {
  compareVersions,
  engineVersion,
  isDistribution,
  parseVersion,
  type Version,
} from "./facts/version.ts";

const DAY = 24 * 60 * 60 * 1000;

export default rule({
  id: "SW-ENGINE-OUTDATED",
  subject: "engine",
  title: "Engine version is no longer maintained",
  severity: "high",
  risk: "New vulnerabilities are published together with their fix, and this version gets none: each one stays open here, described for everybody.",
  countermeasure:
    "Move to a maintained release line. A package of a supported distribution counts as maintained although its number looks old: the distribution carries the fixes back into it.",
  remediation: {
    host: "install a maintained release (docker-ce from docker.com, or the package of a supported distribution), then systemctl restart docker",
  },
  cis: ["1.2.2"],
  references: [
    page(
      "moby: maintained branches",
      "https://github.com/moby/moby/blob/master/project/BRANCHES-AND-TAGS.md",
    ),
    page("endoflife.date: Docker Engine", "https://endoflife.date/docker-engine"),
  ],
  examples: { bad: "Docker 24.0 in 2026", good: "Docker 29 in 2026" },
  judge,
});

function judge(engine: EngineEvidence, context: JudgeContext): Judgement {
  if (!engine.version.ok) return unknown(`the engine's version is not known: ${engine.version.why}`);
  const text = engineVersion(engine.version.value);
  const seen = declared("GET /version", text, "Version");
  const version = parseVersion(text);
  if (version === null)
    return unknown(`"${text.slice(0, 60)}" is not a version that can be compared`, [seen]);
  const line = engine.kind === "docker" ? lineOf(version) : undefined;
  if (line?.end === null && context.now <= Date.parse(TABLE_DATE) + 365 * DAY) {
    return pass(`release line ${line.line} is maintained`, [seen]);
  }
  const packaged = distributionPackage(engine, version, context);
  if (packaged !== null) return byDistribution(engine, packaged.name, [seen, ...packaged.seen], context);
  if (engine.kind === "podman") {
    return unknown(
      "release dates of podman are not known here; compare it with the newest of its distribution",
      [seen],
    );
  }
  if (line !== undefined && line.end !== null) {
    return Date.parse(line.end) <= context.now
      ? fail(`Docker ${text} is of release line ${line.line}, which has had no fixes since ${line.end}`, [
          seen,
        ])
      : pass(`release line ${line.line} is maintained until ${line.end}`, [seen]);
  }
  const oldest = parseVersion(DOCKER_LINES.at(-1)?.line ?? "");
  if (oldest !== null && compareVersions(version, oldest) < 0) {
    return fail(`Docker ${text} is older than every release line that is still known`, [seen]);
  }
  return unknown(
    `the table of release lines, of ${TABLE_DATE}, does not tell whether ${text} is maintained`,
    [seen],
  );
}

function lineOf({ major, minor }: Version) {
  return DOCKER_LINES.find(({ line }) => {
    const [ownMajor, ownMinor] = line.split(".").map(Number);
    return ownMajor === major && (ownMinor === undefined || ownMinor === minor);
  });
}

/** The distribution's package that this engine runs from, by its version; null = not from a distribution. */
function distributionPackage(
  engine: EngineEvidence,
  version: Version,
  { host }: JudgeContext,
): { name: string; seen: Seen[] } | null {
  const packages: PackageEvidence[] = engine.local && host?.packages.ok ? host.packages.value : [];
  const own = packages.find((entry) => {
    const packaged = parseVersion(entry.version);
    return (
      DISTRIBUTION_PACKAGES.includes(entry.name) &&
      packaged !== null &&
      compareVersions(packaged, version) === 0
    );
  });
  if (own !== undefined) return { name: own.name, seen: [actual(own.manager, own.version, own.name)] };
  return isDistribution(version) ? { name: "package", seen: [] } : null;
}

function byDistribution(
  engine: EngineEvidence,
  name: string,
  evidence: Seen[],
  { host, now }: JudgeContext,
): Judgement {
  const os = engine.local && host !== null ? host.os : systemOf(engine);
  const end = DISTRIBUTIONS[os.id]?.[os.version];
  const seen = [
    ...evidence,
    declared(engine.local && host !== null ? "/etc/os-release" : "GET /info", os.name),
  ];
  if (end === undefined) {
    return unknown(
      `the ${name} of ${os.name || "its distribution"} may hold fixes that its version does not show; how long it is maintained is not known here`,
      seen,
    );
  }
  return Date.parse(end) <= now
    ? fail(`comes from ${os.name}, which has had no security updates since ${end}`, seen)
    : pass(`is the ${name} of ${os.name}, which carries fixes back until ${end}`, seen);
}

/** The system of an engine that only its API tells of. */
function systemOf(engine: EngineEvidence): { id: string; version: string; name: string } {
  const name = engine.info.ok ? engine.info.value.operatingSystem : "";
  const match = /^(Debian GNU\/Linux|Ubuntu|Amazon Linux) (\d+(?:\.\d+)?)/.exec(name);
  const ids: Record<string, string> = {
    "Debian GNU/Linux": "debian",
    Ubuntu: "ubuntu",
    "Amazon Linux": "amzn",
  };
  return { id: ids[match?.[1] ?? ""] ?? "", version: match?.[2] ?? "", name };
}
