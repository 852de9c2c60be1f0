import { isKeyword } from "#evidence/dockerfile/keywords.ts";
import { page, rule } from "../rule.ts";
import { type Fault, failures } from "./facts/instruction-findings.ts";

export default rule({
  id: "SW-DF-ORDER",
  subject: "dockerfile",
  title: "An instruction stands before the first FROM",
  severity: "high",
  risk: "The builder refuses the file: only ARG may stand before the first FROM.",
  countermeasure: "Begin with FROM, and with the ARGs that it uses.",
  remediation: { dockerfile: "move the instruction below FROM" },
  aliases: ["DL3061", "droast:DF037"],
  references: [
    page("Dockerfile reference: format", "https://docs.docker.com/reference/dockerfile/#format"),
    page("hadolint: DL3061", "https://github.com/hadolint/hadolint/wiki/DL3061"),
  ],
  examples: { bad: "LABEL team=web\nFROM debian:12", good: "FROM debian:12\nLABEL team=web" },
  judge: ({ dockerfile }, { settings }) => {
    const { instructions, stages } = dockerfile;
    const first = stages[0]?.from.index ?? instructions.length;
    const early = instructions.slice(0, first).filter(({ keyword }) => keyword !== "ARG" && keyword !== "");
    const [head] = early;
    if (head === undefined) return [];
    if (stages.length === 0 && settings.preset !== "hadolint") {
      // A slip in FROM is told as such.
      if (early.some(({ keyword }) => !isKeyword(keyword))) return [];
      return failures([{ message: "has no FROM: nothing is built", range: head.keywordRange, key: "FROM" }]);
    }
    return failures(
      early.map(({ keyword, keywordRange }): Fault => ({
        message: `${keyword} stands before the first FROM`,
        range: keywordRange,
        key: keyword,
      })),
    );
  },
});
