import type { ImageReference } from "#model/evidence/dockerfile.ts";

/** The registry that the engine takes where an image names none. */
export const DEFAULT_REGISTRY = "docker.io";

/** True for the empty image. */
export function isScratch(image: Pick<ImageReference, "text"> | null): boolean {
  return image?.text === "scratch";
}

/**
 * Full name of an image without tag and digest: `docker.io/library/nginx` (distribution/reference, normalize.go).
 */
export function fullName({ registry, repository }: Pick<ImageReference, "registry" | "repository">): string {
  if (registry !== "" && registry !== "index.docker.io") return `${registry}/${repository}`;
  return `${DEFAULT_REGISTRY}/${repository.includes("/") ? repository : `library/${repository}`}`;
}

/** How an image starts its program, as far as it is known by its name. */
export type StartUser =
  /** As a user of its own. */
  | "user"
  /** As root, and its entrypoint gives that up before the service runs. */
  | "steps-down"
  /** As root. */
  | "root";

// Images whose Dockerfile names a user in its last stage, so that Config.User is set. What is not here is not known.
const WITH_USER: readonly RegExp[] = [
  /(?:^|[/_-])(?:unprivileged|rootless|non-?root)(?:$|[/_-])/,
  /^docker\.io\/(?:(?:bitnami|bitnamilegacy|bitnamisecure)\/(?!minideb$)|(?:jupyter|selenium|cimg|circleci)\/)/,
  /^docker\.io\/library\/(?:haproxy|memcached|solr|sonarqube|varnish|elasticsearch|kibana|logstash)$/,
  /^docker\.io\/(?:jenkins\/jenkins|grafana\/(?:grafana(?:-oss|-enterprise)?|loki|tempo|mimir)|prom\/(?:prometheus|node-exporter|alertmanager|pushgateway)|apache\/airflow|apache\/superset|curlimages\/curl|nginxinc\/nginx-unprivileged)$/,
  /^cgr\.dev\/chainguard\/(?!wolfi-base$|chainguard-base$)/,
  /^(?:docker\.elastic\.co\/(?:elasticsearch|kibana|logstash)|quay\.io\/keycloak|quay\.io\/jupyter|ghcr\.io\/puppeteer)\//,
  /^registry\.(?:access\.)?redhat\.(?:com|io)\/ubi\d+\/(?:nodejs|python|ruby|php|perl|nginx|httpd|openjdk|go-toolset)/,
  /^mcr\.microsoft\.com\/mssql\/server$/,
];
// The `gosu`, `su-exec` or `setpriv` of their entrypoints needs the root that they start as.
const STEPS_DOWN = official(
  "postgres mysql mariadb percona mongo redis valkey rabbitmq cassandra couchdb ghost neo4j influxdb telegraf zookeeper crate",
);
const AS_ROOT = official(
  "alpine debian ubuntu fedora centos rockylinux almalinux amazonlinux oraclelinux photon busybox archlinux buildpack-deps node python golang ruby php perl rust gcc swift elixir erlang haskell julia r-base openjdk eclipse-temurin amazoncorretto sapmachine ibm-semeru-runtimes maven tomcat jetty nginx httpd caddy traefik bash docker registry wordpress drupal composer pypy clojure mono",
);

function official(names: string): ReadonlySet<string> {
  return new Set(names.split(" ").map((name) => `${DEFAULT_REGISTRY}/library/${name}`));
}

/**
 * As whom the containers of an image start if nothing says otherwise; null where its name does not tell.
 * Tags count where they say it: `:nonroot`, `:8.0-noble-chiseled`.
 */
export function startUser(image: ImageReference): StartUser | null {
  if (isScratch(image)) return "root";
  const name = fullName(image);
  const tag = image.tag ?? "";
  if (/(?:^|[._-])(?:non-?root|unprivileged|rootless)(?:$|[._-])/i.test(tag)) return "user";
  if (/(?:^|-)chiseled(?:$|-)/.test(tag) && name.startsWith("mcr.microsoft.com/dotnet/")) return "user";
  if (STEPS_DOWN.has(name)) return "steps-down";
  if (AS_ROOT.has(name)) return "root";
  if (WITH_USER.some((pattern) => pattern.test(name))) return "user";
  return name.startsWith("gcr.io/distroless/") ? "root" : null;
}
