import * as fs from "node:fs";
import { join } from "node:path";
import { type Certificates, makeCertificates } from "./certificates.ts";
import { type Engine, startDockerd } from "./dockerd.ts";
import { IMAGE } from "./image.ts";
import { privateHost } from "./private-host.ts";
import { words } from "./run.ts";

/** Uids that containers of {@link startRemapped} have on the host. */
export const REMAPPED = { start: 231_072, count: 65_536 };

/** A dockerd with userns-remap; the user it needs stands only in its own view of /etc. */
export function startRemapped(config: Record<string, unknown> = {}): Promise<Engine> {
  const range = `swmap:${REMAPPED.start}:${REMAPPED.count}\n`;
  const etc = {
    passwd: `${fs.readFileSync("/etc/passwd", "utf8")}swmap:x:990:990::/nonexistent:/usr/sbin/nologin\n`,
    group: `${fs.readFileSync("/etc/group", "utf8")}swmap:x:990:\n`,
    subuid: range,
    subgid: range,
  };
  return startDockerd({ config: { ...config, "userns-remap": "swmap" }, etc }, "remapped");
}

export const TCP_PORT = 23_751;
export const TLS_PORT = 23_761;

/** A dockerd whose API is open on TCP, without TLS, on the loopback of its own network namespace. */
export function startTcp(): Promise<Engine> {
  return startDockerd({ flags: ["-H", `tcp://127.0.0.1:${TCP_PORT}`] }, "tcp");
}

/** A dockerd whose API on TCP wants client certificates; `certificates` are beside its other files. */
export async function startTls(): Promise<Engine & { certificates: Certificates }> {
  const keys = privateHost("keys");
  try {
    const certificates = await makeCertificates(keys.folder);
    const config = {
      tlsverify: true,
      tlscacert: join(certificates.server, "ca.pem"),
      tlscert: join(certificates.server, "cert.pem"),
      tlskey: join(certificates.server, "key.pem"),
    };
    const engine = await startDockerd({ config, flags: ["-H", `tcp://127.0.0.1:${TLS_PORT}`] }, "tls");
    const stop = async (): Promise<void> => {
      await engine.stop();
      await keys.stop();
    };
    return { ...engine, certificates, stop };
  } catch (error) {
    await keys.stop();
    throw error;
  }
}

/** A dockerd that manages a swarm of one node, with one service and two networks. */
export async function startSwarm(): Promise<Engine> {
  const engine = await startDockerd({}, "swarm");
  try {
    for (const command of [
      "swarm init --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1:2377",
      "network create --driver overlay plain",
      "network create --driver overlay --opt encrypted sealed",
      `service create --detach --no-resolve-image --name task --network plain ${IMAGE} sleep 100000`,
    ]) {
      await engine.mustDocker(...words(command));
    }
    return engine;
  } catch (error) {
    await engine.stop();
    throw error;
  }
}
