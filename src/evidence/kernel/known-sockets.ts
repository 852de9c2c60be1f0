import { got, missing, type Reading } from "#model/reading.ts";
import { dangerousSockets, type FoundDaemon } from "../host/daemons.ts";
import type { HostSocket } from "./container.ts";
import type { KernelView } from "./view.ts";

const SERVICE_MANAGERS = new Set(["systemd", "dbus-daemon", "dbus-broker"]);

/**
 * The sockets that no container should reach. Without root the descriptors of other users' daemons are closed:
 * then nobody knows which sockets are theirs, and that none was found in a container would prove nothing.
 *
 * @param uid of this process
 */
export function knownSockets(
  { view, daemons }: { view: KernelView; daemons: readonly FoundDaemon[] },
  uid: number,
): Reading<HostSocket[]> {
  const engines = daemons.filter(({ program }) => !SERVICE_MANAGERS.has(program));
  const seen = engines.length > 0 && engines.every(({ socketInodes }) => socketInodes.size > 0);
  return seen || uid === 0
    ? got(dangerousSockets(view, daemons))
    : missing("the engine's sockets could not be told; run as root to look them up by their inode");
}
