import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { daemon, engine } from "../../testing.ts";
import { changedSinceStart, settingOf, show, textsOf } from "./settings.ts";
import { configFile, configured, flagged, STARTED, unreadableEngine } from "./testing.ts";

describe("settingOf", () => {
  it("names the flag or the file that a value comes from", () => {
    expect(settingOf(flagged({ icc: false }), "icc", true)).toMatchObject({
      known: true,
      value: false,
      set: true,
      seen: { witness: "declared", source: "/proc/700/cmdline", path: "--icc", value: "false" },
    });
    expect(settingOf(configured({ icc: false }), "icc", true)).toMatchObject({
      value: false,
      seen: { source: "/etc/docker/daemon.json", path: "icc" },
    });
  });

  it("a compliant file named by --config-file FILE, with a blank between, is believed", () => {
    const subject = configured(
      { "no-new-privileges": true },
      {
        argv: ["dockerd", "--config-file", "/srv/docker.json"],
        configFile: { ...configFile(STARTED - 5000), path: "/srv/docker.json" },
      },
    );
    expect(settingOf(subject, "no-new-privileges", false)).toMatchObject({
      value: true,
      seen: { source: "/srv/docker.json" },
    });
  });

  it("gives the daemon's default where nothing is set", () => {
    expect(settingOf(engine(), "icc", true)).toMatchObject({
      known: true,
      value: true,
      set: false,
      seen: { value: "not set; default true" },
    });
    expect(settingOf(engine(), "toString", "")).toMatchObject({ set: false, value: "" });
  });

  it("does not know what it could not read, or what is not in force yet", () => {
    expect(settingOf(unreadableEngine(), "icc", true)).toMatchObject({ known: false });
    const unreadable = engine({
      daemon: got(
        daemon({
          settings: { icc: { value: false, from: "flag" } },
          configFile: { path: "/x", stat: missing("permission denied"), error: "/x: permission denied" },
        }),
      ),
    });
    expect(settingOf(unreadable, "iptables", true)).toMatchObject({ known: false });
    expect(settingOf(unreadable, "icc", true)).toMatchObject({ known: true, value: false });
    const changed = configured({ icc: false }, { configFile: configFile(STARTED + 60_000) });
    expect(settingOf(changed, "icc", true)).toMatchObject({
      known: false,
      why: expect.stringContaining("restart the daemon"),
    });
  });
});

describe("changedSinceStart", () => {
  it("bears the second by which the start time is off", () => {
    expect(changedSinceStart(daemon({ configFile: configFile(STARTED + 1500) }))).toBeNull();
    expect(changedSinceStart(daemon({ configFile: configFile(STARTED + 2500) }))).toBe(STARTED + 2500);
    expect(
      changedSinceStart(daemon({ configFile: configFile(STARTED + 2500), startedAtMs: null })),
    ).toBeNull();
    expect(changedSinceStart(daemon())).toBeNull();
  });
});

describe("values", () => {
  it("are shown short, and lists are read whatever their form", () => {
    expect(show("debug")).toBe("debug");
    expect(show({ a: 1 })).toBe('{"a":1}');
    expect(show(undefined)).toBe("");
    expect(show("x".repeat(500))).toHaveLength(200);
    expect(textsOf("one")).toEqual(["one"]);
    expect(textsOf(["a", 1, null, "b"])).toEqual(["a", "b"]);
    expect(textsOf({})).toEqual([]);
  });
});
