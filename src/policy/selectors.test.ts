import { describe, expect, it } from "vitest";
import type { Subject } from "#model/subject.ts";
import { exactness, matchesRule, matchesSubject } from "./selectors.ts";
import { container } from "./testing.ts";

const RULE = { ruleId: "SW-CTR-PID-HOST", aliases: ["cis-docker-1.8:5.16", "DL3008"] };

describe("rules", () => {
  it.each([
    ["SW-CTR-PID-HOST", 3],
    ["cis-docker-1.8:5.16", 2],
    ["DL3008", 2],
    ["SW-CTR-*", 1],
    ["cis-docker-1.8:5.*", 1],
    ["DL300?", 1],
    ["*", 1],
    ["sw-ctr-pid-host", 0],
    ["SW-CTR-PID", 0],
    ["cis-docker-1.8:5.1", 0],
    ["SW-HOST-*", 0],
  ])("%s names the rule with exactness %i", (pattern, expected) => {
    expect(exactness(pattern, RULE)).toBe(expected);
    expect(matchesRule(pattern, RULE)).toBe(expected > 0);
  });
});

describe("subjects", () => {
  const web = container("web-1", { labels: { team: "payments", "com.example.tier": "a=b" } });
  const image: Subject = { kind: "image", name: "nginx:1.25", id: "sha256:1", labels: { team: "web" } };
  const host: Subject = { kind: "host", name: "node-7", id: "node-7" };

  it.each<[string, Subject, boolean]>([
    ["web-*", web, true],
    ["web", web, false],
    ["*", host, true],
    ["container:web-*", web, true],
    ["container:*", image, false],
    ["host:*", host, true],
    ["host:*", web, false],
    ["nginx:1.25", image, true],
    ["nginx:1.25", web, false],
    ["image:nginx:*", image, true],
    ["image:nginx:*", web, true],
    ["image:redis:*", web, false],
    ["image:*", host, false],
    ["label:team=payments", web, true],
    ["label:team=pay*", web, true],
    ["label:team=", web, false],
    ["label:team", web, true],
    ["label:team", image, true],
    ["label:com.example.tier=a=?", web, true],
    ["label:owner", web, false],
    ["label:toString", web, false],
    ["label:team", host, false],
  ])("%s", (pattern, subject, expected) => {
    expect(matchesSubject(pattern, subject)).toBe(expected);
  });
});
