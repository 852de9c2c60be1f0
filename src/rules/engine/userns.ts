import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { EngineEvidence } from "#model/evidence/engine.ts";
import type { Seen } from "#model/finding.ts";
import { hostId } from "../container/facts/user.ts";
import {
  actual,
  declared,
  fail,
  type JudgeContext,
  type Judgement,
  man,
  page,
  pass,
  rule,
  unknown,
} from "../rule.ts";
import { containersOf, listed } from "./facts/containers.ts";
import { settingOf } from "./facts/settings.ts";

export default rule({
  id: "SW-ENGINE-USERNS",
  subject: "engine",
  title: "Containers share the host's user ids",
  severity: "medium",
  risk: "Root inside a container is user 0 of the host. Whatever it reaches outside, through a mounted folder, a device, a vulnerability of runc or the kernel, it reaches as root.",
  countermeasure:
    "Map user ids for the whole engine (userns-remap), or run it rootless: root inside is then an id without rights outside. It costs: the data root moves, so images, containers and volumes disappear from view and must be pulled or moved; --privileged, --pid=host and --network=host are refused unless a container opts out; files in mounted folders must belong to the mapped ids.",
  remediation: {
    daemon: '"userns-remap": "default"',
    host: "check that /etc/subuid and /etc/subgid give dockremap 65536 ids that nobody else has (dockremap:100000:65536), then systemctl restart docker",
    run: "drop --userns=host from containers that opt out",
  },
  cis: ["2.10"],
  references: [
    man("user_namespaces.7"),
    page("Docker docs: userns-remap", "https://docs.docker.com/engine/security/userns-remap/"),
    page("Docker docs: rootless mode", "https://docs.docker.com/engine/security/rootless/"),
  ],
  examples: { bad: "{}", good: '{ "userns-remap": "default" }' },
  judge,
});

function judge(engine: EngineEvidence, context: JudgeContext): Judgement {
  const mapped = containersOf(engine, context).flatMap((container) => {
    const map = container.actual.ok ? container.actual.value.uidMap : null;
    return map?.ok === true && map.value.length > 0 ? [{ container, map: map.value }] : [];
  });
  const shared = mapped.filter(({ map }) => hostId(0, map) === 0).map(({ container }) => container);
  const options = engine.info.ok ? engine.info.value.securityOptions.map(({ name }) => name) : [];
  const told = options.find((name) => name === "userns" || name === "rootless");
  const seen: Seen[] = engine.info.ok
    ? [declared("GET /info", told === undefined ? "no name=userns" : `name=${told}`, "SecurityOptions")]
    : [];
  if (shared.length > 0) {
    const maps = shared.slice(0, 5).map(uidMapOf);
    if (told !== undefined) {
      const names = listed(shared.map(({ name }) => name));
      return fail(`the engine maps user ids, but not for ${names} (--userns=host)`, [...maps, ...seen]);
    }
    return fail(
      shared.length === mapped.length
        ? "every container shares the host's user ids: root inside is root outside"
        : `${shared.length} of ${mapped.length} running containers share the host's user ids: ${listed(shared.map(({ name }) => name))}`,
      [...maps, ...seen],
    );
  }
  const maps = mapped.slice(0, 5).map(({ container }) => uidMapOf(container));
  if (told !== undefined) return pass(`user ids of containers are mapped (${told})`, [...seen, ...maps]);
  if (mapped.length > 0) return pass("user ids of every running container are mapped", [...maps, ...seen]);
  if (engine.info.ok)
    return fail("the engine maps no user ids: root in its containers is root outside", seen);
  const remap = settingOf(engine, "userns-remap", "");
  if (!remap.known) return unknown(`${remap.why}; ${engine.info.why}`);
  return remap.value === ""
    ? fail("the engine maps no user ids: root in its containers is root outside", [remap.seen])
    : pass("user ids of containers are mapped (userns-remap)", [remap.seen]);
}

function uidMapOf(container: ContainerEvidence): Seen {
  const { initPid, uidMap } = container.actual.ok
    ? container.actual.value
    : { initPid: 0, uidMap: { ok: false as const, why: "" } };
  const rows = uidMap.ok
    ? uidMap.value.map(({ inside, outside, count }) => `${inside} ${outside} ${count}`)
    : [];
  return actual(`/proc/${initPid}/uid_map`, rows.join("; "), container.name);
}
