import type { Severity } from "#model/severity.ts";
import { page, rule } from "../rule.ts";
import { copiesOf, flagOf } from "./facts/instruction-find.ts";
import { type Fault, failures, listed } from "./facts/instruction-findings.ts";
import { transferOf } from "./facts/instruction-sources.ts";
import { isShipped, stageOf, stageTitle } from "./facts/stage-place.ts";

// What lies beside most projects and should lie in no image: history and keys first, what is merely big after.
const SECRETS = [
  ".env",
  ".git",
  ".npmrc",
  ".pypirc",
  ".ssh",
  ".aws",
  ".kube",
  ".docker",
  "id_rsa",
  "secrets",
  ".vault-token",
];
const BIG = [
  "node_modules",
  ".venv",
  "venv",
  "__pycache__",
  "target",
  "dist",
  ".idea",
  ".vscode",
  ".terraform",
];

export default rule({
  id: "SW-DF-COPY-CONTEXT",
  subject: "dockerfile",
  title: "Copies whatever lies in the build context",
  severity: "low",
  risk: "The whole folder goes in: the history of the repository, local settings and keys, and what somebody puts there tomorrow.",
  countermeasure: "Leave out in .dockerignore what is not needed, or name what is.",
  remediation: { dockerfile: "a .dockerignore beside it with .git, .env and node_modules" },
  aliases: ["droast:DF007", "droast:DF026"],
  references: [
    page("Docker docs: .dockerignore", "https://docs.docker.com/build/concepts/context/#dockerignore-files"),
  ],
  examples: { bad: "COPY . /app, without a .dockerignore", good: "COPY src package.json /app/" },
  judge: ({ dockerfile, context }) => {
    if (context === null) return [];
    const faults: Fault[] = [];
    for (const instruction of copiesOf(dockerfile)) {
      const root = transferOf(instruction)?.sources.find(({ value }) => /^(?:\.?\/?|\*)$/.test(value));
      if (root === undefined || flagOf(instruction, "from") !== null) continue;
      const taken = (name: string): boolean => context.exists(name) === true && !context.ignores(name);
      const secrets = SECRETS.filter(taken);
      const big = BIG.filter(taken);
      if (context.ignore !== null && secrets.length === 0) continue;
      const shipped = isShipped(dockerfile, instruction);
      const severity: Severity = secrets.length === 0 || !shipped ? "low" : "medium";
      const what = [...secrets, ...big];
      faults.push({
        message:
          what.length > 0
            ? `${listed(what)} of the build context goes into a layer`
            : "the whole build context goes into a layer, and there is no .dockerignore",
        range: root.range,
        severity,
        key: `${stageTitle(stageOf(dockerfile, instruction))} ${instruction.arguments.text}`,
      });
    }
    return failures(faults);
  },
});
