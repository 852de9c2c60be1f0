import { declared, fail, page, pass, rule, unknown } from "../rule.ts";
import { containersOf, count, listed, unseenContainers } from "./facts/containers.ts";

export default rule({
  id: "SW-ENGINE-UNUSED-IMAGES",
  subject: "engine",
  title: "Many images are used by no container",
  severity: "low",
  risk: "Old images keep old vulnerabilities at hand: one wrong tag starts them again. They fill the disk, and hide the ones that matter from whoever looks at the list.",
  countermeasure: "Remove what no container uses, on a schedule; what is needed again can be pulled again.",
  remediation: { host: "docker image prune --all --filter until=720h" },
  cis: ["6.1"],
  references: [
    page("Docker docs: prune unused objects", "https://docs.docker.com/engine/manage-resources/pruning/"),
  ],
  examples: { bad: "40 images, 3 of them in use", good: "docker image prune --all --filter until=720h" },
  judge: (engine, context) => {
    if (!engine.images.ok) return unknown(`its images are not known: ${engine.images.why}`);
    const containers = containersOf(engine, context);
    const silent = containers.filter(({ declared: asked }) => !asked.ok).length;
    const used = new Set(
      containers.flatMap(({ declared: asked }) => (asked.ok ? [bare(asked.value.imageId)] : [])),
    );
    const unused = engine.images.value.filter(({ id }) => !used.has(bare(id)));
    const { maxUnusedImages } = context.settings;
    const megabytes = Math.round(unused.reduce((sum, { size }) => sum + size, 0) / 1e6);
    const seen = [
      declared(
        "GET /images/json",
        `${unused.length} of ${engine.images.value.length} unused (${megabytes} MB): ${listed(unused.map(({ id, tags }) => tags[0] ?? bare(id).slice(0, 12)))}`,
      ),
    ];
    if (unused.length <= maxUnusedImages) {
      return pass(`${count(unused.length, "unused image")}, ${maxUnusedImages} are fine`, seen);
    }
    // Each container that did not answer may use one of them.
    const hidden = silent + unseenContainers(engine, containers);
    return unused.length - hidden <= maxUnusedImages
      ? unknown(`${count(hidden, "container")} did not tell which image they use; see the engine's log`, seen)
      : fail(`${unused.length} images are used by no container (about ${megabytes} MB)`, seen);
  },
});

function bare(id: string): string {
  return id.replace(/^sha256:/, "");
}
