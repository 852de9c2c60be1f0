import { describe, expect, it } from "vitest";
import { nftDropRule } from "./nftables.ts";

function chain(table: string, name: string, ...rules: string[]) {
  return [`table ${table} {`, `\tchain ${name} {`, ...rules.map((rule) => `\t\t${rule}`), "\t}", "}"];
}

const FORWARD = "type filter hook forward priority filter; policy accept;";

describe("rules of nft that may keep strangers out", () => {
  it("are those that drop on the way to containers", () => {
    const policy = FORWARD.replace("accept;", "drop;");
    expect(nftDropRule(chain("inet mine", "fwd", policy), true)).toBe(`inet mine fwd: ${policy}`);
    expect(nftDropRule(chain("inet mine", "fwd", FORWARD, 'iifname "eth0" drop'), true)).toContain("eth0");
    expect(nftDropRule(chain("ip filter", "DOCKER-USER", "tcp dport 80 reject"), false)).toContain("reject");
  });

  it("are not those elsewhere", () => {
    const input = FORWARD.replace("forward", "input");
    expect(nftDropRule(chain("inet mine", "in", input, "drop"), true)).toBeNull();
    expect(nftDropRule(chain("inet mine", "helper", "drop"), true)).toBeNull();
    expect(nftDropRule(chain("inet mine", "fwd", FORWARD, "ct state invalid drop"), true)).toBeNull();
    expect(nftDropRule(chain("ip docker-bridges", "filter-FORWARD", FORWARD, "drop"), true)).toBeNull();
    // What iptables-save has shown is judged there, rule by rule.
    expect(nftDropRule(chain("ip filter", "DOCKER-USER", "drop"), true)).toBeNull();
    expect(
      nftDropRule(chain("ip filter", "FORWARD", `${FORWARD.replace("accept", "drop")}`), true),
    ).toBeNull();
    // firewalld rejects the rest, but lets published ports pass.
    const firewalld = chain("inet firewalld", "filter_FORWARD", FORWARD, "ct status dnat accept", "reject");
    expect(nftDropRule(firewalld, true)).toBeNull();
    expect(nftDropRule(["-A DOCKER-USER -j DROP", "}", "drop", "chain x {"], true)).toBeNull();
  });
});
