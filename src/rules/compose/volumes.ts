import { at, itemsOf, textOf } from "#evidence/compose/tree.ts";
import { isPath, parseVolume } from "#evidence/compose/volumes.ts";
import type { ComposeNode, ComposeService } from "#model/evidence/compose.ts";
import { man, page, type Rule, rule } from "../rule.ts";
import { type Fault, failures, named, rangeOf, servicePage } from "./facts/findings.ts";

/** Folders whose labels belong to the system (docker docs: "Configure the SELinux label"). */
const SYSTEM =
  /^\/(?:home|usr|etc|var|root|boot|opt|lib|lib64|bin|sbin|dev|proc|sys|run|srv|tmp)?$|^\/(?:etc|usr|boot|lib|lib64|bin|sbin|dev|proc|sys|run)(?:\/|$)|^\/var\/(?:log|lib|run)$|^(?:~|\/home\/\$USER)\/?$/;

const relabel = rule({
  id: "SW-CMP-RELABEL",
  subject: "compose",
  title: "Relabels folders of the system",
  severity: "high",
  risk: "With z or Z the engine writes a new SELinux label on every file of the folder. On a folder of the system, services of the host can no longer read their own files: logins, logs or the start may fail.",
  countermeasure: "Relabel only folders that belong to the container.",
  remediation: { compose: "remove :z or :Z from the volume, or mount a folder of its own" },
  references: [
    page(
      "Docker docs: configure the SELinux label",
      "https://docs.docker.com/engine/storage/bind-mounts/#configure-the-selinux-label",
    ),
  ],
  examples: { bad: "volumes: [/home:/home:Z]", good: "volumes: [./data:/data:Z]" },
  judge: (file) =>
    failures(
      file.declared.flatMap((service) =>
        mountsOf(service).flatMap(({ node, volume }): Fault[] => {
          const label = volume.options.find((option) => option === "z" || option === "Z");
          return label === undefined || !SYSTEM.test(volume.source)
            ? []
            : [
                {
                  message: `${service.name} writes a new SELinux label (${label}) on everything in ${volume.source}`,
                  range: rangeOf(file, node, service),
                  key: `${service.name} ${volume.target}`,
                },
              ];
        }),
      ),
    ),
});

const shared = rule({
  id: "SW-CMP-VOLUME-SHARED",
  subject: "compose",
  title: "Several services may write the same volume",
  severity: "low",
  risk: "Whoever takes over one of them changes what the others read: code, templates, jobs, database files.",
  countermeasure: "Let one service write, and mount the volume read-only in the others.",
  remediation: { compose: "add :ro to the volume in the services that only read it" },
  presets: { recommended: "off" },
  references: [servicePage("volumes")],
  examples: {
    bad: "services: {a: {volumes: [data:/data]}, b: {volumes: [data:/data]}}",
    good: "services: {a: {volumes: [data:/data]}, b: {volumes: ['data:/data:ro']}}",
  },
  judge: (file) => {
    const writers = new Map<string, { service: ComposeService; node: ComposeNode }[]>();
    for (const service of file.declared) {
      for (const { node, volume } of mountsOf(service)) {
        if (volume.readOnly || volume.open || volume.source === "" || volume.type === "image") continue;
        const all = writers.get(volume.source) ?? [];
        if (all.every((other) => other.service !== service)) all.push({ service, node });
        writers.set(volume.source, all);
      }
    }
    return failures(
      [...writers].flatMap(([source, all]): Fault[] => {
        const [, second] = all;
        if (second === undefined) return [];
        const what = isPath(source) ? `the folder ${source}` : `the volume ${source}`;
        return [
          {
            message: `${named(all.slice(0, 5).map(({ service }) => service.name))} may all write ${what}`,
            range: rangeOf(file, second.node, second.service),
            key: source,
          },
        ];
      }),
    );
  },
});

const size = rule({
  id: "SW-CMP-TMPFS-SIZE",
  subject: "compose",
  title: "A tmpfs may take all memory",
  severity: "low",
  risk: "Without a size a tmpfs grows to half of the host's memory, or to the container's limit, where the kernel then kills the program.",
  countermeasure:
    "Give it the size that the program needs: a full tmpfs is an error that the program can handle.",
  remediation: { compose: "tmpfs: [/tmp:size=64m]" },
  presets: { recommended: "off" },
  references: [man("tmpfs.5"), servicePage("tmpfs")],
  examples: { bad: "tmpfs: [/tmp]", good: "tmpfs: [/tmp:size=64m]" },
  judge: (file) => {
    const unsized = (target: string, node: ComposeNode, service: ComposeService): Fault => ({
      message: `${service.name} mounts a tmpfs without size at ${target}`,
      range: rangeOf(file, node, service),
      key: `${service.name} ${target}`,
    });
    return failures(
      file.declared.flatMap((service) => [
        ...itemsOf(at(service.settings, "tmpfs")).flatMap((item): Fault[] => {
          const [target = "", options = ""] = textOf(item).split(":");
          return /(?:^|,)size=/.test(options) ? [] : [unsized(target, item, service)];
        }),
        ...mountsOf(service).flatMap(({ node, volume }): Fault[] =>
          volume.type === "tmpfs" && textOf(at(node, "tmpfs", "size")) === ""
            ? [unsized(volume.target, node, service)]
            : [],
        ),
      ]),
    );
  },
});

export default [relabel, shared, size] satisfies Rule<"compose">[];

function mountsOf({ settings }: ComposeService) {
  return itemsOf(at(settings, "volumes")).map((node) => ({ node, volume: parseVolume(node) }));
}
