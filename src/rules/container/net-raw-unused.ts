import { actual, fail, man, pass, rule, unknown } from "../rule.ts";
import { capabilityFact } from "./facts/capabilities.ts";
import { isStopped, withoutKernel } from "./facts/state.ts";
import { procPath } from "./facts/witness.ts";

export default rule({
  id: "SW-CTR-NET-RAW",
  subject: "container",
  title: "May forge packets, and does not need to",
  severity: "low",
  risk: "With NET_RAW, which the engine gives by default, code inside can pose as another container of the same network (forged ARP answers) and read its traffic.",
  countermeasure:
    "Drop the capability. ping works without it on kernels whose net.ipv4.ping_group_range covers the user, unless it is an old build that insists on a raw socket.",
  remediation: { run: "add --cap-drop NET_RAW", compose: "cap_drop: [NET_RAW]" },
  cis: ["5.4"],
  references: [man("capabilities.7"), man("packet.7")],
  examples: { bad: "docker run nginx", good: "docker run --cap-drop NET_RAW nginx" },
  judge: (container) => {
    if (isStopped(container)) return withoutKernel(container, "");
    const capabilities = capabilityFact(container);
    if (!capabilities.known) return unknown(capabilities.why);
    const { held, bounding } = capabilities.value;
    if (!bounding.has("CAP_NET_RAW")) return pass("does not have NET_RAW", [capabilities.seen]);
    if (!held.has("CAP_NET_RAW")) return pass("no process holds NET_RAW", [capabilities.seen]);
    if (!container.actual.ok) return unknown(container.actual.why);
    const { packetSockets, rawSockets } = container.actual.value;
    if (!packetSockets.ok) return unknown(packetSockets.why);
    if (!rawSockets.ok) return unknown(rawSockets.why);
    const sockets = [
      actual(procPath(container, "net/packet"), packetSockets.value),
      actual(procPath(container, "net/raw"), rawSockets.value),
    ];
    return packetSockets.value + rawSockets.value > 0
      ? pass("has NET_RAW, and such sockets are open in its network", sockets)
      : fail("holds NET_RAW, and has no packet or raw socket open", [capabilities.seen, ...sockets]);
  },
});
