import { at, entriesOf, itemsOf } from "#evidence/compose/tree.ts";
import type { ComposeFile, ComposeScalar } from "#model/evidence/compose.ts";
import { page, type Rule, rule } from "../rule.ts";
import { type Fault, failures, servicePage } from "./facts/findings.ts";

const ports = rule({
  id: "SW-CMP-PORT-QUOTES",
  subject: "compose",
  title: "A port is written without quotes",
  severity: "info",
  risk: "YAML 1.1, which older tools read, takes 22:22 for a number to the base of 60: another port is published than the one that stands there.",
  countermeasure: "Write ports in quotes.",
  remediation: { compose: 'ports: ["8022:22"]' },
  aliases: ["dclint:require-quotes-in-ports"],
  presets: { recommended: "off" },
  references: [servicePage("ports"), page("YAML 1.1: base 60", "https://yaml.org/type/int.html")],
  examples: { bad: "ports: [8022:22]", good: 'ports: ["8022:22"]' },
  judge: (file) =>
    failures(
      scalarsOf(file, ["ports", "expose"]).flatMap(({ service, field, scalar }): Fault[] =>
        scalar.style === "plain" && scalar.written !== null
          ? [
              {
                message: `${service}: ${scalar.written} in ${field} is written without quotes`,
                range: { start: scalar.place.start, end: scalar.place.end },
                key: `${service} ${field} ${scalar.written}`,
              },
            ]
          : [],
      ),
    ),
});

const volumes = rule({
  id: "SW-CMP-VOLUME-QUOTES",
  subject: "compose",
  title: "A volume is written in quotes that it does not need",
  severity: "info",
  risk: "Some are quoted, some are not: the eye stumbles, and a search finds half of them.",
  countermeasure: "Leave quotes to what needs them.",
  remediation: { compose: "volumes: [data:/data]" },
  aliases: ["dclint:no-quotes-in-volumes"],
  presets: { recommended: "off" },
  references: [servicePage("volumes")],
  examples: { bad: 'volumes: ["data:/data"]', good: "volumes: [data:/data]" },
  judge: (file) =>
    failures(
      scalarsOf(file, ["volumes"]).flatMap(({ service, scalar }): Fault[] =>
        isNeedlesslyQuoted(scalar)
          ? [
              {
                message: `${service}: the volume ${String(scalar.written).slice(0, 80)} needs no quotes`,
                range: { start: scalar.place.start, end: scalar.place.end },
                key: `${service} ${String(scalar.written).slice(0, 200)}`,
              },
            ]
          : [],
      ),
    ),
});

export default [ports, volumes] satisfies Rule<"compose">[];

/** True for a quoted text that reads the same without quotes in every place of YAML, flow lists included. */
function isNeedlesslyQuoted({ style, written }: ComposeScalar): boolean {
  return (
    (style === "single" || style === "double") &&
    typeof written === "string" &&
    /^[A-Za-z./~][\w./~:@+-]*$/.test(written) &&
    !/:$|^(?:true|false|null|yes|no|on|off|~)$/i.test(written)
  );
}

function scalarsOf(file: ComposeFile, fields: readonly string[]) {
  return entriesOf(at(file.written, "services")).flatMap(({ key: service, value }) =>
    fields.flatMap((field) =>
      itemsOf(at(value, field)).flatMap((scalar) =>
        scalar.kind === "scalar" && scalar.place.path === file.path ? [{ service, field, scalar }] : [],
      ),
    ),
  );
}
