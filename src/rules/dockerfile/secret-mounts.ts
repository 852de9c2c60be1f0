import type { Instruction } from "#model/evidence/dockerfile.ts";
import type { ShellCommand, ShellWord } from "#model/evidence/shell.ts";
import { mountFields } from "#evidence/dockerfile/mounts.ts";
import { operands } from "#evidence/shell/flags.ts";
import { unwrap } from "#evidence/shell/unwrap.ts";
import { page, rule } from "../rule.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { isShipped, stageOf, stageTitle } from "./facts/stage-place.ts";

const COPIES = new Set(["cp", "mv", "install"]);
// What is gone with the RUN: mounts of its own, and devices.
const GONE = /^\/(?:dev|proc|sys)(?:\/|$)/;

interface SecretMount {
  id: string;
  target: string | null;
  variable: string | null;
}

export default rule({
  id: "SW-DF-SECRET-KEPT",
  subject: "dockerfile",
  title: "Writes a build secret into the layer",
  severity: "high",
  risk: "The mount is gone after the RUN, the copy is not: whoever can pull the image can read it.",
  countermeasure:
    "Let the program read the secret where it is mounted, and mount it where the program looks.",
  remediation: { dockerfile: "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci" },
  references: [page("Docker docs: build secrets", "https://docs.docker.com/build/building/secrets/")],
  examples: {
    bad: "RUN --mount=type=secret,id=npmrc cp /run/secrets/npmrc ~/.npmrc && npm ci",
    good: "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci",
  },
  judge: ({ dockerfile }) => {
    const faults: Fault[] = [];
    for (const instruction of instructionsOf(dockerfile, "RUN")) {
      const secrets = secretMounts(instruction);
      if (secrets.length === 0) continue;
      const gone = mountTargets(instruction);
      const commands = instruction.shell.flatMap((body) => body.commands.map((command) => unwrap(command)));
      const removed = new Set(
        commands.filter(({ name }) => name === "rm").flatMap(({ args }) => args.map(({ value }) => value)),
      );
      for (const command of commands) {
        const target = keptAt(command, secrets);
        if (
          target === null ||
          removed.has(target) ||
          GONE.test(target) ||
          gone.some((at) => target.startsWith(at))
        )
          continue;
        faults.push({
          message: `${command.name ?? "this"} writes a secret of the build to ${shown(target)}, which stays in the layer`,
          range: command.range,
          severity: isShipped(dockerfile, instruction) ? "high" : "medium",
          key: `${stageTitle(stageOf(dockerfile, instruction))} ${target}`,
        });
      }
    }
    return failures(faults);
  },
});

function secretMounts({ flags }: Instruction): SecretMount[] {
  return flags.flatMap(({ name, value }): SecretMount[] => {
    const options = name === "mount" && value !== null ? mountFields(value) : null;
    if (options?.get("type") !== "secret") return [];
    const id = options.get("id") ?? options.get("target")?.split("/").at(-1) ?? "";
    const variable = options.get("env") ?? null;
    const target = options.get("target") ?? options.get("dst") ?? options.get("destination") ?? null;
    // With env= alone there is no file (Dockerfile reference, "RUN --mount=type=secret").
    return [{ id, variable, target: target ?? (variable === null ? `/run/secrets/${id}` : null) }];
  });
}

function mountTargets({ flags }: Instruction): string[] {
  return flags.flatMap(({ name, value }) => {
    const options = name === "mount" && value !== null ? mountFields(value) : null;
    if (options === null || options.get("type") === "secret" || options.get("type") === "ssh") return [];
    return options.get("target") ?? options.get("dst") ?? options.get("destination") ?? [];
  });
}

/** Where a command leaves a secret; null if it does not. */
function keptAt(command: ShellCommand, secrets: readonly SecretMount[]): string | null {
  const { name } = command;
  const output = command.redirects.find(
    ({ operator, target }) => /^\d*>{1,2}\|?$|^&>{1,2}$/.test(operator) && target !== null,
  );
  if (name !== null && COPIES.has(name)) {
    const words = operands(command, ["t", "target-directory", "m", "mode", "o", "g"]);
    const last = words.at(-1);
    const taken = words.slice(0, -1).some((word) => secrets.some((secret) => isFile(word, secret)));
    return taken && last !== undefined ? last.value : null;
  }
  if (output?.target == null || (name !== "cat" && name !== "echo" && name !== "printf" && name !== "base64"))
    return null;
  const file = name === "cat" || name === "base64";
  const shows = command.args.some((word) =>
    secrets.some((secret) => (file ? isFile(word, secret) : isValue(word, secret))),
  );
  return shows ? output.target.value : null;
}

function isFile({ value }: ShellWord, { target }: SecretMount): boolean {
  return target !== null && value === target;
}

function isValue({ value }: ShellWord, { variable, target }: SecretMount): boolean {
  if (variable !== null && new RegExp(`\\$\\{?${variable.replaceAll(/\W/g, "")}\\b`).test(value)) return true;
  return target !== null && value.includes(target) && /\$\(|`/.test(value);
}
