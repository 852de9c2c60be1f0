import { describe, expect, it } from "vitest";
import authOff from "./auth-off.ts";
import carriers from "./carriers.ts";
import engineTcp from "./engine-tcp.ts";
import { lint } from "./facts/testing.ts";
import hooks from "./hooks.ts";
import image from "./image.ts";
import remote from "./remote.ts";
import secrets from "./secrets.ts";
import traps from "./traps.ts";
import volumes from "./volumes.ts";

const service = (settings: string, rest = ""): string => `services:\n  a: {image: x:1, ${settings}}\n${rest}`;

describe("images", () => {
  const of = (id: string, name: string, more = ""): string[] =>
    lint(image, id, `services: {a: {image: '${name}'${more}}}`);

  it.each([
    ["nginx", ["1 medium a runs nginx without a tag, which is latest"]],
    ["nginx:latest", ["1 medium a runs nginx:latest, a tag that moves"]],
    ["reg.example:5000/a", ["1 medium a runs reg.example:5000/a without a tag, which is latest"]],
    ["a:stable", ["1 low a runs a:stable, a tag that moves"]],
    ["a:${T:-latest}", ["1 medium a runs a:latest, a tag that moves"]],
    ["nginx:1.29", []],
    [`nginx@sha256:${"a".repeat(64)}`, []],
    ["a:${T}", []],
    [`sha256:${"a".repeat(64)}`, []],
  ])("%s", (name, found) => {
    expect(of("SW-CMP-IMAGE-TAG", name)).toEqual(found);
  });

  it("leaves what the project builds alone", () => {
    expect(lint(image, "SW-CMP-IMAGE-TAG", "services: {a: {image: app, build: .}, b: {image: app}}")).toEqual(
      [],
    );
  });

  it("wants digests where everything is asked for, and registries where they are listed", () => {
    expect(image.find(({ id }) => id === "SW-CMP-IMAGE-DIGEST")?.presets).toEqual({ recommended: "off" });
    expect(of("SW-CMP-IMAGE-DIGEST", "nginx:1")).toEqual(["1 low a runs nginx:1, which has no digest"]);
    expect(of("SW-CMP-IMAGE-DIGEST", `nginx:1@sha256:${"a".repeat(64)}`)).toEqual([]);
    const settings = { trustedRegistries: ["docker.io/library"] };
    expect(
      lint(image, "SW-CMP-IMAGE-REGISTRY", service("").replace("x:1", "evil/x:1"), { settings }),
    ).toHaveLength(1);
    expect(lint(image, "SW-CMP-IMAGE-REGISTRY", service(""), { settings })).toEqual([]);
    expect(lint(image, "SW-CMP-IMAGE-REGISTRY", service(""))).toEqual([]);
  });
});

describe("hooks", () => {
  it("must not be privileged, nor root where the service is not", () => {
    const text = service(
      "user: '5', post_start: [{command: a}, {command: b, privileged: true, user: root}], pre_stop: [{command: c, privileged: 'yes'}]",
    );
    expect(lint(hooks, "SW-CMP-HOOK-PRIVILEGED", text)).toEqual([
      "2 high a runs its post_start hook privileged",
      "2 high a runs its pre_stop hook privileged",
    ]);
    expect(lint(hooks, "SW-CMP-HOOK-ROOT", text)).toEqual([
      "2 low a runs as 5, but its post_start hook as root",
    ]);
    expect(lint(hooks, "SW-CMP-HOOK-ROOT", service("post_start: [{command: b, user: root}]"))).toEqual([]);
  });
});

describe("secrets", () => {
  it.each([
    ["build: {context: ., args: {NPM_TOKEN: '${NPM_TOKEN}'}}", 1],
    ["build: {context: ., args: ['DB_PASSWORD=abcdefgh']}", 1],
    ["build: {context: ., args: {NPM_TOKEN: }}", 1],
    ["build: {context: ., args: {VERSION: '1', KEY_FILE: /x}}", 0],
  ])("in build arguments: %s", (settings, count) => {
    expect(lint(secrets, "SW-CMP-BUILD-SECRET", service(settings))).toHaveLength(count);
  });

  it.each([
    ["command: redis-server --requirepass hunter2", "2 high a has a secret in its command (--requirepass)"],
    ["command: [app, --db-password=hunter2]", "2 high a has a secret in its command (--db-password)"],
    [
      "command: app postgres://u:hunter2@db/x",
      "2 high a has a secret in its command (a URL with a password)",
    ],
    [
      "healthcheck: {test: mysqladmin ping --password=hunter2}",
      "2 high a has a secret in its healthcheck (--password)",
    ],
    [
      "entrypoint: ['sh', '-c', 'API_TOKEN=hunter2hunter2 app']",
      "2 high a has a secret in its entrypoint (API_TOKEN)",
    ],
  ])("in commands: %s", (settings, found) => {
    const all = lint(secrets, "SW-CMP-COMMAND-SECRET", service(settings));
    expect(all).toEqual([found]);
    expect(all.join("")).not.toContain("hunter2");
  });

  it.each([
    "command: redis-server --requirepass $$REDIS_PASSWORD",
    "command: 'app --password=${PASSWORD}'",
    "command: app --password-file /run/secrets/x",
    "command: app --token /run/secrets/x --verbose",
    "command: sh -c 'mysql -p$$PW'",
    "healthcheck: {test: [CMD, pg_isready, -U, postgres]}",
  ])("is content with %s", (settings) => {
    expect(lint(secrets, "SW-CMP-COMMAND-SECRET", service(settings))).toEqual([]);
  });

  it("in configs", () => {
    const text =
      "services: {}\nconfigs:\n  a: {content: 'token=ghp_abcdefghijklmnopqrstuvwxyz012345'}\n  b: {content: 'a: b'}\n  c: {content: '${TOKEN}'}";
    expect(lint(secrets, "SW-CMP-CONFIG-SECRET", text)).toEqual([
      "3 high the config a holds a credential (github)",
    ]);
  });

  it("in files of variables", () => {
    const others = { "db.env": "POSTGRES_PASSWORD=hunter2\nTZ=UTC\n", "b.env": "TZ=UTC" };
    expect(
      lint(secrets, "SW-CMP-ENV-FILE-SECRET", service("env_file: [db.env, b.env, gone.env]"), { others }),
    ).toEqual(["2 medium a gets secrets into its environment from db.env: POSTGRES_PASSWORD"]);
  });

  it("by variables, where everything is asked for", () => {
    expect(
      lint(
        secrets,
        "SW-CMP-ENV-SECRET",
        service(
          "environment: {DB_PASSWORD: '${P}', TOKEN: , A_PASSWORD_FILE: '${F}', KEY_PASSWORD: literal}",
        ),
      ),
    ).toEqual(["2 low a gets DB_PASSWORD into its environment", "2 low a gets TOKEN into its environment"]);
  });
});

describe("open doors", () => {
  it.each([
    ["{POSTGRES_HOST_AUTH_METHOD: trust}", 1],
    ["[MYSQL_ALLOW_EMPTY_PASSWORD=yes]", 1],
    ["{xpack.security.enabled: 'false'}", 1],
    ["{DOCKER_TLS_CERTDIR: ''}", 1],
    ["{POSTGRES_HOST_AUTH_METHOD: scram-sha-256}", 0],
    ["{ALLOW_EMPTY_PASSWORD: 'no', DOCKER_TLS_CERTDIR: }", 0],
    ["{ALLOW_EMPTY_PASSWORD: '${X}'}", 0],
  ])("%s", (environment, count) => {
    expect(lint(authOff, "SW-CMP-AUTH-OFF", service(`environment: ${environment}`))).toHaveLength(count);
  });

  it.each([
    [
      "environment: {DOCKER_HOST: 'tcp://10.0.0.5:2375'}",
      ["2 high a talks to the engine at tcp://10.0.0.5:2375 without TLS"],
    ],
    ["environment: {DOCKER_HOST: 'tcp://10.0.0.5:2376'}", []],
    ["environment: {DOCKER_HOST: 'tcp://h:5', DOCKER_TLS_VERIFY: 1}", []],
    ["environment: {DOCKER_HOST: 'tcp://filter:2375'}", []],
    ["environment: {DOCKER_HOST: 'ssh://h'}", []],
    ["ports: ['2375:2375']", ["2 high a publishes 2375, the port of an engine's API without TLS"]],
    [
      "ports: ['127.0.0.1:1:2375']",
      ["2 medium a publishes 2375, the port of an engine's API without TLS, on this host"],
    ],
  ])("engine: %s", (settings, found) => {
    expect(lint(engineTcp, "SW-CMP-ENGINE-TCP", service(settings, "  filter: {image: f:1}\n"))).toEqual(
      found,
    );
  });

  it.each([
    ["build: https://example.com/a.git", 1],
    ["build: 'https://example.com/a.git#main'", 1],
    [`build: 'https://example.com/a.git#${"a".repeat(40)}'`, 0],
    [`build: {context: ., additional_contexts: {b: 'docker-image://x@sha256:${"b".repeat(64)}'}}`, 0],
    ["build: {context: ., additional_contexts: [b=docker-image://alpine]}", 1],
    ["build: ./a", 0],
  ])("elsewhere: %s", (settings, count) => {
    expect(lint(remote, "SW-CMP-REMOTE", service(settings))).toHaveLength(count);
  });

  it("elsewhere, on the way open to everybody", () => {
    expect(lint(remote, "SW-CMP-REMOTE", "include: ['http://u:p@x/y.git#main']\nservices: {}")).toEqual([
      "1 high includes http://x/y.git#main, which anybody on the way may change, without a commit or digest",
    ]);
  });
});

describe("traps", () => {
  it("tells what privileged undoes", () => {
    const id = "SW-CMP-PRIVILEGED-TRAP";
    expect(
      lint(traps, id, service("privileged: true, cap_drop: [ALL], security_opt: ['seccomp:p.json']")),
    ).toEqual(["2 medium a: cap_drop and security_opt have no effect beside privileged: true"]);
    expect(lint(traps, id, service("privileged: true, security_opt: ['seccomp:unconfined']"))).toEqual([]);
    expect(lint(traps, id, service("privileged: false, cap_drop: [ALL]"))).toEqual([]);
  });

  it("tells what does not reach a user", () => {
    const id = "SW-CMP-CAP-USELESS";
    expect(lint(traps, id, service("user: '5', cap_add: [net_admin, SYS_TIME]"))).toEqual([
      "2 low a runs as 5, whom NET_ADMIN and SYS_TIME in cap_add does not reach",
    ]);
    expect(lint(traps, id, service("user: root, cap_add: [NET_ADMIN]"))).toEqual([]);
    expect(lint(traps, id, service("cap_add: [NET_ADMIN]"))).toEqual([]);
  });
});

describe("volumes", () => {
  it.each([
    ["/home:/h:Z", 1],
    ["/etc/x:/h:z", 1],
    ["~:/h:z", 1],
    ["/srv/app:/h:Z", 0],
    ["./data:/h:Z", 0],
    ["/home:/h", 0],
  ])("labels: %s", (volume, count) => {
    expect(lint(volumes, "SW-CMP-RELABEL", service(`volumes: ['${volume}']`))).toHaveLength(count);
  });

  it("tells who writes together", () => {
    const text =
      "services:\n  a: {image: x, volumes: ['dd:/d']}\n  b: {image: x, volumes: ['dd:/d']}\n  c: {image: x, volumes: ['dd:/d:ro', './e:/e']}";
    expect(lint(volumes, "SW-CMP-VOLUME-SHARED", text)).toEqual([
      "3 low a and b may all write the volume dd",
    ]);
  });

  it("wants a size for each tmpfs", () => {
    expect(
      lint(
        volumes,
        "SW-CMP-TMPFS-SIZE",
        service("tmpfs: [/a, '/b:size=1m'], volumes: [{type: tmpfs, target: /c}]"),
      ),
    ).toEqual(["2 low a mounts a tmpfs without size at /a", "2 low a mounts a tmpfs without size at /c"]);
  });
});

describe("carriers", () => {
  it.each([
    ["SW-CMP-PROVIDER", "provider: {type: x}", ["2 low a is run by the program x on the host"]],
    ["SW-CMP-PROVIDER", "provider: {type: model}", []],
    ["SW-CMP-GPU", "gpus: all", ["2 low a may use all graphics cards"]],
    [
      "SW-CMP-GPU",
      "deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}",
      ["2 low a may use graphics cards"],
    ],
    [
      "SW-CMP-CREDENTIAL-SPEC",
      "credential_spec: {file: x.json}",
      ["2 low a acts as an account of the domain (credential_spec)"],
    ],
    ["SW-CMP-MODEL", "models: [m, n]", ["2 info a is given the endpoint of m and n"]],
    ["SW-CMP-IPC-SHAREABLE", "ipc: shareable", ["2 low a lets other containers join its shared memory"]],
    ["SW-CMP-IPC-SHAREABLE", "ipc: private", []],
    ["SW-CMP-GPU", "cpus: 1", []],
  ])("%s: %s", (id, settings, found) => {
    expect(lint(carriers, id, service(settings))).toEqual(found);
  });
});
