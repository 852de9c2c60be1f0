import { describe, expect, it } from "vitest";
import type { ComposeFile, ComposeNode } from "#model/evidence/compose.ts";
import { readCompose } from "./read.ts";
import { composeFile } from "./testing.ts";
import { at, pairsOf, textOf, textsOf } from "./tree.ts";

const setting = (file: ComposeFile, service: string, ...keys: string[]): ComposeNode | undefined =>
  at(file.declared.find(({ name }) => name === service)?.settings, ...keys);

describe("overrides", () => {
  const base = `services:
  web:
    image: app:1
    command: [a]
    ports: ["80:80"]
    environment: {A: 1, B: 2}
    volumes: [data:/data, ./x:/x]
    logging: {driver: json-file, options: {max-size: 1m}}
    build: ./dir
    depends_on: [db]
    cap_add: [NET_ADMIN]
    healthcheck: {test: [CMD, a], interval: 5s}
    ulimits: {nofile: {soft: 1, hard: 2}}
`;
  const over = `services:
  web:
    command: [b]
    ports: ["81:81", "80:80"]
    environment: [B=3, C]
    volumes: ["other:/data:ro"]
    logging: {driver: syslog}
    build: {args: {X: 1}}
    depends_on: {cache: {condition: service_healthy}}
    cap_add: [NET_ADMIN, SYS_TIME]
    healthcheck: {test: [CMD, b]}
    ulimits: {nofile: 5}
    read_only:
  extra: {image: b:1}
`;
  const file = composeFile(base, { "compose.override.yaml": over });

  it("are merged by themselves, by the rules of the specification", () => {
    expect(file.overrides).toEqual(["compose.override.yaml"]);
    expect(textsOf(setting(file, "web", "command"))).toEqual(["b"]);
    expect(textsOf(setting(file, "web", "ports"))).toEqual(["80:80", "81:81"]);
    expect(
      pairsOf(setting(file, "web", "environment")).map(({ name, value }) => [name, textOf(value)]),
    ).toEqual([
      ["A", "1"],
      ["B", "3"],
      ["C", ""],
    ]);
    expect(textsOf(setting(file, "web", "volumes"))).toEqual(["other:/data:ro", "./x:/x"]);
    expect(setting(file, "web", "logging", "options")).toBeUndefined();
    expect(textOf(setting(file, "web", "build", "context"))).toBe("./dir");
    expect(textOf(setting(file, "web", "build", "args", "X"))).toBe("1");
    expect(setting(file, "web", "depends_on")).toMatchObject({ kind: "map" });
    expect(textsOf(setting(file, "web", "cap_add"))).toEqual(["NET_ADMIN", "SYS_TIME"]);
    expect(textsOf(setting(file, "web", "healthcheck", "test"))).toEqual(["CMD", "b"]);
    expect(textOf(setting(file, "web", "healthcheck", "interval"))).toBe("5s");
    expect(textOf(setting(file, "web", "ulimits", "nofile"))).toBe("5");
    expect(textOf(setting(file, "extra", "image"))).toBe("b:1");
  });

  it("reset and replace", () => {
    const changed = composeFile(base, {
      "compose.override.yaml":
        'services:\n  web:\n    ports: !override ["1:1"]\n    volumes: !reset []\n    environment: {A: !reset null}\n',
    });
    expect(textsOf(setting(changed, "web", "ports"))).toEqual(["1:1"]);
    expect(setting(changed, "web", "volumes")).toBeUndefined();
    expect(pairsOf(setting(changed, "web", "environment")).map(({ name }) => name)).toEqual(["B"]);
  });

  it("are those of the list, where one is given", () => {
    const { file: listed } = readCompose({
      path: "d/compose.yaml",
      text: base,
      overrides: ["d/prod.yaml", "d/gone.yaml"],
      readFile: (path) => (path === "d/prod.yaml" ? "services: {web: {user: app}}" : null),
    });
    expect(listed.overrides).toEqual(["d/prod.yaml"]);
    expect(textOf(setting(listed, "web", "user"))).toBe("app");
    expect(listed.problems).toContainEqual(expect.objectContaining({ kind: "unread", key: "d/gone.yaml" }));
  });

  it("name their file where they set something", () => {
    const set = composeFile("services:\n  web: {image: a}\n", {
      "compose.override.yaml": "services:\n  web:\n    privileged: true\n",
    });
    const [web] = set.services;
    expect(web?.declared).toMatchObject({ ok: true, value: { privileged: true } });
    const place = web?.declaredIn?.places["HostConfig.Privileged"];
    expect(place).toMatchObject({ field: "services.web.privileged (compose.override.yaml:3)" });
    expect(set.text.slice(place?.start, place?.end)).toBe("web");
  });
});

describe("extends", () => {
  it("takes a service of the same file, over several steps", () => {
    const file = composeFile(`services:
  base: {image: a, user: root, cap_drop: [ALL], environment: {A: 1}}
  mid: {extends: {service: base}, user: app}
  web: {extends: mid, environment: {B: 2}}
`);
    expect(textOf(setting(file, "web", "user"))).toBe("app");
    expect(textOf(setting(file, "web", "image"))).toBe("a");
    expect(pairsOf(setting(file, "web", "environment")).map(({ name }) => name)).toEqual(["A", "B"]);
    expect(setting(file, "web", "extends")).toBeUndefined();
  });

  it("takes a service of another file, whose paths are its own", () => {
    const file = composeFile("services: {web: {extends: {file: lib/common.yaml, service: app}}}", {
      "lib/common.yaml": "services: {app: {build: ./src, user: '5'}}",
    });
    expect(file.builds).toMatchObject([
      { service: "web", context: "lib/src", dockerfile: "lib/src/Dockerfile" },
    ]);
    expect(textOf(setting(file, "web", "user"))).toBe("5");
  });

  it.each([
    ["services: {a: {extends: b, image: x}, b: {extends: a}}", "circle"],
    ["services: {a: {extends: a, image: x}}", "circle"],
    ["services: {a: {extends: gone, image: x}}", "no such service"],
    ["services: {a: {extends: {file: gone.yaml, service: b}, image: x}}", "could not be read"],
  ])("%s: %s", (text, message) => {
    expect(
      composeFile(text)
        .problems.map((problem) => problem.message)
        .join("; "),
    ).toContain(message);
  });

  it("ends, however files extend each other", () => {
    const others = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [
        `f${i}.yaml`,
        `services: {s: {extends: {file: f${i + 1}.yaml, service: s}}}`,
      ]),
    );
    const file = composeFile("services: {s: {image: a, extends: {file: f0.yaml, service: s}}}", others);
    expect(textOf(setting(file, "s", "image"))).toBe("a");
  });
});

describe("includes and variables", () => {
  it("names what is included, and its services", () => {
    const file = composeFile(
      "include: [sub/compose.yaml, {path: [b.yaml]}, 'https://x/y.git']\nservices: {}",
      {
        "sub/compose.yaml": "services: {db: {image: a}}",
      },
    );
    expect(file.includes).toMatchObject([
      { path: "sub/compose.yaml", services: ["db"] },
      { path: "b.yaml", services: null },
      { path: "https://x/y.git", services: null },
    ]);
  });

  it("puts in what the environment says, then .env, then the default; and keeps what was written", () => {
    const text = "services: {a: {image: 'x:${T:-1}', user: '${U}', hostname: '${H:-h}'}}";
    const { file } = readCompose({
      path: "p/compose.yaml",
      text,
      env: { T: "9" },
      readFile: (path) => (path === "p/.env" ? "T=5\nU=7\n" : null),
    });
    expect(textOf(setting(file, "a", "image"))).toBe("x:9");
    expect(textOf(setting(file, "a", "user"))).toBe("7");
    expect(textOf(setting(file, "a", "hostname"))).toBe("h");
    expect(at(file.written, "services", "a", "image")).toMatchObject({ written: "x:${T:-1}" });
  });

  it("judges the same wherever it is judged", () => {
    const text = "services: {a: {image: x, volumes: ['$HOME/.ssh:/s', '~/.aws:/a', '$PWD/x:/x']}}";
    const { file } = readCompose({ path: "c.yaml", text, env: { HOME: "/root", PWD: "/etc" } });
    expect(file.services[0]?.declared).toMatchObject({
      value: { mounts: [{ source: "/home/$USER/.ssh" }, { source: "/home/$USER/.aws" }, { source: "./x" }] },
    });
  });

  it("takes no names from the prototype of anything", () => {
    const file = composeFile(
      "services: {constructor: {image: '${constructor}${__proto__}a'}, __proto__: {image: b}}",
    );
    expect(file.declared.map(({ name }) => name)).toEqual(["constructor", "__proto__"]);
    expect(textOf(setting(file, "constructor", "image"))).toBe("a");
  });
});
