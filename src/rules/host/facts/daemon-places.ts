import type { DaemonEvidence, EngineEvidence } from "#model/evidence/engine.ts";
import { got } from "#model/reading.ts";
import type { JudgeContext } from "../../rule.ts";
import { isRootless, localEngines } from "./engines.ts";
import { canonicalPath, fileAt } from "./files.ts";
import { type Candidate, type Locate, settle } from "./places.ts";

/** A file that a TLS setting of a daemon names; where TLS is on without it, the daemon's default. */
export function tlsFile(setting: "tlscacert" | "tlscert" | "tlskey"): Locate {
  const file = { tlscacert: "ca.pem", tlscert: "cert.pem", tlskey: "key.pem" }[setting];
  return (host, context) => {
    const candidates: Candidate[] = [];
    const unread: string[] = [];
    for (const { daemon, engineUser } of daemons(context, unread)) {
      const path = daemon.settings[setting]?.value;
      if (typeof path === "string" && path.startsWith("/")) {
        candidates.push({ path, stat: fileAt(host, path), engineUser });
      } else if (daemon.settings.tls?.value === true || daemon.settings.tlsverify?.value === true) {
        // Without the setting dockerd looks in ~/.docker (moby, cmd/dockerd/options.go).
        const usual = Object.keys(host.files).filter((known) => known.endsWith(`/.docker/${file}`));
        if (usual.length === 0) unread.push(`~/.docker/${file} of the daemon's user: was not read`);
        for (const known of usual) candidates.push({ path: known, stat: fileAt(host, known), engineUser });
      }
    }
    return settle(candidates, "no daemon on this host uses TLS", unread);
  };
}

// Sockets of dockerd that are not its API: for its own children, plugins, metrics and the swarm agent.
const INNER_SOCKET = /\/docker\/(?:libnetwork|plugins|swarm)\/|\/metrics\.sock$/;

/** The unix sockets on which engines of this host really accept API calls. */
export const engineSockets: Locate = (host, context) => {
  const candidates: Candidate[] = [];
  const unread: string[] = [];
  for (const engine of localEngines(context)) {
    const asked = /^unix:\/\/(\/.+)$/.exec(engine.endpoint)?.[1];
    if (engine.daemon.ok) {
      const { unixSockets, executable, argv } = engine.daemon.value;
      const engineUser = userOf(engine, engine.daemon.value);
      // A service manager that holds the socket for an engine that sleeps listens on much else.
      const isManager = /\/(?:systemd|init)$/.test(executable ?? argv[0] ?? "");
      for (const { path, abstract, stat } of unixSockets) {
        if (INNER_SOCKET.test(path)) continue;
        if (isManager && canonicalPath(path) !== canonicalPath(asked ?? "")) continue;
        const known = stat === null ? fileAt(host, canonicalPath(path)) : got(stat);
        candidates.push({ path, stat: known, engineUser, abstract, exists: true });
      }
      continue;
    }
    // Without the daemon's list, the address that was asked is the one socket that is known.
    const stat = asked === undefined ? undefined : (host.files[asked] ?? host.files[canonicalPath(asked)]);
    if (asked !== undefined && stat?.ok) candidates.push({ path: asked, stat });
    else unread.push(`${engine.name}: ${engine.daemon.why}`);
  }
  return settle(candidates, "no engine on this host listens on a socket with a path", unread);
};

/** The configuration file that each daemon was really started with, and the usual one. */
export const daemonConfigs: Locate = (host, context) => {
  const unread: string[] = [];
  const started = daemons(context, unread).map(({ daemon: { configFile }, engineUser }) => ({
    path: configFile.path,
    stat: configFile.stat,
    engineUser,
  }));
  const usual = "/etc/docker/daemon.json";
  // A daemon in a mount namespace of its own sees another file there than the host does.
  const seen =
    host.files[usual] !== undefined || !started.some(({ path, stat }) => path === usual && stat.ok);
  const known = seen ? [...started, { path: usual, stat: fileAt(host, usual) }] : started;
  return settle(known, "there is no daemon.json", unread);
};

/** The folders in which engines keep images, containers and volumes. */
export const dataRoots: Locate = (host, context) => {
  const candidates: Candidate[] = [];
  const unread: string[] = [];
  for (const engine of localEngines(context)) {
    const { info, daemon, name } = engine;
    if (!info.ok) {
      unread.push(`${name}: its data root is not known (${info.why})`);
    } else if (info.value.rootDir.startsWith("/")) {
      const path = info.value.rootDir;
      const engineUser = daemon.ok ? userOf(engine, daemon.value) : null;
      candidates.push({ path, stat: fileAt(host, path), engineUser, exists: true });
    }
  }
  return settle(candidates, "no engine runs on this host", unread);
};

function daemons(
  context: JudgeContext,
  unread: string[],
): { daemon: DaemonEvidence; engineUser: number | null }[] {
  return localEngines(context).flatMap((engine) => {
    // daemon.json and TLS files are Docker's; podman has other ones.
    if (engine.kind !== "docker") return [];
    if (engine.daemon.ok) {
      return [{ daemon: engine.daemon.value, engineUser: userOf(engine, engine.daemon.value) }];
    }
    unread.push(`${engine.name}: ${engine.daemon.why}`);
    return [];
  });
}

function userOf(engine: EngineEvidence, { uid }: DaemonEvidence): number | null {
  return isRootless(engine) === true && uid > 0 ? uid : null;
}
