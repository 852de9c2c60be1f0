import type { Instruction, Word } from "#model/evidence/dockerfile.ts";
import { expand } from "#evidence/dockerfile/expand.ts";
import { portSpec } from "#evidence/dockerfile/port-problems.ts";
import { page, type Rule, rule } from "../rule.ts";
import { type EditedFile, fixOf, replaced } from "./facts/instruction-edits.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { scopeBefore } from "./facts/scope-variables.ts";

const protocol = rule({
  id: "SW-DF-EXPOSE-PROTOCOL-CASE",
  subject: "dockerfile",
  title: "EXPOSE names a protocol in capital letters",
  severity: "info",
  risk: "Tools that read the file compare with tcp, udp and sctp as they are written.",
  countermeasure: "Write protocols in small letters.",
  remediation: { dockerfile: "EXPOSE 53/udp" },
  aliases: ["ExposeProtoCasing"],
  references: [
    page(
      "Docker build checks: ExposeProtoCasing",
      "https://docs.docker.com/reference/build-checks/expose-proto-casing/",
    ),
  ],
  examples: { bad: "EXPOSE 53/UDP", good: "EXPOSE 53/udp" },
  judge: ({ path, dockerfile }) =>
    eachPort({ path, dockerfile }, (port, word) => {
      const { protocol: written } = portSpec(port);
      const right = written.toLowerCase();
      if (written === right) return null;
      const mended = `${word.raw.slice(0, word.raw.length - written.length)}${right}`;
      return {
        message: `the protocol of ${shown(port)} should be in small letters: ${shown(right)}`,
        range: word.range,
        key: port,
        fixes: word.raw.endsWith(`/${written}`)
          ? [fixOf(`Write ${mended}`, "safe", [replaced({ path }, word.range, mended)])]
          : [],
      };
    }),
});

const mapping = rule({
  id: "SW-DF-EXPOSE-HOST",
  subject: "dockerfile",
  title: "EXPOSE names a port or an address of the host",
  severity: "low",
  risk: "It publishes nothing: who reads it believes that the service is reachable there, or that it is only reachable there. Future builders will refuse it.",
  countermeasure: "EXPOSE takes the port in the container; publish it when the container is started.",
  remediation: {
    dockerfile: "EXPOSE 80",
    run: "-p 127.0.0.1:8080:80",
    compose: 'ports: ["127.0.0.1:8080:80"]',
  },
  aliases: ["ExposeInvalidFormat"],
  references: [
    page(
      "Docker build checks: ExposeInvalidFormat",
      "https://docs.docker.com/reference/build-checks/expose-invalid-format/",
    ),
    page("Dockerfile reference: EXPOSE", "https://docs.docker.com/reference/dockerfile/#expose"),
  ],
  examples: { bad: "EXPOSE 127.0.0.1:8080:80", good: "EXPOSE 80" },
  judge: ({ path, dockerfile }) =>
    eachPort({ path, dockerfile }, (port, word) => {
      const { ip, host, port: own, protocol: given } = portSpec(port);
      if (ip === "" && host === "") return null;
      const mended = given === "" ? own : `${own}/${given}`;
      return {
        message: `EXPOSE takes no address and no port of the host: ${shown(port)}`,
        range: word.range,
        key: port,
        fixes:
          word.raw === port && /^\d+(?:-\d+)?$/.test(own)
            ? [fixOf(`Write ${mended}`, "safe", [replaced({ path }, word.range, mended)])]
            : [],
      };
    }),
});

export default [protocol, mapping] satisfies Rule<"dockerfile">[];

/** Judges every port of EXPOSE after its variables are replaced, as far as they are known. */
function eachPort(
  file: EditedFile,
  judge: (port: string, word: Word) => Fault | null,
): ReturnType<typeof failures> {
  return failures(
    instructionsOf(file.dockerfile, "EXPOSE").flatMap((instruction) =>
      instruction.words.flatMap((word) =>
        portsOf(file, instruction, word).flatMap((port) => judge(port, word) ?? []),
      ),
    ),
  );
}

function portsOf({ dockerfile }: EditedFile, instruction: Instruction, { raw, value }: Word): string[] {
  if (!raw.includes("$")) return [value];
  const { text, unknown, error } = expand(raw, scopeBefore(dockerfile, instruction), dockerfile.escape);
  return unknown || error !== null ? [] : text.split(/\s+/, 100).filter((port) => port !== "");
}
