import { actual, declared, fail, man, notApplicable, page, pass, rule, unknown } from "../rule.ts";
import { namespaceSharing } from "./facts/namespaces.ts";
import { isOnlyDeclared } from "./facts/state.ts";
import { declaredSource, procPath } from "./facts/witness.ts";

export default rule({
  id: "SW-CTR-USERNS-HOST",
  subject: "container",
  title: "Shares the host's user ids",
  severity: "low",
  risk: "User 0 inside is user 0 of the host: whatever escapes is root at once, and files that it leaves in volumes belong to root.",
  countermeasure:
    "Map ids for the whole engine (userns-remap, or a rootless engine). It is the default not to; a container that leaves the mapping of an engine that has one needs a reason.",
  remediation: {
    run: "drop --userns=host",
    compose: "remove userns_mode: host",
    daemon: '"userns-remap": "default" (images and containers must be made anew)',
  },
  cis: ["5.31"],
  aliases: ["CL-0010", "kics:8af7162d-6c98-482f-868e-0d33fb675ca8"],
  references: [
    man("user_namespaces.7"),
    page("Docker docs: userns-remap", "https://docs.docker.com/engine/security/userns-remap/"),
  ],
  examples: { bad: "docker run --userns=host IMAGE", good: '{ "userns-remap": "default" } in daemon.json' },
  judge: (container, context) => {
    const sharing = namespaceSharing(container, "user", context);
    if (!sharing.known) {
      return isOnlyDeclared(container) ? notApplicable(sharing.why) : unknown(sharing.why);
    }
    const map =
      container.actual.ok && container.actual.value.uidMap.ok
        ? container.actual.value.uidMap.value
            .map(({ inside, outside, count }) => `${inside} ${outside} ${count}`)
            .join("; ")
        : null;
    const seen = [
      sharing.seen,
      ...(map === null ? [] : [actual(procPath(container, "uid_map"), map)]),
      ...(container.declared.ok
        ? [
            declared(
              declaredSource(container),
              container.declared.value.usernsMode || '""',
              "HostConfig.UsernsMode",
            ),
          ]
        : []),
    ];
    if (sharing.value.with !== "host") return pass("user ids are mapped", seen);
    if (isOnlyDeclared(container)) {
      return fail("opts out of the mapping of user ids, where the engine has one", seen, {
        severity: "medium",
      });
    }
    const options = context.engine?.info.ok ? context.engine.info.value.securityOptions : [];
    const engineMaps = options.some(({ name }) => name === "userns" || name === "rootless");
    return engineMaps
      ? fail("opted out of the engine's mapping of user ids", seen, { severity: "high" })
      : fail("user ids are those of the host (the engine maps none)", seen);
  },
});
