import { actual, fail, man, page, pass, rule, unknown } from "../rule.ts";
import { listed } from "./facts/containers.ts";
import { withoutDaemon } from "./facts/settings.ts";

export default rule({
  id: "SW-ENGINE-SOCKET-ABSTRACT",
  subject: "engine",
  title: "The daemon listens on an abstract socket",
  severity: "high",
  risk: "An abstract socket has no file, so no owner and no mode: every process in the same network namespace may connect, and so every container with --network=host. On the engine's API that is root on the host.",
  countermeasure: "Listen on a socket with a path, whose folder and mode decide who may connect.",
  remediation: {
    host: "replace -H unix://@NAME by -H unix:///run/docker.sock, then systemctl restart docker",
  },
  references: [
    man("unix.7"),
    page("CVE-2020-15257: the same fault in containerd", "https://www.cve.org/CVERecord?id=CVE-2020-15257"),
  ],
  examples: { bad: "dockerd -H unix://@docker", good: "dockerd -H unix:///run/docker.sock" },
  judge: (engine) => {
    const excused = withoutDaemon(engine);
    if (excused !== null) return excused;
    if (!engine.daemon.ok) return unknown(`its sockets are not known: ${engine.daemon.why}`);
    const { pid, unixSockets } = engine.daemon.value;
    const source = `/proc/${pid}/net/unix`;
    const abstract = unixSockets.filter((socket) => socket.abstract);
    if (abstract.length > 0) {
      return abstract.map(({ path }) =>
        fail(`every process in its network namespace may connect to ${path}`, [actual(source, path)], {
          key: path,
        }),
      );
    }
    return pass("all its sockets have a path", [
      actual(source, listed(unixSockets.map(({ path }) => path)) || "none"),
    ]);
  },
});
