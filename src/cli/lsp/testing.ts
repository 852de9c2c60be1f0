import { TextDocument } from "vscode-languageserver-textdocument";
import type { Finding } from "#model/finding.ts";
import { DEFAULT_POLICY } from "#policy/policy.ts";
import { sampleFinding, sampleSubject } from "#report/terminal/testing.ts";
import { lineStarts } from "#model/text.ts";
import { lintSetup } from "../lint/lint-file.ts";
import type { Judged } from "./judge.ts";

/** A judged Dockerfile with made-up findings, for tests. */
export function judgedText(text: string, findings: Partial<Finding>[]): Judged {
  const path = "Dockerfile";
  return {
    document: TextDocument.create(`file:///w/${path}`, "dockerfile", 7, text),
    version: 7,
    place: { folder: "/w", path },
    settings: { policy: DEFAULT_POLICY, setup: lintSetup(DEFAULT_POLICY, "0.0.0", 0) },
    file: {
      source: { path, kind: "dockerfile", text, utf8: true },
      subjects: [],
      findings: [],
      problems: [],
      errors: 0,
      builds: [],
    },
    findings: findings.map((changes) =>
      sampleFinding({
        subject: sampleSubject(path, { kind: "dockerfile" }),
        location: { path, startLine: 1, startColumn: 1, endLine: 1, endColumn: 5 },
        ...changes,
      }),
    ),
    starts: lineStarts(text),
  };
}
