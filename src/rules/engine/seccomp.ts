import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { EngineEvidence } from "#model/evidence/engine.ts";
import type { Evidence } from "#model/evidence/evidence.ts";
import type { Seen } from "#model/finding.ts";
import {
  declared,
  fail,
  type JudgeContext,
  type Judgement,
  man,
  page,
  pass,
  rule,
  specified,
  unknown,
} from "../rule.ts";
import { containersOf, listed } from "./facts/containers.ts";
import { settingOf, show } from "./facts/settings.ts";

// What the engine calls its own profile: `default` before 23.0, `builtin` since.
const BUILT_IN = new Set(["default", "builtin"]);
const LETS_ALL_PASS = new Set(["SCMP_ACT_ALLOW", "SCMP_ACT_LOG"]);

export default rule({
  id: "SW-ENGINE-SECCOMP",
  subject: "engine",
  title: "The daemon's seccomp profile does not filter",
  severity: "high",
  risk: "Containers can make every system call of the kernel, and most ways out of a container start with one that the default profile forbids. Nothing in a container's own settings shows it.",
  countermeasure:
    "Use the engine's own profile, or one that forbids by default and lists what is allowed. A profile that allows or only logs by default stops nothing.",
  remediation: { daemon: 'remove "seccomp-profile"; then systemctl restart docker' },
  cis: ["2.18"],
  references: [
    man("seccomp.2"),
    page("Docker docs: seccomp profiles", "https://docs.docker.com/engine/security/seccomp/"),
  ],
  examples: { bad: '{ "seccomp-profile": "unconfined" }', good: "{}" },
  judge,
});

function judge(engine: EngineEvidence, context: JudgeContext): Judgement {
  const followers = containersOf(engine, context).filter(followsDaemon);
  const judged = followers.flatMap((container) => filterOf(container, context.evidence));
  const open = judged.filter(({ open: letsPass }) => letsPass);
  const told = profileOf(engine);
  const seen = "why" in told ? [] : [told.seen];
  if (open.length > 0) {
    const names = listed(open.map(({ name }) => name));
    return fail(`containers that ask for no profile get one that stops nothing: ${names}`, [
      ...open.slice(0, 5).map((entry) => entry.seen),
      ...seen,
    ]);
  }
  const filters = judged.slice(0, 5).map((entry) => entry.seen);
  if ("why" in told) {
    return judged.length > 0
      ? pass("containers that ask for no profile are filtered", filters)
      : unknown(told.why);
  }
  if (told.profile === null) return fail("containers are not filtered: the engine has no seccomp", seen);
  if (told.profile === "unconfined")
    return fail("the daemon starts containers without a seccomp filter", seen);
  if (BUILT_IN.has(told.profile)) return pass("the daemon uses its own profile", [...seen, ...filters]);
  return judged.length > 0
    ? pass(`the profile ${told.profile} forbids by default`, [...filters, ...seen])
    : unknown(
        `what the profile ${told.profile} lets pass shows once a container runs that names no profile of its own`,
        seen,
      );
}

/** The profile by the engine's word, else by its settings; null = seccomp is off. */
function profileOf(engine: EngineEvidence): { profile: string | null; seen: Seen } | { why: string } {
  if (engine.info.ok) {
    const option = engine.info.value.securityOptions.find(({ name }) => name === "seccomp");
    const profile = option === undefined ? null : (option.options.profile ?? "default");
    const value = profile === null ? "no name=seccomp" : `name=seccomp,profile=${profile}`;
    return { profile, seen: declared("GET /info", value, "SecurityOptions") };
  }
  const setting = settingOf(engine, "seccomp-profile", "");
  if (!setting.known) return { why: `${setting.why}; ${engine.info.why}` };
  return { profile: setting.value === "" ? "builtin" : show(setting.value), seen: setting.seen };
}

/** True if the container has the daemon's profile: it names none, and is not privileged. */
function followsDaemon({ declared: asked, self }: ContainerEvidence): boolean {
  return (
    !self &&
    asked.ok &&
    !asked.value.privileged &&
    !asked.value.securityOpt.some((option) => /^seccomp[=:]/.test(option))
  );
}

function filterOf(
  { name, specified: spec }: ContainerEvidence,
  { seccompProfiles }: Evidence,
): { name: string; open: boolean; seen: Seen }[] {
  if (!spec.ok) return [];
  const { seccomp, source } = spec.value;
  if (seccomp === null) return [{ name, open: true, seen: specified(source, "none", "linux.seccomp") }];
  const profile = Object.hasOwn(seccompProfiles, seccomp) ? seccompProfiles[seccomp] : undefined;
  if (profile === undefined) return [];
  const { defaultAction } = profile;
  const seen = specified(source, defaultAction, "linux.seccomp.defaultAction");
  return [{ name, open: LETS_ALL_PASS.has(defaultAction), seen }];
}
