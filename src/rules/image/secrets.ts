import { declared, fail, page, pass, rule, unknown } from "../rule.ts";
import { secretReason } from "../secrets.ts";
import { historySteps, imageSource, stepSeen } from "./facts.ts";

export default rule({
  id: "SW-IMAGE-SECRET",
  subject: "image",
  title: "Carries a credential",
  severity: "high",
  risk: "Whoever can pull the image reads it, from its settings and its history, also when a later step deletes the file.",
  countermeasure:
    "Hand it over at run time, or in a build step through a secret mount, which leaves no trace. Change the credential: it counts as lost.",
  remediation: {
    dockerfile: "RUN --mount=type=secret,id=token …, in place of ENV or ARG",
    run: "--env-file or a mounted secret at start",
  },
  cis: ["4.10"],
  aliases: ["trivy:AVD-DS-0031", "dockle:CIS-DI-0010", "SecretsUsedInArgOrEnv"],
  references: [page("Docker docs: build secrets", "https://docs.docker.com/build/building/secrets/")],
  examples: {
    bad: "ENV API_TOKEN=…",
    good: "RUN --mount=type=secret,id=api_token cat /run/secrets/api_token",
  },
  judge: (image) => {
    if (!image.detail.ok) return unknown(image.detail.why);
    const variables = image.detail.value.env.flatMap((entry) => {
      const reason = secretReason(entry);
      return reason === null
        ? []
        : [
            fail(
              `its settings hold ${entry.name}: ${reason}`,
              [declared(imageSource(image), `${entry.name}=… (${entry.length} characters)`, "Config.Env")],
              {
                key: `env ${entry.name}`,
              },
            ),
          ];
    });
    // The collector has masked what looks like a credential; the mask is the trace that it left.
    const steps = historySteps(image)
      .filter(({ instruction, arguments: text }) => text.includes("****") && instruction !== "ENV")
      .map((step) =>
        fail(`step ${step.index} of its history holds a credential`, [stepSeen(image, step)], {
          key: `step ${step.arguments.slice(0, 100)}`,
        }),
      );
    const found = [...variables, ...steps];
    return found.length > 0 ? found : pass("no credential in its settings or history");
  },
});
