import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Connection, fateOf, parseIptables } from "./iptables.ts";

const CONNECTION: Connection = {
  protocol: "tcp",
  hostPort: 8080,
  containerPort: 80,
  addresses: ["172.17.0.2"],
  bridges: ["docker0"],
};

function fate(rules: string[], changes: Partial<Connection> = {}, table = "filter") {
  return fateOf({ ...CONNECTION, ...changes }, parseIptables([`*${table}`, ...rules, "COMMIT"]));
}

function user(...rules: string[]) {
  return fate(["-A FORWARD -j DOCKER-USER", ...rules.map((rule) => `-A DOCKER-USER ${rule}`)]).kind;
}

describe("fate of a stranger's connection", () => {
  it.each([
    "-j DROP",
    "-i eth0 -j DROP",
    "! -s 10.0.0.0/8 -i eth0 -j DROP",
    "-i eth0 ! -s 10.0.0.0/8 -j REJECT --reject-with icmp-port-unreachable",
    "-p tcp -m tcp --dport 80 -j DROP",
    "-p tcp -m multiport --dports 22,80,443 -j DROP",
    "-p tcp -m tcp --dport 1:100 -j DROP",
    "-p tcp -m conntrack --ctorigdstport 8080 --ctdir ORIGINAL -j DROP",
    "-m conntrack --ctstate NEW -d 172.16.0.0/12 -j DROP",
    "-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -d 172.17.0.2/32 -j DROP",
    "-o docker0 -j DROP",
    '-m comment --comment "no -j ACCEPT here" -j DROP',
    "-m set ! --match-set allowed src -j DROP",
    "-m iprange ! --src-range 10.0.0.1-10.0.0.9 -j DROP",
    "! -i docker0 -j DROP",
    "-s 0.0.0.0/0 -j DROP",
  ])("is dropped by %s", (rule) => {
    expect(user(rule, "-j RETURN")).toBe("dropped");
  });

  it.each([
    "-j RETURN",
    "-j ACCEPT",
    '-j LOG --log-prefix "-j DROP "',
    "-s 192.0.2.7/32 -j DROP",
    "-i docker0 -j DROP",
    "-i lo -j DROP",
    "-p udp -j DROP",
    "-p tcp -m tcp --dport 8080 -j DROP",
    "-p tcp -m conntrack --ctorigdstport 80 -j DROP",
    "-d 172.18.0.0/16 -j DROP",
    "-m conntrack --ctstate INVALID -j DROP",
    "-m conntrack ! --ctstate NEW -j DROP",
    "-m set --match-set blocked src -j DROP",
    "-o br-0123456789ab -j DROP",
    "-p tcp -m connlimit --connlimit-above 20 -j DROP",
    "-j NOSUCHCHAIN",
  ])("is open in spite of %s", (rule) => {
    expect(user(rule, "-j RETURN")).toBe("open");
  });

  it("is unclear where a rule cannot be understood", () => {
    for (const rule of ["-m geoip --source-country CN -j DROP", "-m mark --mark 0x1 -j DROP"]) {
      expect(user(rule)).toBe("unclear");
    }
    // What comes after decides if it drops everybody, and an odd condition on ACCEPT lets no stranger in.
    expect(user("-m geoip --source-country CN -j DROP", "-j DROP")).toBe("dropped");
    expect(user("-m geoip --source-country CH -j ACCEPT", "-j DROP")).toBe("dropped");
  });

  it("goes by order", () => {
    expect(user("-j RETURN", "-j DROP")).toBe("open");
    expect(user("-i eth0 -j ACCEPT", "-j DROP")).toBe("open");
    expect(user("-s 10.0.0.0/8 -j RETURN", "-j DROP")).toBe("dropped");
    expect(user("-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN", "-j DROP")).toBe("dropped");
  });

  it("follows chains of the administrator, with -j and -g", () => {
    const chains = (how: string, ...inner: string[]) =>
      fate([
        ":MINE - [0:0]",
        "-A FORWARD -j DOCKER-USER",
        `-A DOCKER-USER ${how} MINE`,
        "-A DOCKER-USER -i eth1 -j DROP",
        ...inner.map((rule) => `-A MINE ${rule}`),
      ]).kind;
    expect(chains("-i eth0 -j", "-j DROP")).toBe("dropped");
    expect(chains("-j", "-j RETURN")).toBe("dropped");
    expect(chains("-g", "-j RETURN")).toBe("open");
    expect(chains("-s 192.0.2.0/24 -j", "-j ACCEPT")).toBe("dropped");
    expect(chains("-m mark --mark 1 -j", "-j DROP")).toBe("dropped");
    expect(chains("-j", "-j MINE")).toBe("unclear");
  });

  it("looks at FORWARD only before the engine's chains, and at raw and mangle before NAT", () => {
    expect(fate(["-A FORWARD -i eth0 -j DROP", "-A FORWARD -j DOCKER-USER"]).kind).toBe("dropped");
    expect(fate(["-A FORWARD -j DOCKER-USER", "-A FORWARD -j DROP"]).kind).toBe("open");
    expect(fate(["-A FORWARD -j ACCEPT", "-A FORWARD -j DOCKER-USER", "-A DOCKER-USER -j DROP"]).kind).toBe(
      "open",
    );
    expect(fate(["-A PREROUTING -i eth0 -p tcp -m tcp --dport 8080 -j DROP"], {}, "raw").kind).toBe(
      "dropped",
    );
    expect(fate(["-A PREROUTING -i eth0 -p tcp -m tcp --dport 80 -j DROP"], {}, "mangle").kind).toBe("open");
    expect(fate(["-A PREROUTING -p tcp -m tcp --dport 8080 -j DROP"], {}, "nat").kind).toBe("open");
    expect(fate(["-A FORWARD -i eth0 -j DROP", "-A FORWARD -j NETAVARK_FORWARD"]).kind).toBe("dropped");
  });

  it("is open without rules, and reads counters and quoted words", () => {
    expect(fate([]).kind).toBe("open");
    expect(fate(["-A FORWARD -j DOCKER-USER", "[12:340] -A DOCKER-USER -j DROP"]).kind).toBe("dropped");
    expect(fateOf(CONNECTION, parseIptables(["-A DOCKER-USER -j DROP"])).kind).toBe("dropped");
  });

  it("ends on any text", () => {
    const word = fc.constantFrom(
      "-A",
      "DOCKER-USER",
      "FORWARD",
      "X",
      "-j",
      "-g",
      "!",
      "-s",
      "-m",
      "--dport",
      "--match-set",
      "DROP",
      '"',
      "80",
    );
    const line = fc.oneof(
      fc.string(),
      fc.array(word).map((words) => words.join(" ")),
      fc.array(word).map((words) => `-A DOCKER-USER ${words.join(" ")}`),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(["dropped", "open", "unclear"]).toContain(fateOf(CONNECTION, parseIptables(lines)).kind);
      }),
    );
  });

  it("gives up on rules made to take for ever", () => {
    const rules = Array.from({ length: 15 }, (_, at) =>
      Array.from({ length: 10 }, () => `-A C${at} -p tcp -j C${at + 1}`),
    ).flat();
    expect(fate([...rules, ":C15 - [0:0]", "-A DOCKER-USER -j C0", "-A FORWARD -j DOCKER-USER"]).kind).toBe(
      "unclear",
    );
  });
});
