import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { composeFile } from "#evidence/compose/testing.ts";
import type { ComposeFile } from "#model/evidence/compose.ts";
import { DEFAULT_SETTINGS } from "#model/settings.ts";
import { applyEdits } from "#model/text-edits.ts";
import { type JudgeContext, presetSeverity, type Rule } from "#rules/rule.ts";
import { contextOf, evidence } from "#rules/testing.ts";
import { composeFixes } from "./fixes.ts";
import { BUILDERS } from "./table.ts";

const folder = join(import.meta.dirname, "../../rules");
const paths = ["compose", "container"].flatMap((kind) =>
  readdirSync(join(folder, kind))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => join(folder, kind, name)),
);
const modules = await Promise.all(
  paths.map((path) => import(/* @vite-ignore */ path) as Promise<{ default?: Rule | Rule[] }>),
);
const RULES = modules.flatMap((module) => (module.default === undefined ? [] : [module.default].flat()));

interface Found {
  ruleId: string;
  key: string;
  service: string | null;
}

function judge(file: ComposeFile, preset: "recommended" | "strict"): Found[] {
  const context: JudgeContext = contextOf(evidence({ host: null, engines: [] }), {
    settings: { ...DEFAULT_SETTINGS, preset },
  });
  const on = RULES.filter((rule) => presetSeverity(rule, preset) !== "off");
  const judged = (rule: Rule, subject: unknown, service: string | null): Found[] =>
    [rule.judge(subject as never, context)]
      .flat()
      .filter(({ verdict }) => verdict === "fail")
      .map(({ key = "" }) => ({ ruleId: rule.id, key, service }));
  return on.flatMap((rule) =>
    (rule.subject as string) === "compose"
      ? judged(rule, file, null)
      : file.services.flatMap((container) => judged(rule, container, container.name)),
  );
}

/** Mends one finding after the other until none of those that are left has a fix. */
function mendAll(text: string, preset: "recommended" | "strict"): { text: string; used: Set<string> } {
  const used = new Set<string>();
  let current = text;
  let file = composeFile(current);
  let found = judge(file, preset);
  for (let round = 0; round < 200; round += 1) {
    const next = found
      .map((finding) => ({ finding, fix: composeFixes(file, finding, finding.service)[0] }))
      .find(({ fix }) => fix !== undefined);
    if (next?.fix === undefined) return { text: current, used };
    const { ruleId, key, service } = next.finding;
    const after = applyEdits(current, next.fix.edits);
    expect(after, ruleId).not.toBe(current);
    file = composeFile(after);
    found = judge(file, preset);
    const still = found.some(
      (each) => each.ruleId === ruleId && each.key === key && each.service === service,
    );
    expect(still, `${ruleId} ${key}\n${after}`).toBe(false);
    used.add(ruleId);
    current = after;
  }
  throw new Error(`no end:\n${current}`);
}

// Everything that a fix exists for, in one file.
const EVERYTHING = `version: "3"
volumes: {}
services:
  tool: {image: example.com/tool:1, privileged: true}
  web:
    ports:
      - 8080:80
      - target: 53
        protocol: udp
    image: example.com/web:1
    privileged: true
    cap_drop: [ALL]
    logging: {driver: none}
    restart: always
    hostnam: h
  api:
    image: example.com/api:1
    user: root
    cap_add:
      - SYS_ADMIN # why
      - CHOWN
    security_opt: ["seccomp:unconfined", apparmor:unconfined, label:disable, systempaths=unconfined]
    pid: host
    ipc: host
    uts: host
    cgroup: host
    userns_mode: host
    network_mode: host
    cgroup_parent: x
    oom_kill_disable: true
    oom_score_adj: -1
    use_api_socket: true
    volumes:
      - "/run/docker.sock:/s"
      - /usr:/u
      - '/mnt/x:/m:rshared'
      - "/home:/h:ro,Z"
    tmpfs: ["/t:exec"]
    healthcheck: {disable: true, interval: 5s}
    sysctls:
      kernel.panic: 1
      net.core.somaxconn: 5
    post_start:
      - command: x
        privileged: true
  db:
    build:
      context: .
      privileged: true
      network: host
      entitlements:
        - security.insecure
        - network.host
    user: "5"
    cap_add: [NET_ADMIN]
    ipc: shareable
    network_mode: bridge
    depends_on: [web, api]
    links:
      - web
    post_start: [{command: y, user: root}]
    container_name: 5
`;

describe("mending", () => {
  it.each([
    ["recommended", []],
    ["strict", Object.keys(BUILDERS)],
  ] as const)("mends what it finds, once and for all (%s)", (preset, all) => {
    const { text, used } = mendAll(EVERYTHING, preset);
    expect(composeFile(text).problems).toEqual([]);
    // A second run changes nothing.
    expect(mendAll(text, preset).text).toBe(text);
    expect(all.filter((id) => !used.has(id))).toEqual([]);
  });

  it("keeps every comment and every line that has nothing to do with it", () => {
    const text =
      "# top\nservices:\n  # the web\n  web:\n    image: example.com/web:1 # pinned\n    # ports\n    ports: ['127.0.0.1:80:80'] # local\n";
    const { text: after } = mendAll(text, "recommended");
    for (const line of text.split("\n")) expect(after.split("\n")).toContain(line);
  });
});
