import fc from "fast-check";
import { expect, it } from "vitest";
import { readCompose } from "./read.ts";
import { composeFile } from "./testing.ts";

it("reads the variables of env files without their values", () => {
  const file = composeFile(
    "services: {db: {image: a, env_file: [db.env, {path: gone.env, required: false}]}}",
    { "db.env": "PASSWORD=hunter2\nEMPTY\n" },
  );
  expect(file.envFiles).toMatchObject([
    { service: "db", path: "db.env", variables: [{ name: "PASSWORD", shape: "text", length: 7 }] },
    { service: "db", path: "gone.env", variables: null },
  ]);
  expect(JSON.stringify(file.envFiles)).not.toContain("hunter2");
});

it.each([
  "",
  "\n",
  "null",
  "5",
  "[]",
  "services:",
  "services:\n  web:",
  "services: {web: [1], db: {}}",
  "---\n...\n",
  "\uFEFFservices: {a: {image: b}}",
])("reads %j", (text) => {
  expect(composeFile(text).path).toBe("compose.yaml");
});

it("never throws, and stays within this file with every range", () => {
  const seeds = [
    "services:\n  web:\n    <<: *x\n    image: nginx:${T:-1}\n    ports: ['80:80', {target: 1}]\n",
    "x: &x\n  volumes: [/a:/b:ro, {type: bind}]\n  build: {context: ., dockerfile_inline: |\n  FROM a\n}\n",
    "include: [a]\nnetworks: {n: {external: true}}\nsecrets: {s: {file: x}}\n",
    "  deploy:\n    resources:\n      limits: {memory: 5m}\n    replicas: 3\n",
    "    extends: {file: a.yaml, service: b}\n    environment:\n      - A=${B:?c}\n      - C\n",
  ];
  const text = fc
    .array(fc.tuple(fc.constantFrom(...seeds), fc.nat(60), fc.nat(60)), { maxLength: 6 })
    .map((parts) =>
      parts
        .map(([seed, from, length]) => seed.slice(from % seed.length, (from % seed.length) + length + 5))
        .join(""),
    );
  fc.assert(
    fc.property(text, (source) => {
      const { file } = readCompose({
        path: "c.yaml",
        text: source,
        readFile: (path) => (path === "a.yaml" ? source : null),
      });
      for (const { range } of [...file.problems, ...file.builds]) {
        expect(range.start).toBeLessThanOrEqual(range.end);
        expect(range.end).toBeLessThanOrEqual(source.length);
      }
      for (const { declaredIn } of file.services) {
        for (const place of Object.values(declaredIn?.places ?? {})) {
          expect(place.end).toBeLessThanOrEqual(source.length);
        }
      }
    }),
    { numRuns: 100 },
  );
});

it("reads a large file in time that grows with its length", () => {
  const service = (i: number): string =>
    `  s${i}:\n    image: a:1\n    ports: ["${i % 60000}:80"]\n    depends_on: [s${i + 1}]\n`;
  const text = `services:\n${Array.from({ length: 1000 }, (_, i) => service(i)).join("")}`;
  const start = performance.now();
  expect(composeFile(text).services).toHaveLength(1000);
  expect(performance.now() - start).toBeLessThan(15_000);
});
