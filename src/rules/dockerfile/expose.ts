import { page, type Rule, rule } from "../rule.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, listed } from "./facts/instruction-findings.ts";
import { isBeyondLastPort, LAST_PORT } from "./facts/instruction-ports.ts";
import { stageOf, stageTitle } from "./facts/stage-place.ts";
import { expandedWord } from "./facts/stage-state.ts";

const DOCS = page("Dockerfile reference: EXPOSE", "https://docs.docker.com/reference/dockerfile/#expose");

// Ways to take over a machine from afar (IANA service names).
const ADMIN: Readonly<Record<number, string>> = {
  22: "SSH",
  23: "telnet",
  512: "rexec",
  513: "rlogin",
  514: "rsh",
  2375: "the engine's API without TLS",
  3389: "remote desktop",
  5900: "VNC",
  5985: "WinRM",
  5986: "WinRM",
  10_250: "the kubelet's API",
};

const range = rule({
  id: "SW-DF-EXPOSE-RANGE",
  subject: "dockerfile",
  title: "Exposes a port that does not exist",
  severity: "high",
  risk: "The builder refuses the file, or the service is not reachable where the image says.",
  countermeasure: "Ports go from 0 to 65535.",
  remediation: { dockerfile: "EXPOSE 8080" },
  aliases: ["DL3011", "trivy:DS-0008", "kics:71bf8cf8", "droast:DF040", "semgrep:invalid-port"],
  references: [DOCS, page("hadolint: DL3011", "https://github.com/hadolint/hadolint/wiki/DL3011")],
  examples: { bad: "EXPOSE 80800", good: "EXPOSE 8080" },
  judge: ({ dockerfile }) =>
    failures(
      instructionsOf(dockerfile, "EXPOSE").flatMap((instruction): Fault[] => {
        const bad = instruction.words.filter(({ value }) => isBeyondLastPort(value));
        const [first] = bad;
        if (first === undefined) return [];
        const names = bad.map(({ value }) => value);
        return [
          {
            message: `${listed(names)} is beyond the last port, ${LAST_PORT}`,
            range: first.range,
            key: `${stageTitle(stageOf(dockerfile, instruction))} ${names.join(" ")}`,
          },
        ];
      }),
    ),
});

const admin = rule({
  id: "SW-DF-EXPOSE-ADMIN",
  subject: "dockerfile",
  title: "Offers a way in from afar",
  severity: "medium",
  risk: "A second service that takes passwords or commands doubles what can be attacked, and what happens in it stands in no log of the engine.",
  countermeasure: "Use docker exec or kubectl exec to look into a container.",
  remediation: { dockerfile: "remove the service and its EXPOSE" },
  cis: ["5.7"],
  aliases: ["trivy:DS-0004", "checkov:CKV_DOCKER_1"],
  references: [DOCS, page("CIS Docker Benchmark", "https://www.cisecurity.org/benchmark/docker")],
  examples: { bad: "EXPOSE 22 8080", good: "EXPOSE 8080" },
  judge: ({ dockerfile }) =>
    failures(
      instructionsOf(dockerfile, "EXPOSE").flatMap((instruction): Fault[] => {
        const bad = instruction.words.flatMap((word) => {
          const name = adminPort(expandedWord(dockerfile, word) ?? "");
          return name === null ? [] : [{ word, name }];
        });
        const [first] = bad;
        if (first === undefined) return [];
        return [
          {
            message: `${listed(bad.map(({ word, name }) => `${word.value} (${name})`))} ${bad.length > 1 ? "are ports" : "is a port"} to administer by`,
            range: first.word.range,
            key: `${stageTitle(stageOf(dockerfile, instruction))} ${bad.map(({ word }) => word.value).join(" ")}`,
          },
        ];
      }),
    ),
});

export default [range, admin] satisfies Rule<"dockerfile">[];

function adminPort(value: string): string | null {
  const port = /^(\d{1,5})(?:\/tcp)?$/i.exec(value)?.[1];
  return port === undefined ? null : (ADMIN[Number(port)] ?? null);
}
