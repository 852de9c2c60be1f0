import { actual, fail, man, notApplicable, pass, rule, unknown } from "../rule.ts";
import { counted } from "./facts/amounts.ts";
import { capabilityFact } from "./facts/capabilities.ts";
import { namespaceSharing } from "./facts/namespaces.ts";
import { withoutKernel } from "./facts/state.ts";
import { procPath } from "./facts/witness.ts";

export default rule({
  id: "SW-CTR-SNIFFING",
  subject: "container",
  title: "Reads or forges packets",
  severity: "medium",
  risk: "A packet socket sees all traffic that reaches the container, and with forged ARP answers that of its neighbours as well. Few programs need one: packet capture, DHCP, some load balancers.",
  countermeasure:
    "Find out which program it is. If it is not meant to be there, drop NET_RAW and investigate.",
  remediation: { run: "add --cap-drop NET_RAW", compose: "cap_drop: [NET_RAW]" },
  references: [man("packet.7"), man("raw.7")],
  examples: {
    bad: "docker exec web tcpdump",
    good: "docker run --cap-drop NET_RAW IMAGE",
  },
  judge: (container, context) => {
    if (!container.actual.ok) return withoutKernel(container, container.actual.why);
    const sharing = namespaceSharing(container, "net", context);
    if (!sharing.known) return unknown(sharing.why);
    const { value: shared } = sharing;
    if (shared.with === "host" || shared.with === "daemon") {
      return notApplicable("it has no network of its own, and sockets there are those of the host");
    }
    const { packetSockets, rawSockets } = container.actual.value;
    if (!packetSockets.ok) return unknown(packetSockets.why);
    if (!rawSockets.ok) return unknown(rawSockets.why);
    const packet = actual(procPath(container, "net/packet"), packetSockets.value);
    const raw = actual(procPath(container, "net/raw"), rawSockets.value);
    const capabilities = capabilityFact(container);
    const mayOpen = !capabilities.known || capabilities.value.bounding.has("CAP_NET_RAW");
    if (shared.with === "containers" && !mayOpen) {
      return pass("cannot open packet sockets: those in its network belong to its neighbours", [
        packet,
        ...(capabilities.known ? [capabilities.seen] : []),
      ]);
    }
    const whose = shared.with === "containers" ? ", or a container that shares its network," : "";
    if (packetSockets.value > 0) {
      return fail(
        `it${whose} has ${counted(packetSockets.value, "packet socket", "packet sockets")} open, by which all traffic can be read`,
        [packet],
      );
    }
    if (rawSockets.value > 0) {
      return fail(
        `it${whose} has ${counted(rawSockets.value, "raw socket", "raw sockets")} open, by which packets can be forged`,
        [raw],
        { severity: "low" },
      );
    }
    return pass("has no packet or raw socket open", [packet, raw]);
  },
});
