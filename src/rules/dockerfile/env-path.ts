import { page, rule } from "../rule.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, listed } from "./facts/instruction-findings.ts";
import { isWindows, stageOf, stageTitle } from "./facts/stage-place.ts";

const FOR_ALL = /^\/(?:tmp|var\/tmp|dev\/shm)(?:\/|$)/;

export default rule({
  id: "SW-DF-ENV-PATH",
  subject: "dockerfile",
  title: "Looks for programs in a folder that others can fill",
  severity: "medium",
  risk: "An entry that is empty, relative or writable for all lets whoever can write there answer to the name of a program: root runs it.",
  countermeasure: "Name whole paths that only root can write, the system's own first.",
  remediation: { dockerfile: "ENV PATH=/opt/app/bin:$PATH" },
  references: [
    { title: "environ(7)", url: "https://man7.org/linux/man-pages/man7/environ.7.html" },
    page("CWE-426: untrusted search path", "https://cwe.mitre.org/data/definitions/426.html"),
  ],
  examples: { bad: "ENV PATH=.:$PATH", good: "ENV PATH=/opt/app/bin:$PATH" },
  judge: ({ dockerfile }) => {
    const faults: Fault[] = [];
    for (const instruction of instructionsOf(dockerfile, "ENV")) {
      for (const { name, value, range } of instruction.pairs) {
        if (name.value !== "PATH" || value === null || value.value === "") continue;
        const stage = stageOf(dockerfile, instruction);
        if (isWindows(dockerfile, stage) || /;|\\/.test(value.value) || value.value.length > 20_000) continue;
        const bad = [...new Set(entriesOf(value.value).filter(isWeak))];
        if (bad.length === 0) continue;
        const shownBad = bad.map((entry) =>
          entry === "" ? "an empty entry (the working folder)" : `"${entry}"`,
        );
        faults.push({
          message: `PATH has ${listed(shownBad)}`,
          range: value.range.end > value.range.start ? value.range : range,
          key: `${stageTitle(stage)} ${bad.join(":")}`,
        });
      }
    }
    return failures(faults);
  },
});

// A colon within ${…} divides nothing.
function entriesOf(value: string): string[] {
  const entries: string[] = [];
  let depth = 0;
  let entry = "";
  for (const character of value) {
    if (character === "{") depth += 1;
    else if (character === "}") depth -= 1;
    if (character === ":" && depth <= 0) {
      entries.push(entry);
      entry = "";
    } else entry += character;
  }
  return [...entries, entry];
}

function isWeak(entry: string): boolean {
  if (entry === "" || FOR_ALL.test(entry)) return true;
  // What a variable holds is not known; `~` is expanded by no one here.
  return !entry.startsWith("/") && !entry.startsWith("$") && !entry.startsWith("%");
}
