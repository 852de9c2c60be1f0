import { existsSync, statSync } from "node:fs";
import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { Evidence } from "#model/evidence/evidence.ts";
import { type Problem, UserError } from "#model/problem.ts";
import { DEFAULT_SETTINGS } from "#model/settings.ts";
import { isolationOf } from "#barriers/isolation.ts";
import { collect } from "#evidence/collect.ts";
import { findEndpoint } from "#evidence/engine/endpoint.ts";
import { readEvidence } from "#evidence/evidence-file.ts";
import { gatherFile } from "#evidence/project/gather.ts";
import { readSource } from "#evidence/project/read-source.ts";
import { matchesSubject } from "#policy/selectors.ts";
import { subjectFacts } from "#report/subject-facts.ts";
import { mapSvg } from "#report/map/svg.ts";
import { type MappedContainer, mapText } from "#report/map/terminal.ts";
import { usesColour } from "./colour.ts";
import { type CommandContext, EXIT } from "./context.ts";
import { emptyEvidence } from "./lint/lint-file.ts";
import type { MapOptions } from "./map.ts";
import { startProgress } from "./progress.ts";

/**
 * Collects, works out the barriers, and draws.
 *
 * @returns the exit code: the map judges nothing, so it is 0 unless something could not be read
 * @throws UserError for names that lead nowhere
 */
export async function runMap(
  names: readonly string[],
  options: MapOptions,
  { version }: CommandContext,
): Promise<number> {
  const files = names.filter((name) => existsSync(name) && statSync(name).isFile());
  const others = names.filter((name) => !files.includes(name));
  const declared = files.flatMap((path) => containersOf(path));
  const evidence =
    files.length > 0 && others.length === 0
      ? { ...emptyEvidence(version, Date.now()), containers: declared }
      : await obtain(options, version);
  const containers = [...declared, ...chosen(evidence, others, files.length > 0)];
  const [unreachable] = evidence.problems;
  if (containers.length === 0 && unreachable !== undefined) throw new UserError(problemText(unreachable), 3);
  if (containers.length === 0) throw new UserError(nothingToMap(names, evidence));
  const now = Date.parse(evidence.collectedAt);
  const mapped = containers.map((container): MappedContainer => {
    const engine = evidence.engines.find(({ name }) => name === container.engine) ?? null;
    const context = { evidence, host: evidence.host, engine, settings: DEFAULT_SETTINGS, now };
    const subject = { kind: "container", name: container.name, id: container.id } as const;
    return {
      name: container.name,
      facts: subjectFacts(subject, { ...evidence, containers: [container] }).join(", "),
      isolation: isolationOf(container, context),
    };
  });
  process.stdout.write(draw(mapped, options));
  for (const { what, where } of evidence.problems) process.stderr.write(`seaworthy: ${where}: ${what}\n`);
  return evidence.problems.length > 0 ? EXIT.incomplete : EXIT.clean;
}

function draw(mapped: readonly MappedContainer[], { format, verbose }: MapOptions): string {
  if (format === "json")
    return `${JSON.stringify(mapped, (_, value) => (value === Infinity ? null : value), 2)}\n`;
  if (format === "svg") {
    const [first] = mapped;
    if (mapped.length > 1 || first === undefined) {
      throw new UserError(
        `--format svg draws one container; name one of: ${mapped.map(({ name }) => name).join(", ")}`,
      );
    }
    return `${mapSvg(first)}\n`;
  }
  return mapText(mapped, {
    colour: usesColour(),
    width: process.stdout.columns ?? 100,
    verbose: verbose === true,
  });
}

function containersOf(path: string): ContainerEvidence[] {
  const read = readSource(path);
  if (!read.ok) throw new UserError(`${read.problem.where}: ${read.problem.what}`);
  const { compose, manifests, containers } = gatherFile(read.source);
  return [
    ...(compose?.services ?? []),
    ...manifests.flatMap((manifest) => manifest.containers),
    ...containers,
  ];
}

async function obtain(options: MapOptions, version: string): Promise<Evidence> {
  if (options.evidence !== undefined) return readEvidence(options.evidence);
  const progress = startProgress(false);
  try {
    return await collect({
      endpoint: findEndpoint({ ...options, env: process.env }),
      roots: {},
      timeoutMs: options.timeout * 1000,
      version,
      env: process.env,
      progress: progress.tell,
    });
  } finally {
    progress.stop();
  }
}

function chosen(evidence: Evidence, names: readonly string[], onlyNamed: boolean): ContainerEvidence[] {
  const all = evidence.containers.filter(({ self }) => !self);
  if (names.length === 0) return onlyNamed ? [] : all;
  return names.flatMap((name) => {
    const found = all.filter((container) =>
      matchesSubject(`container:${name}`, { kind: "container", name: container.name, id: container.id }),
    );
    if (found.length > 0) return found;
    // An engine that did not answer may hold it: that is no mistake of the caller.
    const [problem] = evidence.problems;
    if (problem !== undefined) throw new UserError(problemText(problem), 3);
    throw new UserError(
      `${name}: no container of this name (${
        all
          .map((each) => each.name)
          .slice(0, 12)
          .join(", ") || "none runs"
      })`,
    );
  });
}

function problemText({ where, what, todo }: Problem): string {
  return [where === "" ? what : `${where}: ${what}`, todo].filter((part) => part !== "").join("; ");
}

function nothingToMap(names: readonly string[], { containers }: Evidence): string {
  if (names.length > 0) return `${names.join(", ")}: declares no container`;
  return containers.length === 0 ? "there is no container here" : "there is no other container here";
}
