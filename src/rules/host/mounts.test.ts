import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { host, judgements, mount, ruleById, verdictOf } from "../testing.ts";
import rules from "./mounts.ts";
import { files, stat } from "./testing.ts";

const ROOT = mount({ id: 27, parent: 1, target: "/", device: "254:0", hostPath: null });
const SAFE = ["rw", "nosuid", "nodev", "noexec"];

function tmpfs(target: string, options = SAFE) {
  return mount({ target, device: "0:40", type: "tmpfs", source: "tmpfs", options, hostPath: null });
}

describe.each(["/tmp", "/var/log"])("%s on its own file system", (path) => {
  const rule = ruleById(rules, `SW-HOST-MOUNT${path.toUpperCase().replaceAll("/", "-")}`);

  it("is judged by device, not by mount point", () => {
    expect(verdictOf(rule, host({ mounts: got([ROOT]) })).verdict).toBe("fail");
    expect(verdictOf(rule, host({ mounts: got([ROOT, tmpfs(path)]) })).verdict).toBe("pass");
    const bind = mount({ target: path, root: "/srv/x", device: "254:0" });
    expect(verdictOf(rule, host({ mounts: got([ROOT, bind]) })).verdict).toBe("fail");
    const neighbour = tmpfs(`${path}x`);
    expect(verdictOf(rule, host({ mounts: got([ROOT, neighbour]) })).verdict).toBe("fail");
  });

  it("is unknown where the mounts could not be read", () => {
    expect(verdictOf(rule, host({ mounts: missing("no /proc") })).verdict).toBe("unknown");
    expect(verdictOf(rule, host({ mounts: got([]) })).verdict).toBe("unknown");
  });
});

describe("mount options", () => {
  const rule = ruleById(rules, "SW-HOST-MOUNT-DEV-SHM-OPTIONS");
  const of = (...mounts: ReturnType<typeof mount>[]) => verdictOf(rule, host({ mounts: got(mounts) }));

  it("passes all three, names what lacks", () => {
    expect(of(ROOT, tmpfs("/dev/shm")).verdict).toBe("pass");
    expect(of(ROOT, tmpfs("/dev/shm", ["rw", "noexec"]))).toMatchObject({
      verdict: "fail",
      severity: "low",
      message: "/dev/shm lacks nodev, nosuid",
    });
    expect(of(ROOT, tmpfs("/dev/shm", ["rw", "nosuid", "nodev"])).severity).toBe("info");
  });

  it("judges the mount on top, and what shows the folder without one of its own", () => {
    expect(of(ROOT, tmpfs("/dev/shm"), tmpfs("/dev/shm", ["rw"])).verdict).toBe("fail");
    const judged = of(ROOT);
    expect(judged.message).toBe("/dev/shm is a part of /, which lacks nodev, nosuid, noexec");
    expect(judged.remediation).toContain("bind");
    expect(verdictOf(rule, host({ mounts: missing("no /proc") })).verdict).toBe("unknown");
    expect(verdictOf(rule, host({ mounts: got([]) })).verdict).toBe("unknown");
  });
});

describe("hidepid", () => {
  const rule = ruleById(rules, "SW-HOST-MOUNT-PROC-HIDEPID");
  const of = (superOptions: string[]) =>
    verdictOf(
      rule,
      host({ mounts: got([ROOT, mount({ target: "/proc", type: "proc", options: ["rw"], superOptions })]) }),
    );

  it.each(["hidepid=2", "hidepid=invisible", "hidepid=1", "hidepid=ptraceable"])("passes %s", (option) => {
    expect(of(["rw", "gid=5", option]).verdict).toBe("pass");
  });

  it.each([["rw"], ["rw", "hidepid=0"], ["rw", "hidepid=off"]])("fails %s", (...options) => {
    expect(of(options).verdict).toBe("fail");
  });

  it("is unknown where /proc is not among the mounts", () => {
    expect(verdictOf(rule, host({ mounts: got([ROOT]) })).verdict).toBe("unknown");
    expect(verdictOf(rule, host({ mounts: missing("no /proc") })).verdict).toBe("unknown");
  });
});

describe("sticky bits", () => {
  const rule = ruleById(rules, "SW-HOST-STICKY-BITS");
  const shared = (path: string, mode: number) => stat(path, { type: "directory", mode });

  it("fails each folder that everybody may write without it", () => {
    const judged = judgements(
      rule,
      host({ files: files(shared("/tmp", 0o777), shared("/var/tmp", 0o1777), shared("/dev/shm", 0o777)) }),
    );
    expect(judged.map(({ key, verdict }) => [key, verdict])).toEqual([
      ["/tmp", "fail"],
      ["/dev/shm", "fail"],
    ]);
    expect(judged[0]?.remediation).toBe("chmod +t /tmp");
  });

  it("passes it, and folders that only their owner writes", () => {
    const machine = host({
      files: { ...files(shared("/tmp", 0o1777), shared("/var/tmp", 0o755)), "/dev/shm": got(null) },
    });
    expect(verdictOf(rule, machine).verdict).toBe("pass");
  });

  it("is unknown for what was not read, not applicable to what does not exist", () => {
    expect(judgements(rule, host()).map(({ verdict }) => verdict)).toEqual(["unknown", "unknown", "unknown"]);
    const none = { "/tmp": got(null), "/var/tmp": got(null), "/dev/shm": got(null) };
    expect(verdictOf(rule, host({ files: none })).verdict).toBe("not-applicable");
  });
});
