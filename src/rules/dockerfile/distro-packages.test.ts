import { describe, expect, it } from "vitest";
import { findingsIn, linesIn, mended, ruleById } from "../testing.ts";
import apkCache from "./apk-cache.ts";
import assumeYes from "./assume-yes.ts";
import distroPins from "./distro-pins.ts";
import packageCache from "./package-cache.ts";
import packageUpgrade from "./package-upgrade.ts";
import zypperDistUpgrade from "./zypper-dist-upgrade.ts";

const hadolint = { settings: { preset: "hadolint" as const } };

describe("pins", () => {
  it.each([
    ["APK", "apk add a", "a"],
    ["APK", "apk --no-cache add -t .b -X http://x a b=1 c~2 'd>3'", "a"],
    ["APK", "apk add a>1", "a"],
    ["YUM", "yum -y install a-devel b-1.2 c-1:2 d.rpm @group", "a-devel"],
    ["YUM", "yum -y module install a b:1", "a"],
    ["DNF", "dnf install -y --enablerepo x a-$V a-${W}", "a-$V"],
    ["DNF", "microdnf install a", "a"],
    ["ZYPPER", "zypper -n in a b=1 c\\>2 d.rpm", "a"],
  ])("SW-DF-%s-PIN: %s", (id, command, names) => {
    const found = findingsIn(ruleById(distroPins, `SW-DF-${id}-PIN`), `FROM a:1\nENV W=1\nRUN ${command}\n`);
    expect(found.map(({ message }) => message)).toEqual([`installs ${names} without a version`]);
  });

  it("take a variable that the build sets for a version", () => {
    const dnf = ruleById(distroPins, "SW-DF-DNF-PIN");
    expect(linesIn(dnf, "FROM a:1 AS b\nENV V=1\nFROM b\nRUN dnf install a-$V\n")).toEqual([]);
    expect(linesIn(dnf, "FROM a:1 AS b\nENV V=1\nFROM c:1\nRUN dnf install a-$V\n")).toEqual([4]);
  });

  it("let groups, removals and other programs be", () => {
    const text =
      "RUN dnf group install -y x\nRUN dnf remove a\nRUN notdnf install a\nRUN dnf install 'dnf-command(x)'\n";
    expect(linesIn(ruleById(distroPins, "SW-DF-DNF-PIN"), text)).toEqual([]);
  });
});

describe("questions", () => {
  it.each([
    ["YUM", "yum install a", "yum install -y a"],
    ["YUM", "yum module install a:1", "yum module install -y a:1"],
    ["DNF", "dnf --setopt x=y groupinstall a", "dnf --setopt x=y groupinstall -y a"],
    ["DNF", "microdnf install a", "microdnf install -y a"],
    ["ZYPPER", "sudo zypper in a", "sudo zypper -n in a"],
    ["ZYPPER", "zypper remove a && zypper si b", "zypper -n remove a && zypper -n si b"],
  ])("SW-DF-%s-YES: %s", (id, before, after) => {
    expect(mended(ruleById(assumeYes, `SW-DF-${id}-YES`), `RUN ${before}\n`)).toBe(`RUN ${after}\n`);
  });

  it.each([
    ["YUM", "yum -y install a"],
    ["DNF", "dnf install --assumeyes a"],
    ["DNF", "dnf makecache"],
    ["ZYPPER", "zypper --non-interactive in a"],
    ["ZYPPER", "zypper in -y a"],
    ["ZYPPER", "zypper ref"],
  ])("SW-DF-%s-YES lets %s be", (id, command) => {
    expect(linesIn(ruleById(assumeYes, `SW-DF-${id}-YES`), `RUN ${command}\n`)).toEqual([]);
  });
});

describe("caches", () => {
  it.each([
    ["YUM", "yum install -y a", "yum install -y a && yum clean all"],
    ["DNF", "dnf -y up", "dnf -y up && dnf clean all"],
    [
      "DNF",
      "rm -rf /var/cache/dnf && microdnf install a",
      "rm -rf /var/cache/dnf && microdnf install a && microdnf clean all",
    ],
    ["ZYPPER", "zypper in -y a", "zypper in -y a && zypper clean --all"],
    [
      "DNF",
      "dnf clean all && sudo dnf install a",
      "dnf clean all && sudo dnf install a && sudo dnf clean all",
    ],
  ])("SW-DF-%s-CACHE: %s", (id, before, after) => {
    expect(mended(ruleById(packageCache, `SW-DF-${id}-CACHE`), `RUN ${before}\n`)).toBe(`RUN ${after}\n`);
  });

  it.each([
    ["YUM", "yum install -y a && rm -rf /var/cache/yum/*"],
    ["YUM", "yum install -y a && dnf clean all"],
    ["DNF", "dnf install a && rm -rf /var/cache/*"],
    ["DNF", "--mount=type=cache,target=/var/cache/libdnf5 dnf install a"],
    ["DNF", "--mount=type=tmpfs,target=/var/cache dnf install a"],
    ["ZYPPER", "zypper in a && zypper cc"],
    ["ZYPPER", "--mount=type=cache,target=/var/cache/zypp zypper in a"],
  ])("SW-DF-%s-CACHE lets %s be", (id, command) => {
    expect(linesIn(ruleById(packageCache, `SW-DF-${id}-CACHE`), `RUN ${command}\n`)).toEqual([]);
  });

  it("are shipped or not; the old tool does not ask, and wants the same program", () => {
    const dnf = ruleById(packageCache, "SW-DF-DNF-CACHE");
    const text = "FROM a:1\nRUN dnf install -y a\nFROM b:1\nRUN dnf install -y a && microdnf clean all\n";
    expect(linesIn(dnf, text)).toEqual([]);
    expect(linesIn(dnf, text, hadolint)).toEqual([2, 4]);
  });

  it("of apk are switched off", () => {
    expect(mended(apkCache, "RUN apk add --update a && apk add b\n")).toBe(
      "RUN apk add --no-cache --update a && apk add --no-cache b\n",
    );
    expect(
      linesIn(apkCache, "RUN apk --no-cache add a\nRUN --mount=type=cache,target=/var/cache/apk apk add a\n"),
    ).toEqual([]);
    const removed = "RUN apk add a && rm -rf /var/cache/apk/*\n";
    expect([linesIn(apkCache, removed), linesIn(apkCache, removed, hadolint)]).toEqual([[], [1]]);
  });
});

describe("upgrades", () => {
  it("are those of everything", () => {
    const text =
      "RUN apt-get upgrade -y\nRUN apk upgrade\nRUN yum update -y\nRUN dnf upgrade a\nRUN zypper -n up\nRUN zypper dup\nRUN apt-get update\n";
    expect(linesIn(packageUpgrade, text)).toEqual([1, 2, 3, 5]);
    expect(linesIn(zypperDistUpgrade, text)).toEqual([6]);
  });
});
