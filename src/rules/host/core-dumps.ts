import type { HostEvidence } from "#model/evidence/host.ts";
import { mapReading, type Reading } from "#model/reading.ts";
import { mountFacts } from "../container/facts/mounts.ts";
import {
  actual,
  declared,
  fail,
  type JudgeContext,
  man,
  notApplicable,
  pass,
  type Rule,
  rule,
  unknown,
} from "../rule.ts";
import { canonicalPath, configAt, fileAt, isWithin, octal } from "./facts/files.ts";
import { setSysctl, sysctlReference, sysctlRuleId, sysctlValue } from "./facts/sysctl.ts";

const SOURCE = "/proc/sys/kernel/core_pattern";
const USES_PID = "kernel.core_uses_pid";

const pattern = rule({
  id: "SW-HOST-CORE-PATTERN",
  subject: "host",
  title: "Crashes run a program that containers can replace",
  severity: "critical",
  risk: "After `|` the kernel runs the program named here as root in the host's own namespaces, whichever container crashes. Who can write that file is root on the host by crashing a process.",
  countermeasure:
    "Let crashes run a program that only root can write, outside of what containers mount (systemd-coredump, apport), or none. Nobody but the host writes core_pattern: no container has /proc/sys writable.",
  remediation: { host: setSysctl("kernel.core_pattern", "core") },
  cis: ["1.2.1"],
  references: [man("core.5")],
  examples: {
    bad: "kernel.core_pattern = |/var/lib/docker/overlay2/ab12/diff/x",
    good: "kernel.core_pattern = |/usr/lib/systemd/systemd-coredump %P %u %g %s %t %c %h",
  },
  judge: (host, context) => {
    const text = corePattern(host);
    if (!text.ok) return unknown(text.why);
    if (text.value === null) return notApplicable("this kernel writes no core dumps");
    const seen = actual(SOURCE, text.value);
    if (!text.value.startsWith("|")) {
      // A path is looked up in the mount namespace of the process that crashes, core(5).
      return pass("crashes write a file where the process is, and run no program", [seen]);
    }
    const program = text.value.slice(1).trim().split(/\s/)[0] ?? "";
    if (!program.startsWith("/"))
      return pass("the program has no absolute path, so the kernel does not run it", [seen]);
    return judgeProgram(host, context, canonicalPath(program), seen);
  },
});

type Shown = ReturnType<typeof actual>;

function judgeProgram(host: HostEvidence, context: JudgeContext, program: string, seen: Shown) {
  const unread: string[] = [];
  for (const engine of context.evidence.engines) {
    if (!engine.local || !engine.info.ok) continue;
    const { rootDir } = engine.info.value;
    if (rootDir.startsWith("/") && isWithin(program, canonicalPath(rootDir))) {
      return fail(`crashes run ${program}, which lies in the data of ${engine.name}`, [
        seen,
        declared(engine.name, rootDir, "DockerRootDir"),
      ]);
    }
  }
  for (const container of context.evidence.containers) {
    if (container.self) continue;
    const mounts = mountFacts(container);
    if (!mounts.known) {
      if (container.state === "running") unread.push(`mounts of ${container.name}: ${mounts.why}`);
      continue;
    }
    const mount = mounts.value.find(
      ({ hostPath, writable }) => writable && hostPath !== null && isWithin(program, canonicalPath(hostPath)),
    );
    if (mount !== undefined) {
      return fail(`crashes run ${program}, which the container ${container.name} can write`, [
        seen,
        mount.seen,
      ]);
    }
  }
  const stat = fileAt(host, program);
  if (stat.ok && stat.value !== null && (stat.value.uid !== 0 || (stat.value.mode & 0o002) !== 0)) {
    return fail(
      `crashes run ${program} as root, which others than root can write`,
      [seen, actual("lstat", `${stat.value.uid}:${stat.value.gid} ${octal(stat.value.mode)}`, program)],
      { severity: "high" },
    );
  }
  if (/^\/(?:tmp|var\/tmp|dev\/shm|home|run\/user)\//.test(program)) {
    return fail(`crashes run ${program} as root, from a folder that users write`, [seen], {
      severity: "high",
    });
  }
  if (unread.length > 0) return unknown(unread.slice(0, 3).join("; "));
  return pass(`crashes run ${program}, which no container can write`, [seen]);
}

const dumps = rule({
  id: "SW-HOST-CORE-DUMPS",
  subject: "host",
  title: "Crashes write the memory of programs to disk",
  severity: "info",
  risk: "A dump holds what the program held: keys, passwords, other people's data. Dumps in containers fill the disk.",
  countermeasure:
    "Switch dumps off where nobody reads them. Containers follow the engine, not limits.conf: default-ulimits core=0 in daemon.json.",
  remediation: {
    host: "echo '* hard core 0' >> /etc/security/limits.d/10-core.conf; with systemd-coredump: Storage=none in /etc/systemd/coredump.conf",
    daemon: '"default-ulimits": { "core": { "Name": "core", "Hard": 0, "Soft": 0 } }',
  },
  cis: ["1.2.1"],
  aliases: ["lynis:KRNL-5820"],
  references: [man("core.5"), man("limits.conf.5")],
  examples: { bad: "# /etc/security/limits.conf is empty", good: "* hard core 0" },
  judge: (host) => {
    const text = corePattern(host);
    if (text.ok && text.value !== null && /^\|\/(?:usr\/)?bin\/(?:false|true)\b/.test(text.value)) {
      return pass("dumps are thrown away", [actual(SOURCE, text.value)]);
    }
    const files = Object.entries(host.configs).filter(([path]) =>
      /^\/etc\/security\/limits(?:\.conf|\.d\/[^/]+\.conf)$/.test(path),
    );
    if (files.length === 0) return unknown("/etc/security/limits.conf: was not read");
    for (const [path, content] of files) {
      const line = content.ok ? coreLimit(content.value ?? "") : null;
      if (line !== null) return pass("dumps are switched off for everybody", [declared(path, line)]);
    }
    const unread = files.flatMap(([, content]) => (content.ok ? [] : [content.why]));
    if (unread.length > 0) return unknown(unread.join("; "));
    return fail("nothing switches dumps off", [
      declared(files[0]?.[0] ?? "", "no line `* hard core 0`"),
      ...(text.ok && text.value !== null ? [actual(SOURCE, text.value)] : []),
    ]);
  },
});

const usesPid = rule({
  id: sysctlRuleId(USES_PID),
  subject: "host",
  title: "A dump overwrites the one before",
  severity: "info",
  risk: "Of several crashes only the last leaves a trace: the one that an attacker wants to be seen.",
  countermeasure: "Put the process id into the name.",
  remediation: { host: setSysctl(USES_PID, "1") },
  cis: ["1.2.1"],
  aliases: ["lynis:KRNL-6000"],
  references: [sysctlReference("kernel"), man("core.5")],
  examples: { bad: `${USES_PID} = 0`, good: `${USES_PID} = 1` },
  judge: (host) => {
    const value = sysctlValue(host, USES_PID);
    const text = corePattern(host);
    if (text.ok && text.value !== null && (text.value.startsWith("|") || /%[pP]/.test(text.value))) {
      return pass("dumps of different processes are kept apart", [actual(SOURCE, text.value)]);
    }
    if (!value.ok) return unknown(value.why);
    if (value.value === null) return notApplicable(`this kernel has no ${USES_PID}`);
    const seen = actual("/proc/sys/kernel/core_uses_pid", value.value);
    if (value.value !== "0") return pass(`${USES_PID} is ${value.value}`, [seen]);
    if (!text.ok) return unknown(text.why);
    return fail(`${USES_PID} is 0, and core_pattern names no process`, [
      seen,
      ...(text.value === null ? [] : [actual(SOURCE, text.value)]),
    ]);
  },
});

export default [pattern, dumps, usesPid] satisfies Rule<"host">[];

function corePattern(host: HostEvidence): Reading<string | null> {
  const text =
    host.configs[SOURCE] === undefined ? sysctlValue(host, "kernel.core_pattern") : configAt(host, SOURCE);
  return mapReading(text, (value) => value?.trim() ?? null);
}

// limits.conf(5): <domain> <type> <item> <value>; `-` sets soft and hard.
function coreLimit(text: string): string | null {
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (/^\*\s+(?:hard|-)\s+core\s+0(?:\s|$)/.test(line)) return line;
  }
  return null;
}
