import type { Flag, Instruction, Stage } from "#model/evidence/dockerfile.ts";
import { page, type Rule, rule } from "../rule.ts";
import { fixOf, withoutFlag } from "./facts/instruction-edits.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { stageTitle } from "./facts/stage-place.ts";

const DOCS = page(
  "Docker docs: multi-platform builds",
  "https://docs.docker.com/build/building/multi-platform/",
);
const PEERS = ["kics:b16e8501", "droast:DF061"];

const fixed = rule({
  id: "SW-DF-PLATFORM-FIXED",
  subject: "dockerfile",
  title: "Builds for one platform only",
  severity: "low",
  risk: "On any other machine the image is emulated or fails to start, and --platform of the build changes nothing.",
  countermeasure: "Leave the platform to the build, or name the stage after the one that it is for.",
  remediation: { dockerfile: "FROM debian:12, and docker build --platform linux/amd64 where it matters" },
  aliases: ["DL3029", "FromPlatformFlagConstDisallowed", ...PEERS],
  references: [
    DOCS,
    page(
      "Docker build checks: FromPlatformFlagConstDisallowed",
      "https://docs.docker.com/reference/build-checks/from-platform-flag-const-disallowed/",
    ),
  ],
  examples: { bad: "FROM --platform=linux/amd64 debian:12", good: "FROM debian:12" },
  judge: ({ path, dockerfile }, { settings }) =>
    failures(
      dockerfile.stages.flatMap((stage): Fault[] => {
        const flag = platformOf(stage.from);
        if (flag === null) return [];
        const value = flag.value as string;
        const constant = !value.includes("$") && !isNamedAfter(stage, value);
        // The old tool dislikes every platform but the two that the builder sets.
        const other = settings.preset === "hadolint" && !/BUILDPLATFORM|TARGETPLATFORM/.test(value);
        if (!constant && !other) return [];
        return [
          {
            message: `the platform of ${shown(stage.from.from?.image.value ?? "FROM")} is always ${shown(value)}`,
            range: flag.range,
            key: `${stageTitle(stage)} ${value}`,
            ...(constant ? {} : { aliases: ["DL3029", ...PEERS] }),
            fixes: [
              fixOf("Leave the platform to the build", "unsafe", [
                withoutFlag({ path, dockerfile }, flag.range),
              ]),
            ],
          },
        ];
      }),
    ),
});

const redundant = rule({
  id: "SW-DF-PLATFORM-REDUNDANT",
  subject: "dockerfile",
  title: "Asks for the platform that is the default",
  severity: "info",
  risk: "None: the flag only makes readers think that something is special here.",
  countermeasure: "Leave it out: FROM takes the target platform.",
  remediation: { dockerfile: "FROM debian:12" },
  aliases: ["DL3065", "RedundantTargetPlatform"],
  references: [
    DOCS,
    page(
      "Docker build checks: RedundantTargetPlatform",
      "https://docs.docker.com/reference/build-checks/redundant-target-platform/",
    ),
  ],
  examples: { bad: "FROM --platform=$TARGETPLATFORM debian:12", good: "FROM debian:12" },
  judge: ({ path, dockerfile }) =>
    failures(
      dockerfile.stages.flatMap((stage): Fault[] => {
        const flag = platformOf(stage.from);
        const value = flag?.value ?? "";
        if (flag === null || !/^\$(?:TARGETPLATFORM|\{TARGETPLATFORM(?::?[-+?][^{}]*)?\})$/.test(value))
          return [];
        if (/\+/.test(value)) return [];
        const isPlain = !/[-?]/.test(value);
        return [
          {
            message: `${shown(value)} is the default: --platform changes nothing`,
            range: flag.range,
            key: stageTitle(stage),
            ...(isPlain ? {} : { aliases: ["RedundantTargetPlatform"] }),
            fixes: [fixOf("Remove --platform", "safe", [withoutFlag({ path, dockerfile }, flag.range)])],
          },
        ];
      }),
    ),
});

export default [fixed, redundant] satisfies Rule<"dockerfile">[];

function platformOf({ flags }: Instruction): Flag | null {
  const flag = flags.find(({ name }) => name === "platform");
  return flag?.value == null || flag.value === "" ? null : flag;
}

// Names of one thing (containerd/platforms, normalizeArch).
const SAME: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  "x86-64": "amd64",
  aarch64: "arm64",
  i386: "386",
  armhf: "arm",
};

/** A stage that is called `build_amd64` says itself that it is for one platform. */
function isNamedAfter({ name }: Stage, platform: string): boolean {
  if (name === null) return false;
  const lower = name.toLowerCase();
  return platform
    .toLowerCase()
    .split("/")
    .slice(0, 2)
    .some((part) => part !== "" && lower.includes(SAME[part] ?? part));
}
