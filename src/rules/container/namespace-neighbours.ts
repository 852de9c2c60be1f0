import type { NamespaceType } from "#model/evidence/process.ts";
import type { Severity } from "#model/severity.ts";
import { fail, type JudgeContext, type Judgement, man, page, pass, rule, unknown } from "../rule.ts";
import type { Seen } from "#model/finding.ts";
import { listed } from "./facts/amounts.ts";
import { type Sharing, namespaceSharing } from "./facts/namespaces.ts";

/** What containers in one namespace can do to each other, by type. */
const TYPES: Partial<Record<NamespaceType, { noun: string; flag: string; key: string }>> = {
  mnt: { noun: "mounts", flag: "", key: "" },
  pid: { noun: "process ids", flag: "--pid container:…", key: "pid" },
  net: { noun: "network", flag: "--network container:…", key: "network_mode" },
  ipc: { noun: "shared memory", flag: "--ipc container:…", key: "ipc" },
  uts: { noun: "host name", flag: "--uts container:…", key: "uts" },
};

export default rule({
  id: "SW-CTR-NAMESPACE-SHARED",
  subject: "container",
  title: "Shares namespaces with other containers",
  severity: "medium",
  risk: "Whoever takes over one of them is halfway into the others: with common process ids it reads their environment and files under /proc (and as the same user their memory), with common shared memory their data, with a common network what listens on 127.0.0.1.",
  countermeasure:
    "Share only what a helper container (sidecar) needs, and run it as another user. Treat containers that share as one when you decide whom to trust.",
  remediation: {
    run: "drop --pid, --ipc or --network container:…",
    compose: "remove pid:, ipc: or network_mode: with container:… or service:…",
  },
  references: [
    man("namespaces.7"),
    page("docker run: namespaces", "https://docs.docker.com/engine/containers/run/"),
  ],
  examples: { bad: "docker run --pid container:db IMAGE", good: "docker run IMAGE" },
  judge: (container, context) => {
    const shared: { type: NamespaceType; value: Sharing; seen: Seen }[] = [];
    const unread: string[] = [];
    const own: Seen[] = [];
    for (const type of Object.keys(TYPES) as NamespaceType[]) {
      const sharing = namespaceSharing(container, type, context);
      // Nobody can ask for another container's mounts, so only the kernel or the runtime tells of them.
      if (!sharing.known) {
        if (type !== "mnt" || container.actual.ok || !container.declared.ok) unread.push(sharing.why);
        continue;
      }
      if (sharing.value.with !== "containers") own.push(sharing.seen);
      else if (sharing.value.containers.length > 0) {
        shared.push({ type, value: sharing.value, seen: sharing.seen });
      } else
        unread.push(`it joined ${sharing.seen.value}, and whose namespace that is only the kernel tells`);
    }
    const judgements = shared.map(({ type, value, seen }): Judgement => {
      const { noun, flag, key } = TYPES[type] ?? { noun: type, flag: "", key: "" };
      return fail(
        `shares its ${noun} with ${listed(value.containers.map((other) => nameOf(other, context)))}`,
        [seen],
        {
          key: type,
          severity: severityOf(type, shared.length),
          ...(flag === "" ? {} : { remediation: `docker run: drop ${flag}\nCompose: remove ${key}:` }),
        },
      );
    });
    if (unread.length > 0) judgements.push(unknown([...new Set(unread)].join("; ")));
    return judgements.length > 0 ? judgements : pass("shares no namespace with other containers", own);
  },
});

// Docker writes container:ID whatever the name was.
function nameOf(container: string, { evidence }: Pick<JudgeContext, "evidence">): string {
  const named = evidence.containers.find(({ id }) => id === container);
  return named?.name ?? container.slice(0, 64);
}

// A network shared alone is the usual helper container; a host name gives nothing away.
function severityOf(type: NamespaceType, sharedTypes: number): Severity {
  if (type === "uts") return "low";
  return type === "net" && sharedTypes === 1 ? "low" : "medium";
}
