import * as fs from "node:fs";
import { join } from "node:path";
import { answers, DOCKERD_NEEDS, type Engine, engineAt, importImage, OVERLAY_ETC } from "./dockerd.ts";
import { privateHost, type PrivateHost } from "./private-host.ts";

/** Packages that {@link startRootless} cannot do without. */
export const ROOTLESS_NEEDS = [...DOCKERD_NEEDS, "rootlesskit", "slirp4netns", "uidmap"] as const;

/** The user of the rootless engine, who exists only in its own view of /etc. */
export const ROOTLESS_UID = 4001;

/** A rootless dockerd, in rootlesskit, with slirp4netns as its network. `pid` is that of rootlesskit. */
export async function startRootless(): Promise<Engine> {
  const host = privateHost("rootless");
  try {
    const pid = await host.launch(prepare(host), { network: false, env: { D: host.folder } });
    const socket = join(host.folder, "run/docker.sock");
    await answers(host, pid, socket);
    const engine = engineAt(host, pid, `unix://${socket}`, socket);
    await importImage(engine);
    return engine;
  } catch (error) {
    await host.stop();
    throw error;
  }
}

function prepare({ folder }: PrivateHost): string {
  const uid = ROOTLESS_UID;
  const path = (name: string): string => join(folder, name);
  for (const name of ["home", "run"]) {
    fs.mkdirSync(path(name), { mode: 0o700 });
    fs.chownSync(path(name), uid, uid);
  }
  fs.mkdirSync(path("etc"));
  fs.writeFileSync(path("daemon.json"), "{}");
  const append = (file: string, line: string): void => {
    fs.writeFileSync(path(`etc/${file}`), `${fs.readFileSync(`/etc/${file}`, "utf8")}${line}\n`);
  };
  append("passwd", `swrl:x:${uid}:${uid}::${path("home")}:/bin/bash`);
  append("group", `swrl:x:${uid}:`);
  for (const file of ["subuid", "subgid"]) fs.writeFileSync(path(`etc/${file}`), "swrl:300000:65536\n");
  return `
    ${OVERLAY_ETC}
    # The device may be for root only on this host.
    mkdir -p /dev/net
    mount -t tmpfs none /dev/net
    mknod -m 666 /dev/net/tun c 10 200
    # Without this, dockerd takes the empty unified hierarchy of a mixed host for cgroup v2.
    if [ -d /sys/fs/cgroup/unified ]; then mount -t tmpfs -o mode=755 none /sys/fs/cgroup/unified; fi
    export HOME="$D/home" XDG_RUNTIME_DIR="$D/run"
    exec setpriv --reuid ${uid} --regid ${uid} --clear-groups --inh-caps=-all --pdeathsig TERM \\
      rootlesskit --state-dir="$D/run/rootlesskit" --net=slirp4netns --mtu=65520 --slirp4netns-sandbox=false \\
      --slirp4netns-seccomp=false --disable-host-loopback --port-driver=builtin --copy-up=/etc --copy-up=/run \\
      --propagation=rslave bash -ec '
        rm -f /run/docker /run/containerd
        mkdir -p /run/docker
        exec dockerd --rootless --userland-proxy-path="$(command -v docker-proxy)" --iptables=false \\
          --ip6tables=false --config-file "$D/daemon.json" -H "unix://$D/run/docker.sock" \\
          --data-root "$D/home/data" --exec-root "$D/run/exec" --pidfile "$D/run/docker.pid"'`;
}
