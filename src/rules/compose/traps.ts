import { at, entryOf, flagOf, isOpen, textOf, textsOf } from "#evidence/compose/tree.ts";
import { capabilityName } from "#evidence/engine/inspect.ts";
import { man, page, type Rule, rule } from "../rule.ts";
import { type Fault, failures, named, rangeOf, servicePage } from "./facts/findings.ts";

/** Settings beside `privileged: true` that look like protection (moby, daemon/oci_linux.go: privileged sets them all). */
const UNDONE = ["cap_drop", "security_opt", "device_cgroup_rules"];

const undone = rule({
  id: "SW-CMP-PRIVILEGED-TRAP",
  subject: "compose",
  title: "Settings that privileged undoes",
  severity: "medium",
  risk: "privileged gives every capability, switches the filters off and opens every device, whatever else the service says: who reads cap_drop: [ALL] believes in a barrier that is not there.",
  countermeasure: "Remove privileged, and give the one capability or device that is needed.",
  remediation: { compose: "remove privileged: true" },
  references: [
    page("docker run --privileged", "https://docs.docker.com/reference/cli/docker/container/run/#privileged"),
    servicePage("privileged"),
  ],
  examples: { bad: "privileged: true\ncap_drop: [ALL]", good: "cap_drop: [ALL]\ncap_add: [NET_ADMIN]" },
  judge: (file) =>
    failures(
      file.declared.flatMap((service): Fault[] => {
        if (!flagOf(at(service.settings, "privileged"))) return [];
        const idle = UNDONE.filter((key) =>
          key === "security_opt"
            ? textsOf(at(service.settings, key)).some((option) =>
                /^(?:seccomp|apparmor|label)[=:](?!unconfined|disable)/.test(option),
              )
            : service.settings.entries.has(key),
        );
        const [first] = idle;
        if (first === undefined) return [];
        return [
          {
            message: `${service.name}: ${named(idle)} ${idle.length === 1 ? "has" : "have"} no effect beside privileged: true`,
            range: rangeOf(file, entryOf(service.settings, first), service),
            key: service.name,
          },
        ];
      }),
    ),
});

const useless = rule({
  id: "SW-CMP-CAP-USELESS",
  subject: "compose",
  title: "Gives capabilities to a user who does not get them",
  severity: "low",
  risk: "Capabilities that are added reach root only: a program that runs as another user starts without them, and the setting opens a way for setuid files and nothing else.",
  countermeasure:
    "Remove cap_add, or put the capability on the program's file in the image (setcap), where it works without root.",
  remediation: { compose: "remove cap_add", dockerfile: "RUN setcap cap_net_bind_service=+ep /usr/bin/app" },
  references: [man("capabilities.7"), servicePage("cap_add")],
  examples: {
    bad: 'user: "1000"\ncap_add: [NET_ADMIN]',
    good: 'user: "1000"\ncap_drop: [ALL]',
  },
  judge: (file) =>
    failures(
      file.declared.flatMap((service): Fault[] => {
        const user = at(service.settings, "user");
        const added = textsOf(at(service.settings, "cap_add")).map(capabilityName);
        if (added.length === 0 || user === undefined || isOpen(user)) return [];
        if (textOf(user) === "" || /^(?:root|0)(?::|$)/.test(textOf(user))) return [];
        // Ports below 1024 need none inside a container of its own network; the rest works by file capabilities only.
        return [
          {
            message: `${service.name} runs as ${textOf(user)}, whom ${named(added.map((name) => name.replace(/^CAP_/, "")))} in cap_add does not reach`,
            range: rangeOf(file, entryOf(service.settings, "cap_add"), service),
            key: service.name,
          },
        ];
      }),
    ),
});

export default [undone, useless] satisfies Rule<"compose">[];
