import type { ContainerEvidence } from "#model/evidence/container.ts";
import {
  actual,
  declared,
  fail,
  type JudgeContext,
  type Judgement,
  notApplicable,
  page,
  pass,
  type Rule,
  rule,
  specified,
  unknown,
} from "../rule.ts";
import { broughtByPrivileged, isOnlyDeclared } from "./facts/state.ts";
import { declaredSource } from "./facts/witness.ts";

const apparmor = rule({
  id: "SW-CTR-APPARMOR",
  subject: "container",
  title: "AppArmor does not confine it",
  severity: "medium",
  risk: "The profile is what stops mounts, writes below /proc and /sys and signals to other processes when a capability or a mount has gone wrong. In complain mode it only writes them down.",
  countermeasure: "Leave the engine's docker-default profile on, or load one of your own and name it.",
  remediation: {
    run: "drop --security-opt apparmor=unconfined (and --privileged)",
    compose: "remove apparmor:unconfined from security_opt",
  },
  cis: ["5.2"],
  aliases: ["CL-0009"],
  references: [page("Docker docs: AppArmor", "https://docs.docker.com/engine/security/apparmor/")],
  examples: { bad: "docker run --security-opt apparmor=unconfined nginx", good: "docker run nginx" },
  judge: (container, context) =>
    judgeLabel(container, context, {
      module: "apparmor",
      name: "AppArmor",
      isOpen: (label) =>
        label.startsWith("unconfined")
          ? "unconfined"
          : label.endsWith("(complain)")
            ? "in complain mode"
            : null,
      asked: (option) => /^apparmor[=:](?!unconfined)/.test(option),
      refused: (option) => /^apparmor[=:]unconfined$/.test(option),
      specifiedLabel: (spec) => spec.apparmorProfile,
    }),
});

const selinux = rule({
  id: "SW-CTR-SELINUX",
  subject: "container",
  title: "SELinux does not confine it",
  severity: "medium",
  risk: "With its label switched off, or as spc_t, the container may touch every file of the host that its user may.",
  countermeasure: "Keep the container_t label; relabel a volume with :Z in place of switching labels off.",
  remediation: {
    run: "drop --security-opt label=disable; add :Z to the volume that needs it",
    compose: "remove label:disable from security_opt; add :Z to the volume",
  },
  cis: ["5.3"],
  aliases: ["CL-0009", "semgrep:selinux-separation-disabled"],
  references: [page("container-selinux", "https://github.com/containers/container-selinux")],
  examples: {
    bad: "docker run --security-opt label=disable IMAGE",
    good: "docker run -v data:/data:Z IMAGE",
  },
  judge: (container, context) =>
    judgeLabel(container, context, {
      module: "selinux",
      name: "SELinux",
      isOpen: (label) =>
        /:(?:spc_t|unconfined_t|unconfined_service_t|container_runtime_t|initrc_t|kernel_t):/.test(label)
          ? "unconfined"
          : null,
      asked: (option) => /^label[=:](?!disable)/.test(option),
      refused: (option) => /^label[=:]disable$/.test(option),
      specifiedLabel: (spec) => spec.selinuxLabel,
    }),
});

export default [apparmor, selinux] satisfies Rule<"container">[];

interface Module {
  /** Name in /sys/kernel/security/lsm and in the engine's security options. */
  module: string;
  name: string;
  /** How a label fails to confine; null = it confines. */
  isOpen(label: string): string | null;
  asked(option: string): boolean;
  refused(option: string): boolean;
  specifiedLabel(spec: { apparmorProfile: string; selinuxLabel: string }): string;
}

function judgeLabel(container: ContainerEvidence, context: JudgeContext, lsm: Module): Judgement {
  const options = container.declared.ok ? container.declared.value.securityOpt : [];
  if (isOnlyDeclared(container)) return judgeDeclaration(container, options, lsm);
  const active = isActive(container, context, lsm.module);
  const asked = options.find(lsm.asked);
  if (active === false) {
    // Engines take the option on hosts without the module and do nothing with it.
    return asked === undefined
      ? notApplicable(`${lsm.name} is not active on this host`)
      : fail(
          `${asked} is asked for, but ${lsm.name} is not active on this host, so nothing is enforced`,
          [declared(declaredSource(container), asked, "HostConfig.SecurityOpt")],
          { severity: "low" },
        );
  }
  if (active === null) return unknown(`whether ${lsm.name} is active on the host could not be read`);
  if (container.actual.ok) {
    const { processes } = container.actual.value;
    for (const { lsmLabel, pid, comm } of processes) {
      const seen = [actual(`/proc/${pid}/attr/current`, lsmLabel ?? "none")];
      const open = lsmLabel === null ? "without a label" : lsm.isOpen(lsmLabel);
      if (open !== null) return fail(`${comm} runs ${open}`, seen);
    }
    const first = processes[0];
    return pass(`confined by ${first?.lsmLabel}`, [
      actual(`/proc/${first?.pid}/attr/current`, first?.lsmLabel ?? ""),
    ]);
  }
  if (container.specified.ok) {
    const label = lsm.specifiedLabel(container.specified.value);
    const seen = [specified(container.specified.value.source, label || "none", "process label")];
    return label === "" || lsm.isOpen(label) !== null
      ? fail("no confining label was asked for", seen)
      : pass(`label ${label}`, seen);
  }
  const refused = options.find(lsm.refused);
  if (refused !== undefined || (container.declared.ok && container.declared.value.privileged)) {
    return fail(`${lsm.name} is switched off`, [
      declared(declaredSource(container), refused ?? "privileged", "HostConfig.SecurityOpt"),
    ]);
  }
  return container.declared.ok ? pass(`nothing switches ${lsm.name} off`) : unknown(container.declared.why);
}

// Whether the module is active shows on the host where it will run; that it is switched off shows here.
function judgeDeclaration(container: ContainerEvidence, options: readonly string[], lsm: Module): Judgement {
  const refused = options.find(lsm.refused);
  if (refused === undefined) {
    return broughtByPrivileged(container) ?? pass(`nothing switches ${lsm.name} off`);
  }
  const seen = declared(declaredSource(container), refused, "HostConfig.SecurityOpt");
  return fail(`${lsm.name} is switched off (${refused})`, [seen], { key: refused });
}

// Three sources, because securityfs is often not mounted: the kernel's list, the engine, the labels. Where a
// module that labels is active every process has a label, so none seen by root means that there is none.
function isActive(
  container: ContainerEvidence,
  { host, engine, evidence }: JudgeContext,
  module: string,
): boolean | null {
  if (host?.kernel.lsms.ok === true) return host.kernel.lsms.value.includes(module);
  if (engine?.info.ok && engine.info.value.securityOptions.some(({ name }) => name === module)) return true;
  if (container.actual.ok) {
    const labelled = container.actual.value.processes.some(({ lsmLabel }) => lsmLabel !== null);
    if (!labelled && (engine?.info.ok || evidence.collector.uid === 0)) return false;
    return null;
  }
  return engine?.info.ok ? false : null;
}
