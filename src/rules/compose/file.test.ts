import { describe, expect, it } from "vitest";
import buildRules from "./build.ts";
import conflicts from "./conflicts.ts";
import duplicatePorts from "./duplicate-ports.ts";
import { lint } from "./facts/testing.ts";
import fileProblems from "./file-problems.ts";
import references from "./references.ts";
import serviceNames from "./service-names.ts";

describe("problems of the file", () => {
  it.each([
    [
      "SW-CMP-YAML",
      "services:\n  a: {image: x}\n  a: {image: y}",
      "3 high the key a stands here a second time",
    ],
    [
      "SW-CMP-KEY",
      "services:\n  a: {image: x, prots: []}",
      "2 medium prots in services.a is no key that Compose knows; did you mean ports?",
    ],
    [
      "SW-CMP-VALUE",
      "services:\n  a: {image: x, user: 5}",
      "2 medium services.a.user must be a text, and 5 is a number to YAML: write it in quotes",
    ],
    [
      "SW-CMP-VARIABLE",
      "services:\n  a:\n    image: x${A/b}",
      "3 medium ${A/b} is none of the forms that Compose knows (:-, -, :?, ?, :+, +)",
    ],
    [
      "SW-CMP-UNREAD",
      "services: {a: {image: x}}\ninclude: [gone.yaml]",
      "2 unknown gone.yaml could not be read, so what it brings is not judged",
    ],
  ])("%s", (id, text, found) => {
    expect(lint(fileProblems, id, text)).toEqual([found]);
  });

  it("says nothing of a good file", () => {
    for (const { id } of fileProblems)
      expect(lint(fileProblems, id, "services: {a: {image: x}}")).toEqual([]);
  });
});

describe("SW-CMP-REFERENCE", () => {
  const judge = (text: string, others = {}): string[] =>
    lint(references, "SW-CMP-REFERENCE", text, { others });

  it.each([
    ["networks: [n]", "network n (networks)"],
    ["networks: {n: }", "network n (networks)"],
    ["volumes: ['vol:/v']", "volume vol (volumes)"],
    ["secrets: [s]", "secret s (secrets)"],
    ["secrets: [{source: s}]", "secret s (secrets)"],
    ["configs: [c]", "config c (configs)"],
    ["depends_on: [db]", "service db (depends_on)"],
    ["links: ['db:x']", "service db (links)"],
    ["volumes_from: ['db:ro']", "service db (volumes_from)"],
    ["network_mode: service:db", "service db (network_mode)"],
    ["models: [m]", "model m (models)"],
    ["build: {context: ., secrets: [s]}", "secret s (build.secrets)"],
  ])("%s", (settings, what) => {
    expect(judge(`services: {a: {image: x, ${settings}}}`)).toEqual([
      `1 medium a names the ${what}, which is declared nowhere`,
    ]);
  });

  it.each([
    "services: {a: {image: x, networks: [default, n], volumes: ['v:/v', ./x:/x, /y]}}\nnetworks: {n: }\nvolumes: {v: }",
    "services: {a: {image: x, volumes_from: ['container:other'], network_mode: 'container:z'}}",
    "services: {a: {image: x, volumes: ['${V}:/v']}}",
  ])("is content with %j", (text) => {
    expect(judge(text)).toEqual([]);
  });

  it("knows the services of included files, and asks for no more than it has read", () => {
    const others = { "i.yaml": "services: {db: {image: y}}" };
    expect(
      judge("include: [i.yaml]\nservices: {a: {image: x, depends_on: [db, no], networks: [n]}}", others),
    ).toEqual(["2 medium a names the service no (depends_on), which is declared nowhere"]);
    expect(judge("include: [gone.yaml]\nservices: {a: {image: x, depends_on: [db]}}")).toEqual([]);
  });

  it("leaves files alone that are laid over others", () => {
    const text = "services: {a: {image: x, depends_on: [db]}}";
    expect(lint(references, "SW-CMP-REFERENCE", text, { path: "compose.prod.yaml" })).toEqual([]);
  });
});

describe("SW-CMP-CYCLE", () => {
  const judge = (text: string): string[] => lint(references, "SW-CMP-CYCLE", text);

  it("tells each circle once", () => {
    expect(
      judge(
        "services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, depends_on: {c: {condition: service_started}}}\n  c: {image: x, depends_on: [b, d]}\n  d: {image: x}",
      ),
    ).toEqual(["3 medium these wait for each other: b → c → b"]);
  });

  it("takes a long way without a circle for none", () => {
    const text = `services: {${Array.from({ length: 3000 }, (_, i) => `s${i}: {image: x, depends_on: [s${i + 1}, s${i + 2}]}`).join(", ")}}`;
    expect(judge(text)).toEqual([]);
  });

  it("notices a service that waits for itself", () => {
    expect(judge("services: {a: {image: x, depends_on: [a]}}")).toEqual([
      "1 medium these wait for each other: a → a",
    ]);
  });
});

describe("SW-CMP-CONFLICT", () => {
  it.each([
    ["network_mode: host, networks: [n]", "a: network_mode: host excludes networks"],
    [
      "network_mode: host, ports: ['1:1']",
      "a: ports are ignored with network_mode: host, where every port is open already",
    ],
    ["uts: host, hostname: h", "a: hostname excludes uts: host, which takes the host's own"],
    [
      "build: {dockerfile: a, dockerfile_inline: FROM x}",
      "a: build.dockerfile excludes build.dockerfile_inline",
    ],
    ["scale: 2, container_name: c", "a: container_name allows one container, and 2 are asked for"],
    ["deploy: {replicas: 3}, ports: ['80:80']", "a: 3 containers cannot share one port of the host"],
    [
      "mem_limit: 1g, deploy: {resources: {limits: {memory: 2g}}}",
      "a: mem_limit is 1g, and deploy.resources.limits.memory is 2g",
    ],
    ["volumes: ['./a:/x', './b:/x/']", "a: two volumes are mounted at /x"],
  ])("%s", (settings, message) => {
    expect(lint(conflicts, "SW-CMP-CONFLICT", `services: {a: {image: x, ${settings}}}`)).toEqual([
      `1 medium ${message}`,
    ]);
  });

  it.each([
    "mem_limit: 1g, deploy: {resources: {limits: {memory: 1024m}}}",
    "scale: 3, ports: ['80', '6000-6010:81']",
    "mem_limit: '${M}', deploy: {resources: {limits: {memory: 2g}}}",
  ])("is content with %s", (settings) => {
    expect(lint(conflicts, "SW-CMP-CONFLICT", `services: {a: {image: x, ${settings}}}`)).toEqual([]);
  });

  it("wants one source for secrets and configs", () => {
    const text =
      "services: {}\nsecrets:\n  a: {file: x, environment: Y}\n  b: {}\n  c: {external: true}\n  d: {name: n}\nconfigs: {e: {content: x}}";
    expect(lint(conflicts, "SW-CMP-CONFLICT", text)).toEqual([
      "3 medium the secret a has more than one source: file and environment",
      "4 medium the secret b has no source: neither file, environment nor external",
      "6 medium the secret d has no source: neither file, environment nor external",
    ]);
  });
});

describe("names", () => {
  it("wants an image or a build", () => {
    const text =
      "services:\n  a: {ports: []}\n  b: {build: .}\n  c: {provider: {type: x}}\n  d: {extends: {file: g, service: h}}";
    expect(lint(serviceNames, "SW-CMP-NO-IMAGE", text)).toEqual([
      "2 medium a has neither an image nor a build",
    ]);
    expect(lint(serviceNames, "SW-CMP-NO-IMAGE", text, { path: "compose.dev.yml" })).toEqual([]);
  });

  it("wants names that the engine takes, each once", () => {
    const text =
      "services:\n  a: {image: x, container_name: a@b}\n  b: {image: x, container_name: same}\n  c: {image: x, container_name: same}\n  d: {image: x, container_name: '${N}'}\n  e: {image: x, container_name: '${N}'}";
    expect(lint(serviceNames, "SW-CMP-NAME", text)).toEqual([
      "2 medium a has the container name a@b, which the engine refuses",
    ]);
    expect(lint(serviceNames, "SW-CMP-NAME-DUPLICATE", text)).toEqual([
      "4 medium c has the container name same, which b has as well",
    ]);
  });
});

describe("SW-CMP-PORT-DUPLICATE", () => {
  const judge = (...ports: string[]): string[] =>
    lint(
      duplicatePorts,
      "SW-CMP-PORT-DUPLICATE",
      `services:\n${ports.map((each, i) => `  s${i}: {image: x, ports: [${each}]}`).join("\n")}`,
    );

  it.each([
    [['"80:80"', '"80:81"'], ["3 medium s1 publishes port 80 of the host, as s0 does"]],
    [['"127.0.0.1:80:80"', '"80:81"'], ["3 medium s1 publishes port 80 of the host, as s0 does"]],
    [['"8000-8010:1000-1010"', '"8005:1"'], ["3 medium s1 publishes port 8005 of the host, as s0 does"]],
    [['"80:80", "80:81"'], ["2 medium s0 publishes port 80 of the host twice"]],
    [['"80:80"', '"80:80/udp"'], []],
    [['"127.0.0.1:80:80"', '"127.0.0.2:80:80"'], []],
    [['"80"', '"80"'], []],
    [['"8000-8010:80"', '"8000-8010:80"'], []],
    [['"${P}:80"', '"${P}:80"'], []],
  ])("%j", (ports, found) => {
    expect(judge(...ports)).toEqual(found);
  });

  it("lets services of different profiles have the same port", () => {
    const text =
      "services: {a: {image: x, profiles: [p], ports: ['80:80']}, b: {image: x, profiles: [q], ports: ['80:80']}}";
    expect(lint(duplicatePorts, "SW-CMP-PORT-DUPLICATE", text)).toEqual([]);
  });
});

describe("builds", () => {
  it.each([
    ["SW-CMP-BUILD-PRIVILEGED", "privileged: true", ["1 high a is built with all privileges"]],
    [
      "SW-CMP-BUILD-ENTITLEMENT",
      "entitlements: [security.insecure, network.host]",
      [
        "1 high a is built with the entitlement security.insecure",
        "1 medium a is built with the entitlement network.host",
      ],
    ],
    ["SW-CMP-BUILD-NETWORK-HOST", "network: host", ["1 medium a is built in the host's network"]],
    ["SW-CMP-BUILD-SSH", "ssh: [default, key=./id]", ["1 low a lends the SSH agent to its build (default)"]],
    ["SW-CMP-BUILD-SSH", "ssh: default", ["1 low a lends the SSH agent to its build (default)"]],
    ["SW-CMP-BUILD-SSH", "ssh: {key: ./id}", []],
    ["SW-CMP-BUILD-PRIVILEGED", "privileged: false", []],
    ["SW-CMP-BUILD-NETWORK-HOST", "network: none", []],
    ["SW-CMP-BUILD-ENTITLEMENT", "target: x", []],
  ])("%s: %s", (id, settings, found) => {
    expect(lint(buildRules, id, `services: {a: {build: {context: ., ${settings}}}}`)).toEqual(found);
  });
});
