import { at, textOf } from "#evidence/compose/tree.ts";
import { alphabetical, portOrder, sectionOrder, serviceKeyOrder } from "#rules/compose/facts/order.ts";
import { addKeys, addTo, type Builder, drop, dropItems, fixOf } from "./change.ts";
import { bindToLoopback } from "./port-fixes.ts";
import { reorderList, reorderMap } from "./reorder.ts";
import {
  build,
  dropCapabilities,
  entitlement,
  healthcheck,
  hook,
  logging,
  noNewPrivileges,
  readOnlyRoot,
  restart,
  sysctl,
} from "./setting-fixes.ts";
import { portQuotes, suggestion, version, volumeQuotes } from "./style-fixes.ts";
import { privateMount, readOnlyMount, sizedTmpfs, socket, tightTmpfs, withoutLabel } from "./volume-fixes.ts";

const optionItem = (pattern: RegExp): Builder =>
  dropItems(
    "security_opt",
    (item) => pattern.test(textOf(item)),
    (item) => `Remove ${textOf(item)}`,
  );

/** How the findings of each rule are mended in a Compose file. A rule that is not here has no fix: a person must choose. */
export const BUILDERS: Readonly<Record<string, Builder>> = {
  "SW-CTR-NNP": noNewPrivileges,
  "SW-CTR-CAP-DEFAULT": addTo("cap_drop", "ALL", "unsafe"),
  "SW-CTR-CAP-DANGEROUS": dropCapabilities,
  "SW-CTR-ROOTFS-WRITABLE": readOnlyRoot,
  "SW-CTR-PIDS": addKeys("Set pids_limit: 200", "unsafe", { pids_limit: "200" }),
  "SW-CTR-PRIVILEGED": drop("unsafe", "privileged"),
  "SW-CTR-PID-HOST": drop("unsafe", "pid"),
  "SW-CTR-NET-HOST": drop("unsafe", "network_mode"),
  "SW-CTR-IPC-HOST": drop("unsafe", "ipc"),
  "SW-CTR-UTS-HOST": drop("unsafe", "uts"),
  "SW-CTR-CGROUPNS-HOST": drop("unsafe", "cgroup"),
  "SW-CTR-USERNS-HOST": drop("unsafe", "userns_mode"),
  "SW-CTR-CGROUP": drop("unsafe", "cgroup_parent"),
  "SW-CTR-BRIDGE-DEFAULT": drop("unsafe", "network_mode"),
  "SW-CTR-OOM": drop("unsafe", "oom_kill_disable", "oom_score_adj"),
  "SW-CTR-LINKS": drop("unsafe", "links", "external_links"),
  "SW-CTR-SECCOMP-OFF": optionItem(/^seccomp[=:]unconfined$/),
  "SW-CTR-APPARMOR": optionItem(/^apparmor[=:]unconfined$/),
  "SW-CTR-SELINUX": optionItem(/^label[=:]disable$/),
  "SW-CTR-MASKS": optionItem(/^systempaths[=:]unconfined$/),
  "SW-CTR-ENGINE-SOCKET": socket,
  "SW-CTR-MOUNT-SENSITIVE": readOnlyMount,
  "SW-CTR-MOUNT-PROPAGATION": privateMount,
  "SW-CTR-TMPFS-FLAGS": tightTmpfs,
  "SW-CTR-PORT-WILDCARD": bindToLoopback,
  "SW-CTR-RESTART": restart,
  "SW-CTR-LOG": logging,
  "SW-CTR-HEALTH": healthcheck,
  "SW-CTR-SYSCTL": sysctl,
  "SW-CMP-VERSION": version,
  "SW-CMP-KEY": suggestion,
  "SW-CMP-VALUE": suggestion,
  "SW-CMP-HOOK-PRIVILEGED": hook("privileged"),
  "SW-CMP-HOOK-ROOT": hook("user"),
  "SW-CMP-BUILD-PRIVILEGED": build("privileged"),
  "SW-CMP-BUILD-NETWORK-HOST": build("network"),
  "SW-CMP-BUILD-ENTITLEMENT": entitlement,
  "SW-CMP-PRIVILEGED-TRAP": drop("unsafe", "privileged"),
  "SW-CMP-CAP-USELESS": drop("unsafe", "cap_add"),
  "SW-CMP-IPC-SHAREABLE": drop("unsafe", "ipc"),
  "SW-CMP-RELABEL": withoutLabel,
  "SW-CMP-TMPFS-SIZE": sizedTmpfs,
  "SW-CMP-PORT-QUOTES": portQuotes,
  "SW-CMP-VOLUME-QUOTES": volumeQuotes,
  "SW-CMP-ORDER-TOP": ({ file, layout }) =>
    file.written === null
      ? []
      : fixOf("Order the sections", "safe", reorderMap(file.written, sectionOrder, layout)),
  "SW-CMP-ORDER-SERVICES": ({ file, layout }) => {
    const services = at(file.written, "services");
    return services?.kind === "map"
      ? fixOf("Order the services", "safe", reorderMap(services, alphabetical, layout), services)
      : [];
  },
  "SW-CMP-ORDER-KEYS": ({ written, layout, service }) =>
    written === null
      ? []
      : fixOf(
          `Order the keys of ${service?.name ?? ""}`,
          "safe",
          reorderMap(written, serviceKeyOrder, layout),
          written,
        ),
  "SW-CMP-ORDER-DEPENDS": ({ written, layout }) => {
    const node = at(written, "depends_on");
    if (node?.kind === "map")
      return fixOf("Order depends_on", "safe", reorderMap(node, alphabetical, layout), node);
    if (node?.kind !== "list") return [];
    const names = node.items.map(textOf);
    const positions = alphabetical(names).map((name) => names.indexOf(name));
    return fixOf("Order depends_on", "safe", reorderList(node, positions, layout), node);
  },
  "SW-CMP-ORDER-PORTS": ({ written, layout }) => {
    const node = at(written, "ports");
    return node?.kind === "list"
      ? fixOf("Order the ports", "safe", reorderList(node, portOrder(node.items), layout), node)
      : [];
  },
};
