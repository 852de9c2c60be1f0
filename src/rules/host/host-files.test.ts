import { describe, expect, it } from "vitest";
import type { FileStat } from "#model/evidence/file.ts";
import { got, missing } from "#model/reading.ts";
import { host, ruleById, verdictOf } from "../testing.ts";
import rules from "./host-files.ts";
import { files, stat } from "./testing.ts";

function judge(name: string, path: string, changes: Partial<FileStat>) {
  return verdictOf(ruleById(rules, `SW-HOST-FILE-${name}`), host({ files: files(stat(path, changes)) }));
}

describe("files of the host", () => {
  it.each([
    ["SHADOW", "/etc/shadow", 0o640],
    ["GSHADOW", "/etc/gshadow", 0o640],
    ["PASSWD", "/etc/passwd", 0o644],
    ["GROUP", "/etc/group", 0o644],
    ["SUDOERS", "/etc/sudoers", 0o440],
    ["CRONTAB", "/etc/crontab", 0o600],
    ["CRON-D", "/etc/cron.d", 0o700],
    ["CRON-HOURLY", "/etc/cron.hourly", 0o700],
    ["CRON-DAILY", "/etc/cron.daily", 0o700],
    ["CRON-WEEKLY", "/etc/cron.weekly", 0o700],
    ["CRON-MONTHLY", "/etc/cron.monthly", 0o700],
    ["SSHD-CONFIG", "/etc/ssh/sshd_config", 0o600],
    ["GRUB-CFG", "/boot/grub/grub.cfg", 0o600],
  ])("%s", (name, path, allowed) => {
    expect(judge(name, path, { mode: allowed }).verdict).toBe("pass");
    expect(judge(name, path, { mode: 0 }).verdict).toBe("pass");
    const open = judge(name, path, { mode: allowed | 0o002 });
    expect(open).toMatchObject({
      verdict: "fail",
      remediation: `chmod ${allowed.toString(8).padStart(4, "0")} ${path}`,
    });
    expect(open.severity).toBeUndefined();
    expect(judge(name, path, { mode: allowed, uid: 1000 })).toMatchObject({
      verdict: "fail",
      remediation: `chown root ${path}`,
    });
    expect(judge(name, path, { type: "link", mode: 0o777 }).verdict).toBe("unknown");
    const rule = ruleById(rules, `SW-HOST-FILE-${name}`);
    expect(verdictOf(rule, host()).verdict).toBe("unknown");
    expect(verdictOf(rule, host({ files: { [path]: missing("permission denied") } })).verdict).toBe(
      "unknown",
    );
    expect(verdictOf(rule, host({ files: { [path]: got(null) } })).verdict).toBe("not-applicable");
  });

  it("weighs reading hashes heavier than reading a crontab", () => {
    expect(judge("SHADOW", "/etc/shadow", { mode: 0o644 }).severity).toBe("high");
    expect(judge("CRONTAB", "/etc/crontab", { mode: 0o644 }).severity).toBe("info");
    expect(judge("PASSWD", "/etc/passwd", { mode: 0o664, gid: 105 })).toMatchObject({
      verdict: "fail",
      message: "the group docker may write /etc/passwd (0664)",
    });
    expect(judge("PASSWD", "/etc/passwd", { mode: 0o664 }).severity).toBe("low");
  });

  it("compares bits, not numbers", () => {
    expect(judge("PASSWD", "/etc/passwd", { mode: 0o602 }).verdict).toBe("fail");
    expect(judge("SHADOW", "/etc/shadow", { mode: 0o604 }).severity).toBe("high");
  });

  it("finds the boot loader of the Red Hat family", () => {
    const path = "/boot/grub2/grub.cfg";
    const rule = ruleById(rules, "SW-HOST-FILE-GRUB-CFG");
    const machine = host({
      files: { "/boot/grub/grub.cfg": got(null), ...files(stat(path, { mode: 0o644 })) },
    });
    expect(verdictOf(rule, machine)).toMatchObject({ verdict: "fail", severity: "low" });
  });
});
