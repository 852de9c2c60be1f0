import { describe, expect, it } from "vitest";
import { findingsIn, linesIn, mended, ruleById } from "../testing.ts";
import imageDigest from "./image-digest.ts";
import imagePlatform from "./image-platform.ts";
import imageRegistry from "./image-registry.ts";
import imageTag from "./image-tag.ts";

const hadolint = { settings: { preset: "hadolint" as const } };
const untagged = ruleById(imageTag, "SW-DF-IMAGE-UNTAGGED");
const latest = ruleById(imageTag, "SW-DF-IMAGE-LATEST");
const fixed = ruleById(imagePlatform, "SW-DF-PLATFORM-FIXED");
const redundant = ruleById(imagePlatform, "SW-DF-PLATFORM-REDUNDANT");

describe("SW-DF-IMAGE-UNTAGGED", () => {
  it("finds images without a tag, also behind a registry with a port", () => {
    const text =
      "FROM debian\nFROM reg.example:5000/team/app\nFROM debian:12\nFROM debian@sha256:ab\nFROM scratch\n";
    expect(linesIn(untagged, text)).toEqual([1, 2]);
  });

  it("knows stages, named contexts and the defaults of ARG", () => {
    expect(linesIn(untagged, "FROM a:1 AS base\nFROM BASE\n")).toEqual([]);
    expect(linesIn(untagged, "FROM base\n", { namedContexts: ["base"] })).toEqual([]);
    expect(linesIn(untagged, "ARG I=debian\nFROM $I\nFROM ${J}\nFROM a:$TAG\n")).toEqual([2]);
    expect(linesIn(untagged, "ARG I=debian\nFROM $I\n", hadolint)).toEqual([]);
  });
});

describe("SW-DF-IMAGE-LATEST", () => {
  it("finds the tag, and lets one with a digest be", () => {
    const text = "ARG T=latest\nFROM a:latest\nFROM a:$T AS x\nFROM a:latest@sha256:ab\nFROM a:latest-slim\n";
    expect(linesIn(latest, text)).toEqual([2, 3]);
    expect(linesIn(latest, text, hadolint)).toEqual([2, 3, 4]);
  });
});

describe("SW-DF-IMAGE-NO-DIGEST", () => {
  it("finds images that are not pinned", () => {
    const text = "FROM a:1 AS base\nFROM base\nFROM scratch\nFROM b:2@sha256:ab\nFROM c:$X\n";
    expect(linesIn(imageDigest, text)).toEqual([1]);
  });
});

describe("SW-DF-IMAGE-REGISTRY", () => {
  const withTrust = (...trustedRegistries: string[]) => ({ settings: { trustedRegistries } });

  it("is silent without a list", () => {
    expect(linesIn(imageRegistry, "FROM stranger.example/x:1\n")).toEqual([]);
  });

  it("reads entries as names of registries, globs and paths", () => {
    const text =
      "FROM a.example/x:1\nFROM b.example/team/x:1\nFROM debian:12\nFROM other/x:1\nFROM scratch\n";
    expect(linesIn(imageRegistry, text, withTrust("*.example"))).toEqual([3, 4]);
    expect(linesIn(imageRegistry, text, withTrust("docker.io", "a.example"))).toEqual([2]);
    expect(linesIn(imageRegistry, text, withTrust("docker.io/library", "b.example/team/*"))).toEqual([1, 4]);
    expect(linesIn(imageRegistry, text, withTrust("*"))).toEqual([]);
  });

  it("looks at what COPY --from and mounts take, stages aside", () => {
    const text = `FROM ok.example/a:1 AS base
COPY --from=bad.example/b:1 /x /x
COPY --from=base /x /y
COPY --from=0 /x /y
RUN --mount=type=bind,from=bad.example/c:1,target=/c --mount=from=base,target=/d make
`;
    expect(
      findingsIn(imageRegistry, text, withTrust("ok.example")).map(({ line, message }) => [line, message]),
    ).toEqual([
      [2, "bad.example/b:1 is from no trusted registry"],
      [5, "bad.example/c:1 is from no trusted registry"],
    ]);
  });
});

describe("SW-DF-PLATFORM-FIXED", () => {
  it("finds constants, and lets a stage that is named after its platform be", () => {
    const text = `FROM --platform=linux/amd64 a:1
FROM --platform=linux/amd64 a:1 AS build_amd64
FROM --platform=linux/arm64/v8 a:1 AS build_arm64
FROM --platform=linux/x86_64 a:1 AS tool-amd64
FROM --platform=$BUILDPLATFORM a:1
FROM --platform=$OTHER a:1
`;
    expect(linesIn(fixed, text)).toEqual([1]);
    const old = findingsIn(fixed, text, hadolint);
    expect(old.map(({ line }) => line)).toEqual([1, 2, 3, 4, 6]);
    expect(old.map(({ aliases }) => aliases?.includes("FromPlatformFlagConstDisallowed"))).toEqual([
      undefined,
      false,
      false,
      false,
      false,
    ]);
  });

  it("removes the flag when asked to", () => {
    expect(mended(fixed, "FROM --platform=linux/amd64  a:1\n", "unsafe")).toBe("FROM  a:1\n");
  });
});

describe("SW-DF-PLATFORM-REDUNDANT", () => {
  it("finds and removes the default", () => {
    const text = "FROM --platform=$TARGETPLATFORM a:1 AS x\nFROM --platform=${TARGETPLATFORM} b:1\n";
    expect(linesIn(redundant, text)).toEqual([1, 2]);
    expect(mended(redundant, text)).toBe("FROM a:1 AS x\nFROM b:1\n");
    expect(
      linesIn(redundant, "FROM --platform=$TARGETPLATFORM/v2 a:1\nFROM --platform=$BUILDPLATFORM b:1\n"),
    ).toEqual([]);
  });

  it("gives the builder's name only where a default is in it", () => {
    const [finding] = findingsIn(redundant, "FROM --platform=${TARGETPLATFORM:-linux/amd64} a:1\n");
    expect(finding?.aliases).toEqual(["RedundantTargetPlatform"]);
  });
});
