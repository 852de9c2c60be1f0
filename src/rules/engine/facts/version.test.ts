import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { compareVersions, holdsFix, isDistribution, parseVersion, type Version } from "./version.ts";

const version = (text: string): Version => {
  const parsed = parseVersion(text);
  if (parsed === null) throw new Error(text);
  return parsed;
};

describe("parseVersion", () => {
  it.each([
    ["29.5.1", [29, 5, 1]],
    ["v1.1.12", [1, 1, 12]],
    ["5:20.10.24+dfsg1-1+deb12u1", [20, 10, 24]],
    ["18.06.1-ce", [18, 6, 1]],
    ["1.7", [1, 7, 0]],
  ])("reads %s", (text, [major, minor, patch]) => {
    expect(version(text)).toMatchObject({ major, minor, patch, stage: [3, 0] });
  });

  it("knows what comes before a release", () => {
    const rising = ["1.0.0-alpha.1", "1.0.0-beta.2", "1.0.0-rc6", "1.0.0-rc93", "1.0.0", "1.0.1-rc.1"];
    const parsed = rising.map(version);
    expect(parsed.toSorted(compareVersions)).toEqual(parsed);
    expect(compareVersions(version("1.0.0~rc93+ds1-5+deb11u3"), version("1.0.0-rc93"))).toBe(0);
  });

  it("does not know what is no version, and never throws", () => {
    expect(parseVersion("")).toBeNull();
    expect(parseVersion("unknown")).toBeNull();
    expect(parseVersion("library-import")).toBeNull();
    assert(
      property(string(), (text) => parseVersion(text) === null || isDistribution(version(text)) !== null),
    );
  });
});

describe("holdsFix", () => {
  const fixed = ["1.2.8", "1.3.3", "1.4.0-rc.3"].map(version);

  it.each(["1.2.8", "1.2.9", "1.3.3", "1.4.0-rc.3", "1.4.0", "1.5.0-rc.1", "2.0.0"])(
    "%s holds it",
    (text) => {
      expect(holdsFix(version(text), fixed)).toBe(true);
    },
  );

  it.each(["1.1.15", "1.2.7", "1.3.2", "1.4.0-rc.2", "1.0.0-rc93"])("%s does not", (text) => {
    expect(holdsFix(version(text), fixed)).toBe(false);
  });

  it("a branch between two that were fixed, without a release of its own, does not hold it", () => {
    expect(holdsFix(version("26.0.2"), ["25.0.6", "26.1.5"].map(version))).toBe(false);
  });
});

describe("isDistribution", () => {
  it.each([
    "20.10.24+dfsg1",
    "1.6.20~ds1-1+deb12u3",
    "24.0.7-0ubuntu2~22.04.1",
    "28.0.4+azure",
    "25.0.8-1.amzn2023",
  ])("%s was built by a distribution", (text) => expect(isDistribution(version(text))).toBe(true));

  it.each(["29.5.1", "18.06.1-ce", "1.0.0-rc93", "1.1.0+dev"])("%s was not", (text) => {
    expect(isDistribution(version(text))).toBe(false);
  });
});
