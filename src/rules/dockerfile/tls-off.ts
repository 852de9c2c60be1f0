import { page, rule } from "../rule.ts";
import { judgeSteps } from "./facts/command-report.ts";
import { failures } from "./facts/instruction-findings.ts";
import { stageOf, stageTitle } from "./facts/stage-place.ts";
import { tlsOffCalls, tlsOffVariables } from "./facts/command-tls.ts";

export default rule({
  id: "SW-DF-TLS-OFF",
  subject: "dockerfile",
  title: "Does not check who it talks to over TLS",
  severity: "high",
  risk: "Whoever sits between the build and the server (a proxy, a wireless network, a wrong DNS answer) decides what goes into the image. Set by ENV, it stays off in the running container as well.",
  countermeasure:
    "Put the certificate authority of a private server into the image, and point the program at it.",
  remediation: {
    dockerfile:
      "drop the switch; for a private authority: COPY ca.crt /usr/local/share/ca-certificates/ and RUN update-ca-certificates",
  },
  aliases: [2, 3, 4, 5, 6, 12, 13, 14, 15, 16].map((number) => `checkov:CKV2_DOCKER_${number}`),
  references: [
    page("curl: --insecure", "https://curl.se/docs/manpage.html#-k"),
    page("CWE-295: improper certificate validation", "https://cwe.mitre.org/data/definitions/295.html"),
  ],
  examples: {
    bad: "RUN curl -fsSLk -o /tmp/a https://example.com/a",
    good: "RUN curl -fsSL -o /tmp/a https://example.com/a",
  },
  judge: (evidence) => {
    const { dockerfile } = evidence;
    return [
      ...judgeSteps(evidence, tlsOffCalls(dockerfile), {
        message: (names) => `${names} switches off the check of the server's certificate`,
        // The server may have no certificate that the image trusts.
        fix: { title: "Drop the switch", safety: "unsafe" },
      }),
      ...failures(
        tlsOffVariables(dockerfile).map(({ instruction, pair }) => ({
          message: `${pair.name.value} switches off the check of certificates for all that follows`,
          range: pair.range,
          key: `${stageTitle(stageOf(dockerfile, instruction))}: ${instruction.keyword} ${pair.name.value}`,
        })),
      ),
    ];
  },
});
