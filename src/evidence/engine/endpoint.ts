import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "#model/problem.ts";
import { object, text } from "../json.ts";

/** How to reach an engine. */
export interface Endpoint {
  /** As people write it: `unix:///run/docker.sock`, `tcp://10.0.0.5:2376`. */
  url: string;
  socketPath?: string;
  tcp?: { host: string; port: number };
  /** PEM files for TLS; absent = plain. */
  tls?: { ca?: Buffer; cert?: Buffer; key?: Buffer; verify: boolean };
}

/** What decides the endpoint, as the docker client does: option, environment, context, default. */
export interface EndpointSources {
  host?: string | undefined;
  context?: string | undefined;
  tlsCertPath?: string | undefined;
  env: Record<string, string | undefined>;
}

/**
 * Finds the endpoint in the docker client's order: `--host`, `DOCKER_HOST`, `--context`/`DOCKER_CONTEXT`,
 * the current context of `~/.docker/config.json`; null = the default sockets are to be tried.
 *
 * @throws UserError if what was asked for is malformed or its files cannot be read
 */
export function findEndpoint({ host, context, tlsCertPath, env }: EndpointSources): Endpoint | null {
  const url = host ?? (context === undefined ? env.DOCKER_HOST : undefined);
  if (url !== undefined && url !== "") {
    const verify = env.DOCKER_TLS_VERIFY !== undefined && env.DOCKER_TLS_VERIFY !== "";
    const folder =
      tlsCertPath ?? (verify || env.DOCKER_TLS ? (env.DOCKER_CERT_PATH ?? configFolder(env)) : undefined);
    return parseEndpoint(url, folder, verify || tlsCertPath !== undefined);
  }
  const config = configFolder(env);
  const name = context ?? env.DOCKER_CONTEXT ?? currentContext(config);
  return name === undefined || name === "" || name === "default" ? null : contextEndpoint(config, name);
}

/**
 * Reads `unix:///path`, `/path`, `tcp://host[:port]`, `http://…` or `https://…`.
 *
 * @param certFolder folder with ca.pem, cert.pem and key.pem; makes a TCP endpoint use TLS
 * @throws UserError if the form is not one of these, or a certificate file cannot be read
 */
export function parseEndpoint(url: string, certFolder?: string, verify = true): Endpoint {
  if (url.startsWith("/")) return { url: `unix://${url}`, socketPath: url };
  const unix = /^unix:\/\/(\/.+)$/.exec(url);
  if (unix?.[1] !== undefined) return { url, socketPath: unix[1] };
  const tcp = /^(tcp|http|https):\/\/(\[[0-9a-f:.]+\]|[^/:\s]+)(?::(\d{1,5}))?\/?$/i.exec(url);
  if (tcp === null) {
    const ssh = url.startsWith("ssh://");
    throw new UserError(
      ssh
        ? `${url}: ssh is not spoken here. Run seaworthy on that host, or forward its socket: ssh -L /tmp/docker.sock:/var/run/docker.sock HOST, then --host unix:///tmp/docker.sock`
        : `${url}: not an engine address. Use unix:///path/to/docker.sock or tcp://host:port`,
    );
  }
  const [, scheme, name, digits] = tcp as unknown as [string, string, string, string | undefined];
  const secure = scheme.toLowerCase() === "https" || certFolder !== undefined;
  const port = digits === undefined ? (secure ? 2376 : 2375) : Number(digits);
  if (port < 1 || port > 65535) throw new UserError(`${url}: port ${port} does not exist (1 to 65535)`);
  return {
    url,
    tcp: { host: name.replace(/^\[|\]$/g, ""), port },
    ...(secure ? { tls: { ...readCertificates(certFolder), verify } } : {}),
  };
}

function readCertificates(folder: string | undefined): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
  if (folder === undefined) return {};
  const found: { ca?: Buffer; cert?: Buffer; key?: Buffer } = {};
  for (const part of ["ca", "cert", "key"] as const) {
    const path = join(folder, `${part}.pem`);
    try {
      found[part] = fs.readFileSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") continue;
      throw new UserError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code}); TLS needs it`);
    }
  }
  if (found.ca === undefined && found.cert === undefined) {
    throw new UserError(`${folder}: no ca.pem, cert.pem or key.pem in it; TLS needs them`);
  }
  return found;
}

function configFolder(env: Record<string, string | undefined>): string {
  return env.DOCKER_CONFIG ?? join(env.HOME ?? homedir(), ".docker");
}

function currentContext(folder: string): string | undefined {
  try {
    return text(object(JSON.parse(fs.readFileSync(join(folder, "config.json"), "utf8"))).currentContext);
  } catch {
    return undefined; // No client configuration: the default engine.
  }
}

// Layout of the docker client's context store (docker/cli, cli/context/store).
function contextEndpoint(folder: string, name: string): Endpoint {
  const id = createHash("sha256").update(name).digest("hex");
  const path = join(folder, "contexts", "meta", id, "meta.json");
  let meta;
  try {
    meta = object(JSON.parse(fs.readFileSync(path, "utf8")));
  } catch {
    throw new UserError(`context "${name}" is not there (looked in ${path}). See: docker context ls`);
  }
  const docker = object(object(meta.Endpoints).docker);
  if (text(docker.Host) === "")
    throw new UserError(`context "${name}" names no engine. See: docker context ls`);
  const certificates = join(folder, "contexts", "tls", id, "docker");
  return parseEndpoint(
    text(docker.Host),
    fs.existsSync(certificates) ? certificates : undefined,
    docker.SkipTLSVerify !== true,
  );
}
