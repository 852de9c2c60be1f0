import { describe, expect, it } from "vitest";
import type { SourceFile } from "#model/evidence/source.ts";
import type { Finding } from "#model/finding.ts";
import type { Fix } from "#model/text.ts";
import { applyEdits } from "#model/text-edits.ts";
import { DEFAULT_POLICY, type Policy } from "#policy/policy.ts";
import { lintFile, type LintedFile, lintSetup, type LintSetup } from "../../src/cli/lint/lint-file.ts";
import { mendFile } from "../../src/cli/lint/mend-files.ts";
import { corpus } from "./corpus.ts";

const policy: Policy = { ...DEFAULT_POLICY, settings: { ...DEFAULT_POLICY.settings, preset: "strict" } };
const setup = lintSetup(policy, "0.0.0", Date.UTC(2026, 10, 26));
const NO_BASELINE: ReadonlySet<string> = new Set();

const SETS = {
  Dockerfiles: corpus("dockerfiles", [
    "from debian\nMAINTAINER me\nRUN apt-get update && apt-get install curl\nRUN cd /tmp; ls *.txt\nCMD npm start\n",
    "FROM --platform=linux/amd64 node:20 as build\nADD a b\n# kept\nRUN npm i && \\\n  # also kept\n  echo $HOME\n",
    "# escape=`\r\nFROM alpine:3.20\r\nRUN apk add curl\r\nENV A b\r\nENTRYPOINT run me\r\n",
    "FROM alpine\nRUN <<EOF\ncd /tmp\ncurl http://x | sh\nEOF\nWORKDIR x\nEXPOSE 22\nBROKEN\nRUN",
  ]),
  "Compose files": corpus("compose", [
    'version: "3"\nservices:\n  web: # kept\n    image: nginx\n    privileged: true\n    ports: ["80:80"]\n',
    "services:\r\n  db:\r\n    image: postgres:16\r\n    ports:\r\n      - 5432:5432\r\n",
    "services: [\n",
  ]),
  "Kubernetes manifests": corpus("kubernetes", [
    "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  hostNetwork: true\n  containers:\n    - {name: a, image: nginx}\n",
    "apiVersion: v1\nkind: List\nitems: []\n---\n{{ if }}\n",
  ]),
};

describe.each(Object.entries(SETS))("%s", (_kind, { name, files }) => {
  const judged = files.map((source) => lintFile(source, setup));

  it(`are all judged to the end: ${name}`, () => {
    const faults = judged.flatMap(({ source, problems, findings }) => [
      ...findings.filter(isFault).map(told),
      // A Dockerfile is judged by itself; others name files that may not be there.
      ...(source.kind === "dockerfile" ? problems : []).map(({ what }) => `${source.path}: ${what}`),
    ]);
    expect(faults).toEqual([]);
    expect(judged).toHaveLength(files.length);
  });

  it("stand at places of the file", () => {
    const astray = judged.flatMap(({ source, findings }) => {
      const lines = source.text.split("\n").map(({ length }) => length + 1);
      const inside = (line: number, column: number): boolean =>
        column >= 1 && column <= (lines[line - 1] ?? 0);
      return findings.filter(
        ({ location }) =>
          location === null ||
          !inside(location.startLine, location.startColumn) ||
          !inside(location.endLine, location.endColumn),
      );
    });
    expect(astray.map(told)).toEqual([]);
  });

  it("are clean of a finding after its fix, which breaks nothing", () => {
    expect(judged.flatMap((file) => fixesOf(file).flatMap((each) => faultOf(file, each) ?? []))).toEqual([]);
  });

  it.each(["safe", "all"] as const)("stay as they are when mended (%s) a second time", (mode) => {
    const fixable = judged.filter((file) =>
      fixesOf(file).some(({ fix }) => mode === "all" || fix.safety === "safe"),
    );
    const again = fixable.flatMap((file) => {
      const first = mended(file, mode);
      if (first.problem !== null) return [`${file.source.path}: ${first.problem}`];
      const second = mended({ ...file, source: { ...file.source, text: first.text } }, mode);
      return second.text === first.text ? [] : [`${file.source.path}: ${second.text.length}`];
    });
    expect(again).toEqual([]);
  });

  it("keep their CRLF when mended", () => {
    const broken = judged
      .filter((file) => fixesOf(file).length > 0)
      .flatMap(({ source }) => {
        const crlf = { ...source, text: source.text.replaceAll(/\r*\n/g, "\r\n") };
        const { text } = mended(lintFile(crlf, setup), "all");
        const at = text.search(/(?<!\r)\n/);
        return at === -1
          ? []
          : [`${source.path}: ${JSON.stringify(text.slice(Math.max(0, at - 60), at + 20))}`];
      });
    expect(broken).toEqual([]);
  });
});

function isFault({ verdict, message }: Finding): boolean {
  return verdict === "unknown" && message.includes("please report it");
}

function told({ ruleId, subject, location, message }: Finding): string {
  return `${subject.name}:${location?.startLine}: ${ruleId}: ${message}`;
}

function fixesOf({ findings }: LintedFile): { finding: Finding; fix: Fix }[] {
  return findings
    .filter(({ exception }) => exception === null)
    .flatMap((finding) => finding.fixes.map((fix) => ({ finding, fix })));
}

/** What is wrong with a fix that is applied alone; null if nothing is. */
function faultOf({ source, findings, errors }: LintedFile, { finding, fix }: { finding: Finding; fix: Fix }) {
  const fault = (what: string): string =>
    `${told(finding)}\n  ${fix.title} ${JSON.stringify(fix.edits)}: ${what}`;
  if (fix.edits.some(({ path }) => path !== source.path)) return fault("edits another file");
  let text: string;
  try {
    text = applyEdits(source.text, fix.edits);
  } catch (error) {
    return fault(String(error));
  }
  if (text === source.text) return fault("changes nothing");
  const after = lintFile(source, onlyBy(finding.ruleId), text);
  if (after.errors > errors) return fault("breaks the syntax");
  // Findings that are alike are told apart by their order, so that the next one takes the place of the first; and
  // a rule may have more to say once its first word has been heeded.
  const own = (all: readonly Finding[]): Finding[] =>
    all.filter(({ ruleId, exception }) => ruleId === finding.ruleId && exception === null);
  const said = (all: readonly Finding[]): number =>
    own(all).filter(({ message }) => message === finding.message).length;
  const offered = (all: readonly Finding[]): number =>
    own(all).filter(({ fixes }) => fixes.some(({ title }) => title === fix.title)).length;
  const mended = said(after.findings) < said(findings) && offered(after.findings) < offered(findings);
  return mended
    ? null
    : fault(
        `leaves the finding: ${own(after.findings)
          .map(({ message }) => message)
          .join("; ")}`,
      );
}

// Judging by one rule takes a fraction of the time of judging by all.
const setups = new Map<string, LintSetup>();
function onlyBy(ruleId: string): LintSetup {
  const known = setups.get(ruleId);
  if (known !== undefined) return known;
  const made = { ...setup, rules: setup.rules.filter(({ id }) => id === ruleId) };
  setups.set(ruleId, made);
  return made;
}

function mended(file: LintedFile, mode: "safe" | "all"): { text: string; problem: string | null } {
  const source: SourceFile = file.source;
  const result = mendFile(file, { setup, policy, baseline: NO_BASELINE, mode });
  return { text: result?.mended.after ?? source.text, problem: result?.problem?.what ?? null };
}
