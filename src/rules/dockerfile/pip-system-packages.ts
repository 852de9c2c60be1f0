import { hasFlag } from "#evidence/shell/flags.ts";
import { page, rule } from "../rule.ts";
import { judgeCalls } from "./facts/command-report.ts";
import { pipCalls } from "./facts/pip-calls.ts";

export default rule({
  id: "SW-DF-PIP-SYSTEM-PACKAGES",
  subject: "dockerfile",
  title: "pip writes over packages of the distribution",
  severity: "low",
  risk: "Programs of the distribution find other versions of their modules than they were built with, and the package manager may put its own back at the next update.",
  countermeasure:
    "Install into a virtual environment, or build on an image of Python, which has no packages of the distribution.",
  remediation: { dockerfile: "RUN python3 -m venv /venv && /venv/bin/pip install …" },
  // In an image that does nothing else it does no harm.
  presets: { recommended: "off" },
  references: [page("PEP 668: externally managed environments", "https://peps.python.org/pep-0668/")],
  examples: {
    bad: "RUN pip install --break-system-packages flask==3.0.3",
    good: "RUN python3 -m venv /venv && /venv/bin/pip install flask==3.0.3",
  },
  judge: (evidence) =>
    judgeCalls(
      evidence,
      pipCalls(evidence.dockerfile),
      ({ call, args, name, verb }) =>
        verb === "install" && hasFlag({ args }, "break-system-packages")
          ? { range: call.command.range, name: `${name} install`, edits: null }
          : null,
      { message: (names) => `${names} is told to write over packages of the distribution` },
    ),
});
