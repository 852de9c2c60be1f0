import { object } from "#evidence/json.ts";

/** Where the probe volume is mounted in a clone. */
export const PROBE_FOLDER = "/.seaworthy";

/**
 * The body for a container that is held as `target` is, but runs the probe in the place of its program, and is in
 * nobody's way: no ports, no restarts, no health check, no names that others use.
 *
 * @param target answer of `GET /containers/ID/json`
 */
export function cloneBody(target: Record<string, unknown>, probeVolume: string): Record<string, unknown> {
  const config = object(target["Config"]);
  const host = object(target["HostConfig"]);
  const networkMode = String(host["NetworkMode"] ?? "default");
  const shared = networkMode === "host" || networkMode.startsWith("container:");
  return {
    Image: target["Image"] ?? config["Image"],
    User: config["User"] ?? "",
    Env: [],
    Entrypoint: [`${PROBE_FOLDER}/probe`],
    Cmd: ["sleep"],
    WorkingDir: "/",
    Healthcheck: { Test: ["NONE"] },
    ...(shared ? {} : { NetworkDisabled: config["NetworkDisabled"] === true }),
    HostConfig: {
      ...host,
      Binds: [...((host["Binds"] as string[] | null) ?? []), `${probeVolume}:${PROBE_FOLDER}:ro`],
      AutoRemove: false,
      RestartPolicy: { Name: "no" },
      PortBindings: {},
      PublishAllPorts: false,
      ContainerIDFile: "",
      Links: null,
      LogConfig: { Type: "json-file", Config: { "max-size": "1m" } },
    },
  };
}
