import { describe, expect, it } from "vitest";
import { composeFile } from "../testing.ts";
import { nearest } from "./nearest.ts";
import { SERVICE } from "./service.ts";

const problems = (text: string) =>
  composeFile(text).problems.map(({ kind, message }) => `${kind}: ${message}`);
const service = (settings: string) => problems(`services: {web: {image: a, ${settings}}}`);

describe("validate", () => {
  it("knows every setting of a service", () => {
    expect(Object.keys(SERVICE).length).toBeGreaterThanOrEqual(92);
  });

  it("is content with all forms of all kinds of things", () => {
    expect(
      problems(`
name: p
x-anything: {goes: [here]}
include: [a.yaml, {path: [b.yaml], env_file: .env, project_directory: .}]
services:
  web:
    x-mine: 1
    image: nginx
    build: {context: ., args: [A=1], ssh: [default], tags: [a], ulimits: {nofile: {soft: 1, hard: 2}}, secrets: [s]}
    ports: [80, "81:81", {target: 82, published: "83", mode: host, name: x}]
    environment: {A: 1, B: true, C: , D: x}
    env_file: [a.env, {path: b.env, required: false, format: raw}]
    networks: {n: , m: {aliases: [x], priority: 1}}
    depends_on: {db: {condition: service_healthy, restart: true, required: false}}
    volumes: [a:/a, {type: bind, source: ., target: /b, bind: {selinux: z}}, {type: tmpfs, target: /c, tmpfs: {size: 1m}}]
    deploy: {resources: {limits: {cpus: "0.5", memory: 50M, pids: 1}}, restart_policy: {condition: any}}
    healthcheck: {test: curl, interval: 1s, retries: 3, disable: false}
    logging: {driver: json-file, options: {max-size: 1m, max-file: 3}}
    develop: {watch: [{path: ., action: sync, target: /x}]}
    gpus: all
    ulimits: {nproc: 5}
    cpus: 0.5
    mem_limit: 50m
    tmpfs: /run
    privileged: "true"
    read_only: \${RO}
    user: "\${UID}:\${GID}"
    command:
    extra_hosts: [a=b]
    post_start: [{command: x, privileged: true, user: root}]
    models: {m: {endpoint_var: A, model_var: B}}
    provider: {type: x, options: {a: [1, 2], b: c}}
networks: {n: {driver: bridge, ipam: {config: [{subnet: 10.0.0.0/8}]}, external: {name: x}}, m: }
volumes: {a: {driver_opts: {type: none, o: bind, device: /x}}}
secrets: {s: {file: ./s}}
configs: {c: {content: x}}
models: {m: {model: ai/x, runtime_flags: [a]}}
`).filter((message) => !message.startsWith("unread")),
    ).toEqual([]);
  });

  it.each([
    ["enviroment: {A: 1}", "did you mean environment?"],
    ["env: {A: 1}", "did you mean environment?"],
    ["readonly: true", "did you mean read_only?"],
    ["cap_dorp: [ALL]", "did you mean cap_drop?"],
    ["dockerfile: x", "it belongs at build.dockerfile"],
    ["zzz: 1", "zzz in services.web is no key that Compose knows"],
    ["deploy: {resources: {limit: {memory: 1m}}}", "did you mean limits?"],
    ["ports: '80:80'", "services.web.ports is a single value, but must be a list"],
    ["environment: x", "must be a list or a mapping"],
    ["healthcheck: [CMD]", "is a list, but must be a mapping"],
    ["user: 1000", "must be a text, and 1000 is a number"],
    ["container_name: true", "is true or false to YAML"],
    ["cgroup: hosts", "must be one of host, private"],
    ["privileged: maybe", "must be true or false"],
    ["volumes: [{source: a, target: /a}]", "lacks type"],
    ["command: [sleep, 10]", "must be a text"],
  ])("%s: %s", (settings, message) => {
    expect(service(settings).join("; ")).toContain(message);
  });

  it.each([
    ["image: a", "image at the top is no key that Compose knows; it belongs to a service"],
    ["service: {}", "did you mean services?"],
    ["services: []", "services is a list, but must be a mapping"],
    ["version: 3.8\nservices: {}", "version must be a text"],
    ["- a", "a mapping with services"],
  ])("%s: %s", (text, message) => {
    expect(problems(text).join("; ")).toContain(message);
  });

  it("tells of an anchor once, however often it is used", () => {
    expect(
      problems("x-a: &a {imag: b}\nservices: {a: {<<: *a, image: c}, b: {<<: *a, image: c}}"),
    ).toHaveLength(1);
  });

  it("knows no key of the prototype", () => {
    expect(service("constructor: 1")).toHaveLength(1);
    expect(service("toString: 1")).toHaveLength(1);
  });

  it("has an end", () => {
    const text = `services: {web: {${Array.from({ length: 5000 }, (_, i) => `key${i}: 1`).join(", ")}}}`;
    expect(problems(text).length).toBeLessThanOrEqual(50);
  });
});

it.each([
  ["imgae", "image"],
  ["prots", "ports"],
  ["volums", "volumes"],
  ["Environment", "environment"],
])("takes %s for %s", (word, meant) => {
  expect(nearest(word, Object.keys(SERVICE))).toBe(meant);
});

it.each(["x", "something", "a".repeat(5000)])("takes %s for nothing", (word) => {
  expect(nearest(word, Object.keys(SERVICE))).toBeNull();
});
