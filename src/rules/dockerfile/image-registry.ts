import type { Dockerfile, ImageReference, Instruction } from "#model/evidence/dockerfile.ts";
import { parseReference } from "#evidence/dockerfile/reference.ts";
import { findStage, takesFrom } from "#evidence/dockerfile/stages.ts";
import { matchesGlob } from "#policy/glob.ts";
import { page, rule } from "../rule.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { DEFAULT_REGISTRY, fullName, isScratch } from "./facts/image-names.ts";
import { stageOf, stageTitle } from "./facts/stage-place.ts";

// Other names of the registry that images without one come from.
const DEFAULT_NAMES = [DEFAULT_REGISTRY, "index.docker.io", "hub.docker.com", "registry-1.docker.io"];

export default rule({
  id: "SW-DF-IMAGE-REGISTRY",
  subject: "dockerfile",
  title: "Takes an image from a registry that is not on the list",
  severity: "medium",
  risk: "Anyone may publish an image under a name that looks right. What the list does not name, nobody has agreed to build on.",
  countermeasure: "Take images from the registries that the policy names, or add this one with a reason.",
  remediation: { dockerfile: "FROM registry.example.com/base/debian:12" },
  cis: ["4.2"],
  aliases: ["DL3026"],
  references: [
    page("Docker docs: trusted content", "https://docs.docker.com/docker-hub/image-library/trusted-content/"),
    page("hadolint: DL3026", "https://github.com/hadolint/hadolint/wiki/DL3026"),
  ],
  examples: {
    bad: "FROM stranger.example/debian:12",
    good: "FROM registry.example.com/base/debian:12",
  },
  judge: ({ dockerfile, namedContexts }, { settings: { trustedRegistries } }) => {
    if (trustedRegistries.length === 0) return [];
    const faults: Fault[] = [];
    const judge = (image: ImageReference, instruction: Instruction, range: Fault["range"]): void => {
      if (isScratch(image) || image.text === "" || image.text.startsWith("$")) return;
      if (namedContexts.includes(image.text) || isTrusted(image, trustedRegistries)) return;
      faults.push({
        message: `${shown(image.text)} is from no trusted registry`,
        range,
        key: `${stageTitle(stageOf(dockerfile, instruction))} ${image.text}`,
      });
    };
    for (const instruction of dockerfile.instructions) {
      const stage = dockerfile.stages[instruction.stage];
      if (instruction.keyword === "FROM" && stage?.image != null) {
        judge(stage.image, instruction, instruction.from?.image.range ?? instruction.range);
      }
      for (const name of imagesTaken(dockerfile, instruction)) {
        judge(parseReference(name), instruction, rangeOf(instruction, name));
      }
    }
    return failures(faults);
  },
});

/** Images that COPY --from and mounts name; stages of the file are none. */
function imagesTaken(dockerfile: Dockerfile, instruction: Instruction): string[] {
  if (instruction.flags.length === 0) return [];
  return takesFrom(instruction).filter(
    (name) => !/^\d+$/.test(name) && findStage(dockerfile.stages, name) === null,
  );
}

function rangeOf({ flags, range }: Instruction, name: string): Fault["range"] {
  return flags.find(({ value }) => value?.includes(name))?.range ?? range;
}

/** True if one entry names the image's registry, or its name: `*.example.com`, `docker.io/library`, `*`. */
function isTrusted(image: ImageReference, trusted: readonly string[]): boolean {
  const isDefault = image.registry === "" || DEFAULT_NAMES.includes(image.registry);
  const registries = isDefault ? DEFAULT_NAMES : [image.registry];
  const name = fullName(image);
  return trusted.some((entry) => {
    if (registries.some((registry) => matchesGlob(entry, registry))) return true;
    const prefix = entry.replace(/\/\*?$/, "");
    return (
      prefix.includes("/") &&
      (matchesGlob(entry, name) || matchesGlob(`${prefix}/*`, name) || name === prefix)
    );
  });
}
