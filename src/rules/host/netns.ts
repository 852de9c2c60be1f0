import { actual, fail, man, notApplicable, pass, type Rule, rule, unknown } from "../rule.ts";

const SHOWN = 5;
// Kept by the engine itself: the host's own, and those of swarm networks (libnetwork, namespace_linux.go,
// drivers/overlay: `1-<network>`, `lb_<network>`, `ingress_sbox`).
const ENGINE_OWNED = /^\/run\/docker\/netns\/(?:default$|ingress_sbox$|lb_|\d+-)/;

export default rule({
  id: "SW-HOST-NETNS-ORPHAN",
  subject: "host",
  title: "Network namespaces are left over",
  severity: "low",
  risk: "A namespace without a container still has its addresses, routes and tunnels. Nothing lists what runs in it: processes in it reach the networks of containers unseen, and leftovers keep addresses from being used again.",
  countermeasure:
    "Look who is in it before removing it. Network plugins and VPNs keep namespaces of their own on purpose (ip netns list shows their names).",
  remediation: {
    host: "nsenter --net=PATH ss -tunap; then ip netns delete NAME for those in /run/netns, umount PATH and rm PATH for those in /run/docker/netns",
  },
  references: [man("ip-netns.8"), man("network_namespaces.7")],
  examples: {
    bad: "ls /run/docker/netns\n5c1f0e8d2a11\ndocker ps -q\n",
    good: "ls /run/docker/netns\n5c1f0e8d2a11\ndocker inspect --format '{{.NetworkSettings.SandboxKey}}' web\n/var/run/docker/netns/5c1f0e8d2a11",
  },
  judge: (host, { evidence }) => {
    if (!host.netns.ok) return unknown(host.netns.why);
    const kept = host.netns.value.filter(({ path }) => !ENGINE_OWNED.test(path));
    if (kept.length === 0) return notApplicable("no network namespace is kept by name");
    const used = new Set<number | undefined>([host.namespaces.net]);
    const unread: string[] = [];
    for (const { actual: kernel, name, state } of evidence.containers) {
      if (kernel.ok) {
        used.add(kernel.value.namespaces.net);
        for (const { namespaces } of kernel.value.processes) used.add(namespaces.net);
      } else if (state === "running" || state === "paused") unread.push(name);
    }
    for (const { daemon } of evidence.engines) if (daemon.ok) used.add(daemon.value.namespaces.net);
    const orphans = kept.filter(({ inode }) => !used.has(inode));
    if (orphans.length === 0) {
      return pass("every network namespace belongs to a container or an engine", [
        actual("/run/netns, /run/docker/netns", `${kept.length} namespaces`),
      ]);
    }
    // The namespace may be that of a container that could not be looked into.
    if (unread.length > 0) {
      return unknown(
        `the network namespace of ${unread.slice(0, SHOWN).join(", ")} could not be read; run as root`,
      );
    }
    const names = orphans.slice(0, SHOWN).map(({ path }) => path);
    const more = orphans.length > SHOWN ? ` and ${orphans.length - SHOWN} more` : "";
    return fail(
      `no container is in ${names.join(", ")}${more}`,
      orphans.slice(0, SHOWN).map(({ path, inode }) => actual(path, `net:[${inode}]`)),
    );
  },
}) satisfies Rule<"host">;
