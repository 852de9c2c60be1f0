import { hasFlag, operands } from "#evidence/shell/flags.ts";
import { page, rule } from "../rule.ts";
import { buildCalls } from "./facts/command-calls.ts";
import { replaceWord } from "./facts/command-edits.ts";
import { judgeCalls } from "./facts/command-report.ts";

export default rule({
  id: "SW-DF-NPM-CI",
  subject: "dockerfile",
  title: "npm install may change what the lock file says",
  severity: "low",
  risk: "Where package.json and the lock file disagree, npm install takes other versions than were tested, and says nothing.",
  countermeasure:
    "npm ci installs what the lock file says, or fails. It needs the lock file in the image before it runs.",
  remediation: { dockerfile: "COPY package.json package-lock.json ./ and RUN npm ci" },
  // Whether there is a lock file cannot be told from here.
  presets: { recommended: "off" },
  references: [page("npm ci", "https://docs.npmjs.com/cli/commands/npm-ci")],
  examples: { bad: "RUN npm install", good: "RUN npm ci" },
  judge: (evidence) =>
    judgeCalls(
      evidence,
      buildCalls(evidence.dockerfile, "npm"),
      (call) => {
        const { command } = call;
        const [verb, name] = operands(command, [
          "registry",
          "prefix",
          "C",
          "cache",
          "loglevel",
          "omit",
          "include",
        ]);
        if (verb === undefined || name !== undefined || !/^(?:install|i)$/.test(verb.value)) return null;
        if (hasFlag(command, "g", "global", "no-save", "no-package-lock")) return null;
        return {
          range: command.range,
          name: `npm ${verb.value}`,
          edits: replaceWord(call, verb.range, "ci"),
        };
      },
      {
        message: (names) => `${names} may take other versions than the lock file says`,
        fix: { title: "Use npm ci", safety: "unsafe" },
      },
    ),
});
