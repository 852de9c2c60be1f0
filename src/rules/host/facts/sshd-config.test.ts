import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSshdConfig } from "./sshd-config.ts";

const MAIN = "/etc/ssh/sshd_config";

function parse(files: Record<string, string>) {
  return parseSshdConfig(MAIN, new Map(Object.entries(files)));
}

describe("sshd_config", () => {
  it("reads keyword and value in every form", () => {
    const { global } = parse({
      [MAIN]:
        'PORT=22\n  x11forwarding   no # off\nBanner "/etc/my banner"\n#Commented yes\nMaxAuthTries = 3\r\n',
    });
    expect([...global].map(([keyword, { value, line }]) => [keyword, value, line])).toEqual([
      ["port", "22", 1],
      ["x11forwarding", "no", 2],
      ["banner", "/etc/my banner", 3],
      ["maxauthtries", "3", 5],
    ]);
  });

  it("ends a Match block with the next, with Match all, and with the included file", () => {
    const { global, conditional } = parse({
      [MAIN]: "Include sshd_config.d/*.conf\nA 1\nMatch User x\nB 2\nMatch all\nC 3\n",
      "/etc/ssh/sshd_config.d/a.conf": "Match User y\nA 9\n",
    });
    expect(global.get("a")?.value).toBe("1");
    expect(global.has("b")).toBe(false);
    expect(global.get("c")?.value).toBe("3");
    expect(conditional.get("a")?.[0]).toMatchObject({ value: "9", match: "User y" });
    expect(conditional.get("b")?.[0]).toMatchObject({ value: "2", match: "User x" });
  });

  it("reads what is included under a Match for it alone", () => {
    const { global, conditional } = parse({
      [MAIN]: "Match User x\nInclude /etc/ssh/x.conf\n",
      "/etc/ssh/x.conf": "A 1\n",
    });
    expect(global.size).toBe(0);
    expect(conditional.get("a")?.[0]?.match).toBe("User x");
  });

  it("includes in the order of names, and lists what is missing", () => {
    const { global, unresolved } = parse({
      [MAIN]: "Include /etc/ssh/d/*.conf /srv/gone.conf /etc/none/*\n",
      "/etc/ssh/d/20.conf": "A 2\n",
      "/etc/ssh/d/10.conf": "A 1\n",
      "/etc/ssh/d/x/5.conf": "A 0\n",
    });
    expect(global.get("a")?.value).toBe("1");
    expect(unresolved).toEqual(["/srv/gone.conf"]);
  });

  it("ends on files that include each other, and on patterns that nobody writes", () => {
    const { global } = parse({
      [MAIN]: "Include /etc/ssh/*\nA 1\n",
      "/etc/ssh/b": "Include /etc/ssh/*\nMatch User x\nInclude /etc/ssh/*\nB 2\n",
    });
    expect(global.get("a")?.value).toBe("1");
    const stars = parse({ [MAIN]: `Include /${"*a".repeat(60)}b\n`, [`/${"a".repeat(200)}`]: "A 1" });
    expect(stars.global.size).toBe(0);
  });

  it("never throws, and knows only lines that are there", () => {
    const word = fc.constantFrom(
      "Match",
      "Include",
      "all",
      "*",
      "/etc/ssh/b",
      "PermitRootLogin",
      "=",
      '"',
      "#",
      "[",
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(word).map((words) => words.join(" ").replaceAll("# ", "\n")),
    );
    fc.assert(
      fc.property(text, text, (main, other) => {
        const { global } = parse({ [MAIN]: main, "/etc/ssh/b": other });
        for (const { path, line } of global.values()) {
          expect(line).toBeLessThanOrEqual((path === MAIN ? main : other).split("\n").length);
        }
      }),
    );
  });
});
