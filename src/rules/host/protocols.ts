import type { HostEvidence } from "#model/evidence/host.ts";
import { actual, declared, fail, man, pass, type Rule, rule, unknown } from "../rule.ts";
import { sysctlValue } from "./facts/sysctl.ts";

interface RareModule {
  module: string;
  /** Option of the kernel build. */
  option: string;
  kind: "protocol" | "filesystem";
  /** As a title names it. */
  what: string;
  usedBy: string;
}

const TABLE: RareModule[] = [
  {
    module: "dccp",
    option: "IP_DCCP",
    kind: "protocol",
    what: "DCCP",
    usedBy: "Nothing in wide use needs it; Linux removed it in 6.16.",
  },
  {
    module: "sctp",
    option: "IP_SCTP",
    kind: "protocol",
    what: "SCTP",
    usedBy: "Telephone networks and some clusters need it (Services of Kubernetes with protocol SCTP).",
  },
  {
    module: "rds",
    option: "RDS",
    kind: "protocol",
    what: "RDS",
    usedBy: "Only Oracle clusters need it.",
  },
  {
    module: "tipc",
    option: "TIPC",
    kind: "protocol",
    what: "TIPC",
    usedBy: "Only a few telecommunication clusters need it.",
  },
  {
    module: "cramfs",
    option: "CRAMFS",
    kind: "filesystem",
    what: "cramfs",
    usedBy: "Embedded devices need it.",
  },
  {
    module: "freevxfs",
    option: "VXFS_FS",
    kind: "filesystem",
    what: "freevxfs",
    usedBy: "Disks of old Unix systems need it.",
  },
  {
    module: "jffs2",
    option: "JFFS2_FS",
    kind: "filesystem",
    what: "jffs2",
    usedBy: "Flash memory of embedded devices needs it.",
  },
  { module: "hfs", option: "HFS_FS", kind: "filesystem", what: "HFS", usedBy: "Disks of old Macs need it." },
  {
    module: "hfsplus",
    option: "HFSPLUS_FS",
    kind: "filesystem",
    what: "HFS+",
    usedBy: "Disks of Macs need it.",
  },
  {
    module: "udf",
    option: "UDF_FS",
    kind: "filesystem",
    what: "UDF",
    usedBy: "DVDs need it, and virtual machines on Azure while they are set up.",
  },
];

export default TABLE.map((entry) =>
  rule({
    id: `SW-HOST-${entry.kind.toUpperCase()}-${entry.module.toUpperCase()}`,
    subject: "host",
    title:
      entry.kind === "protocol"
        ? `Every user makes the kernel load ${entry.what}`
        : `The kernel mounts ${entry.what}`,
    severity: "low",
    risk:
      entry.kind === "protocol"
        ? "A process in a container loads it by opening a socket, without any capability. Code that hardly anybody uses is hardly tested: such protocols had faults that gave root (CVE-2017-6074 in DCCP, CVE-2021-43267 in TIPC)."
        : "A prepared image of a rare file system attacks the kernel's parser for it, from a USB stick or by a program that mounts what users bring.",
    countermeasure: `Block the module. ${entry.usedBy}`,
    remediation: {
      host: `printf 'install ${entry.module} /bin/false\\nblacklist ${entry.module}\\n' > /etc/modprobe.d/${entry.module}.conf; modprobe -r ${entry.module}`,
    },
    cis: ["1.2.1"],
    aliases: [entry.kind === "protocol" ? "lynis:NETW-3200" : "lynis:FILE-6430"],
    references: [man("modprobe.d.5")],
    examples: {
      bad: `modprobe --show-depends ${entry.module}\ninsmod …/${entry.module}.ko`,
      good: `# /etc/modprobe.d/${entry.module}.conf\ninstall ${entry.module} /bin/false`,
    },
    judge: (host) => judgeModule(entry, host),
  }),
) satisfies Rule<"host">[];

function judgeModule({ module, option, what }: RareModule, host: HostEvidence) {
  const { modules, config } = host.kernel;
  const built = config.ok ? config.value[option] : undefined;
  if (built === "n") {
    return pass(`the kernel is built without ${what}`, [actual("kernel build", "n", `CONFIG_${option}`)]);
  }
  if (built === "y") {
    return fail(
      `${what} is built into the kernel, where no setting blocks it`,
      [actual("kernel build", "y", `CONFIG_${option}`)],
      { remediation: `run a kernel with CONFIG_${option}=m or n; nothing else switches it off` },
    );
  }
  if (modules.ok && modules.value.includes(module)) {
    return fail(`${module} is loaded`, [actual("/proc/modules", module)]);
  }
  const frozen = sysctlValue(host, "kernel.modules_disabled");
  if (frozen.ok && frozen.value === "1") {
    return pass(`${module} is not loaded, and no module can be any more`, [
      actual("/proc/sys/kernel/modules_disabled", "1"),
    ]);
  }
  const files = Object.entries(host.configs).filter(([path]) => /^\/etc\/modprobe\.d(?:\/|$)/.test(path));
  for (const [path, content] of files) {
    const line = content.ok ? blockingLine(content.value ?? "", module) : null;
    if (line !== null) return pass(`${module} is blocked`, [declared(path, line)]);
  }
  const unread = files.flatMap(([, content]) => (content.ok ? [] : [content.why]));
  if (unread[0] !== undefined) return unknown(unread[0]);
  if (built === undefined) {
    const why = config.ok ? `CONFIG_${option}: was not looked up in the kernel's build options` : config.why;
    return unknown(`whether this kernel has ${what} is not known (${why})`);
  }
  return fail(`nothing keeps ${module} from being loaded`, [
    actual("kernel build", built, `CONFIG_${option}`),
    declared("/etc/modprobe.d", `no line blocks ${module}`),
  ]);
}

// modprobe.d(5): `install` runs a command in place of loading; `blacklist` only ignores aliases, which is how
// the kernel asks for protocols and file systems.
function blockingLine(text: string, module: string): string | null {
  for (const raw of text.split("\n")) {
    const [keyword, name, command] = raw.trim().split(/\s+/);
    if (name?.replaceAll("-", "_") !== module) continue;
    if (keyword === "blacklist") return raw.trim();
    if (keyword === "install" && /^\/(?:usr\/)?s?bin\/(?:false|true|nologin)$/.test(command ?? ""))
      return raw.trim();
  }
  return null;
}
