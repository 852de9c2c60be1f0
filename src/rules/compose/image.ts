import { at, isOpen, textOf } from "#evidence/compose/tree.ts";
import { parseReference } from "#evidence/dockerfile/reference.ts";
import type { ComposeFile, ComposeService } from "#model/evidence/compose.ts";
import type { ImageReference } from "#model/evidence/dockerfile.ts";
import { isFrom } from "../image/origin.ts";
import { type Judgement, page, type Rule, rule } from "../rule.ts";
import { type Fault, failures, rangeOf, servicePage } from "./facts/findings.ts";

const PINNING = page(
  "Docker docs: pin image versions",
  "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
);

// Tags that are moved with every release, by custom.
const MOVING = new Set([
  "latest",
  "stable",
  "edge",
  "nightly",
  "dev",
  "test",
  "beta",
  "canary",
  "main",
  "master",
]);

const tag = rule({
  id: "SW-CMP-IMAGE-TAG",
  subject: "compose",
  title: "Runs an image whose tag moves",
  severity: "medium",
  risk: "Without a tag, and with one like latest, the next pull may bring another major version, or whatever somebody pushed: the service breaks, or runs what nobody has looked at.",
  countermeasure: "Name the release that was tested. A digest beside it makes sure that it stays the same.",
  remediation: { compose: "image: NAME:VERSION, the version that you have tested" },
  aliases: ["CL-0004", "dclint:service-image-require-explicit-tag"],
  references: [servicePage("image"), PINNING],
  examples: { bad: "image: postgres", good: "image: postgres:17.2" },
  judge: (file) =>
    overImages(file, ({ service, image, written }): Omit<Fault, "range"> | null => {
      if (image.digest !== null) return null;
      if (image.tag === null)
        return {
          message: `${service.name} runs ${written} without a tag, which is latest`,
          key: service.name,
        };
      return MOVING.has(image.tag)
        ? {
            message: `${service.name} runs ${written}, a tag that moves`,
            key: service.name,
            ...(image.tag === "latest" ? {} : { severity: "low" }),
          }
        : null;
    }),
});

const digest = rule({
  id: "SW-CMP-IMAGE-DIGEST",
  subject: "compose",
  title: "Runs an image that is not pinned by digest",
  severity: "low",
  risk: "Whoever may push to the repository, or stands between, can put something else under the same tag.",
  countermeasure: "Add the digest of the image that was tested, and let a bot raise it.",
  remediation: {
    compose: "image: NAME:VERSION@sha256:…, with the digest that docker images --digests shows",
  },
  aliases: ["CL-0019"],
  presets: { recommended: "off" },
  references: [servicePage("image"), PINNING],
  examples: { bad: "image: postgres:17.2", good: "image: postgres:17.2@sha256:…" },
  judge: (file) =>
    overImages(file, ({ service, image, written }) =>
      image.digest === null
        ? { message: `${service.name} runs ${written}, which has no digest`, key: service.name }
        : null,
    ),
});

const registry = rule({
  id: "SW-CMP-IMAGE-REGISTRY",
  subject: "compose",
  title: "Runs an image from a registry that is not on the list",
  severity: "medium",
  risk: "Anyone may publish an image under a name that looks right. What the list does not name, nobody has agreed to run.",
  countermeasure:
    "Take the image from one of the registries that the policy names, or add this one with a reason.",
  remediation: { compose: "image: from a registry of settings.trustedRegistries" },
  references: [
    page("Docker docs: trusted content", "https://docs.docker.com/docker-hub/image-library/trusted-content/"),
  ],
  examples: { bad: "image: stranger/nginx:1.29", good: "image: registry.example.com/base/nginx:1.29" },
  judge: (file, { settings: { trustedRegistries } }) =>
    trustedRegistries.length === 0
      ? []
      : overImages(file, ({ service, written }) =>
          trustedRegistries.some((trusted) => isFrom(written, trusted))
            ? null
            : {
                message: `${service.name} runs ${written}, which is from no trusted registry`,
                key: service.name,
              },
        ),
});

export default [tag, digest, registry] satisfies Rule<"compose">[];

interface Pulled {
  service: ComposeService;
  image: ImageReference;
  /** As it reads with variables put in. */
  written: string;
}

/** Every image that is pulled: what the project builds itself has no tag of others. */
function overImages(file: ComposeFile, judge: (pulled: Pulled) => Omit<Fault, "range"> | null): Judgement[] {
  const built = new Set(
    file.declared.flatMap(({ settings }) =>
      settings.entries.has("build") ? [textOf(at(settings, "image"))] : [],
    ),
  );
  return failures(
    file.declared.flatMap((service): Fault[] => {
      const node = at(service.settings, "image");
      const written = textOf(node);
      if (written === "" || isOpen(node) || built.has(written) || IMAGE_ID.test(written)) return [];
      const fault = judge({ service, image: parseReference(written), written });
      return fault === null ? [] : [{ ...fault, range: rangeOf(file, node, service) }];
    }),
  );
}

const IMAGE_ID = /^(?:sha256:)?(?:[0-9a-f]{12}|[0-9a-f]{64})$/;
