import { flagValue, hasFlag, operands } from "#evidence/shell/flags.ts";
import { page, rule } from "../rule.ts";
import { buildCalls, type Call } from "./facts/command-calls.ts";
import { judgeCalls, type Offence } from "./facts/command-report.ts";
import { fedBy } from "./facts/command-text.ts";

export default rule({
  id: "SW-DF-LITERAL-PASSWORD",
  subject: "dockerfile",
  title: "Sets a password that everybody who has the image knows",
  severity: "high",
  risk: "The password stands in the history of the image and, as a hash, in its /etc/shadow. Every container of the image opens to it: by ssh, by su, by whatever asks the system for passwords.",
  countermeasure:
    "Give accounts of an image no password. Services log in by keys that are mounted when the container starts.",
  remediation: { dockerfile: "drop the command; lock the account with passwd -l where one must exist" },
  aliases: ["checkov:CKV2_DOCKER_17"],
  references: [
    page("chpasswd(8)", "https://man7.org/linux/man-pages/man8/chpasswd.8.html"),
    page("CWE-798: hard-coded credentials", "https://cwe.mitre.org/data/definitions/798.html"),
  ],
  examples: { bad: "RUN echo 'root:Docker!' | chpasswd", good: "RUN passwd -l root" },
  judge: (evidence) =>
    judgeCalls(
      evidence,
      buildCalls(evidence.dockerfile, "chpasswd", "passwd", "useradd", "usermod"),
      (call) => accountOf(call),
      { message: (names) => `sets a password that is written here: ${names}` },
    ),
});

function accountOf(call: Call): Offence | null {
  const { command } = call;
  const offence = (name: string): Offence => ({ range: call.written.range, name, edits: null });
  if (command.name === "chpasswd") {
    const accounts = literalOf(call).flatMap(
      (text) => /(?:^|\n|\\n)([a-z_][\w-]{0,31}):[^\s$]/i.exec(text)?.[1] ?? [],
    );
    const [account] = accounts;
    return account === undefined ? null : offence(`${account}, by chpasswd`);
  }
  if (command.name === "passwd") {
    const account = operands(command)[0]?.value ?? "root";
    if (hasFlag(command, "d", "delete")) return offence(`${account} has an empty one, by passwd -d`);
    return literalOf(call).some((text) => /^[^\s$]/.test(text)) ? offence(`${account}, by passwd`) : null;
  }
  const given = flagValue(command, "p") ?? flagValue(command, "password");
  // `!` and `*` are no hashes: they lock the account (shadow(5))
  if (
    given === null ||
    given.includes("$(") ||
    given.includes("`") ||
    /^(?:[!*x].*|\$\{?[A-Za-z_]\w*\}?)$/.test(given)
  )
    return null;
  const account = operands(command, USER_VALUES).at(-1)?.value ?? "a user";
  return offence(
    given === "" ? `${account} has an empty one, by ${command.name} -p` : `${account}, by ${command.name} -p`,
  );
}

// useradd(8), usermod(8)
const USER_VALUES = new Set([
  ..."bcdefgGkKpsuRPZ",
  ..."base-dir comment home-dir expiredate inactive gid groups skel key password shell uid root prefix".split(
    " ",
  ),
]);

/** Literal text that a command gets on its input from echo or printf. */
function literalOf(call: Call): string[] {
  const before = fedBy(call);
  if (before === null || (before.command.name !== "echo" && before.command.name !== "printf")) return [];
  return before.command.args
    .filter((word) => word.static && !word.value.startsWith("-"))
    .map(({ value }) => value);
}
