import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ContainerEvidence, DeclaredContainer } from "#model/evidence/container.ts";
import { got, missing } from "#model/reading.ts";
import { isolationOf } from "#barriers/isolation.ts";
import { container, contextOf, declaredContainer, evidence } from "#rules/testing.ts";
import { displayWidth } from "../terminal/width.ts";
import { mapSvg } from "./svg.ts";
import { type MappedContainer, mapText } from "./terminal.ts";

const NOT_YET = missing("nothing runs yet");

function mapped(name: string, changes: Partial<DeclaredContainer> = {}): MappedContainer {
  const plain = { user: "", capAdd: [], capDrop: [], securityOpt: [], mounts: [] };
  const subject: ContainerEvidence = container({
    name,
    declared: got(declaredContainer({ ...plain, ...changes })),
    specified: NOT_YET,
    actual: NOT_YET,
    execs: NOT_YET,
  });
  const context = contextOf(evidence({ containers: [subject] }));
  return { name, facts: "nginx:1.25", isolation: isolationOf(subject, context) };
}

const draw = (containers: readonly MappedContainer[], width = 100, verbose = false): string =>
  mapText(containers, { colour: false, width, verbose });

describe("the map of one container", () => {
  it("shows each way with its walls, and which is the weakest", () => {
    const text = draw([mapped("web")]);
    expect(text).toContain("barriers to the host: 1");
    expect(text).toMatch(/core-pattern +● ── \(user\)/);
    expect(text).toContain("┃/proc/sys/kernel/core_pattern read-only┃");
    expect(text).toMatch(/weakest +\S+: only /);
    expect(text).toMatch(/no way +.*engine-socket/);
  });

  it("shows what is open as open", () => {
    const text = draw([mapped("web", { privileged: true })]);
    expect(text).toContain("barriers to the host: 0");
    expect(text).toContain("root on the host: OPEN");
    expect(text).toContain("nothing stands in the way");
  });
});

describe("the map of many containers", () => {
  it("is a line each, the least held first, and the open ones in full", () => {
    const many = Array.from({ length: 60 }, (_, at) => mapped(`c${at}`));
    const text = draw([...many, mapped("bad", { privileged: true })]);
    const lines = text.split("\n");
    expect(lines[1]).toMatch(/^ {3}0 {2}bad +OPEN through /);
    expect(lines.filter((line) => /^ {3}1 {2}c\d+/.test(line))).toHaveLength(60);
    expect(text.match(/barriers to the host: /g)).toHaveLength(1);
  });
});

describe("drawing", () => {
  const name = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });

  it("never leaves the width, and lets no name steer the terminal", () => {
    fc.assert(
      fc.property(name, fc.integer({ min: 72, max: 200 }), fc.boolean(), (text, width, privileged) => {
        const drawn = draw([{ ...mapped("x", { privileged }), name: text, facts: text }], width);
        for (const line of drawn.split("\n")) {
          expect(stripVTControlCharacters(line)).toBe(line);
          expect(displayWidth(line)).toBeLessThanOrEqual(width);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("makes SVG that is well-formed, whatever a container is called", () => {
    fc.assert(
      fc.property(name, (text) => {
        const svg = mapSvg({ ...mapped("x"), name: text, facts: text });
        expect(svg).toMatch(/^<svg [^<>]*>\n<title>[^<>]*<\/title>/);
        expect(svg.match(/<g>/g)?.length).toBe(svg.match(/<\/g>/g)?.length);
        expect(svg).not.toMatch(/[^\P{Cc}\n]/u);
        expect(svg.replaceAll(/&(?:amp|lt|gt|quot);/g, "")).not.toContain("&");
      }),
      { numRuns: 40 },
    );
  });
});
