import type { EngineEvidence } from "#model/evidence/engine.ts";
import type { PackageEvidence } from "#model/evidence/host.ts";
import type { Seen } from "#model/finding.ts";
import { actual, declared, type JudgeContext } from "../../rule.ts";
import type { ChainAdvisory } from "../advisories-table.ts";
import {
  compareVersions,
  engineVersion,
  holdsFix,
  isDistribution,
  parseVersion,
  type Version,
} from "./version.ts";

/** Whether one advisory hits this engine, and what shows it. */
export type Hit =
  | { state: "fixed" | "vulnerable"; why: string; seen: Seen[] }
  | { state: "not-affected" }
  | { state: "unknown"; why: string; seen: Seen[] };

/** Packages by which distributions ship a component; their changelogs list the CVEs that they fixed. */
const PACKAGES: Record<ChainAdvisory["component"], readonly string[]> = {
  moby: ["docker.io", "moby-engine", "docker", "docker-engine"],
  containerd: ["containerd", "moby-containerd"],
  runc: ["runc", "moby-runc"],
};

/**
 * Judges one advisory: what the changelog of the distribution's package lists as fixed counts first, since
 * distributions fix without raising the upstream number; then the upstream version.
 */
export function hitBy(advisory: ChainAdvisory, engine: EngineEvidence, context: JudgeContext): Hit {
  const { component, cve } = advisory;
  if (component === "moby" && engine.kind === "podman") return { state: "not-affected" };
  if (advisory.needs === "authorization-plugin" && engine.info.ok) {
    if (engine.info.value.authorizationPlugins.length === 0) return { state: "not-affected" };
  }
  const text = versionText(engine, component);
  if (text === null) {
    // podman runs crun on most hosts, and no containerd: what it does not name is not there.
    if (engine.kind === "podman" && engine.version.ok) return { state: "not-affected" };
    const why = engine.version.ok ? "the engine does not tell it" : engine.version.why;
    return {
      state: "unknown",
      why: `the version of ${component === "moby" ? "Docker" : component} is not known: ${why}`,
      seen: [],
    };
  }
  const name = component === "moby" ? "Docker" : component;
  const seen = declared("GET /version", text, component === "moby" ? "Version" : `Components.${component}`);
  const version = parseVersion(text);
  if (version === null) {
    return { state: "unknown", why: `"${text.slice(0, 60)}" of ${name} is no version`, seen: [seen] };
  }
  const introduced = advisory.introduced === undefined ? null : parseVersion(advisory.introduced);
  if (introduced !== null && compareVersions(version, introduced) < 0) return { state: "not-affected" };
  const fixed = advisory.fixed.flatMap((release) => parseVersion(release) ?? []);
  if (holdsFix(version, fixed)) {
    return { state: "fixed", why: `${name} ${text} is new enough`, seen: [seen] };
  }
  const own = packageOf(component, version, engine, context);
  if (own?.fixedCves.includes(cve) === true) return byChangelog(own, component, engine, seen);
  const packaged = own === undefined ? [] : [actual(`changelog of ${own.name}`, `does not list ${cve}`)];
  if (own === undefined || own.fixedCves.length === 0) {
    if (isDistribution(version) || own !== undefined) {
      return {
        state: "unknown",
        why: `${name} ${text} comes from a distribution, which may have fixed it; the changelog of its package could not be read from here`,
        seen: [seen],
      };
    }
    // `1.0.0-rc6+dev`: built from a commit after the release; Docker shipped runc so, with the fix put in.
    if (version.rest.includes("+dev")) {
      return { state: "unknown", why: `${name} ${text} is a build between releases`, seen: [seen] };
    }
  }
  return {
    state: "vulnerable",
    why: `${name} ${text} is older than the fix (${advisory.fixed.join(", ")})`,
    seen: [seen, ...packaged],
  };
}

function byChangelog(
  own: PackageEvidence,
  component: ChainAdvisory["component"],
  engine: EngineEvidence,
  seen: Seen,
): Hit {
  const evidence = [seen, actual(`changelog of ${own.name}`, `${own.version} lists it as fixed`)];
  // The other programs are started anew for each container; dockerd keeps running as what it was.
  if (component === "moby" && engine.daemon.ok && engine.daemon.value.executableDeleted) {
    return {
      state: "unknown",
      why: `the installed ${own.name} ${own.version} holds the fix, but the daemon still runs what was there before; restart it`,
      seen: evidence,
    };
  }
  return { state: "fixed", why: `${own.name} ${own.version} holds the fix`, seen: evidence };
}

function versionText(engine: EngineEvidence, component: ChainAdvisory["component"]): string | null {
  if (!engine.version.ok) return null;
  const { components } = engine.version.value;
  const text =
    component === "moby"
      ? engineVersion(engine.version.value)
      : (components[component] ?? components[`OCI Runtime (${component})`]);
  return text === undefined || text === "" ? null : text;
}

/** The installed package whose upstream version is the one that runs; another one says nothing about it. */
function packageOf(
  component: ChainAdvisory["component"],
  version: Version,
  engine: EngineEvidence,
  { host }: JudgeContext,
): PackageEvidence | undefined {
  if (!engine.local || host === null || !host.packages.ok) return undefined;
  return host.packages.value.find((entry) => {
    const packaged = parseVersion(entry.version);
    return (
      PACKAGES[component].includes(entry.name) &&
      packaged !== null &&
      compareVersions(packaged, version) === 0
    );
  });
}
