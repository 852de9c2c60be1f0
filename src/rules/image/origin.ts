import { declared, fail, notApplicable, page, pass, type Rule, rule } from "../rule.ts";

const DAY = 24 * 60 * 60 * 1000;

const registry = rule({
  id: "SW-IMAGE-REGISTRY",
  subject: "image",
  title: "Comes from a registry that is not on the list",
  severity: "medium",
  risk: "Anyone may publish an image under a name that looks right. What the list does not name, nobody has agreed to run.",
  countermeasure: "Pull from the registries that the policy names, or add this one with a reason.",
  remediation: {
    run: "use the image of a trusted registry",
    compose: "image: registry.example.com/team/app@sha256:…",
  },
  cis: ["4.2"],
  aliases: ["DL3026"],
  references: [
    page("Docker docs: trusted content", "https://docs.docker.com/docker-hub/image-library/trusted-content/"),
  ],
  examples: { bad: "docker pull stranger/nginx", good: "docker pull registry.example.com/base/nginx" },
  judge: (image, { settings }) => {
    if (settings.trustedRegistries.length === 0) {
      return notApplicable("the policy names no trusted registries (settings.trustedRegistries)");
    }
    const names = image.tags.length > 0 ? image.tags : image.digests;
    if (names.length === 0) return notApplicable("it has no name");
    const strangers = names.filter(
      (name) => !settings.trustedRegistries.some((trusted) => isFrom(name, trusted)),
    );
    const seen = [declared("docker images", names.join(" "), "RepoTags")];
    return strangers.length === 0
      ? pass("comes from a trusted registry", seen)
      : fail(`${strangers[0]} is from no trusted registry`, seen);
  },
});

const age = rule({
  id: "SW-IMAGE-AGE",
  subject: "image",
  title: "Has not been rebuilt for long",
  severity: "low",
  risk: "Fixes of the packages inside reach an image only when it is built again.",
  countermeasure: "Rebuild on a schedule, on an updated base.",
  remediation: { host: "docker build --pull --no-cache, then recreate the containers" },
  references: [
    page(
      "Docker docs: rebuild your images often",
      "https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often",
    ),
  ],
  examples: { bad: "an image built 200 days ago", good: "an image built last week" },
  judge: (image, { settings, now }) => {
    const created = Date.parse(image.createdAt);
    const seen = [declared("docker images", image.createdAt, "Created")];
    // Reproducible builds set the date to 1970 or another fixed day, which tells nothing.
    if (Number.isNaN(created) || created < Date.parse("2010-01-01"))
      return notApplicable("its date says nothing (reproducible build)");
    const days = Math.floor((now - created) / DAY);
    return days > settings.maxImageAgeDays
      ? fail(`was built ${days} days ago (more than ${settings.maxImageAgeDays})`, seen)
      : pass(`was built ${days} days ago`, seen);
  },
});

export default [registry, age] satisfies Rule<"image">[];

/**
 * True if an image reference belongs to a registry or a path in it. `docker.io/library` stands for names
 * without a registry (`nginx`), as the engine reads them (distribution/reference, normalize.go).
 */
export function isFrom(reference: string, trusted: string): boolean {
  const full = fullName(reference);
  const prefix = trusted.replace(/\/?\*?$/, "");
  return (
    full === prefix ||
    full.startsWith(`${prefix}/`) ||
    full.startsWith(`${prefix}:`) ||
    full.startsWith(`${prefix}@`)
  );
}

function fullName(reference: string): string {
  const [first = "", ...rest] = reference.split("/");
  if (rest.length === 0) return `docker.io/library/${reference}`;
  const isHost = first.includes(".") || first.includes(":") || first === "localhost";
  return isHost ? reference : `docker.io/${reference}`;
}
