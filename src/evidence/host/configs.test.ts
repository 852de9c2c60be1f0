import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { testHost, type TestHost } from "../testing.ts";
import { collectConfigs } from "./configs.ts";

let host: TestHost | undefined;
afterEach(() => {
  host?.remove();
  host = undefined;
});

describe("collectConfigs", () => {
  it("reads the files that rules ask for, under their paths", () => {
    host = testHost({
      "/etc/ssh/sshd_config": "PermitRootLogin no\n",
      "/etc/ssh/sshd_config.d/50-x.conf": "PasswordAuthentication=no\n",
      "/etc/modprobe.d/dccp.conf": "install dccp /bin/true\n",
      "/etc/modprobe.d/README": "x",
      "/proc/sys/kernel/core_pattern": "|/bin/x\n",
      "/usr/lib/systemd/system/docker.socket": "[Socket]\nSocketGroup=docker\n",
    });
    expect(collectConfigs(host.files)).toEqual({
      "/etc/ssh/sshd_config": { ok: true, value: "PermitRootLogin no\n" },
      "/etc/ssh/sshd_config.d/50-x.conf": { ok: true, value: "PasswordAuthentication=no\n" },
      "/etc/modprobe.d/dccp.conf": { ok: true, value: "install dccp /bin/true\n" },
      "/proc/sys/kernel/core_pattern": { ok: true, value: "|/bin/x\n" },
      "/usr/lib/systemd/system/docker.socket": { ok: true, value: "[Socket]\nSocketGroup=docker\n" },
      "/etc/containerd/config.toml": { ok: true, value: null },
      "/etc/security/limits.conf": { ok: true, value: null },
      "/etc/audit/auditd.conf": { ok: true, value: null },
      "/etc/docker/daemon.json": { ok: true, value: null },
      "/etc/environment": { ok: true, value: null },
      "/etc/rsyslog.conf": { ok: true, value: null },
      "/etc/syslog-ng/syslog-ng.conf": { ok: true, value: null },
    });
  });

  it("keeps no secret", () => {
    host = testHost({
      "/etc/docker/daemon.json":
        '{"log-opts": {"splunk-token": "hunter2"}, "http-proxy": "http://u:hunter2@p"}',
      "/etc/environment": "DB_PASSWORD=hunter2\nDOCKER_CONTENT_TRUST=1\n",
      "/etc/rsyslog.d/remote.conf":
        '*.* action(type="omhttp" httpheaderkey="X-Token: hunter2" pwd="x" token="hunter2")\n',
    });
    const configs = collectConfigs(host.files);
    expect(JSON.stringify(configs)).not.toContain("hunter2");
    expect(configs["/etc/environment"]).toEqual({
      ok: true,
      value: "DB_PASSWORD=****\nDOCKER_CONTENT_TRUST=1\n",
    });
    const json = configs["/etc/docker/daemon.json"];
    expect(JSON.parse((json?.ok && json.value) || "")).toEqual({
      "log-opts": { "splunk-token": "****" },
      "http-proxy": "http://u:****@p",
    });
  });

  it("says that a folder is closed to us, under its own path", () => {
    host = testHost({ "/etc/modprobe.d": { link: "/etc/modprobe.d" } });
    const configs = collectConfigs(host.files);
    expect(configs["/etc/modprobe.d"]).toEqual({
      ok: false,
      why: "/etc/modprobe.d: too many symbolic links",
    });
  });

  it("refuses what is too large, and what is no file", () => {
    host = testHost({ "/etc/environment": "x".repeat((64 << 10) + 1), "/etc/modprobe.d": "no folder" });
    mkdirSync(join(host.root, "etc/ssh"));
    execFileSync("mkfifo", [join(host.root, "etc/ssh/sshd_config")]);
    const configs = collectConfigs(host.files);
    expect(configs["/etc/environment"]).toEqual({ ok: false, why: "/etc/environment: too large" });
    expect(configs["/etc/ssh/sshd_config"]).toEqual({
      ok: false,
      why: "/etc/ssh/sshd_config: is not a file",
    });
  });
});
