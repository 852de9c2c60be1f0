import { page, rule } from "../rule.ts";
import { steps } from "./facts/command-calls.ts";
import { judgeSteps, type StepOffences } from "./facts/command-report.ts";
import { secretsIn } from "./facts/command-secrets.ts";

export default rule({
  id: "SW-DF-COMMAND-SECRETS",
  subject: "dockerfile",
  title: "A secret stands in a command",
  severity: "high",
  risk: "The command is kept in the history of the image: docker history shows it to everybody who can pull, even if what it fetched is gone; and in the repository it stays for ever.",
  countermeasure:
    "Hand it to the one RUN that needs it as a secret mount, which leaves no trace, and change the secret that was written here.",
  remediation: {
    dockerfile:
      "RUN --mount=type=secret,id=token curl -H @/run/secrets/token …, and docker build --secret id=token,src=token.txt",
  },
  references: [
    page("Build secrets", "https://docs.docker.com/build/building/secrets/"),
    page("CWE-798: hard-coded credentials", "https://cwe.mitre.org/data/definitions/798.html"),
  ],
  examples: {
    bad: "RUN curl -fu robot:Xy7-4t!q -O https://example.com/a",
    good: "RUN --mount=type=secret,id=netrc,target=/root/.netrc curl -fnO https://example.com/a",
  },
  judge: (evidence) => {
    const found: StepOffences[] = [];
    for (const step of steps(evidence.dockerfile)) {
      const offences = step.calls.flatMap(secretsIn).map((secret) => ({ ...secret, edits: null }));
      if (offences.length > 0) found.push([step, offences]);
    }
    return judgeSteps(evidence, found, { message: (names) => `the command shows ${names}` });
  },
});
