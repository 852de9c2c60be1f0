import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { composeFile } from "#evidence/compose/testing.ts";
import type { ContainerEvidence } from "#model/evidence/container.ts";
import { DEFAULT_SETTINGS, type RuleSettings } from "#model/settings.ts";
import type { Judgement, Rule } from "../rule.ts";
import { contextOf, evidence } from "../testing.ts";

const modules = await Promise.all(
  readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => name.replace(/\.ts$/, ""))
    .map(
      (name) =>
        import(/* @vite-ignore */ `./${name}.ts`) as Promise<{
          default?: Rule<"container"> | Rule<"container">[];
        }>,
    ),
);
const RULES = modules.flatMap((module) => (module.default === undefined ? [] : [module.default].flat()));

function service(settings: string): ContainerEvidence {
  const [first] = composeFile(`services: {web: {image: example.com/app:1, ${settings}}}`).services;
  if (first === undefined) throw new Error("no service");
  return first;
}

interface Told extends Judgement {
  id: string;
}

/** What all rules on containers say of a service. */
function judge(settings: string, more: Partial<RuleSettings> = {}): Told[] {
  const context = contextOf(evidence({ host: null, engines: [] }), {
    settings: { ...DEFAULT_SETTINGS, ...more },
  });
  const container = service(settings);
  return RULES.flatMap((rule) =>
    [rule.judge(container, context)].flat().map((judgement) => ({
      ...judgement,
      id: rule.id,
      severity: judgement.severity ?? rule.severity,
    })),
  );
}

const failed = (told: readonly Told[]): string[] =>
  told.filter(({ verdict }) => verdict === "fail").map(({ id, severity }) => `${id} ${severity}`);

const HARDENED: Readonly<Record<string, string>> = {
  user: '"10001:10001"',
  read_only: "true",
  cap_drop: "[ALL]",
  security_opt: '["no-new-privileges:true"]',
  mem_limit: "64m",
  cpus: "0.5",
  pids_limit: "100",
  tmpfs: '["/tmp:size=16m"]',
  ports: '["127.0.0.1:8080:8080"]',
  restart: '"on-failure:5"',
  healthcheck: "{test: [CMD, /healthy]}",
  logging: "{driver: json-file, options: {max-size: 10m}}",
  networks: "{default: }",
};

/** The hardened settings without those that `settings` has for itself. */
function hardened(settings = ""): string {
  const names = new Set([...settings.matchAll(/(?:^|, )(\w+):/g)].map((match) => match[1]));
  if (names.has("network_mode")) for (const name of ["networks", "ports"]) names.add(name);
  const rest = Object.entries(HARDENED).filter(([name]) => !names.has(name));
  return [...rest.map(([name, value]) => `${name}: ${value}`), settings].join(", ");
}

describe("a container that is only declared", () => {
  it("has rules to be judged by", () => {
    expect(RULES.length).toBeGreaterThan(60);
  });

  it("is never unknown for want of a kernel", () => {
    const unknown = judge("user: '5'").filter(({ verdict }) => verdict === "unknown");
    expect(unknown.map(({ id, message }) => `${id} ${message}`)).toEqual([]);
  });

  it("is without a fault when it is hardened, also where everything is asked for", () => {
    expect(failed(judge(hardened()))).toEqual([]);
    expect(failed(judge(hardened(), { preset: "strict" }))).toEqual([]);
  });

  it("is told what it lacks, each thing once", () => {
    expect(failed(judge("user: '5'")).toSorted()).toEqual([
      "SW-CTR-CAP-DEFAULT low",
      "SW-CTR-CPU low",
      "SW-CTR-MEMORY medium",
      "SW-CTR-NNP medium",
      "SW-CTR-PIDS medium",
      "SW-CTR-ROOTFS-WRITABLE medium",
    ]);
  });

  it.each<[settings: string, ...failures: string[]]>([
    ["privileged: true", "SW-CTR-PRIVILEGED critical"],
    ["cap_add: [SYS_ADMIN], user: root", "SW-CTR-USER-ROOT high", "SW-CTR-CAP-DANGEROUS critical"],
    ["cap_add: [SYS_ADMIN]"],
    ["security_opt: ['no-new-privileges:true', 'seccomp:unconfined']", "SW-CTR-SECCOMP-OFF high"],
    [
      "security_opt: ['no-new-privileges:true', 'apparmor:unconfined', 'label:disable']",
      "SW-CTR-APPARMOR medium",
      "SW-CTR-SELINUX medium",
    ],
    ["security_opt: ['no-new-privileges:true', 'systempaths=unconfined']", "SW-CTR-MASKS high"],
    [
      "pid: host, ipc: host, uts: host, network_mode: host",
      "SW-CTR-IPC-HOST high",
      "SW-CTR-NET-HOST high",
      "SW-CTR-PID-HOST high",
      "SW-CTR-UTS-HOST medium",
    ],
    ["userns_mode: host, cgroup: host", "SW-CTR-CGROUPNS-HOST low", "SW-CTR-USERNS-HOST medium"],
    ["pid: 'service:db'", "SW-CTR-NAMESPACE-SHARED medium"],
    ["volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro']", "SW-CTR-ENGINE-SOCKET critical"],
    ["use_api_socket: true", "SW-CTR-ENGINE-SOCKET critical"],
    ["volumes: ['/etc:/e:ro']", "SW-CTR-MOUNT-SENSITIVE medium"],
    ["volumes: ['/etc:/e'], user: root", "SW-CTR-MOUNT-SENSITIVE critical", "SW-CTR-USER-ROOT high"],
    ["volumes: ['data:/d', './x:/x', '/anon', '${NONE}/etc:/y']"],
    ["volumes: ['/mnt/x:/x:rshared']", "SW-CTR-MOUNT-PROPAGATION medium"],
    ["devices: ['/dev/sda']", "SW-CTR-DEVICE critical"],
    ["devices: ['/dev/mem']", "SW-CTR-DEVICE critical"],
    ["devices: ['/dev/dri:/dev/dri']", "SW-CTR-DEVICE low"],
    ["device_cgroup_rules: ['a *:* rwm']", "SW-CTR-DEVICE critical"],
    ["tmpfs: ['/t:exec,suid']", "SW-CTR-TMPFS-FLAGS low"],
    [
      "ports: ['8080:80', '22:2222']",
      "SW-CTR-PORT-PRIVILEGED medium",
      "SW-CTR-PORT-WILDCARD medium",
      "SW-CTR-PORT-WILDCARD medium",
    ],
    ["restart: always", "SW-CTR-RESTART info"],
    ["logging: {driver: none}", "SW-CTR-LOG high"],
    ["logging: {driver: json-file}", "SW-CTR-LOG low"],
    ["healthcheck: {disable: true}", "SW-CTR-HEALTH low"],
    ["environment: {DB_PASSWORD: hunter2-hunter2}", "SW-CTR-ENV-SECRET high"],
    ["environment: {DB_PASSWORD: '${DB_PASSWORD}'}"],
    ["sysctls: {kernel.panic: 1}", "SW-CTR-SYSCTL high"],
    ["volumes_from: ['container:old:ro']", "SW-CTR-VOLUMES-FROM info"],
    ["links: [db]", "SW-CTR-LINKS info"],
    ["network_mode: bridge", "SW-CTR-BRIDGE-DEFAULT low"],
    ["cgroup_parent: x, oom_kill_disable: true", "SW-CTR-CGROUP low", "SW-CTR-OOM medium"],
    ["command: /usr/sbin/sshd -D", "SW-CTR-SSHD medium"],
  ])("%s", (settings, ...failures) => {
    expect(failed(judge(hardened(settings))).toSorted()).toEqual(failures.toSorted());
  });

  it("runs as whom the file says, or as the image is known to", () => {
    const user = (settings: string): string | undefined => {
      const told = judge(settings).find(({ id }) => id === "SW-CTR-USER-ROOT");
      return `${told?.verdict}: ${told?.message}`;
    };
    expect(user("user: root")).toBe("fail: runs as root");
    expect(user("user: '0:0'")).toBe("fail: runs as root");
    expect(user("user: mongodb")).toBe("pass: runs as mongodb");
    expect(user("user: '1000'")).toBe("pass: runs as uid 1000");
    expect(user("")).toBe("unknown: no user is set, so the image decides as whom it runs");
    expect(user("user: '${NONE}'")).toContain("unknown");
    expect(user("image: 'nginx:1.29'")).toBe(
      "fail: runs as root: its image nginx:1.29 starts so, and no user is set",
    );
    expect(user("image: 'postgres:17'")).toContain(
      "pass: its image postgres:17 starts as root to set itself up",
    );
  });

  it("leaves what the engine decides to the engine, unless everything is asked for", () => {
    const strict = failed(judge("", { preset: "strict" }));
    expect(strict).toContain("SW-CTR-LOG low");
    expect(strict).toContain("SW-CTR-HEALTH low");
    expect(failed(judge(""))).not.toContain("SW-CTR-LOG low");
  });

  it("points at what was said", () => {
    const text = `services:
  web:
    image: example.com/app:1
    security_opt:
      - label:role:x
      - seccomp:unconfined
`;
    const [web] = composeFile(text).services;
    const rule = RULES.find(({ id }) => id === "SW-CTR-SECCOMP-OFF");
    if (web === undefined || rule === undefined) throw new Error("missing");
    const [judgement] = [rule.judge(web, contextOf(evidence({ host: null, engines: [] })))].flat();
    const place = web.declaredIn?.places[`${judgement?.evidence[0]?.path} ${judgement?.key}`];
    expect(text.slice(place?.start, place?.end)).toBe("seccomp:unconfined");
  });
});
