import { operands } from "#evidence/shell/flags.ts";
import { page, rule } from "../rule.ts";
import { buildCalls } from "./facts/command-calls.ts";
import { insertArgument } from "./facts/command-edits.ts";
import { judgeCalls } from "./facts/command-report.ts";

// git(1): flags before the verb that take a value
const VALUES = new Set(["C", "c", "git-dir", "work-tree", "namespace", "exec-path", "config-env"]);

export default rule({
  id: "SW-DF-GIT-DEPTH",
  subject: "dockerfile",
  title: "Clones the whole history of a repository",
  severity: "info",
  risk: "A build needs one state of the files. The history makes the build slow, and stays in the layer, with all that was ever deleted from it.",
  countermeasure: "Clone one commit, or let the builder fetch it by ADD, which leaves no history behind.",
  remediation: {
    dockerfile: "git clone --depth 1 --branch TAG …, or ADD https://host/repository.git#TAG /folder",
  },
  presets: { recommended: "off" },
  references: [
    page(
      "Dockerfile: ADD, Git repositories",
      "https://docs.docker.com/reference/dockerfile/#adding-files-from-a-git-repository",
    ),
  ],
  examples: {
    bad: "RUN git clone https://example.com/a.git",
    good: "RUN git clone --depth 1 --branch v1.2 https://example.com/a.git",
  },
  judge: (evidence) =>
    judgeCalls(
      evidence,
      buildCalls(evidence.dockerfile, "git"),
      (call) => {
        const { command } = call;
        const verb = operands(command, VALUES)[0];
        if (
          verb?.value !== "clone" ||
          command.args.some(({ value }) => /^--(?:depth|shallow-|filter|bare|mirror)/.test(value))
        )
          return null;
        const edits = insertArgument(call, verb.range, "--depth=1");
        return { range: command.range, name: "git clone", edits };
      },
      {
        message: () => "git clone fetches the whole history",
        // A later checkout of another commit would miss it.
        fix: { title: "Add --depth=1", safety: "unsafe" },
      },
    ),
});
