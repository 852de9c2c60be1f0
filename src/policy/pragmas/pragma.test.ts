import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCheck, readHadolint, readOurs } from "./pragma.ts";

describe("readOurs", () => {
  it("reads rules, reason and end", () => {
    expect(
      readOurs('seaworthy ignore=SW-DF-USER-ROOT, DL3008 reason="it drops root itself" expires=2026-12-31'),
    ).toEqual({
      names: ["SW-DF-USER-ROOT", "DL3008"],
      reason: "it drops root itself",
      expires: "2026-12-31",
      scope: "next",
    });
  });

  it("takes a reason without quotes to the end, or to the date", () => {
    expect(readOurs("seaworthy ignore=DL3008 reason=no other way")).toMatchObject({ reason: "no other way" });
    expect(readOurs("seaworthy ignore=DL3008 reason=old base expires=2027-01-01")).toMatchObject({
      reason: "old base",
      expires: "2027-01-01",
    });
  });

  it("reaches a stage or the whole file where it says so", () => {
    expect(readOurs("seaworthy file ignore=SC2086")).toMatchObject({ scope: "file", reason: "" });
    expect(readOurs("seaworthy stage ignore=SC2086")).toMatchObject({ scope: "stage" });
  });

  it("says what is wrong with a comment that means to be one", () => {
    expect(readOurs("seaworthy ignore=")).toContain("names no rule");
    expect(readOurs("seaworthy: disable DL3008")).toContain("seaworthy ignore=RULE");
    expect(readOurs("seaworthy ignore=DL3008 expires=tomorrow")).toContain("tomorrow is no date");
    expect(readOurs("seaworthy ignore=DL3008 expires=2026-02-31")).toEqual(
      expect.objectContaining({ expires: "2026-02-31" }),
    );
  });

  it("leaves other comments alone", () => {
    for (const text of ["seaworthy is the name of the tool", "ignore=DL3008", "hadolint ignore=DL3008", ""]) {
      expect(readOurs(text)).toBeNull();
    }
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const read of [readOurs, readHadolint, readCheck]) expect(() => read(text)).not.toThrow();
        expect(() => readOurs(`seaworthy ignore=${text}`)).not.toThrow();
      }),
    );
  });
});

describe("readHadolint", () => {
  it("reads its three forms with their reason", () => {
    expect(readHadolint("hadolint ignore=DL3001,SC1081 # why")).toEqual({
      names: ["DL3001", "SC1081"],
      reason: "why",
      expires: null,
      scope: "next",
    });
    expect(readHadolint("hadolint global ignore=DL3001 , DL3002")).toMatchObject({
      names: ["DL3001", "DL3002"],
      scope: "file",
    });
    expect(readHadolint("hadolint stage ignore=DL3001")).toMatchObject({ scope: "stage" });
  });

  it("takes none of a list with a name that hadolint does not know", () => {
    expect(readHadolint("hadolint ignore=crazy,DL3002")).toBeNull();
  });
});

describe("readCheck", () => {
  it("reads what the builder is told to skip", () => {
    expect(readCheck("check=skip=StageNameCasing,UndefinedVar;error=true // legacy")).toEqual({
      names: ["StageNameCasing", "UndefinedVar"],
      reason: "legacy",
      expires: null,
    });
    expect(readCheck("check=error=true")).toBeNull();
  });
});
