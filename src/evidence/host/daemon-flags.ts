/**
 * Flags of dockerd that take no value when written bare (dockerd(8)). All others take the next argument
 * unless they are written `--name=value`.
 */
const SWITCHES = new Set([
  "allow-direct-routing",
  "debug",
  "experimental",
  "init",
  "ip-forward",
  "ip-forward-no-drop",
  "ip-masq",
  "ip6tables",
  "iptables",
  "icc",
  "ipv6",
  "live-restore",
  "no-new-privileges",
  "raw-logs",
  "rootless",
  "selinux-enabled",
  "tls",
  "tlsverify",
  "userland-proxy",
  "validate",
  "version",
]);

const SHORT: Record<string, string> = {
  D: "debug",
  H: "host",
  l: "log-level",
  b: "bridge",
  G: "group",
  v: "version",
  s: "storage-driver",
  p: "pidfile",
};

/** Flags that may be given several times; daemon.json spells their lists in the plural. */
const LISTS: Record<string, string> = {
  host: "hosts",
  "insecure-registry": "insecure-registries",
  "registry-mirror": "registry-mirrors",
  "authorization-plugin": "authorization-plugins",
  "storage-opt": "storage-opts",
  "exec-opt": "exec-opts",
  label: "labels",
  dns: "dns",
  "add-runtime": "add-runtime",
};
const MAPS: Record<string, string> = { "log-opt": "log-opts", "default-ulimit": "default-ulimits" };

const DEFAULT_CONFIG = "/etc/docker/daemon.json";

/**
 * Reads the command line of dockerd into settings under their daemon.json names, in both forms
 * (`--icc=false`, `--log-level debug`). The config file is an option like any other, in both forms.
 */
export function parseDaemonFlags(argv: readonly string[]): {
  flags: Record<string, unknown>;
  configFile: string;
} {
  const flags: Record<string, unknown> = {};
  let configFile = DEFAULT_CONFIG;
  const set = (name: string, value: string): void => {
    if (name === "config-file") configFile = value;
    else if (LISTS[name] !== undefined) {
      const key = LISTS[name];
      flags[key] = [...((flags[key] as string[] | undefined) ?? []), value];
    } else if (MAPS[name] !== undefined) {
      const key = MAPS[name];
      const [option, ...rest] = value.split("=");
      flags[key] = { ...(flags[key] as object | undefined), [option as string]: rest.join("=") };
    } else flags[name] = isSwitch(name) ? value !== "false" && value !== "0" : value;
  };
  for (let at = 1; at < argv.length; at += 1) {
    const argument = argv[at] as string;
    const long = /^--([a-z0-9][a-z0-9-]*)(?:=(.*))?$/s.exec(argument);
    const short = /^-([A-Za-z])(?:=?(.+))?$/s.exec(argument);
    const name = long?.[1] ?? (short?.[1] === undefined ? undefined : SHORT[short[1]]);
    if (name === undefined) continue;
    const inline = long === null ? short?.[2] : long[2];
    if (inline !== undefined) set(name, inline);
    else if (isSwitch(name)) set(name, "true");
    else if (at + 1 < argv.length) {
      at += 1;
      set(name, argv[at] as string);
    }
  }
  return { flags, configFile };
}

function isSwitch(name: string): boolean {
  return SWITCHES.has(name);
}
