import fc from "fast-check";
import { expect, it } from "vitest";
import { remediationText } from "#rules/judge.ts";
import { stepsOf } from "./remedy.ts";

it("cuts what the rules write into its places", () => {
  const text = remediationText({
    remediation: {
      run: "drop --pid=host",
      compose: "remove pid: host",
      daemon: '"icc": false',
      host: "reboot",
    },
  });
  expect(stepsOf(text)).toEqual([
    { place: "docker run", lines: ["drop --pid=host"] },
    { place: "Compose", lines: ["remove pid: host"] },
    { place: "daemon.json", lines: ['"icc": false'] },
    { place: "host", lines: ["reboot"] },
  ]);
});

it("keeps lines without a place with the step before, and a text without places in one", () => {
  expect(stepsOf("host: write\n  key: value\nand restart")).toEqual([
    { place: "host", lines: ["write", "  key: value", "and restart"] },
  ]);
  expect(stepsOf("see the manual: page 3\nand more")).toEqual([
    { place: null, lines: ["see the manual: page 3", "and more"] },
  ]);
  expect(stepsOf("")).toEqual([]);
});

it("loses no line", () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^(host: |Compose: )?[a-z: ]*[a-z]$/), { maxLength: 6 }),
      (lines) => {
        const back = stepsOf(lines.join("\n")).flatMap(({ place, lines: own }) =>
          own.map((line, at) => (at === 0 && place !== null ? `${place}: ${line}` : line)),
        );
        expect(back).toEqual(lines);
      },
    ),
  );
});
