import type { Instruction } from "#model/evidence/dockerfile.ts";
import { isArrayOfOthers } from "#evidence/dockerfile/json-form.ts";
import { page, rule } from "../rule.ts";
import { fixOf, hasCommentWithin, replaced } from "./facts/instruction-edits.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { looksLikeJson, meantJson } from "./facts/instruction-json.ts";
import { stageOf, stageTitle } from "./facts/stage-place.ts";

const WITH_JSON = new Set(["RUN", "CMD", "ENTRYPOINT", "SHELL", "VOLUME", "COPY", "ADD", "HEALTHCHECK"]);

export default rule({
  id: "SW-DF-JSON-FORM-INVALID",
  subject: "dockerfile",
  title: "Looks like the JSON form, and is none",
  severity: "high",
  risk: "The builder takes what is not valid JSON for a shell command, or for file names with brackets. The container fails at its start, or a shell stands between the engine and the program.",
  countermeasure: "Write strings in double quotes, separated by commas, within [ and ].",
  remediation: { dockerfile: 'CMD ["program", "argument"]' },
  aliases: ["tally:invalid-json-form"],
  references: [
    page(
      "Dockerfile reference: exec form",
      "https://docs.docker.com/reference/dockerfile/#shell-and-exec-form",
    ),
  ],
  examples: { bad: "CMD ['nginx', '-g', 'daemon off;']", good: 'CMD ["nginx", "-g", "daemon off;"]' },
  judge: ({ path, dockerfile }) => {
    const faults: Fault[] = [];
    for (const each of dockerfile.instructions) {
      const instruction = each.trigger ?? each;
      const { keyword, json } = instruction;
      if (json || !WITH_JSON.has(keyword)) continue;
      const text = commandText(instruction);
      // The builder refuses an array of anything but strings: that is judged as syntax.
      if (text === null || !looksLikeJson(text) || isArrayOfOthers(text)) continue;
      const start = instruction.words[0]?.range.start ?? instruction.range.start;
      const range = { start, end: instruction.headRange.end };
      const { text: meant, why } = meantJson(text);
      // Joined lines cannot be put back where they were.
      const whole = dockerfile.text.slice(range.start, range.end).trimEnd();
      const fixable = meant !== null && whole === text && !hasCommentWithin(dockerfile, range);
      faults.push({
        message: `${shown(text)} is not the JSON form: it ${why}`,
        range: { start, end: start + whole.length },
        key: `${stageTitle(stageOf(dockerfile, each))} ${keyword} ${text}`,
        ...(fixable
          ? {
              fixes: [
                fixOf("Write valid JSON", "safe", [
                  replaced({ path }, { start, end: start + whole.length }, meant),
                ]),
              ],
            }
          : {}),
      });
    }
    return failures(faults);
  },
});

function commandText({ keyword, healthcheck, arguments: { text } }: Instruction): string | null {
  if (keyword !== "HEALTHCHECK") return text;
  return healthcheck === "CMD" ? text.replace(/^\S+\s*/, "").trimEnd() : null;
}
