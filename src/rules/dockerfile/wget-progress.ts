import { hasFlag } from "#evidence/shell/flags.ts";
import { page, rule } from "../rule.ts";
import { buildCalls } from "./facts/command-calls.ts";
import { insertArgument } from "./facts/command-edits.ts";
import { judgeCalls } from "./facts/command-report.ts";

export default rule({
  id: "SW-DF-WGET-PROGRESS",
  subject: "dockerfile",
  title: "wget fills the log of the build with its progress",
  severity: "info",
  risk: "Without a terminal wget writes a line of dots for every 50 kB. The line that says what went wrong is lost among thousands.",
  countermeasure: "Let wget report only what happened, or a dot for every megabyte.",
  remediation: { dockerfile: "wget -nv …, or wget --progress=dot:giga …" },
  aliases: ["DL3047"],
  // Nobody is harmed by a long log.
  presets: { recommended: "off" },
  references: [
    page(
      "GNU Wget: download options",
      "https://www.gnu.org/software/wget/manual/html_node/Download-Options.html",
    ),
    page("hadolint DL3047", "https://github.com/hadolint/hadolint/wiki/DL3047"),
  ],
  examples: { bad: "RUN wget https://example.com/big.iso", good: "RUN wget -nv https://example.com/big.iso" },
  judge: (evidence) =>
    judgeCalls(
      evidence,
      buildCalls(evidence.dockerfile, "wget"),
      (call) => {
        const { command } = call;
        const isQuiet =
          hasFlag(
            command,
            "q",
            "quiet",
            "no-verbose",
            "progress",
            "o",
            "output-file",
            "a",
            "append-output",
          ) ||
          command.args.some(({ value }) => /^-[A-Za-z]*nv/.test(value)) ||
          hasFlag(command, "version", "V", "help", "h");
        // BusyBox takes -nv as well, but knows no --progress
        return isQuiet
          ? null
          : { range: command.range, name: "wget", edits: insertArgument(call, command.nameRange, "-nv") };
      },
      { message: () => "wget writes its progress into the log", fix: { title: "Add -nv", safety: "safe" } },
    ),
});
