import type { Pair } from "#model/evidence/dockerfile.ts";
import type { Fix } from "#model/text.ts";
import { page, rule } from "../rule.ts";
import { fixOf } from "./facts/instruction-edits.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, listed } from "./facts/instruction-findings.ts";
import { stageOf, stageTitle } from "./facts/stage-place.ts";

// Docker's own (docs, "Docker object labels", key format).
const RESERVED = ["com.docker.", "io.docker.", "org.dockerproject."];
// The same page allows underscores and slashes, and recommends to do without.
const SOUND = /^[a-z](?:[a-z0-9._/-]*[a-z0-9])?$/;

export default rule({
  id: "SW-DF-LABEL-KEY",
  subject: "dockerfile",
  title: "A label has a key that the guidelines rule out",
  severity: "info",
  risk: "Tools that read labels may not find it, or mistake it for one of the engine's own.",
  countermeasure:
    "Lower case letters, digits, dots and hyphens, beginning with a letter; a domain of yours before it.",
  remediation: { dockerfile: "LABEL com.example.release-date=2026-01-02" },
  aliases: ["DL3048"],
  references: [
    page(
      "Docker docs: label keys",
      "https://docs.docker.com/engine/manage-resources/labels/#label-keys-and-values",
    ),
    page("hadolint: DL3048", "https://github.com/hadolint/hadolint/wiki/DL3048"),
  ],
  examples: { bad: "LABEL Com.Example.Team=web", good: "LABEL com.example.team=web" },
  judge: ({ path, dockerfile }, { settings }) => {
    const faults: Fault[] = [];
    for (const instruction of instructionsOf(dockerfile, "LABEL")) {
      const bad = instruction.pairs.filter(({ name }) => whyBad(name.value) !== null);
      const judged =
        settings.preset === "hadolint" ? bad : bad.filter(({ name }) => !name.value.includes("$"));
      const [first] = judged;
      if (first === undefined) continue;
      const reserved = judged.some(({ name }) => isReserved(name.value));
      const fix = keysFix(path, judged);
      faults.push({
        message: listed(judged.map(({ name }) => `${name.value} ${whyBad(name.value) ?? ""}`)),
        range: first.name.range,
        key: `${stageTitle(stageOf(dockerfile, instruction))} ${judged.map(({ name }) => name.value).join(" ")}`,
        ...(reserved ? { severity: "low" } : {}),
        fixes: fix === null ? [] : [fix],
      });
    }
    return failures(faults);
  },
});

function isReserved(key: string): boolean {
  return RESERVED.some((prefix) => key.startsWith(prefix));
}

function whyBad(key: string): string | null {
  if (isReserved(key)) return "is in a name space of the engine";
  if (/\.\.|--/.test(key)) return "has two separators in a row";
  if (SOUND.test(key)) return null;
  if (/[A-Z]/.test(key)) return "has capitals";
  if (!/^[a-z]/.test(key)) return "does not begin with a letter";
  return /[.-]$/.test(key)
    ? "ends with a separator"
    : "has signs other than letters, digits, dots and hyphens";
}

// Those who read the old key no longer find it, so no change of a key is safe.
function keysFix(path: string, pairs: readonly Pair[]): Fix | null {
  const edits = pairs.map(({ name }) => {
    const key = name.value
      .toLowerCase()
      .replaceAll(/[_\s]/g, "-")
      .replaceAll(/\.{2,}/g, ".")
      .replaceAll(/-{2,}/g, "-");
    const plain = name.raw === name.value || name.quote !== null;
    return whyBad(key) === null && plain && name.raw !== ""
      ? { path, ...name.range, text: name.quote === null ? key : `${name.quote}${key}${name.quote}` }
      : null;
  });
  const sound = edits.filter((edit) => edit !== null);
  return sound.length === pairs.length
    ? fixOf("Write the key as the guidelines have it", "unsafe", sound)
    : null;
}
