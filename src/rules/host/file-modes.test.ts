import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileStat } from "#model/evidence/file.ts";
import type { HostEvidence } from "#model/evidence/host.ts";
import { got, missing } from "#model/reading.ts";
import type { JudgeContext, Judgement } from "../rule.ts";
import { contextOf, daemon, engine, evidence, host, judgements, ruleById, verdictOf } from "../testing.ts";
import rules from "./file-modes.ts";
import { files, stat } from "./testing.ts";

const JSON_PATH = "/etc/docker/daemon.json";
const json = ruleById(rules, "SW-HOST-FILE-DAEMON-JSON-MODE");
const socketMode = ruleById(rules, "SW-HOST-FILE-ENGINE-SOCK-MODE");
const certificates = ruleById(rules, "SW-HOST-FILE-REGISTRY-CERT-MODE");

function daemonJson(mode: number): Judgement {
  return verdictOf(json, host({ files: files(stat(JSON_PATH, { mode })) }));
}

function socket(changes: Partial<FileStat>, abstract = false): JudgeContext {
  const path = abstract ? "@docker" : "/run/docker.sock";
  const unixSockets = [
    { path, abstract, stat: abstract ? null : stat(path, { type: "socket", ...changes }) },
  ];
  return contextOf(evidence({ engines: [engine({ daemon: got(daemon({ unixSockets })) })] }));
}

describe("modes of the engine's files", () => {
  it("maps to the mode half of CIS section 3", () => {
    expect(rules.flatMap(({ cis }) => cis ?? [])).toEqual([
      "3.2",
      "3.4",
      "3.6",
      "3.8",
      "3.10",
      "3.12",
      "3.14",
      "3.16",
      "3.18",
      "3.20",
      "3.21",
      "3.24",
    ]);
  });

  it.each([0o602, 0o577, 0o466, 0o646, 0o664, 0o666, 0o777])(
    "fails 0%o, which is open although some of them are smaller than 0644",
    (mode) => {
      const judged = daemonJson(mode);
      expect(judged).toMatchObject({ verdict: "fail", severity: "high", key: JSON_PATH });
      expect(judged.evidence[0]?.value).toBe(mode.toString(8).padStart(4, "0"));
    },
  );

  it.each([0o644, 0o600, 0o640, 0o440, 0o400, 0])("passes 0%o, which is within 0644", (mode) => {
    expect(daemonJson(mode).verdict).toBe("pass");
  });

  it("is low where nobody else may write", () => {
    expect(daemonJson(0o755)).toMatchObject({ verdict: "fail", severity: "low" });
    expect(daemonJson(0o4644)).toMatchObject({ verdict: "fail", severity: "low" });
  });

  it("says what is open and how to close just that", () => {
    expect(daemonJson(0o602)).toMatchObject({
      message: `${JSON_PATH} has mode 0602: everybody may write`,
      remediation: `chmod 0600 ${JSON_PATH}`,
    });
  });

  it("never passes a bit beyond the allowed ones, and its remedy always passes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0o7777 }), (mode) => {
        const judged = daemonJson(mode);
        expect(judged.verdict).toBe((mode & 0o7133) === 0 ? "pass" : "fail");
        const fixed = /^chmod (\d{4}) /.exec(judged.remediation ?? "")?.[1] ?? mode.toString(8);
        expect(daemonJson(Number.parseInt(fixed, 8)).verdict).toBe("pass");
      }),
    );
  });

  it("is critical for a socket that everybody may write, low for one that everybody may read", () => {
    expect(verdictOf(socketMode, host(), socket({ mode: 0o660 })).verdict).toBe("pass");
    expect(verdictOf(socketMode, host(), socket({ mode: 0o666 }))).toMatchObject({
      verdict: "fail",
      severity: "critical",
      message: "/run/docker.sock has mode 0666: everybody may read and connect",
      remediation: "chmod 0660 /run/docker.sock",
    });
    expect(verdictOf(socketMode, host(), socket({ mode: 0o664 }))).toMatchObject({ severity: "low" });
  });

  it("fails a socket whose access list lets others in, and has no word on one without a mode", () => {
    expect(verdictOf(socketMode, host(), socket({}, true)).verdict).toBe("not-applicable");
    const judged = verdictOf(socketMode, host(), socket({ mode: 0o660, acl: true }));
    expect(judged).toMatchObject({ verdict: "fail", severity: "medium" });
    expect(judged.message).toContain("access control list");
  });

  it("keeps keys for root alone, beside certificates too", () => {
    const folder = "/etc/docker/certs.d/r";
    const of = (name: string, mode: number) =>
      judgements(certificates, host({ files: files(stat(`${folder}/${name}`, { mode })) }))[0];
    expect(of("ca.crt", 0o444)?.verdict).toBe("pass");
    expect(of("ca.crt", 0o644)).toMatchObject({ verdict: "fail", severity: "low" });
    expect(of("ca.crt", 0o646)).toMatchObject({ verdict: "fail", severity: "high" });
    expect(of("client.key", 0o444)).toMatchObject({ verdict: "fail", severity: "high" });
    expect(of("client.key", 0o600)).toMatchObject({ verdict: "fail", severity: "low" });
    expect(of("client.key", 0o400)?.verdict).toBe("pass");

    const key = ruleById(rules, "SW-HOST-FILE-TLS-KEY-MODE");
    const settings = { tlskey: { value: "/k.pem", from: "flag" as const } };
    const context = contextOf(evidence({ engines: [engine({ daemon: got(daemon({ settings })) })] }));
    const keyMode = (mode: number) =>
      verdictOf(key, host({ files: files(stat("/k.pem", { mode })) }), context);
    expect(keyMode(0o640)).toMatchObject({ verdict: "fail", severity: "high" });
    expect(keyMode(0o600)).toMatchObject({ verdict: "fail", severity: "low" });
    expect(keyMode(0o400).verdict).toBe("pass");
  });

  it("allows a folder of settings to be entered", () => {
    const folder = ruleById(rules, "SW-HOST-FILE-ETC-DOCKER-MODE");
    const of = (mode: number) =>
      verdictOf(folder, host({ files: files(stat("/etc/docker", { type: "directory", mode })) }));
    expect(of(0o755).verdict).toBe("pass");
    expect(of(0o775)).toMatchObject({ verdict: "fail", severity: "high" });
  });

  it("is unknown for what was not read and for links, not applicable to what does not exist", () => {
    const of = (value: HostEvidence["files"][string]) =>
      verdictOf(json, host({ files: { [JSON_PATH]: value } })).verdict;
    expect(of(missing("permission denied"))).toBe("unknown");
    expect(of(got(stat(JSON_PATH, { type: "link", mode: 0o777 })))).toBe("unknown");
    expect(of(got(null))).toBe("not-applicable");
    const listening = daemon({ unixSockets: [{ path: "/gone.sock", abstract: false, stat: null }] });
    const context = contextOf(evidence({ engines: [engine({ daemon: got(listening) })] }));
    expect(verdictOf(socketMode, host(), context)).toMatchObject({ verdict: "unknown", key: "/gone.sock" });
    expect(verdictOf(socketMode, host(), contextOf(evidence({ engines: [] }))).verdict).toBe(
      "not-applicable",
    );
    expect(
      verdictOf(
        json,
        host({ files: { [JSON_PATH]: got(null) } }),
        contextOf(
          evidence({
            engines: [engine({ daemon: missing("run as root") })],
          }),
        ),
      ).verdict,
    ).toBe("unknown");
  });
});
