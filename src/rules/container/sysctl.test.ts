import { describe, expect, it } from "vitest";
import { got } from "#model/reading.ts";
import {
  actualContainer,
  container,
  containerNamespaces,
  declaredContainer,
  hostNamespaces,
  judgements,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import sysctl from "./sysctl.ts";

const setting = (sysctls: Record<string, string>) =>
  container({ declared: got(declaredContainer({ sysctls })) });

describe("SW-CTR-SYSCTL", () => {
  it.each([
    ["net.ipv4.conf.all.route_localnet", "1", "medium"],
    ["net.ipv4.ip_forward", "1", "low"],
    ["net.ipv4.conf.eth0.forwarding", "1", "low"],
    ["net.ipv6.conf.all.forwarding", "2", "low"],
    ["net.ipv4.conf.all.accept_source_route", "1", "low"],
    ["net.ipv6.conf.default.accept_redirects", "1", "low"],
    ["net.ipv4.conf.all.rp_filter", "0", "low"],
    ["net.ipv4.tcp_syncookies", "0", "low"],
    ["kernel.core_pattern", "|/tmp/x", "high"],
    ["vm.overcommit_memory", "1", "high"],
    ["kernel.panic", "0", "high"],
  ])("fails on %s = %s (%s)", (name, value, severity) => {
    expect(verdictOf(sysctl, setting({ [name]: value }))).toMatchObject({
      verdict: "fail",
      severity,
      key: name,
      evidence: [{ witness: "declared", path: `HostConfig.Sysctls.${name}`, value }],
      remediation: expect.stringContaining(`--sysctl ${name}=${value}`),
    });
  });

  it.each([
    ["net.ipv4.ip_forward", "0"],
    ["net.ipv4.conf.all.rp_filter", "1"],
    ["net.ipv4.tcp_syncookies", "1"],
    ["net.core.somaxconn", "1024"],
    ["net.ipv4.ip_unprivileged_port_start", "0"],
    ["kernel.shmmax", "1"],
    ["kernel.sem", "250 32000 32 128"],
    ["kernel.msgmax", "1"],
    ["fs.mqueue.msg_max", "10"],
    ["kernel.domainname", "x"],
  ])("passes on %s = %s in namespaces of its own", (name, value) => {
    expect(verdictOf(sysctl, setting({ [name]: value })).verdict).toBe("pass");
  });

  it("fails on what changes the host through a shared namespace", () => {
    const namespaces = { ...containerNamespaces(), net: hostNamespaces().net, ipc: hostNamespaces().ipc };
    const subject = {
      ...setting({ "net.core.somaxconn": "1024", "kernel.shmmax": "1" }),
      actual: got(actualContainer({ namespaces })),
    };
    const found = judgements(sysctl, subject);
    expect(found.map(({ severity, message }) => [severity, message])).toEqual([
      ["medium", "net.core.somaxconn = 1024 changes the host, whose net namespace it uses"],
      ["medium", "kernel.shmmax = 1 changes the host, whose ipc namespace it uses"],
    ]);
  });

  it("passes without settings, and does not know without the declaration", () => {
    expect(verdictOf(sysctl, container())).toMatchObject({
      verdict: "pass",
      message: "sets no kernel parameters",
    });
    expect(verdictOf(sysctl, unreadableContainer()).verdict).toBe("unknown");
  });
});
