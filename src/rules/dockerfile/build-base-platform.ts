import type { Judgement } from "../rule.ts";
import { page, rule, unknown } from "../rule.ts";
import { isScratch } from "./facts/image-names.ts";
import { shown } from "./facts/instruction-findings.ts";
import { flagOf } from "./facts/instruction-find.ts";

export default rule({
  id: "SW-DF-BASE-PLATFORM",
  subject: "dockerfile",
  title: "The base image is for another platform than the build",
  severity: "low",
  // Only a registry knows; who wants all that is not judged asks for it.
  presets: { recommended: "off", hadolint: "off" },
  risk: "The image runs slowly in an emulator, or not at all.",
  countermeasure: "Use a base image that is built for the platform, or one for many.",
  remediation: {
    dockerfile: "FROM --platform=$BUILDPLATFORM for tools of the build; none for what is shipped",
  },
  aliases: ["InvalidBaseImagePlatform"],
  references: [
    page(
      "Docker build checks: InvalidBaseImagePlatform",
      "https://docs.docker.com/reference/build-checks/invalid-base-image-platform/",
    ),
  ],
  examples: {
    bad: "FROM --platform=linux/arm64 registry.example.com/only-for-amd64:1",
    good: "FROM registry.example.com/for-many-platforms:1",
  },
  judge: ({ dockerfile }) =>
    dockerfile.stages.flatMap(({ from, image }): Judgement[] => {
      const platform = flagOf(from, "platform");
      if (platform === null || platform.includes("$") || image === null || isScratch(image)) return [];
      const what = `which platforms ${shown(image.text)} is built for is only known to its registry`;
      return [
        {
          ...unknown(`${what}: docker build --check compares them with ${shown(platform)}`),
          range: from.from?.image.range ?? from.range,
          key: image.text,
        },
      ];
    }),
});
