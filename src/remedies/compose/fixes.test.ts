import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { composeFile } from "#evidence/compose/testing.ts";
import { applyEdits } from "#model/text-edits.ts";
import type { Fix } from "#model/text.ts";
import { composeFixes } from "./fixes.ts";
import { BUILDERS } from "./table.ts";

/** The file after the first fix of a finding, and that fix. */
function mend(
  text: string,
  ruleId: string,
  key = "",
  service: string | null = "web",
): { text: string; fix: Fix } | null {
  const [fix] = composeFixes(composeFile(text), { ruleId, key }, service);
  return fix === undefined ? null : { text: applyEdits(text, fix.edits), fix };
}

const WEB = (settings: string): string => `services:\n  web:\n    image: nginx # the web\n${settings}`;

describe("settings", () => {
  it.each([
    ["SW-CTR-NNP", "", "", "    security_opt:\n      - no-new-privileges:true\n"],
    [
      "SW-CTR-NNP",
      "",
      "    security_opt: [label:role:x] # c\n",
      "    security_opt: [label:role:x, no-new-privileges:true] # c\n",
    ],
    [
      "SW-CTR-NNP",
      "",
      "    security_opt:\n    - a:b # c\n    user: x\n",
      "    security_opt:\n    - a:b # c\n    - no-new-privileges:true\n    user: x\n",
    ],
    [
      "SW-CTR-NNP",
      "",
      '    security_opt: ["no-new-privileges:false"]\n',
      '    security_opt: ["no-new-privileges:true"]\n',
    ],
    [
      "SW-CTR-CAP-DEFAULT",
      "",
      "    cap_drop:\n      - NET_RAW\n",
      "    cap_drop:\n      - NET_RAW\n      - ALL\n",
    ],
    ["SW-CTR-CAP-DANGEROUS", "CAP_SYS_ADMIN", "    cap_add: [sys_admin, CHOWN]\n", "    cap_add: [CHOWN]\n"],
    ["SW-CTR-CAP-DANGEROUS", "CAP_SYS_ADMIN", "    cap_add: [sys_admin]\n", ""],
    ["SW-CTR-ROOTFS-WRITABLE", "", "", "    read_only: true\n    tmpfs:\n      - /tmp:size=64m\n"],
    ["SW-CTR-ROOTFS-WRITABLE", "", "    tmpfs: /tmp\n", "    tmpfs: /tmp\n    read_only: true\n"],
    ["SW-CTR-ROOTFS-WRITABLE", "", "    read_only: false # why\n", "    read_only: true # why\n"],
    ["SW-CTR-PIDS", "", "", "    pids_limit: 200\n"],
    ["SW-CTR-PRIVILEGED", "", "    privileged: true # no\n    user: x\n", "    user: x\n"],
    ["SW-CTR-OOM", "", "    oom_kill_disable: true\n    oom_score_adj: -5\n", ""],
    [
      "SW-CTR-SECCOMP-OFF",
      "seccomp:unconfined",
      "    security_opt:\n      - seccomp:unconfined\n      - a:b\n",
      "    security_opt:\n      - a:b\n",
    ],
    ["SW-CTR-SECCOMP-OFF", "seccomp:unconfined", "    security_opt:\n      - seccomp:unconfined\n", ""],
    [
      "SW-CTR-APPARMOR",
      "apparmor:unconfined",
      "    security_opt: [a:b, apparmor:unconfined]\n",
      "    security_opt: [a:b]\n",
    ],
    [
      "SW-CTR-ENGINE-SOCKET",
      "/s.sock",
      "    volumes:\n      - /var/run/docker.sock:/s.sock\n      - d:/d\n",
      "    volumes:\n      - d:/d\n",
    ],
    ["SW-CTR-ENGINE-SOCKET", "/var/run/docker.sock", "    use_api_socket: true\n", ""],
    ["SW-CTR-MOUNT-SENSITIVE", "/u", "    volumes: ['/usr:/u']\n", "    volumes: ['/usr:/u:ro']\n"],
    [
      "SW-CTR-MOUNT-SENSITIVE",
      "/u",
      "    volumes:\n      - type: bind\n        source: /usr\n        target: /u\n",
      "    volumes:\n      - type: bind\n        source: /usr\n        target: /u\n        read_only: true\n",
    ],
    ["SW-CTR-MOUNT-PROPAGATION", "/m", "    volumes: [/m:/m:rshared]\n", "    volumes: [/m:/m]\n"],
    ["SW-CTR-TMPFS-FLAGS", "/t", "    tmpfs: ['/t:exec,size=1m']\n", "    tmpfs: ['/t:size=1m']\n"],
    [
      "SW-CTR-PORT-WILDCARD",
      "80/tcp",
      "    ports:\n      - 8080:80\n      - 81:81\n",
      '    ports:\n      - "127.0.0.1:8080:80"\n      - 81:81\n',
    ],
    [
      "SW-CTR-PORT-WILDCARD",
      "80/tcp",
      "    ports: ['80', \"0.0.0.0:81:80\"]\n",
      "    ports: ['127.0.0.1::80', \"127.0.0.1:81:80\"]\n",
    ],
    [
      "SW-CTR-PORT-WILDCARD",
      "53/udp",
      "    ports:\n      - target: 53\n        protocol: udp\n",
      "    ports:\n      - target: 53\n        protocol: udp\n        host_ip: 127.0.0.1\n",
    ],
    [
      "SW-CTR-PORT-WILDCARD",
      "10-12/tcp",
      "    ports: ['10-12:10-12']\n",
      "    ports: ['127.0.0.1:10-12:10-12']\n",
    ],
    ["SW-CTR-RESTART", "", '    restart: "always"\n', '    restart: "on-failure:5"\n'],
    [
      "SW-CTR-LOG",
      "",
      "    logging: {driver: none}\n",
      '    logging: {driver: json-file, options: {max-size: "10m", max-file: "3"}}\n',
    ],
    [
      "SW-CTR-LOG",
      "",
      "    logging:\n      driver: json-file\n",
      '    logging:\n      driver: json-file\n      options:\n        max-size: "10m"\n        max-file: "3"\n',
    ],
    ["SW-CTR-HEALTH", "off", "    healthcheck:\n      disable: true\n", ""],
    ["SW-CTR-SYSCTL", "a.b", "    sysctls: [a.b=1, c.d=2]\n", "    sysctls: [c.d=2]\n"],
    ["SW-CTR-LINKS", "db", "    links:\n      - db\n", ""],
    [
      "SW-CMP-HOOK-PRIVILEGED",
      "web post_start 0",
      "    post_start:\n      - command: a\n        privileged: true\n",
      "    post_start:\n      - command: a\n",
    ],
    [
      "SW-CMP-BUILD-ENTITLEMENT",
      "web b",
      "    build: {context: ., entitlements: [a, b]}\n",
      "    build: {context: ., entitlements: [a]}\n",
    ],
    [
      "SW-CMP-BUILD-PRIVILEGED",
      "web",
      "    build:\n      context: .\n      privileged: true\n",
      "    build:\n      context: .\n",
    ],
    ["SW-CMP-RELABEL", "web /h", "    volumes: ['/home:/h:Z,ro']\n", "    volumes: ['/home:/h:ro']\n"],
    ["SW-CMP-TMPFS-SIZE", "web /t", "    tmpfs: /t\n", "    tmpfs: /t:size=64m\n"],
    ["SW-CMP-PORT-QUOTES", "web ports 22:22", "    ports: [22:22]\n", '    ports: ["22:22"]\n'],
    ["SW-CMP-VOLUME-QUOTES", "web dd:/d", "    volumes: ['dd:/d']\n", "    volumes: [dd:/d]\n"],
    ["SW-CMP-VALUE", "services.web.user", "    user: 1000\n", '    user: "1000"\n'],
    ["SW-CMP-KEY", "services.web.prots", "    prots: []\n", "    ports: []\n"],
  ])("%s %s: %j", (rule, key, before, after) => {
    const mended = mend(WEB(before), rule, key);
    expect(mended?.text).toBe(WEB(after));
    // The same again has nothing left to do.
    expect(mend(mended?.text ?? "", rule, key)).toBeNull();
  });

  it.each([
    ["SW-CTR-MOUNT-SENSITIVE", "/e", "    volumes: ['/etc:/e']\n"],
    ["SW-CTR-PORT-WILDCARD", "80/tcp", "    ports: ['127.0.0.1:80:80']\n"],
    ["SW-CTR-MEMORY", "", ""],
    ["SW-CTR-CAP-DANGEROUS", "CAP_BPF", "    cap_add: [CHOWN]\n"],
    ["SW-CTR-PRIVILEGED", "", ""],
    ["toString", "", ""],
  ])("%s %s has no fix for %j", (rule, key, settings) => {
    expect(mend(WEB(settings), rule, key)).toBeNull();
  });

  it("says which fixes may change how things run", () => {
    const safety = (rule: string, settings = "", key = ""): string | undefined =>
      mend(WEB(settings), rule, key)?.fix.safety;
    expect(safety("SW-CTR-NNP")).toBe("safe");
    expect(safety("SW-CTR-ROOTFS-WRITABLE")).toBe("unsafe");
    expect(safety("SW-CTR-PORT-WILDCARD", "    ports: ['80:80']\n", "80/tcp")).toBe("unsafe");
    expect(safety("SW-CMP-VALUE", "    user: 1\n", "services.web.user")).toBe("safe");
    expect(safety("SW-CMP-KEY", "    usre: a\n", "services.web.usre")).toBe("unsafe");
  });
});

describe("layouts", () => {
  it("keeps flow style, JSON, CRLF and a missing last line end", () => {
    expect(mend("services: {web: {image: a}}", "SW-CTR-PIDS")?.text).toBe(
      "services: {web: {image: a, pids_limit: 200}}",
    );
    expect(mend('{"services": {"web": {"image": "a"}}}', "SW-CTR-NNP")?.text).toBe(
      '{"services": {"web": {"image": "a", "security_opt": ["no-new-privileges:true"]}}}',
    );
    expect(mend("services:\r\n    web:\r\n        image: a", "SW-CTR-NNP")?.text).toBe(
      "services:\r\n    web:\r\n        image: a\r\n        security_opt:\r\n            - no-new-privileges:true",
    );
    expect(
      mend("services:\n  web:\n    image: a\n    command: |\n      x\n\n  b: {}\n", "SW-CTR-PIDS")?.text,
    ).toContain("    pids_limit: 200\n\n  b: {}\n");
  });

  it("writes lists as the file does", () => {
    const text = "services:\n  web:\n    image: a\n    ports:\n    - '80'\n";
    expect(mend(text, "SW-CTR-NNP")?.text).toBe(`${text}    security_opt:\n    - no-new-privileges:true\n`);
  });

  it("sets a key of its own beside a merge key, and says when an anchor changes", () => {
    const text =
      "x: &x\n  security_opt: [seccomp:unconfined, a:b]\nservices:\n  web:\n    <<: *x\n    image: a\n";
    expect(mend(text, "SW-CTR-PIDS")).toMatchObject({
      text: `${text}    pids_limit: 200\n`,
      fix: { safety: "unsafe" },
    });
    const shared = mend(text, "SW-CTR-SECCOMP-OFF", "seccomp:unconfined");
    expect(shared?.text).toContain("security_opt: [a:b]");
    expect(shared?.fix).toMatchObject({
      safety: "unsafe",
      title: expect.stringContaining("every place that uses it") as string,
    });
    const nnp = mend(text, "SW-CTR-NNP");
    expect(nnp?.fix.safety).toBe("unsafe");
  });

  it("touches no service that is an alias without saying so", () => {
    const text = "services:\n  base: &b\n    image: a\n  web: *b\n";
    expect(mend(text, "SW-CTR-NNP")?.fix).toMatchObject({ safety: "unsafe" });
  });

  it("removes no anchor that something else uses", () => {
    const text =
      "services:\n  web:\n    image: a\n    security_opt: &s\n      - seccomp:unconfined\n  b:\n    security_opt: *s\n";
    expect(mend(text, "SW-CTR-SECCOMP-OFF", "seccomp:unconfined")).toBeNull();
  });

  it("measures the indentation where no tag or anchor stands before the key", () => {
    const text = "services:\n  web:\n    &x image: a\n    user: b\n";
    expect(mend(text, "SW-CTR-PIDS")?.text).toBe(`${text}    pids_limit: 200\n`);
    expect(mend("services:\n  web:\n    &x image: a\n", "SW-CTR-PIDS")).toBeNull();
  });

  it("leaves alone what an override decides", () => {
    const file = composeFile("services: {web: {image: a, read_only: false}}", {
      "compose.override.yaml": "services: {web: {read_only: false}}",
    });
    expect(composeFixes(file, { ruleId: "SW-CTR-ROOTFS-WRITABLE", key: "" }, "web")).toEqual([]);
  });
});

describe("order", () => {
  it("moves comments with their entry, and leaves blank lines where they separate", () => {
    const text =
      "services:\n  # the web\n  web:\n    image: a\n\n  # the data\n  db:\n    image: b # b\n\nvolumes: {}\n";
    expect(mend(text, "SW-CMP-ORDER-SERVICES", "services", null)?.text).toBe(
      "services:\n  # the data\n  db:\n    image: b # b\n\n  # the web\n  web:\n    image: a\n\nvolumes: {}\n",
    );
  });

  it.each([
    ["SW-CMP-ORDER-TOP", "", "services: {}\nname: x", "name: x\nservices: {}"],
    [
      "SW-CMP-ORDER-KEYS",
      "web",
      "services:\n  web:\n    ports: ['80']\n    image: a\n",
      "services:\n  web:\n    image: a\n    ports: ['80']\n",
    ],
    [
      "SW-CMP-ORDER-KEYS",
      "web",
      "services: {web: {ports: ['80'], image: a}}",
      "services: {web: {image: a, ports: ['80']}}",
    ],
    [
      "SW-CMP-ORDER-DEPENDS",
      "web",
      "services: {web: {depends_on: [c, b]}}",
      "services: {web: {depends_on: [b, c]}}",
    ],
    [
      "SW-CMP-ORDER-DEPENDS",
      "web",
      "services:\n  web:\n    depends_on:\n      - c # c\n      - b\n",
      "services:\n  web:\n    depends_on:\n      - b\n      - c # c\n",
    ],
    [
      "SW-CMP-ORDER-PORTS",
      "web",
      "services:\n  web:\n    ports:\n      - '90:1'\n      - target: 2\n        published: 80\n",
      "services:\n  web:\n    ports:\n      - target: 2\n        published: 80\n      - '90:1'\n",
    ],
    ["SW-CMP-VERSION", "version", "# c\nversion: '3'\n\nservices: {}\n", "# c\n\nservices: {}\n"],
  ])("%s %s", (rule, key, before, after) => {
    expect(mend(before, rule, key, null)?.text).toBe(after);
    expect(mend(after, rule, key, null)?.text ?? after).toBe(after);
  });

  it("does not move an alias before its anchor", () => {
    expect(
      mend("services:\n  b: &b {image: a}\n  a: *b\n", "SW-CMP-ORDER-SERVICES", "services", null),
    ).toBeNull();
  });
});

// Services as people write them, in every style, with comments in every place.
const value = fc.constantFrom(
  "x",
  "'q'",
  '"d"',
  "[a, b]",
  "[]",
  "{k: v}",
  "\n      - a # c\n      - b",
  "\n      k: v\n      # c\n      l: |\n        t\n\n        u",
  ">-\n      f\n      g",
  "",
  "# c",
  "&n x",
);
const name = fc.constantFrom(
  "image",
  "user",
  "command",
  "labels",
  "hostname",
  "domainname",
  "cap_drop",
  "security_opt",
  "read_only",
  "ports",
  "restart",
);
const body = fc.uniqueArray(fc.tuple(name, value, fc.constantFrom("", "    # above\n", "\n")), {
  selector: ([key]) => key,
  minLength: 1,
  maxLength: 6,
});

describe("any file", () => {
  it("parses to the same but for the change, however it is written", () => {
    fc.assert(
      fc.property(
        body,
        body,
        fc.boolean(),
        fc.constantFrom(...Object.keys(BUILDERS)),
        (first, second, crlf, ruleId) => {
          const block = (entries: typeof first): string =>
            entries
              .map(([key, each, before]) => `${before}    ${key}: ${each.replaceAll("&n", "")}\n`)
              .join("");
          const plain = `# head\nservices:\n  web:\n${block(first)}  other:\n${block(second)}# tail\n`;
          const text = crlf ? plain.replaceAll("\n", "\r\n") : plain;
          const before = parse(text) as { services: Record<string, unknown> };
          for (const key of ["", ruleId.startsWith("SW-CMP") ? "web" : "80/tcp"]) {
            const mended = mend(text, ruleId, key, ruleId.startsWith("SW-CMP-ORDER") ? null : "web");
            if (mended === null) continue;
            const after = parse(mended.text) as typeof before;
            // Order changes nothing; all else changes the one service.
            const kept = ruleId.includes("ORDER")
              ? before
              : { ...before, services: { ...before.services, web: after.services.web } };
            expect(after).toEqual(kept);
            expect(/[^\r]\n/.test(mended.text)).toBe(!crlf);
            for (const line of ["# head", "# tail"]) expect(mended.text).toContain(line);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
