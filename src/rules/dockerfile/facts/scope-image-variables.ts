import type { Dockerfile, ImageReference, Stage } from "#model/evidence/dockerfile.ts";
import { fullName, isScratch } from "./image-names.ts";

/** How much is known of the variables that a base image sets. */
export type ImageVariables =
  /** It sets PATH at most, as the builder does where an image does not. */
  | "path"
  /** It sets variables of a language or a service, or nobody knows. */
  | "some";

// Images of plain distributions, whose configuration sets nothing but PATH (docker image inspect, Config.Env).
const PLAIN =
  /^docker\.io\/library\/(?:alpine|busybox|debian|ubuntu|centos|rockylinux|almalinux|amazonlinux|oraclelinux|photon|alt|clearlinux|mageia|sl|cirros|buildpack-deps|nanoserver)$/;

// Variables that images of languages and services set: what they hold, and where it lies.
const COMMON =
  /^(?:PATH|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|DEBIAN_FRONTEND|GPG_KEYS?|GOPATH|GOROOT|GOBIN|GOTOOLCHAIN|GOCACHE|GOPROXY|CARGO_HOME|RUSTUP_HOME|PGDATA|PG_[A-Z]+|GOSU_\w+|PHPIZE_DEPS|PHP_\w+|PYTHON\w*|PIP_\w+|NODE_\w+|NPM_\w+|YARN_\w+|RUBY\w*|GEM_HOME|BUNDLE_\w+|JAVA_\w+|JDK_\w+|MAVEN_\w+|GRADLE_\w+|CATALINA_\w+|TOMCAT_\w+|JETTY_\w+|NGINX_\w+|NJS_\w+|PKG_RELEASE|DYNPKG_RELEASE|HTTPD_\w+|APACHE_\w+|REDIS_\w+|MYSQL_\w+|MARIADB_\w+|MONGO_\w+|DOTNET_\w+|ASPNET\w*|NUGET_\w+|POWERSHELL_\w+|CONDA_\w+|CUDA_\w+|NV_\w+|NVIDIA_\w+|LD_LIBRARY_PATH|LIBRARY_PATH|ERLANG_\w+|OTP_\w+|ELIXIR_\w+|SWIFT_\w+|DART_SDK|FLUTTER_\w+|[A-Z]+(?:_[A-Z]+)*_(?:VERSION|HOME|SHA256|SHA512|MAJOR|ROOT|DIR))$/;

/** What is known of the variables of the image that a stage stands on in the end. */
export function imageVariables({ stages }: Dockerfile, stage: Stage): ImageVariables {
  const image = lowestImage(stages, stage);
  if (image === null || image.unresolved) return "some";
  return isScratch(image) || PLAIN.test(fullName(image)) ? "path" : "some";
}

/** Whether a base image of that kind may well set a variable. */
export function imageMaySet(kind: ImageVariables, name: string): boolean {
  return name === "PATH" || (kind === "some" && COMMON.test(name));
}

function lowestImage(stages: readonly Stage[], stage: Stage): ImageReference | null {
  let at: Stage | undefined = stage;
  // A stage builds on one before it, so this ends.
  while (at !== undefined && at.base !== null && at.base < at.index) at = stages[at.base];
  return at?.image ?? null;
}
