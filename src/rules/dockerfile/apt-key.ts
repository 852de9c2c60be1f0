import { page, rule } from "../rule.ts";
import { buildCalls } from "./facts/command-calls.ts";
import { judgeCalls } from "./facts/command-report.ts";
import { operands } from "#evidence/shell/flags.ts";

export default rule({
  id: "SW-DF-APT-KEY",
  subject: "dockerfile",
  title: "Adds a key that signs for every repository",
  severity: "low",
  risk: "A key that apt-key adds may sign packages of any repository, the distribution's own included: whoever holds it can replace the C library. And Debian 13 has no apt-key any more, so the build breaks with the next base image.",
  countermeasure:
    "Keep the key in a file of its own, and name it in the line of the one repository that it is for.",
  remediation: {
    dockerfile:
      "ADD https://…/key.asc /etc/apt/keyrings/name.asc, and deb [signed-by=/etc/apt/keyrings/name.asc] https://… in the list",
  },
  references: [page("apt-key(8): deprecation", "https://manpages.debian.org/bookworm/apt/apt-key.8.en.html")],
  examples: {
    bad: "RUN curl -fsSL https://example.com/key.asc | apt-key add -",
    good: "RUN curl -fsSL https://example.com/key.asc -o /etc/apt/keyrings/example.asc",
  },
  judge: (evidence) =>
    judgeCalls(
      evidence,
      buildCalls(evidence.dockerfile, "apt-key"),
      ({ command }) => {
        const verb = operands(command, ["keyring"]).find(({ value }) =>
          /^(?:add|adv|update|net-update)$/.test(value),
        );
        return verb === undefined
          ? null
          : { range: command.range, name: `apt-key ${verb.value}`, edits: null };
      },
      { message: (names) => `${names} trusts the key for packages of every repository` },
    ),
});
