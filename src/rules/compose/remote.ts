import { isRemote } from "#evidence/compose/paths.ts";
import { at, isOpen, itemsOf, pairsOf, textOf } from "#evidence/compose/tree.ts";
import type { ComposeFile, ComposeNode } from "#model/evidence/compose.ts";
import { page, rule } from "../rule.ts";
import { type Fault, failures, rangeOf } from "./facts/findings.ts";

export default rule({
  id: "SW-CMP-REMOTE",
  subject: "compose",
  title: "Takes files from elsewhere that may change",
  severity: "medium",
  risk: "What an address holds today need not be what it holds tomorrow: whoever may push there decides what is built, or which containers start with which mounts.",
  countermeasure: "Name the commit or the digest that was looked at.",
  remediation: { compose: "append #COMMIT to the git address (40 digits), or @sha256:… to an OCI one" },
  references: [
    page("Compose: include", "https://docs.docker.com/reference/compose-file/include/"),
    page(
      "Docker docs: remote build contexts",
      "https://docs.docker.com/build/concepts/context/#git-repositories",
    ),
  ],
  examples: {
    bad: "build: https://github.com/acme/app.git#main",
    good: "build: https://github.com/acme/app.git#1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d",
  },
  judge: (file) =>
    failures(
      sourcesOf(file).flatMap(({ what, node, address, service }): Fault[] => {
        if (!isRemote(address) || isOpen(node) || isPinned(address)) return [];
        const plain = /^(?:http|git):\/\//i.test(address);
        const shown = address.replace(/\/\/[^/@]*@/, "//").slice(0, 120);
        return [
          {
            message: `${what} ${shown}${plain ? ", which anybody on the way may change," : ""} without a commit or digest`,
            range: rangeOf(file, node, service),
            key: `${what} ${address.replace(/[#?@].*$/s, "")}`.slice(0, 200),
            ...(plain ? { severity: "high" } : {}),
          },
        ];
      }),
    ),
});

function sourcesOf(file: ComposeFile) {
  const includes = itemsOf(at(file.written, "include")).flatMap((item) =>
    (item.kind === "map" ? itemsOf(at(item, "path")) : [item]).map((node) => ({
      what: "includes",
      node,
      address: textOf(node),
      service: undefined,
    })),
  );
  const builds = file.declared.flatMap((service) => {
    const build = at(service.settings, "build");
    const context = build?.kind === "map" ? at(build, "context") : build;
    const named = (name: string, node: ComposeNode | undefined | null) =>
      node === undefined || node === null
        ? []
        : [{ what: `${service.name} builds from ${name}`.trim(), node, address: textOf(node), service }];
    return [
      ...named("", context),
      ...pairsOf(at(build, "additional_contexts")).flatMap(({ value }) => named("", value)),
    ];
  });
  return [...includes, ...builds];
}

function isPinned(address: string): boolean {
  if (/^(?:docker-image|oci):/i.test(address)) return /@sha256:[0-9a-f]{64}$/.test(address);
  // `#COMMIT`, `#COMMIT:folder`, or `?ref=COMMIT` and the like.
  return /(?:#|[?&](?:ref|commit|checksum)=)[0-9a-f]{40,64}(?:$|[:&])/.test(address);
}
