import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { EngineEvidence } from "#model/evidence/engine.ts";
import type { Seen } from "#model/finding.ts";
import {
  actual,
  declared,
  fail,
  type JudgeContext,
  type Judgement,
  man,
  pass,
  rule,
  specified,
  unknown,
} from "../rule.ts";
import { containersOf, listed } from "./facts/containers.ts";
import { DOCKERD } from "./facts/references.ts";
import { settingOf, withoutDaemon } from "./facts/settings.ts";

export default rule({
  id: "SW-ENGINE-NNP",
  subject: "engine",
  title: "Containers may gain privileges by default",
  severity: "medium",
  risk: "A program that runs as an ordinary user inside becomes root through any setuid file of the image (su, mount, ping), so a container's user is no barrier.",
  countermeasure:
    "Switch no-new-privileges on for all containers. One that needs sudo or a setuid program inside gets --security-opt no-new-privileges=false. Containers that exist keep what they were made with: remake them.",
  remediation: {
    daemon: '"no-new-privileges": true; then systemctl restart docker, and remake the containers',
  },
  cis: ["2.15"],
  references: [DOCKERD, man("prctl.2")],
  examples: { bad: "{}", good: '{ "no-new-privileges": true }' },
  judge: (engine, context) => withoutDaemon(engine) ?? judge(engine, context),
});

function judge(engine: EngineEvidence, context: JudgeContext): Judgement {
  const followers = containersOf(engine, context).flatMap(followerOf);
  const open = followers.filter(({ on }) => !on);
  const inForce = defaultOf(engine);
  if ("on" in inForce) {
    // What containers have without asking for it they can only have from the daemon, wherever it was told.
    const contradicted = !inForce.set && followers.length > 0 && open.length === 0;
    if (!inForce.on && !contradicted) {
      return fail("containers may gain privileges unless each one forbids it", [
        ...inForce.seen,
        ...seenOf(open),
      ]);
    }
    return open.length === 0
      ? pass("new privileges are off for all containers", [...seenOf(followers), ...inForce.seen])
      : fail(
          `the default is on now, but ${listed(open.map(({ name }) => name))} may gain privileges (made before)`,
          [...inForce.seen, ...seenOf(open)],
        );
  }
  if (open.length > 0) {
    return fail(
      `${listed(open.map(({ name }) => name))} may gain privileges, and asked for nothing else`,
      seenOf(open),
    );
  }
  return followers.length > 0
    ? pass("containers that ask for nothing cannot gain privileges", seenOf(followers))
    : unknown(inForce.why);
}

/** The daemon's default by its own word, else by its settings. */
function defaultOf(engine: EngineEvidence): { on: boolean; set: boolean; seen: Seen[] } | { why: string } {
  // Engines list it only where it is on, and older ones not even then: its absence tells nothing.
  if (engine.info.ok && engine.info.value.securityOptions.some(({ name }) => name === "no-new-privileges")) {
    return {
      on: true,
      set: true,
      seen: [declared("GET /info", "name=no-new-privileges", "SecurityOptions")],
    };
  }
  const setting = settingOf(engine, "no-new-privileges", false);
  return setting.known
    ? { on: setting.value === true, set: setting.set, seen: [setting.seen] }
    : { why: setting.why };
}

interface Follower {
  name: string;
  on: boolean;
  seen: Seen;
}

/** A container that asks for nothing has the daemon's default, and the kernel tells which that is. */
function followerOf({
  name,
  declared: asked,
  actual: kernel,
  specified: spec,
}: ContainerEvidence): Follower[] {
  if (!asked.ok || asked.value.securityOpt.some((option) => option.startsWith("no-new-privileges")))
    return [];
  if (kernel.ok) {
    const init = kernel.value.processes.find(({ pid }) => pid === kernel.value.initPid);
    if (init !== undefined && init.noNewPrivs !== null) {
      const on = init.noNewPrivs;
      return [{ name, on, seen: actual(`/proc/${init.pid}/status`, on ? 1 : 0, "NoNewPrivs") }];
    }
  }
  if (!spec.ok) return [];
  const on = spec.value.noNewPrivileges;
  return [{ name, on, seen: specified(spec.value.source, on, "process.noNewPrivileges") }];
}

function seenOf(followers: readonly Follower[]): Seen[] {
  return followers.slice(0, 5).map(({ seen }) => seen);
}
