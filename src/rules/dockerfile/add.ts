import { page, rule } from "../rule.ts";
import { fixOf, replaced } from "./facts/instruction-edits.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, listed } from "./facts/instruction-findings.ts";
import { isArchive, isGit, isOpen, isUrl, transferOf } from "./facts/instruction-sources.ts";
import { stageOf, stageTitle } from "./facts/stage-place.ts";

// What only ADD can do with a local file.
const ADD_ONLY = new Set(["checksum", "unpack", "keep-git-dir"]);

export default rule({
  id: "SW-DF-ADD-LOCAL",
  subject: "dockerfile",
  title: "ADD where COPY does the same",
  severity: "low",
  risk: "ADD unpacks what looks like an archive and fetches what looks like an address. A file that somebody swaps is suddenly a tree of files.",
  countermeasure: "COPY takes files as they are. Keep ADD for archives that are meant to be unpacked.",
  remediation: { dockerfile: "COPY app /app" },
  cis: ["4.9"],
  aliases: [
    "DL3020",
    "trivy:DS-0005",
    "checkov:CKV_DOCKER_4",
    "kics:9513a694",
    "dockle:CIS-DI-0009",
    "droast:DF006",
  ],
  references: [
    page("Docker docs: ADD or COPY", "https://docs.docker.com/build/building/best-practices/#add-or-copy"),
    page("hadolint: DL3020", "https://github.com/hadolint/hadolint/wiki/DL3020"),
  ],
  examples: { bad: "ADD app /app", good: "COPY app /app" },
  judge: ({ path, dockerfile }, { settings }) => {
    const faults: Fault[] = [];
    for (const instruction of instructionsOf(dockerfile, "ADD")) {
      const transfer = transferOf(instruction);
      if (transfer === null) continue;
      const names = transfer.sources.map(({ value }) => value);
      const special = names.filter((name) => isArchive(name) || isUrl(name));
      const strict = settings.preset === "hadolint";
      const local = names.filter((name) => !special.includes(name) && (strict || !isGit(name)));
      if (local.length === 0) continue;
      if (!strict) {
        // One source that needs ADD decides for all of them; a variable may be an address or an archive.
        if (special.length > 0 || names.some((name) => isGit(name) || name.startsWith("$"))) continue;
        if (instruction.flags.some(({ name }) => ADD_ONLY.has(name))) continue;
      }
      const canCopy =
        special.length === 0 &&
        !names.some(isGit) &&
        !instruction.flags.some(({ name }) => ADD_ONLY.has(name));
      const lower = instruction.keywordRaw === instruction.keywordRaw.toLowerCase();
      faults.push({
        message: `ADD takes ${listed(local)} as COPY would`,
        range: instruction.keywordRange,
        key: `${stageTitle(stageOf(dockerfile, instruction))} ${names.join(" ")}`,
        ...(canCopy
          ? {
              fixes: [
                fixOf("Use COPY", names.some(isOpen) ? "unsafe" : "safe", [
                  replaced({ path }, instruction.keywordRange, lower ? "copy" : "COPY"),
                ]),
              ],
            }
          : {}),
      });
    }
    return failures(faults);
  },
});
