import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { FileStat } from "#model/evidence/file.ts";
import type { ProcessEvidence } from "#model/evidence/process.ts";
import type { Severity } from "#model/severity.ts";
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
import { capabilitiesOf } from "./facts/capabilities.ts";
import { hiddenMounts, mountFacts } from "./facts/mounts.ts";
import { isOnlyDeclared } from "./facts/state.ts";
import { declaredSource, procPath } from "./facts/witness.ts";

/** Usual places of the sockets, for what is only declared and not yet running. */
const USUAL = [
  "/run/docker.sock",
  "/run/podman/podman.sock",
  "/run/containerd/containerd.sock",
  "/run/crio/crio.sock",
  "/run/buildkit/buildkitd.sock",
];

export default rule({
  id: "SW-CTR-ENGINE-SOCKET",
  subject: "container",
  title: "The engine's socket can be reached from inside",
  severity: "critical",
  risk: "Whoever can talk to the engine can start a container that mounts the host's root: one request is root on the host. Read-only mounts do not help, because connecting is not writing.",
  countermeasure:
    "Do not show the socket, nor a folder that it lies in. A tool that must list containers gets a filtered socket that lets only those questions through.",
  remediation: {
    run: "drop the -v of the socket, or of the folder that holds it (/run, /var/run, /)",
    compose: "remove the socket, or the folder that holds it, from volumes: (and use_api_socket: true)",
  },
  cis: ["5.32"],
  aliases: ["semgrep:exposing-docker-socket-volume", "CL-0001", "kics:d6355c88-1e8d-49e9-b2f2-f8a1ca12c75b"],
  references: [
    page("Docker docs: protect the daemon socket", "https://docs.docker.com/engine/security/protect-access/"),
    page(
      "Docker docs: attack surface of the daemon",
      "https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
    ),
  ],
  examples: {
    bad: "docker run -v /var/run/docker.sock:/var/run/docker.sock:ro monitoring",
    good: "docker run -e DOCKER_HOST=tcp://socket-filter:2375 monitoring",
  },
  judge: (container, context) => {
    if (container.actual.ok && container.actual.value.engineSockets.ok) {
      const { engineSockets, processes } = container.actual.value;
      return engineSockets.value.length > 0
        ? judgeSockets(container, engineSockets.value, processes)
        : pass("no engine socket can be reached through its mounts", [
            actual(procPath(container, "root"), "every socket of an engine was looked up by its inode"),
          ]);
    }
    const mounts = mountFacts(container);
    if (!mounts.known) return unknown(mounts.why);
    const places = new Set([...USUAL, ...ownSockets(context)]);
    const asked = mounts.value.flatMap(({ hostPath, target, seen }) => {
      const socket = hostPath === null ? undefined : [...places].find((place) => shows(hostPath, place));
      return socket === undefined
        ? []
        : [
            fail(
              isOnlyDeclared(container) && plainRun(hostPath ?? "") === socket
                ? `the engine's socket is mounted at ${target}`
                : `${socket} of the host lies in what is mounted at ${target}`,
              [seen],
              { key: target },
            ),
          ];
    });
    if (asked.length > 0) return asked;
    const hidden = hiddenMounts(container);
    return hidden === null
      ? pass("no mount holds the usual place of an engine's socket", [])
      : unknown(hidden);
  },
});

/** Where the engines of this host listen and were asked, besides the usual places. */
function ownSockets({ evidence }: Pick<JudgeContext, "evidence">): string[] {
  return evidence.engines.flatMap(({ daemon, endpoint }) => {
    const listening = daemon.ok ? daemon.value.unixSockets.filter(({ abstract }) => !abstract) : [];
    const asked = /^unix:\/\/(\/.+)$/.exec(endpoint)?.[1];
    const paths = [...listening.map(({ path }) => path), ...(asked === undefined ? [] : [asked])];
    return paths.map((path) => plainRun(path));
  });
}

interface ReachedSocket {
  path: string;
  hostPath: string;
  stat: FileStat | null;
}

const ENGINE = /docker|podman|containerd|crio|buildkit/;

function judgeSockets(
  container: ContainerEvidence,
  sockets: readonly ReachedSocket[],
  processes: readonly ProcessEvidence[],
): Judgement {
  // One mount of /run brings several sockets; they are one fault with one fix.
  const ordered = sockets.toSorted((a, b) => rank(a) - rank(b) || a.path.length - b.path.length);
  const open = ordered.filter(
    ({ stat }) => stat === null || processes.some((process) => canConnect(process, stat)),
  );
  const [first] = open.length > 0 ? open : ordered;
  const hostPath = first?.hostPath ?? "";
  const what = ENGINE.test(hostPath) ? "the engine's socket" : "a socket that starts services on the host";
  const others = sockets.length > 1 ? `, and ${sockets.length - 1} more` : "";
  const asked = container.declared.ok
    ? [declared(declaredSource(container), namesSocket(container.declared.value.mounts, hostPath), "Mounts")]
    : [];
  const [shown, ...rest] = ordered
    .slice(0, 4)
    .map((socket) =>
      actual(procPath(container, `root${socket.path}`), `${socket.hostPath} of the host (same inode)`),
    );
  // What the kernel shows, then what was declared: the two that disagree stand side by side.
  const seen = [...(shown === undefined ? [] : [shown]), ...asked, ...rest];
  const severity: Severity = open.length === 0 ? "medium" : ENGINE.test(hostPath) ? "critical" : "high";
  return fail(
    open.length > 0
      ? `${what} can be reached at ${first?.path}${others}`
      : `${what} stands at ${first?.path}${others}; no process inside may connect to it now, root inside could`,
    seen,
    { severity },
  );
}

/** The engine's own API first: the plainest proof. */
function rank({ hostPath }: ReachedSocket): number {
  return /(?:docker|podman)\.sock$/.test(hostPath) ? 0 : ENGINE.test(hostPath) ? 1 : 2;
}

/** What the declaration says of the mount that shows the socket. */
function namesSocket(
  mounts: readonly { source: string; target: string; writable: boolean }[],
  socket: string,
): string {
  const named = mounts.find(({ source }) => source.endsWith(".sock"));
  if (named !== undefined) return `${named.source}:${named.target}${named.writable ? "" : ":ro"}`;
  const folder = mounts.find(({ source }) => shows(source, socket));
  return folder === undefined
    ? "names no socket"
    : `names no socket, but ${folder.source}:${folder.target}${folder.writable ? "" : ":ro"}`;
}

// connect(2) to a unix socket asks for write permission on it (unix(7), "Pathname socket ownership").
function canConnect(
  { uids, gids, groups, capabilities }: ProcessEvidence,
  { uid, gid, mode }: FileStat,
): boolean {
  if (capabilitiesOf(capabilities.effective).has("CAP_DAC_OVERRIDE")) return true;
  if (uids[3] === uid) return (mode & 0o200) !== 0;
  if (gids[3] === gid || groups.includes(gid)) return (mode & 0o020) !== 0;
  return (mode & 0o002) !== 0;
}

function shows(source: string, socket: string): boolean {
  const real = plainRun(source);
  return real === "/" || real === socket || socket.startsWith(`${real}/`);
}

// /var/run is a link to /run on every current distribution.
function plainRun(path: string): string {
  return path.replace(/^\/var\/run(?=\/|$)/, "/run");
}
