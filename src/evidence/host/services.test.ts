import { describe, expect, it } from "vitest";
import { viewKernel } from "../kernel/view.ts";
import { processEntries, statLine, testHost } from "../testing.ts";
import { collectServices } from "./services.ts";

describe("collectServices", () => {
  it("names executables outside containers, and scripts by their own name", () => {
    const host = testHost({
      ...processEntries(1, "systemd", { parent: 0, exe: "/usr/lib/systemd/systemd" }),
      ...processEntries(10, "sshd", { exe: "/usr/sbin/sshd (deleted)" }),
      ...processEntries(11, "sshd", { exe: "/usr/sbin/sshd" }),
      ...processEntries(12, "fail2ban-server", { exe: "/usr/bin/python3.11" }),
      ...processEntries(13, "auditd", { exe: "/tmp/evil" }),
      ...processEntries(50, "nginx", { exe: "/usr/sbin/nginx" }),
      "/proc/14/stat": statLine(14, "hidden", 1),
      "/proc/14/cgroup": "0::/\n",
      "/proc/2/stat": statLine(2, "kthreadd", 0, true),
      "/proc/2/cgroup": "0::/\n",
    });
    expect(collectServices(viewKernel(host.files), new Set([50]))).toEqual([
      "evil",
      "fail2ban-server",
      "hidden",
      "python3.11",
      "sshd",
      "systemd",
    ]);
    host.remove();
  });
});
