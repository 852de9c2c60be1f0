import type { Evidence } from "#model/evidence/evidence.ts";
import type { Subject } from "#model/subject.ts";

const MINUTE = 60_000;

/** The few facts by which people recognise a subject: `nginx:1.25`, `running 3 h`. */
export function subjectFacts(subject: Subject, evidence: Evidence): string[] {
  const now = Date.parse(evidence.collectedAt);
  switch (subject.kind) {
    case "host": {
      const { host } = evidence;
      return host === null
        ? []
        : [host.os.name, `kernel ${host.kernel.release}`].filter((fact) => fact !== "");
    }
    case "engine": {
      const engine = evidence.engines.find(({ name }) => name === subject.name);
      if (engine === undefined) return [];
      const version = engine.version.ok ? engine.version.value.version : "version unknown";
      return [`${engine.kind === "podman" ? "Podman" : "Docker"} ${version}`, engine.endpoint];
    }
    case "container": {
      const container = evidence.containers.find(({ id }) => id === subject.id);
      if (container === undefined) return [];
      const { image, state, startedAt, finishedAt, manager, engine } = container;
      const since = Date.parse(state === "exited" ? finishedAt : startedAt);
      const age = Number.isNaN(since) ? "" : ` ${duration(now - since)}`;
      const told = engine === null ? [`managed by ${manager}`] : [];
      return [image, `${state}${age}`, ...told].filter((fact) => fact !== "");
    }
    case "image": {
      const image = evidence.engines
        .flatMap(({ images }) => (images.ok ? images.value : []))
        .find(({ id }) => id === subject.id);
      return image === undefined ? [] : [size(image.size)];
    }
    case "network": {
      const network = evidence.engines
        .flatMap(({ networks }) => (networks.ok ? networks.value : []))
        .find(({ id }) => id === subject.id);
      return network === undefined ? [] : [network.driver];
    }
    case "swarm":
    case "dockerfile":
    case "compose":
    case "manifest":
      return [];
  }
}

/** `40 s`, `3 h`, `12 d`: one number, rounded down. */
export function duration(milliseconds: number): string {
  const minutes = Math.floor(Math.max(0, milliseconds) / MINUTE);
  if (minutes < 1) return `${Math.floor(Math.max(0, milliseconds) / 1000)} s`;
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / (24 * 60))} d`;
}

/** `5 MB`, in powers of ten as `docker images` prints them. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
