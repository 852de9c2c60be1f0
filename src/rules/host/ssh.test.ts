import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { host, ruleById, verdictOf } from "../testing.ts";
import rules from "./ssh.ts";
import { configs } from "./testing.ts";

const MAIN = "/etc/ssh/sshd_config";

function judge(name: string, text: string, more: Record<string, string | null> = {}) {
  return verdictOf(
    ruleById(rules, `SW-HOST-SSH-${name}`),
    host({ configs: configs({ [MAIN]: text, ...more }) }),
  );
}

describe("sshd", () => {
  it.each([
    ["ROOT-LOGIN", "PermitRootLogin", "no", "yes"],
    ["PASSWORD", "PasswordAuthentication", "no", "yes"],
    ["EMPTY-PASSWORD", "PermitEmptyPasswords", "no", "yes"],
    ["X11", "X11Forwarding", "no", "yes"],
    ["MAX-AUTH-TRIES", "MaxAuthTries", "4", "6"],
  ])("judges %s", (name, keyword, good, bad) => {
    expect(judge(name, `${keyword} ${good}\n`).verdict).toBe("pass");
    const judged = judge(name, `# comment\n${keyword.toLowerCase()}=${bad}\n`);
    expect(judged).toMatchObject({ verdict: "fail", message: `${keyword} is ${bad}` });
    expect(judged.evidence[0]).toMatchObject({ witness: "declared", source: MAIN, path: "line 2" });
    expect(judged.remediation).toContain(`set ${keyword} ${good} in ${MAIN}, line 2`);
    const rule = ruleById(rules, `SW-HOST-SSH-${name}`);
    expect(verdictOf(rule, host()).verdict).toBe("unknown");
    expect(verdictOf(rule, host({ configs: { [MAIN]: missing("permission denied") } })).verdict).toBe(
      "unknown",
    );
    expect(verdictOf(rule, host({ configs: { [MAIN]: got(null) } })).verdict).toBe("not-applicable");
  });

  it("knows what sshd does without a setting", () => {
    expect(judge("ROOT-LOGIN", "")).toMatchObject({ verdict: "fail", severity: "info" });
    expect(judge("PASSWORD", "#PasswordAuthentication no\n")).toMatchObject({
      verdict: "fail",
      message: "PasswordAuthentication is not set, and yes by default",
    });
    expect(judge("EMPTY-PASSWORD", "").verdict).toBe("pass");
    expect(judge("X11", "").verdict).toBe("pass");
    expect(judge("MAX-AUTH-TRIES", "").verdict).toBe("fail");
  });

  it("takes the first value, as sshd does, with what is included in its place", () => {
    expect(judge("PASSWORD", "PasswordAuthentication no\nPasswordAuthentication yes\n").verdict).toBe("pass");
    const dropIn = { "/etc/ssh/sshd_config.d/50-cloud.conf": "PasswordAuthentication yes\n" };
    const include = "Include /etc/ssh/sshd_config.d/*.conf\n";
    const judged = judge("PASSWORD", `${include}PasswordAuthentication no\n`, dropIn);
    expect(judged.verdict).toBe("fail");
    expect(judged.evidence[0]?.source).toBe("/etc/ssh/sshd_config.d/50-cloud.conf");
    expect(judge("PASSWORD", `PasswordAuthentication no\n${include}`, dropIn).verdict).toBe("pass");
    expect(judge("PASSWORD", "PasswordAuthentication no\n", dropIn).verdict).toBe("pass");
  });

  it("is milder where only some connections are let in", () => {
    const judged = judge(
      "ROOT-LOGIN",
      "PermitRootLogin no\nMatch Address 10.0.0.0/8\n  PermitRootLogin yes\nMatch all\n",
    );
    expect(judged).toMatchObject({ verdict: "fail", severity: "low" });
    expect(judged.message).toBe("PermitRootLogin is no, but yes for Match Address 10.0.0.0/8");
    // What stands in a Match block does not count for everybody.
    expect(judge("ROOT-LOGIN", "Match User bob\nPermitRootLogin no\n").verdict).toBe("fail");
  });

  it("is unknown where an included file could not be read and nothing before it decides", () => {
    const rule = ruleById(rules, "SW-HOST-SSH-PASSWORD");
    const unreadable = { "/etc/ssh/sshd_config.d": missing("/etc/ssh/sshd_config.d: permission denied") };
    expect(verdictOf(rule, host({ configs: { [MAIN]: got(""), ...unreadable } })).verdict).toBe("unknown");
    expect(judge("PASSWORD", "Include /srv/extra.conf\n").verdict).toBe("unknown");
    expect(judge("PASSWORD", "PasswordAuthentication no\nInclude /srv/extra.conf\n").verdict).toBe("pass");
    expect(verdictOf(rule, host({ services: ["sshd"], configs: { [MAIN]: got(null) } })).verdict).toBe(
      "unknown",
    );
  });
});
