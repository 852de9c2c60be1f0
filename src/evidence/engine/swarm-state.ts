import { attempt, type HostFiles } from "../filesystem.ts";
import { object, text } from "../json.ts";

/**
 * The address that carries the data of overlay networks, which no API call tells: the engine keeps it in
 * docker-state.json (moby, daemon/cluster/utils.go). Empty where it could not be read or is not set.
 */
export function dataPathAddress(files: HostFiles, rootDir: string): string {
  const state = attempt("docker-state.json", () => files.read(`${rootDir}/swarm/docker-state.json`));
  if (!state.ok) return "";
  try {
    return text(object(JSON.parse(state.value)).DataPathAddr);
  } catch {
    return "";
  }
}
