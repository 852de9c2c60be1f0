import {
  any,
  either,
  flag,
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
import { SERVICE } from "./service.ts";

const external = either(flag, map({ name: text }));

/** The top of a Compose file (compose-spec, 02-model.md to 09-secrets.md, 14-include.md, models.md). */
export const PROJECT: Shape = map({
  // Obsolete, and only a text is taken.
  version: text,
  name: text,
  include: list(either(text, map({ path: textOrTexts, env_file: textOrTexts, project_directory: text }))),
  services: named(map(SERVICE)),
  networks: named(
    map({
      name: text,
      driver: text,
      driver_opts: named(any),
      attachable: flag,
      enable_ipv4: flag,
      enable_ipv6: flag,
      external,
      internal: flag,
      ipam: map({
        driver: text,
        config: list(map({ subnet: text, ip_range: text, gateway: text, aux_addresses: named(text) })),
        options: named(any),
      }),
      labels: pairs,
    }),
  ),
  volumes: named(map({ name: text, driver: text, driver_opts: named(any), external, labels: pairs })),
  configs: named(
    map({
      name: text,
      file: text,
      environment: text,
      content: text,
      external,
      labels: pairs,
      template_driver: text,
    }),
  ),
  secrets: named(
    map({
      name: text,
      file: text,
      environment: text,
      external,
      labels: pairs,
      driver: text,
      driver_opts: named(any),
      template_driver: text,
    }),
  ),
  models: named(map({ name: text, model: text, context_size: number, runtime_flags: texts }, "model")),
});

/**
 * Keys that people write where Compose has another one, beyond slips of the keyboard: names of older versions,
 * of `docker run`, and keys that stand one level too high.
 */
export const MISTAKEN: Readonly<Record<string, string>> = {
  env: "environment",
  env_vars: "environment",
  envs: "environment",
  port: "ports",
  volume: "volumes",
  network: "networks",
  cmd: "command",
  net: "network_mode",
  memory: "mem_limit",
  memory_limit: "mem_limit",
  memswap: "memswap_limit",
  cpu: "cpus",
  depends: "depends_on",
  security_opts: "security_opt",
  workdir: "working_dir",
  working_directory: "working_dir",
  readonly: "read_only",
  health_check: "healthcheck",
  log_driver: "logging.driver",
  log_opt: "logging.options",
  dockerfile: "build.dockerfile",
  context: "build.context",
  args: "build.args",
  target: "build.target",
  resources: "deploy.resources",
  limits: "deploy.resources.limits",
  replicas: "deploy.replicas",
  restart_policy: "deploy.restart_policy",
  cap_adds: "cap_add",
  userns: "userns_mode",
  cpuset_cpus: "cpuset",
  links_to: "links",
};
