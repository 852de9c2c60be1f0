import { text } from "#evidence/json.ts";
import { parseReference } from "#evidence/dockerfile/reference.ts";
import type { PodContainer } from "#model/evidence/manifest.ts";
import { page, type Rule, rule } from "../rule.ts";
import { inManifest, judged, ofContainers } from "./facts/breach.ts";

const IMAGES = page("Kubernetes: images", "https://kubernetes.io/docs/concepts/containers/images/");

/** The image of a container, and whether it is written out: not with `$(TAG)` or `{{tag}}` for another tool. */
function imageOf({ spec }: PodContainer): { image: string; open: boolean } {
  const image = text(spec.image).trim();
  return { image, open: image === "" || /[${}<>]/.test(image) };
}

const tag = rule({
  id: "SW-K8S-IMAGE-TAG",
  subject: "manifest",
  title: "The image may be another one tomorrow",
  severity: "medium",
  risk: "Without a tag, or with latest, each node runs whatever was newest when it pulled: Pods of one Deployment differ, a roll-back brings nothing back, and nobody can tell what ran.",
  countermeasure: "Name the version, or better the digest, and let a bot raise it.",
  remediation: inManifest("image: NAME:VERSION, or NAME@sha256:…"),
  aliases: ["KSV013", "CKV_K8S_14", "latest-tag"],
  references: [IMAGES],
  examples: { bad: "image: nginx:latest", good: "image: nginx:1.29.3" },
  judge: (manifest) =>
    judged(
      manifest,
      ofContainers(manifest, (container) => {
        const { image, open } = imageOf(container);
        if (open) return null;
        const { digest, tag: version } = parseReference(image);
        if (digest !== null || (version !== null && version !== "latest")) return null;
        const how = version === null ? "names no version" : "is tagged latest";
        return { message: `the image ${image} ${how}`, path: [...container.path, "image"] };
      }),
    ),
});

const digest = rule({
  id: "SW-K8S-IMAGE-DIGEST",
  subject: "manifest",
  title: "The image is not pinned by its digest",
  severity: "low",
  risk: "A tag can be moved: whoever may write to the registry changes what runs at the next pull, without a change here.",
  countermeasure: "Add the digest behind the tag, and let a bot raise both.",
  remediation: inManifest("image: NAME:VERSION@sha256:…"),
  aliases: ["CKV_K8S_43"],
  presets: { recommended: "off", hadolint: "off" },
  references: [IMAGES],
  examples: { bad: "image: nginx:1.29.3", good: "image: nginx:1.29.3@sha256:…" },
  judge: (manifest) =>
    judged(
      manifest,
      ofContainers(manifest, (container) => {
        const { image, open } = imageOf(container);
        return open || parseReference(image).digest !== null
          ? null
          : { message: `the image ${image} has no digest`, path: [...container.path, "image"] };
      }),
    ),
});

const pullPolicy = rule({
  id: "SW-K8S-PULL-POLICY",
  subject: "manifest",
  title: "An image that is on the node is used without asking",
  severity: "info",
  risk: "Any Pod on the node may use an image that another one has pulled with its credentials; and a tag that was moved is not seen.",
  countermeasure:
    "Pull always, which costs one request; or switch the AlwaysPullImages admission plug-in on.",
  remediation: inManifest("imagePullPolicy: Always"),
  aliases: ["CKV_K8S_15"],
  presets: { recommended: "off", hadolint: "off" },
  references: [IMAGES],
  examples: { bad: "imagePullPolicy: IfNotPresent", good: "imagePullPolicy: Always" },
  judge: (manifest) =>
    judged(
      manifest,
      ofContainers(manifest, (container) => {
        const policy = text(container.spec.imagePullPolicy);
        const { image, open } = imageOf(container);
        const { tag: version, digest: pinned } = parseReference(image);
        // latest and no tag are pulled always, unless the policy says otherwise; a digest cannot move
        const always = policy === "Always" || (policy === "" && (version === null || version === "latest"));
        if (always || pinned !== null || open) return null;
        const how = policy === "" ? "imagePullPolicy is not set" : `imagePullPolicy is ${policy}`;
        return { message: how, path: [...container.path, policy === "" ? "image" : "imagePullPolicy"] };
      }),
    ),
});

export default [tag, digest, pullPolicy] satisfies Rule<"manifest">[];
