/**
 * Options of `docker run` and `docker create` from Docker 20.10 (API 1.41) to 29, of `podman run` to 5.x and of
 * `nerdctl run` to 2.x: docker container run, podman-run(1), nerdctl's command reference. Options that only one of
 * them knows share the table, since none means something else elsewhere.
 */

/** Options that stand alone: `--rm`, `--rm=false`; a word behind them is no value. */
const FLAGS = new Set(
  `detach disable-content-trust env-host help http-proxy init insecure-registry interactive no-healthcheck no-hostname
   no-hosts oom-kill-disable passwd privileged publish-all quiet read-only read-only-tmpfs replace rm rmi rootfs
   sig-proxy tls-verify tty unsetenv-all use-api-socket`.split(/\s+/),
);

/** Options that take what follows as their value: `--user 1000`, `--user=1000`. */
const VALUES = new Set(
  `add-host annotation arch attach authfile blkio-weight blkio-weight-device cap-add cap-drop cdi-spec-dir cert-dir
   cgroup-conf cgroup-parent cgroupns cgroups chrootdirs cidfile conmon-pidfile cosign-certificate-identity
   cosign-certificate-identity-regexp cosign-certificate-oidc-issuer cosign-certificate-oidc-issuer-regexp cosign-key
   cpu-count cpu-percent cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems
   creds decryption-key detach-keys device device-cgroup-rule device-read-bps device-read-iops device-write-bps
   device-write-iops dns dns-option dns-search domainname entrypoint env env-file env-merge expose gidmap gpus
   group-add group-entry health-cmd health-interval health-log-destination health-max-log-count health-max-log-size
   health-on-failure health-retries health-start-interval health-start-period health-startup-cmd
   health-startup-interval health-startup-retries health-startup-success health-startup-timeout health-timeout
   hostname hosts-file hostuser image-volume init-binary init-ctr init-path io-maxbandwidth io-maxiops ip ip6 ipc
   ipfs-address isolation kernel-memory label label-file link link-local-ip log-driver log-opt mac-address memory
   memory-reservation memory-swap memory-swappiness mount name network network-alias oom-score-adj os passwd-entry
   personality pid pidfile pids-limit platform pod pod-id-file preserve-fd preserve-fds publish pull rdt-class requires
   restart retry retry-delay runtime sdnotify seccomp-policy secret security-opt shm-size shm-size-systemd
   signature-policy stop-signal stop-timeout storage-opt subgidname subuidname sysctl systemd timeout tmpfs tz uidmap
   ulimit umask unsetenv user userns uts variant verify volume volume-driver volumes-from workdir`.split(
    /\s+/,
  ),
);

/** Former and shortened names. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  net: "network",
  "net-alias": "network-alias",
  "dns-opt": "dns-option",
  "gpu-request": "gpus",
};

const LETTERS: Readonly<Record<string, string>> = {
  a: "attach",
  c: "cpu-shares",
  d: "detach",
  e: "env",
  h: "hostname",
  i: "interactive",
  l: "label",
  m: "memory",
  p: "publish",
  P: "publish-all",
  q: "quiet",
  t: "tty",
  u: "user",
  v: "volume",
  w: "workdir",
};

/** What is known of an option. */
export interface KnownOption {
  /** The long name in use today. */
  name: string;
  takesValue: boolean;
}

/** An option by its long name without dashes; null for one that no engine knows. */
export function optionNamed(name: string): KnownOption | null {
  const current = Object.hasOwn(OTHER_NAMES, name) ? (OTHER_NAMES[name] ?? name) : name;
  if (FLAGS.has(current)) return { name: current, takesValue: false };
  return VALUES.has(current) ? { name: current, takesValue: true } : null;
}

/** An option by its letter; null for one that no engine knows. */
export function optionLettered(letter: string): KnownOption | null {
  return Object.hasOwn(LETTERS, letter) ? optionNamed(LETTERS[letter] ?? "") : null;
}

/** Options before the subcommand (`docker -H ssh://x run`) that take the next word as their value. */
const GLOBAL_VALUES = new Set(
  `config context host log-level tlscacert tlscert tlskey connection url root runroot runtime runtime-flag
   storage-driver storage-opt cgroup-manager conmon events-backend hooks-dir identity imagestore module namespace
   network-cmd-path network-config-dir out ssh tmpdir volumepath cdi-spec-dir address snapshotter cni-path
   cni-netconfpath data-root hosts-dir host-gateway-ip bridge-ip userns-remap c H l n a`.split(/\s+/),
);

/** True if the next word is the value of this option before the subcommand: `-H`, `--context`. */
export function isGlobalWithValue(word: string): boolean {
  return !word.includes("=") && GLOBAL_VALUES.has(word.replace(/^--?/, ""));
}
