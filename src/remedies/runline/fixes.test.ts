import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findRunLines } from "#evidence/runline/find.ts";
import type { ContainerEvidence } from "#model/evidence/container.ts";
import { DEFAULT_SETTINGS } from "#model/settings.ts";
import type { Fix } from "#model/text.ts";
import { applyEdits } from "#model/text-edits.ts";
import type { Rule } from "#rules/rule.ts";
import { RULES } from "#rules/index.ts";
import { contextOf } from "#rules/testing.ts";
import { runLineFixes } from "./fixes.ts";

const CONTAINER_RULES = RULES.filter((rule): rule is Rule<"container"> => rule.subject === "container");
const CONTEXT = contextOf(undefined, { host: null, settings: { ...DEFAULT_SETTINGS, preset: "strict" } });

interface Fault {
  id: string;
  fixes: Fix[];
}

function only(path: string, text: string): ContainerEvidence {
  const [container, ...more] = findRunLines({ path, text });
  if (container === undefined || more.length > 0) throw new Error(`not one container: ${text}`);
  return container;
}

function faults(path: string, text: string): Fault[] {
  const container = only(path, text);
  return CONTAINER_RULES.flatMap((rule) =>
    [rule.judge(container, CONTEXT)].flat().flatMap(({ verdict, key }) =>
      verdict === "fail"
        ? [
            {
              id: `${rule.id} ${key ?? ""}`,
              fixes: runLineFixes(text, { ruleId: rule.id, key: key ?? "" }, container),
            },
          ]
        : [],
    ),
  );
}

/** The text after the fix of one rule. */
function mended(text: string, ruleId: string, key = "", path = "run.sh"): string {
  const [fix] = runLineFixes(text, { ruleId, key }, only(path, text));
  return fix === undefined ? "no fix" : applyEdits(text, fix.edits);
}

describe("options", () => {
  test.each([
    ["docker run --privileged nginx", "SW-CTR-PRIVILEGED", "", "docker run nginx"],
    ["docker run -d nginx cmd", "SW-CTR-NNP", "", "docker run -d --security-opt no-new-privileges nginx cmd"],
    [
      "docker run --security-opt no-new-privileges:false x",
      "SW-CTR-NNP",
      "",
      "docker run --security-opt no-new-privileges x",
    ],
    ["docker run nginx", "SW-CTR-CAP-DEFAULT", "", "docker run --cap-drop ALL nginx"],
    ["docker run --cap-add ALL nginx", "SW-CTR-CAP-DEFAULT", "", "no fix"],
    [
      "docker run --cap-add SYS_ADMIN --cap-add CHOWN x",
      "SW-CTR-CAP-DANGEROUS",
      "CAP_SYS_ADMIN",
      "docker run --cap-add CHOWN x",
    ],
    ["docker run --cap-add ALL x", "SW-CTR-CAP-DANGEROUS", "CAP_SYS_ADMIN,CAP_BPF", "docker run x"],
    ["podman run --cap-add SYS_ADMIN,CHOWN x", "SW-CTR-CAP-DANGEROUS", "CAP_SYS_ADMIN", "no fix"],
    [
      "docker run nginx",
      "SW-CTR-ROOTFS-WRITABLE",
      "",
      "docker run --read-only --tmpfs /tmp:size=64m,noexec nginx",
    ],
    [
      "docker run --tmpfs /tmp --read-only=false x",
      "SW-CTR-ROOTFS-WRITABLE",
      "",
      "docker run --tmpfs /tmp --read-only x",
    ],
    ["docker run -u root nginx", "SW-CTR-USER-ROOT", "", "docker run --user 10001:10001 nginx"],
    ["docker run -u $ME nginx", "SW-CTR-USER-ROOT", "", "no fix"],
    ["docker run --pids-limit -1 x", "SW-CTR-PIDS", "", "docker run --pids-limit 200 x"],
    ["docker run -v /a:/a -v /etc:/e:ro x", "SW-CTR-MOUNT-SENSITIVE", "/e", "docker run -v /a:/a x"],
    ["docker run --pid=host --net host x", "SW-CTR-NET-HOST", "", "docker run --pid=host x"],
    ["docker run --device /dev/sda x", "SW-CTR-DEVICE", "c ? /dev/sda", "docker run x"],
    ["docker run --restart always x", "SW-CTR-RESTART", "", "docker run --restart on-failure:5 x"],
    [
      "docker run --security-opt label=disable --security-opt a=b x",
      "SW-CTR-SELINUX",
      "label=disable",
      "docker run --security-opt a=b x",
    ],
    ["docker run -v /m:/m:rshared,ro x", "SW-CTR-MOUNT-PROPAGATION", "/m", "docker run -v /m:/m:ro x"],
    [
      "docker run --mount type=bind,src=/m,dst=/m,bind-propagation=shared x",
      "SW-CTR-MOUNT-PROPAGATION",
      "/m",
      "docker run --mount type=bind,src=/m,dst=/m x",
    ],
    [
      "docker run --tmpfs /t:exec,size=1m,dev x",
      "SW-CTR-TMPFS-FLAGS",
      "/t",
      "docker run --tmpfs /t:size=1m x",
    ],
    ["docker run -itP x", "SW-CTR-PORT-PUBLISH-ALL", "", "no fix"],
  ])("%s %s %s", (text, ruleId, key, after) => {
    expect(mended(text, ruleId, key)).toBe(after);
  });

  test.each([
    ["-p 80:80", "-p 127.0.0.1:80:80"],
    ["-p80:80", "-p127.0.0.1:80:80"],
    ['--publish="80:80"', '--publish="127.0.0.1:80:80"'],
    ["-p 80", "-p 127.0.0.1::80"],
    ["-p 0.0.0.0:80:80/tcp", "-p 127.0.0.1:80:80/tcp"],
    ["-p '[::]:80:80'", "-p '127.0.0.1:80:80'"],
    ["-itp 80:80", "no fix"],
  ])("%s is published on 127.0.0.1", (option, after) => {
    const text = mended(`docker run ${option} x`, "SW-CTR-PORT-WILDCARD", "80/tcp");
    expect(text).toBe(after === "no fix" ? after : `docker run ${after} x`);
  });

  test("that publish one port go together", () => {
    expect(
      mended(
        "docker run -p 81:80 -p 82:80 -p 127.0.0.1:83:80 -p 80:8080 x",
        "SW-CTR-PORT-WILDCARD",
        "80/tcp",
      ),
    ).toBe("docker run -p 127.0.0.1:81:80 -p 127.0.0.1:82:80 -p 127.0.0.1:83:80 -p 80:8080 x");
    expect(mended("docker run -p 1:1 -p 2:2 -p 3:3 -p 4:4 x", "SW-CTR-PORT-WILDCARD", "1-4/tcp")).toBe(
      "docker run -p 127.0.0.1:1:1 -p 127.0.0.1:2:2 -p 127.0.0.1:3:3 -p 127.0.0.1:4:4 x",
    );
  });

  test("on lines of their own stay on lines of their own", () => {
    const text = "docker run \\\n    --privileged \\\n    -d \\\n    nginx # web\n";
    expect(mended(text, "SW-CTR-PRIVILEGED")).toBe("docker run \\\n    -d \\\n    nginx # web\n");
    expect(mended(text, "SW-CTR-PIDS")).toBe(
      "docker run \\\n    --privileged \\\n    -d \\\n    --pids-limit 200 \\\n    nginx # web\n",
    );
    const windows = text.replaceAll("\n", "\r\n");
    expect(mended(windows, "SW-CTR-PIDS")).toBe(mended(text, "SW-CTR-PIDS").replaceAll("\n", "\r\n"));
  });

  test("in a session keep its prompts", () => {
    const text = "```console\n$ docker run \\\n>  --privileged \\\n>  nginx\n```\n";
    expect(mended(text, "SW-CTR-PRIVILEGED", "", "x.md")).toBe(
      "```console\n$ docker run \\\n>  nginx\n```\n",
    );
  });

  test("bundled with others leave these alone", () => {
    const text = "docker run -diu root x";
    expect(mended(text, "SW-CTR-USER-ROOT")).toBe("docker run -di --user 10001:10001 x");
  });
});

test("containers of other files have none", () => {
  const container = only("x.sh", "docker run --privileged x");
  const finding = { ruleId: "SW-CTR-PRIVILEGED" };
  const { declaredIn, ...live } = container;
  expect(runLineFixes("", finding, live)).toEqual([]);
  if (declaredIn === undefined) throw new Error("declared nowhere");
  expect(
    runLineFixes("", finding, { ...container, declaredIn: { ...declaredIn, carrier: "compose" } }),
  ).toEqual([]);
  expect(runLineFixes("", { ruleId: "SW-CTR-HEALTH" }, container)).toEqual([]);
});

const OPTIONS = [
  "--privileged",
  "-d",
  "-it",
  "--rm",
  "--cap-add SYS_ADMIN",
  "--cap-add=NET_ADMIN",
  "--cap-drop ALL",
  "--security-opt seccomp=unconfined",
  "--security-opt apparmor=unconfined",
  "--security-opt label=disable",
  "--security-opt systempaths=unconfined",
  "--security-opt=no-new-privileges:false",
  "-v /var/run/docker.sock:/s",
  "-v /etc:/e",
  "-v /mnt:/m:rshared",
  "--mount type=bind,src=/root,dst=/r",
  "--pid host",
  "--ipc=host",
  "--uts host",
  "--net=host",
  "--userns host",
  "--cgroupns host",
  "-p 80:80",
  '--publish "8080:80"',
  "--device /dev/sda",
  "--device-cgroup-rule 'b 8:* rwm'",
  "--sysctl kernel.panic=1",
  "--oom-kill-disable",
  "--oom-score-adj -500",
  "--restart always",
  "--tmpfs /t:exec",
  "--ulimit core=-1",
  "--user root",
  "-u0",
  "--read-only=false",
  "-m 0",
  "--pids-limit -1",
];

/** The same words as a script, a recipe, a fence and a step. */
const CARRIERS: ((words: readonly string[]) => [path: string, text: string])[] = [
  (words) => ["run.sh", `# start it\n${words.join(" ")} # done\n`],
  (words) => ["run.sh", `${words.join(" \\\n  ")}\n`],
  (words) => ["Makefile", `a:\n\t@${words.join(" \\\n\t\t")}\n`],
  (words) => ["x.md", `- x\n\n  \`\`\`console\n  $ ${words.join(" \\\n  > ")}\n  \`\`\`\n`],
  (words) => ["x.yml", `a:\n  - run: >-\n      ${words.join("\n      ")}\n`],
  (words) => ["x.service", `[Service]\r\nExecStart=/usr/bin/${words.join(" \\\r\n ")}\r\n`],
];

/** Faults that are told in other words once the one fix has done what it can. */
const AFTERWARDS = new Set(["SW-CTR-LOG "]);

test("each fix mends its fault, and the command is still the same one", () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(OPTIONS, { maxLength: 7 }),
      fc.constantFrom(...CARRIERS),
      (options, carrier) => {
        const [path, text] = carrier(["docker run", ...options, "nginx:1", "sh"]);
        for (const { id, fixes } of faults(path, text)) {
          for (const fix of fixes) {
            const after = applyEdits(text, fix.edits);
            const { image, name, declared } = only(path, after);
            expect([image, name, declared.ok && declared.value.command]).toEqual([
              "nginx:1",
              "nginx",
              ["sh"],
            ]);
            const left = faults(path, after).map((fault) => fault.id);
            const still = left.filter((one) => one === id && !AFTERWARDS.has(id));
            expect(still, `${text}\n${after}`).toEqual([]);
          }
        }
      },
    ),
    { numRuns: 30 },
  );
});
