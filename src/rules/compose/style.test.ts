import { describe, expect, it } from "vitest";
import { lint } from "./facts/testing.ts";
import habits from "./habits.ts";
import order from "./order.ts";
import quotes from "./quotes.ts";

describe("order", () => {
  it.each([
    ["SW-CMP-ORDER-TOP", "services: {}\nname: x\n", ["1 info the section services stands out of order"]],
    ["SW-CMP-ORDER-TOP", "x-b: 1\nname: x\nservices: {}\nnetworks: {}\nvolumes: {}\n", []],
    [
      "SW-CMP-ORDER-SERVICES",
      "services:\n  web: {image: a}\n  db: {image: a}\n",
      ["2 info the service web stands out of order"],
    ],
    ["SW-CMP-ORDER-SERVICES", "services:\n  a2: {image: a}\n  a10: {image: a}\n", []],
    [
      "SW-CMP-ORDER-KEYS",
      "services:\n  a:\n    ports: []\n    image: x\n",
      ["3 info a: ports stands out of order"],
    ],
    [
      "SW-CMP-ORDER-KEYS",
      "x: &x {ports: []}\nservices:\n  a:\n    <<: *x\n    image: x\n    zzz: 1\n    aaa: 1\n",
      [],
    ],
    [
      "SW-CMP-ORDER-DEPENDS",
      "services: {a: {depends_on: [c, b]}}",
      ["1 info a: c stands out of order in depends_on"],
    ],
    [
      "SW-CMP-ORDER-DEPENDS",
      "services: {a: {depends_on: {c: {}, b: {}}}}",
      ["1 info a: c stands out of order in depends_on"],
    ],
    ["SW-CMP-ORDER-DEPENDS", "services: {a: {depends_on: [b, c]}}", []],
    [
      "SW-CMP-ORDER-PORTS",
      "services: {a: {ports: ['8080:80', '443:443']}}",
      ["1 info a: ports stand out of order"],
    ],
    [
      "SW-CMP-ORDER-PORTS",
      "services: {a: {ports: ['443:443', '8080:80', {target: 1, published: 9000}]}}",
      [],
    ],
  ])("%s: %j", (id, text, found) => {
    expect(lint(order, id, text)).toEqual(found);
  });

  it("is a matter of style, and off unless everything is asked for", () => {
    for (const rule of [...order, ...quotes]) expect(rule.presets).toEqual({ recommended: "off" });
  });
});

it.each([
  [
    "SW-CMP-PORT-QUOTES",
    "services:\n  a:\n    ports: [22:22, '80:80', 5]\n    expose: [1]",
    [
      "3 info a: 22:22 in ports is written without quotes",
      "3 info a: 5 in ports is written without quotes",
      "4 info a: 1 in expose is written without quotes",
    ],
  ],
  [
    "SW-CMP-VOLUME-QUOTES",
    "services:\n  a:\n    volumes: ['a:/a', b:/b, '${X}:/c', 'd e:/d', \"~\"]",
    ["3 info a: the volume a:/a needs no quotes"],
  ],
])("%s", (id, text, found) => {
  expect(lint(quotes, id, text)).toEqual(found);
});

describe("habits", () => {
  it.each([
    ["SW-CMP-VERSION", 'version: "3"\nservices: {}', ["1 info version is obsolete and ignored"]],
    ["SW-CMP-VERSION", "services: {}", []],
    ["SW-CMP-PROJECT-NAME", "services: {}", ["1 info the project has no name"]],
    ["SW-CMP-PROJECT-NAME", "name: x\nservices: {}", []],
    ["SW-CMP-BUILD-AND-IMAGE", "services: {a: {image: x, build: .}}", ["1 info a has both image and build"]],
    ["SW-CMP-BUILD-AND-IMAGE", "services: {a: {image: x, build: ., pull_policy: build}}", []],
    [
      "SW-CMP-ONE-NETWORK",
      "services: {a: {image: x, ports: ['1:1']}, b: {image: x}, c: {image: x}}",
      ["1 low all 3 services share one network with a, which publishes ports"],
    ],
    [
      "SW-CMP-ONE-NETWORK",
      "services: {a: {image: x, ports: ['1:1']}, b: {image: x}, c: {image: x, networks: [n]}}",
      [],
    ],
    [
      "SW-CMP-VARIABLE-UNSET",
      "services:\n  a: {image: 'x:${T}', user: '${T}', hostname: '${H:?why}', domainname: '${D:-d}'}",
      ["2 info T is not set and has no default"],
    ],
  ])("%s: %j", (id, text, found) => {
    expect(lint(habits, id, text)).toEqual(found);
  });
});
