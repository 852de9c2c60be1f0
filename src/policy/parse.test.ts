import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "#model/problem.ts";
import { DEFAULT_SETTINGS } from "#model/settings.ts";
import { SEVERITIES } from "#model/severity.ts";
import { stringify } from "yaml";
import { parsePolicy } from "./parse.ts";
import { DEFAULT_POLICY } from "./policy.ts";

const NAME = "seaworthy.yaml";
const KNOWN = ["SW-CTR-PID-HOST", "SW-CTR-NET-HOST", "cis-docker-1.8:5.16", "DL3008"];

/** The lines of the error, without its first one; none for a good policy. */
function mistakesIn(text: string, known?: readonly string[]): string[] {
  try {
    parsePolicy(text, NAME, known);
  } catch (error) {
    if (error instanceof UserError && error.exitCode === 2) return error.message.split("\n").slice(1);
    throw error;
  }
  return [];
}

describe("a good policy", () => {
  it("is read whole", () => {
    const policy = parsePolicy(
      `failOn: medium
rules:
  SW-CTR-PID-HOST: off
  cis-docker-1.8:5.16: { severity: low }
only: [SW-CTR-*]
subjects: { include: [web-*], exclude: ["label:team=x"] }
exceptions:

  - rule: DL3008
    subject: "*"
    reason: |
      the mirror has one version
    owner: ops
    expires: 2026-12-31
  - { rule: SW-CTR-NET-HOST, subject: web, reason: r }
labelExceptions: true
settings: { privilegedPorts: [22], maxRestarts: 0 }
`,
      NAME,
      KNOWN,
    );
    expect(policy).toEqual({
      path: NAME,
      failOn: "medium",
      rules: { "SW-CTR-PID-HOST": "off", "cis-docker-1.8:5.16": "low" },
      only: ["SW-CTR-*"],
      subjects: { include: ["web-*"], exclude: ["label:team=x"] },
      exceptions: [
        {
          rule: "DL3008",
          subject: "*",
          reason: "the mirror has one version",
          owner: "ops",
          expires: "2026-12-31",
          source: "seaworthy.yaml:9",
        },
        {
          rule: "SW-CTR-NET-HOST",
          subject: "web",
          reason: "r",
          owner: "",
          expires: null,
          source: "seaworthy.yaml:15",
        },
      ],
      labelExceptions: true,
      settings: { ...DEFAULT_SETTINGS, privilegedPorts: [22], maxRestarts: 0 },
    });
  });

  it.each(["", "# nothing yet\n", "{}", "\ufeff{}"])("may change nothing: %j", (text) => {
    expect(parsePolicy(text, NAME)).toEqual({ ...DEFAULT_POLICY, path: NAME });
  });

  it("may use a few aliases", () => {
    const policy = parsePolicy(
      "exceptions:\n- &a { rule: a, subject: s, reason: &why because }\n- { rule: b, subject: s, reason: *why }\n- *a",
      NAME,
    );
    expect(policy.exceptions.map(({ reason }) => reason)).toEqual(["because", "because", "because"]);
  });

  it("means the same under any %YAML directive", () => {
    const text =
      "%YAML 1.1\n---\nrules: { DL3008: off }\nexceptions: [{rule: a, subject: s, reason: r, expires: 2026-12-31}]";
    const { rules, exceptions } = parsePolicy(text, NAME);
    expect(rules).toEqual({ DL3008: "off" });
    expect(exceptions[0]?.expires).toBe("2026-12-31");
  });

  it("is read back as it was written", () => {
    const line = fc.string({ minLength: 1 }).filter((text) => /\S/.test(text) && text.trim() === text);
    const name = line.filter((text) => text !== "__proto__");
    const file = fc.record({
      failOn: fc.constantFrom(...SEVERITIES, "never"),
      rules: fc.dictionary(name, fc.constantFrom(...SEVERITIES, "off")),
      only: fc.array(line),
      subjects: fc.record({ include: fc.array(line), exclude: fc.array(line) }),
      exceptions: fc.array(
        fc.record({
          rule: line,
          subject: line,
          reason: line,
          owner: line,
          expires: fc
            .date({ min: new Date("1970-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
            .map((date) => date.toISOString().slice(0, 10)),
        }),
      ),
      labelExceptions: fc.boolean(),
      settings: fc.record({
        engineUsers: fc.array(line),
        privilegedPorts: fc.array(fc.integer({ min: 1, max: 1023 })),
        trustedRegistries: fc.array(line),
        maxImageAgeDays: fc.nat(1000),
        maxStoppedDays: fc.nat(1000),
        maxUnusedImages: fc.nat(1000),
        maxRestarts: fc.nat(1000),
        preset: fc.constantFrom("recommended" as const, "strict" as const, "hadolint" as const),
        labelSchema: fc.dictionary(
          fc.constantFrom("a", "b.c"),
          fc.constantFrom("text" as const, "url" as const),
        ),
        strictLabels: fc.boolean(),
      }),
    });
    fc.assert(
      fc.property(file, (file) => {
        const { exceptions, path, ...rest } = parsePolicy(stringify(file), NAME);
        expect(path).toBe(NAME);
        expect(rest).toEqual({ ...file, exceptions: undefined });
        expect(exceptions).toEqual(
          file.exceptions.map((item) => ({
            ...item,
            source: expect.stringMatching(/^seaworthy\.yaml:\d+$/) as string,
          })),
        );
      }),
    );
  });
});

describe("mistakes", () => {
  it("are all listed, each with line and column, in the order of the file", () => {
    const text = `failOn: hihg
rules:
  SW-CTR-PIDHOST: off
  SW-FOO-*: low
  DL3008: lwo
  SW-CTR-PID-HOST: { severty: low }
  5.16: off
exceptions:
  - rule: SW-CTR-PID-HOST
    subject: web
    reason: " "
    expires: 2026-13-01
  - rule: DL3009
    subject: web
exception: []
labelExceptions: yes
`;
    expect(mistakesIn(text, KNOWN)).toEqual([
      'seaworthy.yaml:1:9: failOn: "hihg" is not one of info, low, medium, high, critical, never; did you mean "high"?',
      "seaworthy.yaml:3:3: rule SW-CTR-PIDHOST is not known; did you mean SW-CTR-PID-HOST?",
      "seaworthy.yaml:4:3: SW-FOO-* matches no known rule",
      'seaworthy.yaml:5:11: DL3008: "lwo" is not one of info, low, medium, high, critical, off; did you mean "low"?',
      "seaworthy.yaml:6:20: severity is missing",
      'seaworthy.yaml:6:22: unknown key "severty"; did you mean "severity"?',
      "seaworthy.yaml:7:3: rule 5.16 is not known; did you mean cis-docker-1.8:5.16?",
      "seaworthy.yaml:11:13: reason is empty; fill it in or remove it",
      "seaworthy.yaml:12:14: expires: 2026-13-01 is not a date (YYYY-MM-DD)",
      "seaworthy.yaml:13:5: reason is missing",
      "seaworthy.yaml:13:11: rule DL3009 is not known; did you mean DL3008?",
      'seaworthy.yaml:15:1: unknown key "exception"; did you mean "exceptions"?',
      'seaworthy.yaml:16:18: labelExceptions: "yes" is not true or false',
    ]);
  });

  it("are counted in the first line", () => {
    expect(() => parsePolicy("a: 1", NAME)).toThrow(/^1 mistake in the policy seaworthy\.yaml\n/);
    expect(() => parsePolicy("a: 1\nb: 1", NAME)).toThrow(/^2 mistakes in the policy seaworthy\.yaml\n/);
  });

  it.each([
    ["failOn: [high]", "1:9: failOn: a list is not one of info, low, medium, high, critical, never"],
    ["rules: [a]", "1:8: rules: a list is not a mapping (key: value)"],
    ["rules:\n", "1:1: rules is empty; fill it in or remove it"],
    ["rules: { '': off }", "1:10: the name of the rule is empty"],
    ["rules: { a: }", "1:10: a is empty; fill it in or remove it"],
    [
      "rules: { a: { severity: off } }",
      '1:25: severity: "off" is not one of info, low, medium, high, critical',
    ],
    ["rules: { a: [low] }", "1:13: a: a list is not one of info, low, medium, high, critical, off"],
    ["only: SW-CTR-*", '1:7: only: "SW-CTR-*" is not a list'],
    ["only: [7]", "1:8: only: 7 is not a text"],
    ["subjects: { includes: [] }", '1:13: unknown key "includes"; did you mean "include"?'],
    ["exceptions: [x]", '1:14: exceptions: "x" is not a mapping (key: value)'],
    [
      "exceptions: [{rule: a, subject: s, reason: r, expires: 2026-02-29}]",
      "1:56: expires: 2026-02-29 is not a date (YYYY-MM-DD)",
    ],
    [
      "exceptions: [{rule: a, subject: s, reason: r, expires: 20260228}]",
      "1:56: expires: 20260228 is not a text",
    ],
    ["settings: { maxRestarts: -1 }", "1:26: maxRestarts: -1 is less than 0"],
    ["settings: { maxRestarts: 1.5 }", "1:26: maxRestarts: 1.5 is not a whole number"],
    ["settings: { privilegedPorts: [8080] }", "1:31: privilegedPorts: 8080 is more than 1023"],
    ["settings: { maxRestart: 1 }", '1:13: unknown key "maxRestart"; did you mean "maxRestarts"?'],
    ["__proto__: { rules: {} }", '1:1: unknown key "__proto__"'],
    ["just text", '1:1: the policy: "just text" is not a mapping (key: value)'],
  ])("%j", (text, expected) => {
    expect(mistakesIn(text)).toEqual([`seaworthy.yaml:${expected}`]);
  });

  it("include rules only if the rules are known", () => {
    const text = "only: [SW-NONE, SW-N*]";
    expect(mistakesIn(text)).toEqual([]);
    expect(mistakesIn(text, [])).toHaveLength(2);
    expect(mistakesIn("only: [sw-ctr-pid-host, SW-CTR-?ID-*, '5.16']", KNOWN)).toEqual([
      "seaworthy.yaml:1:8: rule sw-ctr-pid-host is not known; did you mean SW-CTR-PID-HOST?",
      "seaworthy.yaml:1:39: rule 5.16 is not known; did you mean cis-docker-1.8:5.16?",
    ]);
  });

  it("are cut off after the first fifty", () => {
    const lines = mistakesIn(Array.from({ length: 60 }, (_, at) => `k${at}: 1`).join("\n"));
    expect(lines).toHaveLength(51);
    expect(lines.at(-1)).toBe("and 10 more");
  });

  it("do not carry escape sequences to the terminal", () => {
    expect(mistakesIn('"\\e[2J": 1')).toEqual(['seaworthy.yaml:1:1: unknown key "\\u{1b}[2J"']);
  });
});

describe("any text", () => {
  const word = fc.constantFrom(
    ..."rules|only|exceptions|subjects|settings|- |: |\n|  |{|}|[|]|,|&a |*a|!t |'|\"|#|\t|---\n|? |null|off|2026-12-31|1".split(
      "|",
    ),
  );
  it.each<[string, fc.Arbitrary<string>]>([
    ["letters", fc.string({ unit: "binary" })],
    ["the words of YAML", fc.array(word, { maxLength: 40 }).map((words) => words.join(""))],
    ["other data", fc.jsonValue().map((value) => stringify({ rules: value, exceptions: [value] }))],
  ])("made of %s is a policy or a list of mistakes", (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const line of mistakesIn(text, KNOWN)) {
          expect(line).toMatch(/^(?:seaworthy\.yaml:[1-9]\d*:[1-9]\d*: \P{Cc}+|and \d+ more)$/u);
        }
      }),
      { numRuns: 300 },
    );
  });
});
