import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { DaemonEvidence, EngineEvidence } from "#model/evidence/engine.ts";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  contextOf,
  daemon,
  declaredContainer,
  engine,
  evidence,
} from "../../testing.ts";
import type { JudgeContext } from "../../rule.ts";

type Declared = Parameters<typeof declaredContainer>[0];
type Actual = Parameters<typeof actualContainer>[0];

/** When the builders' daemon started. */
export const STARTED = Date.parse("2026-01-01T00:00:00Z");

/** A Docker engine whose daemon.json, older than the start, says `settings`. */
export function configured(
  settings: Record<string, unknown>,
  changes: Partial<DaemonEvidence> = {},
  engineChanges: Partial<EngineEvidence> = {},
): EngineEvidence {
  return engine({
    daemon: got(
      daemon({
        settings: Object.fromEntries(
          Object.entries(settings).map(([name, value]) => [name, { value, from: "file" as const }]),
        ),
        configFile: configFile(STARTED - 3_600_000),
        ...changes,
      }),
    ),
    ...engineChanges,
  });
}

/** daemon.json, last changed at `mtimeMs`. */
export function configFile(mtimeMs: number): DaemonEvidence["configFile"] {
  const path = "/etc/docker/daemon.json";
  return {
    path,
    stat: got({ path, type: "file", uid: 0, gid: 0, mode: 0o644, mtimeMs, device: "254:0" }),
    error: null,
  };
}

/** A Docker engine that was started with these flags. */
export function flagged(
  settings: Record<string, unknown>,
  changes: Partial<DaemonEvidence> = {},
  engineChanges: Partial<EngineEvidence> = {},
): EngineEvidence {
  const flags = Object.entries(settings).map(([name, value]) => [name, { value, from: "flag" as const }]);
  return engine({
    daemon: got(daemon({ settings: Object.fromEntries(flags), ...changes })),
    ...engineChanges,
  });
}

/** An engine of which nothing could be read: no root, no answer. */
export function unreadableEngine(changes: Partial<EngineEvidence> = {}): EngineEvidence {
  const api = missing("GET /info: no answer within 2 s");
  return engine({
    info: api,
    version: api,
    daemon: missing("no process on this host was found listening: run as root"),
    images: api,
    networks: api,
    swarm: api,
    openTcp: api,
    ...changes,
  });
}

/** podman, which has no daemon. */
export function podman(changes: Partial<EngineEvidence> = {}): EngineEvidence {
  return engine({ name: "podman", kind: "podman", daemon: missing("podman has no daemon"), ...changes });
}

/** A container with changes to what was asked for and to what the kernel shows. */
export function running(name: string, declared: Declared = {}, actual: Actual = {}): ContainerEvidence {
  return container({
    id: name.padEnd(64, "0"),
    name,
    declared: got(declaredContainer({ source: `docker inspect ${name}`, ...declared })),
    actual: got(actualContainer(actual)),
  });
}

/** The surroundings of `subject` with these containers. */
export function around(
  subject: EngineEvidence,
  containers: ContainerEvidence[] = [],
  more: Parameters<typeof evidence>[0] = {},
): JudgeContext {
  return contextOf(evidence({ engines: [subject], containers, ...more }));
}
