import { declared, fail, notApplicable, page, pass, rule, unknown } from "../rule.ts";
import { isOnlyDeclared, NOT_YET } from "./facts/state.ts";
import { declaredSource } from "./facts/witness.ts";

export default rule({
  id: "SW-CTR-IMAGE-STALE",
  subject: "container",
  title: "Runs an image that its tag no longer names",
  severity: "medium",
  risk: "A newer image was pulled or built under the same tag, usually with security updates, but this container was not recreated: whoever looks at the tag believes that the fixes are in force.",
  countermeasure: "Recreate the container whenever its image is updated.",
  remediation: {
    compose: "docker compose up -d recreates what has a newer image",
    run: "docker rm -f NAME, then run it again",
  },
  cis: ["5.28"],
  references: [page("docker compose up", "https://docs.docker.com/reference/cli/docker/compose/up/")],
  examples: {
    bad: "docker pull nginx:1.29 while a container of the older nginx:1.29 runs on",
    good: "docker pull nginx:1.29, then recreate the container",
  },
  judge: (container, { engine }) => {
    if (isOnlyDeclared(container)) return notApplicable(NOT_YET);
    if (!container.declared.ok) return unknown(container.declared.why);
    const { imageId } = container.declared.value;
    const { image } = container;
    if (imageId === "" || image === "") return unknown("the engine does not tell which image it runs");
    if (isImageId(image)) return notApplicable("it was started by image id, so it follows no tag");
    if (image.includes("@")) return notApplicable("its image is pinned by digest");
    if (engine === null) return unknown("no engine that was asked knows this container");
    if (!engine.images.ok) return unknown(engine.images.why);
    const wanted = fullReference(image);
    const named = engine.images.value.find(({ tags }) => tags.some((tag) => fullReference(tag) === wanted));
    if (named === undefined) {
      return unknown(
        `no image in the engine's store has the tag ${image} any more; docker pull ${image} gets it`,
      );
    }
    const evidence = [
      declared(declaredSource(container), imageId, "Image"),
      declared(`${engine.name}: images`, named.id, image),
    ];
    return named.id === imageId
      ? pass(`runs the image that ${image} names`, evidence)
      : fail(`runs ${short(imageId)}, but ${image} names ${short(named.id)} now`, evidence);
  },
});

function isImageId(image: string): boolean {
  return /^(?:sha256:)?(?:[0-9a-f]{64}|[0-9a-f]{12})$/.test(image);
}

/** The reference with everything that Docker lets people leave out, so that spellings compare. */
function fullReference(reference: string): string {
  const name = /:[^/]*$/.test(reference) ? reference : `${reference}:latest`;
  const [first = "", ...rest] = name.split("/");
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const path = hasHost ? rest : [first, ...rest];
  const host = hasHost && first !== "index.docker.io" ? first : "docker.io";
  return [host, ...(host === "docker.io" && path.length === 1 ? ["library"] : []), ...path].join("/");
}

function short(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}
