/**
 * Flags of dockerd that take no value when written bare (dockerd(8), and daemon/command/config*.go of moby up
 * to 29). All others take the next argument unless they are written `--name=value`.
 */
const SWITCHES = new Set([
  "allow-direct-routing",
  "cri-containerd",
  "debug",
  "disable-legacy-registry",
  "experimental",
  "help",
  "icc",
  "init",
  "ip-forward",
  "ip-forward-no-drop",
  "ip-masq",
  "ip6tables",
  "iptables",
  "ipv6",
  "live-restore",
  "no-new-privileges",
  "raw-logs",
  "restart",
  "rootless",
  "selinux-enabled",
  "tls",
  "tlsverify",
  "userland-proxy",
  "validate",
  "version",
]);

const SHORT = new Map([
  ["b", "bridge"],
  ["D", "debug"],
  ["G", "group"],
  ["g", "data-root"], // --graph, its name before 17.05
  ["H", "host"],
  ["h", "help"],
  ["l", "log-level"],
  ["p", "pidfile"],
  ["r", "restart"],
  ["s", "storage-driver"],
  ["v", "version"],
]);

/** Flags that may be given several times, by the key under which daemon.json has their list. */
const LISTS = new Map([
  ["allow-nondistributable-artifacts", "allow-nondistributable-artifacts"],
  ["authorization-plugin", "authorization-plugins"],
  ["cdi-spec-dir", "cdi-spec-dirs"],
  ["default-address-pool", "default-address-pools"],
  ["dns", "dns"],
  ["dns-opt", "dns-opts"],
  ["dns-search", "dns-search"],
  ["exec-opt", "exec-opts"],
  ["host", "hosts"],
  ["host-gateway-ip", "host-gateway-ips"],
  ["insecure-registry", "insecure-registries"],
  ["label", "labels"],
  ["node-generic-resource", "node-generic-resources"],
  ["registry-mirror", "registry-mirrors"],
  ["storage-opt", "storage-opts"],
]);

/** Flags of the form `name=value` that may be given several times, by the key of their map in daemon.json. */
const MAPS = new Map([
  ["add-runtime", "runtimes"],
  ["default-network-opt", "default-network-opts"],
  ["default-ulimit", "default-ulimits"],
  ["feature", "features"],
  ["log-opt", "log-opts"],
]);

const RENAMED = new Map([["graph", "data-root"]]);

/**
 * Reads the command line of dockerd into settings under their daemon.json names, in every form that its
 * parser takes (`--icc=false`, `--log-level debug`, `-l debug`, `-ldebug`, `-DH unix://…`). The config file is
 * an option like any other, null where it is not given. Switches become true or false, everything else stays
 * text.
 */
export function parseDaemonFlags(argv: readonly string[]): {
  flags: Record<string, unknown>;
  configFile: string | null;
} {
  const single = new Map<string, unknown>();
  const lists = new Map<string, string[]>();
  const maps = new Map<string, Map<string, unknown>>();
  let configFile: string | null = null;
  const set = (flag: string, value: string): void => {
    const name = RENAMED.get(flag) ?? flag;
    const list = LISTS.get(name);
    const map = MAPS.get(name);
    if (name === "config-file") configFile = value;
    else if (list !== undefined) {
      const values = lists.get(list);
      if (values === undefined) lists.set(list, [value]);
      else values.push(value);
    } else if (map !== undefined) {
      const equals = value.indexOf("=");
      const key = equals < 0 ? value : value.slice(0, equals);
      const rest = equals < 0 ? "" : value.slice(equals + 1);
      let shaped: unknown = rest;
      if (name === "add-runtime") shaped = { path: rest };
      else if (name === "feature") shaped = equals < 0 || isTrue(rest);
      maps.set(map, (maps.get(map) ?? new Map<string, unknown>()).set(key, shaped));
    } else single.set(name, SWITCHES.has(name) ? isTrue(value) : value);
  };

  for (let at = 1; at < argv.length; at += 1) {
    const argument = argv[at] as string;
    if (argument === "--") break;
    for (const { name, value } of split(argument)) {
      if (value !== undefined) set(name, value);
      else if (SWITCHES.has(name)) set(name, "true");
      else if (at + 1 < argv.length) {
        at += 1;
        set(name, argv[at] as string);
      }
    }
  }
  const flags = Object.fromEntries([
    ...single,
    ...lists,
    ...[...maps].map(([key, map]) => [key, Object.fromEntries(map)] as const),
  ]);
  return { flags, configFile };
}

/** The flags that one argument holds: none, one, or several short switches in a row. */
function split(argument: string): { name: string; value?: string }[] {
  const long = /^--([a-z0-9][a-z0-9-]*)(?:=(.*))?$/s.exec(argument);
  if (long?.[1] !== undefined) {
    return [long[2] === undefined ? { name: long[1] } : { name: long[1], value: long[2] }];
  }
  const found: { name: string; value?: string }[] = [];
  if (!/^-[A-Za-z]/.test(argument)) return found;
  for (let at = 1; at < argument.length; at += 1) {
    const name = SHORT.get(argument.charAt(at));
    if (name === undefined) break;
    const rest = argument.slice(at + 1);
    if (rest.startsWith("=") || (rest !== "" && !SWITCHES.has(name))) {
      found.push({ name, value: rest.replace(/^=/, "") });
      break;
    }
    found.push({ name });
  }
  return found;
}

// The words of Go's strconv.ParseBool; with any other the daemon does not start.
function isTrue(value: string): boolean {
  return /^(?:1|t|T|TRUE|true|True)$/.test(value);
}
