import {
  actual,
  declared,
  fail,
  man,
  notApplicable,
  page,
  pass,
  type Rule,
  rule,
  specified,
  unknown,
} from "../rule.ts";
import { capabilityFact } from "./facts/capabilities.ts";
import { escapeCalls, isOpenByDefault, seccompProfile } from "./facts/seccomp.ts";
import { broughtByPrivileged, isOnlyDeclared } from "./facts/state.ts";
import { nobodyKnows } from "./facts/witness.ts";

const DOCS = page("Docker docs: seccomp", "https://docs.docker.com/engine/security/seccomp/");

const off = rule({
  id: "SW-CTR-SECCOMP-OFF",
  subject: "container",
  title: "No seccomp filter",
  severity: "high",
  risk: "All of the kernel's several hundred system calls can be reached, among them those that most kernel exploits start from. Containers started outside Docker (ctr, runc) have no filter unless somebody wrote one.",
  countermeasure: "Use the engine's default filter, or one made for the program.",
  remediation: {
    run: "drop --security-opt seccomp=unconfined (and --privileged)",
    compose: "remove seccomp:unconfined from security_opt",
  },
  cis: ["5.22"],
  aliases: ["CL-0009", "kics:404fde2c-bc4b-4371-9747-7054132ac953", "semgrep:seccomp-confinement-disabled"],
  references: [man("seccomp.2"), DOCS],
  examples: { bad: "docker run --security-opt seccomp=unconfined nginx", good: "docker run nginx" },
  judge: (container) => {
    const brought = broughtByPrivileged(container);
    if (brought !== null) return brought;
    if (container.actual.ok) {
      const { processes } = container.actual.value;
      const open = processes.find(({ seccomp }) => seccomp === 0);
      if (open !== undefined) {
        return fail(`no seccomp filter on ${open.comm}`, [actual(`/proc/${open.pid}/status`, 0, "Seccomp")]);
      }
      if (processes.every(({ seccomp }) => seccomp !== null)) {
        return pass("a filter is in force on every process", [
          actual(`/proc/${processes[0]?.pid}/status`, processes[0]?.seccomp ?? "", "Seccomp"),
        ]);
      }
    }
    if (container.specified.ok) {
      const { seccomp, source } = container.specified.value;
      const seen = specified(source, seccomp === null ? "none" : `profile ${seccomp}`, "linux.seccomp");
      return seccomp === null
        ? fail("no seccomp filter was asked for", [seen])
        : pass("has a filter", [seen]);
    }
    if (container.declared.ok) {
      const { securityOpt, privileged, source } = container.declared.value;
      const option = securityOpt.find((entry) => /^seccomp[=:]unconfined$/.test(entry));
      if (option !== undefined || privileged) {
        const seen = declared(source, option ?? "privileged", "HostConfig.SecurityOpt");
        return isOnlyDeclared(container) && option !== undefined
          ? fail(`the seccomp filter is switched off (${option})`, [seen], { key: option })
          : fail("no seccomp filter is asked for", [seen]);
      }
      return pass("nothing switches the engine's filter off", [
        {
          witness: "declared",
          source,
          path: "HostConfig.SecurityOpt",
          value: securityOpt.join(" ") || "none",
        },
      ]);
    }
    return unknown(nobodyKnows(container).why);
  },
});

const weak = rule({
  id: "SW-CTR-SECCOMP-WEAK",
  subject: "container",
  title: "The seccomp filter lets escape calls pass",
  severity: "high",
  risk: "A filter is in force, so every tool that only asks whether there is one is content; but it lets calls pass that the engine's default forbids: mounting, loading modules, entering namespaces, BPF.",
  countermeasure:
    "Go back to the engine's default profile, or start from it and add only the calls that the program needs.",
  remediation: {
    run: "drop --security-opt seccomp=FILE, or mend FILE: defaultAction SCMP_ACT_ERRNO and a list of allowed calls",
    compose: "remove the seccomp entry from security_opt",
    daemon: 'remove "seccomp-profile"',
  },
  cis: ["5.22"],
  references: [man("seccomp.2"), DOCS],
  examples: {
    bad: '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [] }',
    good: '{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{ "names": ["read", "write"], "action": "SCMP_ACT_ALLOW" }] }',
  },
  judge: (container, { evidence }) => {
    const profile = seccompProfile(container, evidence);
    if (isOnlyDeclared(container)) {
      const asked = container.declared.ok ? container.declared.value.securityOpt : [];
      const custom = asked.find((option) => /^seccomp[=:](?!unconfined)/.test(option));
      return custom === undefined
        ? notApplicable("the engine's own profile is used")
        : unknown(`the profile of ${custom} was not read`);
    }
    if (profile === undefined) {
      return container.specified.ok
        ? unknown("its seccomp profile is not in the evidence")
        : unknown(`the profile stands only in the runtime's config.json: ${container.specified.why}`);
    }
    if (profile === null) return notApplicable("there is no filter to judge");
    const source = container.specified.ok ? container.specified.value.source : "";
    if (isOpenByDefault(profile)) {
      return fail("the filter lets every call pass that it does not name", [
        specified(source, profile.defaultAction, "linux.seccomp.defaultAction"),
      ]);
    }
    const capabilities = capabilityFact(container);
    const calls = escapeCalls(profile, capabilities.known ? capabilities.value.bounding : new Set());
    return calls.length === 0
      ? pass("the filter forbids the calls that lead out", [
          specified(source, profile.defaultAction, "linux.seccomp.defaultAction"),
        ])
      : fail(
          `the filter lets ${calls.slice(0, 6).join(", ")}${calls.length > 6 ? ` and ${calls.length - 6} more` : ""} pass without the capability for it`,
          [specified(source, calls.join(" "), "linux.seccomp.syscalls")],
        );
  },
});

export default [off, weak] satisfies Rule<"container">[];
