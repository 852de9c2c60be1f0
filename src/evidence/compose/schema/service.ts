import {
  any,
  choice,
  either,
  flag,
  free,
  list,
  map,
  named,
  number,
  pairs,
  type Shape,
  text,
  texts,
  textOrTexts,
} from "./shape.ts";

/**
 * The settings of a service and their forms, written from the Compose Specification (05-services.md, build.md,
 * deploy.md, develop.md; state of 2026, with `models`, `provider`, `use_api_socket` and `pre_start`).
 */

const command = either(text, texts);
const mode = any;

const hook = map(
  {
    command,
    user: text,
    privileged: flag,
    working_dir: text,
    environment: pairs,
    // Of pre_start only, whose steps are containers of their own.
    image: text,
    per_replica: flag,
    volumes: free,
  },
  "command",
);

const mountedFiles = list(either(text, map({ source: text, target: text, uid: text, gid: text, mode })));

const ulimits = named(either(number, map({ soft: number, hard: number })));

const deviceRequests = list(
  map({ capabilities: texts, count: number, device_ids: texts, driver: text, options: pairs }),
);

const extraHosts = either(named(either(text, texts)), texts);

const updates = map({
  parallelism: number,
  delay: text,
  failure_action: choice("continue", "rollback", "pause"),
  monitor: text,
  max_failure_ratio: number,
  order: choice("start-first", "stop-first"),
});

/** `build` (build.md). */
const build = either(
  text,
  map({
    context: text,
    dockerfile: text,
    dockerfile_inline: text,
    entitlements: texts,
    args: pairs,
    ssh: either(text, pairs),
    labels: pairs,
    cache_from: texts,
    cache_to: texts,
    no_cache: flag,
    no_cache_filter: textOrTexts,
    additional_contexts: pairs,
    network: text,
    provenance: any,
    sbom: any,
    pull: flag,
    target: text,
    shm_size: number,
    extra_hosts: extraHosts,
    isolation: text,
    privileged: flag,
    secrets: mountedFiles,
    tags: texts,
    ulimits,
    platforms: texts,
  }),
);

/** `deploy` (deploy.md). */
const deploy = map({
  mode: choice("global", "replicated", "global-job", "replicated-job"),
  endpoint_mode: choice("vip", "dnsrr"),
  replicas: number,
  labels: pairs,
  rollback_config: updates,
  update_config: updates,
  resources: map({
    limits: map({ cpus: number, memory: any, pids: number }),
    reservations: map({
      cpus: number,
      memory: any,
      generic_resources: list(map({ discrete_resource_spec: map({ kind: text, value: number }) })),
      devices: deviceRequests,
    }),
  }),
  restart_policy: map({
    condition: choice("none", "on-failure", "any"),
    delay: text,
    max_attempts: number,
    window: text,
  }),
  placement: map({
    constraints: texts,
    preferences: list(map({ spread: text })),
    max_replicas_per_node: number,
  }),
});

const blockDevice = (amount: string): Shape => list(map({ path: text, [amount]: number }, "path"));

const volume = map(
  {
    type: choice("bind", "volume", "tmpfs", "cluster", "npipe", "image"),
    source: text,
    target: text,
    read_only: flag,
    consistency: text,
    bind: map({
      propagation: choice("private", "rprivate", "shared", "rshared", "slave", "rslave"),
      create_host_path: flag,
      recursive: choice("enabled", "disabled", "writable", "readonly"),
      selinux: choice("z", "Z"),
    }),
    volume: map({ labels: pairs, nocopy: flag, subpath: text }),
    tmpfs: map({ size: number, mode }),
    image: map({ subpath: text }),
  },
  "type",
);

export const SERVICE: Readonly<Record<string, Shape>> = {
  annotations: pairs,
  attach: flag,
  blkio_config: map({
    device_read_bps: blockDevice("rate"),
    device_read_iops: blockDevice("rate"),
    device_write_bps: blockDevice("rate"),
    device_write_iops: blockDevice("rate"),
    weight: number,
    weight_device: blockDevice("weight"),
  }),
  build,
  cap_add: texts,
  cap_drop: texts,
  cgroup: choice("host", "private"),
  cgroup_parent: text,
  command,
  configs: mountedFiles,
  container_name: text,
  cpu_count: number,
  cpu_percent: number,
  cpu_period: number,
  cpu_quota: number,
  cpu_rt_period: number,
  cpu_rt_runtime: number,
  cpu_shares: number,
  cpus: number,
  cpuset: text,
  credential_spec: map({ config: text, file: text, registry: text }),
  depends_on: either(
    texts,
    named(
      map({
        condition: choice("service_started", "service_healthy", "service_completed_successfully"),
        required: flag,
        restart: flag,
      }),
    ),
  ),
  deploy,
  develop: map({
    watch: list(
      map(
        {
          path: text,
          action: choice("rebuild", "restart", "sync", "sync+exec", "sync+restart"),
          target: text,
          ignore: textOrTexts,
          include: textOrTexts,
          initial_sync: flag,
          exec: hook,
        },
        "path",
        "action",
      ),
    ),
  }),
  device_cgroup_rules: texts,
  devices: list(either(text, map({ source: text, target: text, permissions: text }, "source"))),
  dns: textOrTexts,
  dns_opt: texts,
  dns_search: textOrTexts,
  domainname: text,
  entrypoint: command,
  env_file: either(text, list(either(text, map({ path: text, required: flag, format: text }, "path")))),
  environment: pairs,
  expose: list(any),
  extends: either(text, map({ service: text, file: text }, "service")),
  external_links: texts,
  extra_hosts: extraHosts,
  gpus: either(choice("all"), deviceRequests),
  group_add: list(any),
  healthcheck: map({
    test: either(text, texts),
    interval: text,
    timeout: text,
    retries: number,
    start_period: text,
    start_interval: text,
    disable: flag,
  }),
  hostname: text,
  image: text,
  init: flag,
  ipc: text,
  isolation: text,
  label_file: textOrTexts,
  labels: pairs,
  links: texts,
  logging: map({ driver: text, options: named(any) }),
  mac_address: text,
  mem_limit: number,
  mem_reservation: number,
  mem_swappiness: number,
  memswap_limit: number,
  models: either(texts, named(map({ endpoint_var: text, model_var: text }))),
  network_mode: text,
  networks: either(
    texts,
    named(
      map({
        aliases: texts,
        driver_opts: named(any),
        gw_priority: number,
        interface_name: text,
        ipv4_address: text,
        ipv6_address: text,
        link_local_ips: texts,
        mac_address: text,
        priority: number,
      }),
    ),
  ),
  oom_kill_disable: flag,
  oom_score_adj: number,
  pid: text,
  pids_limit: number,
  platform: text,
  ports: list(
    either(
      any,
      map({
        name: text,
        target: number,
        published: number,
        host_ip: text,
        protocol: text,
        app_protocol: text,
        mode: text,
      }),
    ),
  ),
  post_start: list(hook),
  pre_start: list(hook),
  pre_stop: list(hook),
  privileged: flag,
  profiles: texts,
  provider: map({ type: text, options: named(free) }, "type"),
  pull_policy: text,
  pull_refresh_after: text,
  read_only: flag,
  restart: text,
  runtime: text,
  scale: number,
  secrets: mountedFiles,
  security_opt: texts,
  shm_size: number,
  stdin_open: flag,
  stop_grace_period: text,
  stop_signal: text,
  storage_opt: named(any),
  sysctls: pairs,
  tmpfs: textOrTexts,
  tty: flag,
  ulimits,
  use_api_socket: flag,
  user: text,
  userns_mode: text,
  uts: text,
  volumes: list(either(text, volume)),
  volumes_from: texts,
  working_dir: text,
};
